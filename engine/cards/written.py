"""The card that says all that is known of a model."""

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final

from engine.cards.file import write_keys
from engine.cards.known import KnownModel, resolved
from engine.cards.tables import nested
from engine.core.errors import ModelError
from engine.scoring.card import card_of
from engine.scoring.families.family import Keys
from engine.scoring.families.seen import SeenModel

# A card says these even where they are the defaults, so that it can be read alone.
ALWAYS: Final = (
    *("schema", "task"),
    *("input.color", "input.scale", "input.mean", "input.std", "input.resize", "input.extra"),
    *("output.decoder", "output.boxes", "output.scores", "output.labels", "output.count"),
)
# These come from the graph, or from nowhere but the card itself.
NEVER: Final = ("sha256", "said", "operating_point", "provenance", "input.name", "input.dtype")
FOUND: Final = ("classes.unnamed",)  # by running the model
OF_THE_CARD: Final = ("classes.map", "classes.file")


def write_card(known: KnownModel) -> Path:
    """Write all that is known into the card, keeping what else stands there.

    The model is then run in the very same way by whoever reads the card. Raises `CardError`.
    """
    values = card_values(known)
    heading = "" if known.place.exists() else f"How {known.model.path.name} is run."
    return write_keys(known.place, values, heading)


def card_values(known: KnownModel) -> Keys:
    """The keys of a card that says how the model is run, without those that go without saying."""
    if known.card is None:
        raise ModelError(known.model.path, "is not known well enough for a card")
    target = _leaves(known.card)
    # What a person answered stands there too, also where it is what was assumed.
    asked = (*ALWAYS, *(key for key in known.answers if key in target))
    values = {key: target[key] for key in asked if target[key] not in ("", {}, ())}
    if not all(SeenModel(known.model).sides) and known.card.input.size:
        values["input.size"] = known.card.input.size
    if known.card.input.layout != "NCHW":
        values["input.layout"] = known.card.input.layout
    said = card_of(nested(values), known.place)
    baseline = _leaves(resolved(known.model, said, known.place, refuting=False))
    values |= {
        key: value
        for key, value in target.items()
        if value != baseline[key] and key not in OF_THE_CARD
    }
    if known.card.classes.file:
        values.pop("classes.names", None)
    provenance = known.card.provenance
    values["provenance.family"] = provenance.family
    values["provenance.detected_by"] = "person" if known.answers else provenance.detected_by
    values["provenance.reason"] = provenance.reason
    return {key: values[key] for key in (*target, *values) if key in values}


def _leaves(table: Any, place: tuple[str, ...] = ()) -> dict[str, Any]:
    """Every key of a card and its value, in the order of the schema."""
    found: dict[str, Any] = {}
    for item in fields(table):
        here = (*place, item.name)
        value, key = getattr(table, item.name), ".".join(here)
        if key in (*NEVER, *FOUND):
            continue
        found |= _leaves(value, here) if is_dataclass(value) else {key: value}
    return found
