"""What is known of a model, and what is still to be asked."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any, Final, assert_never

from engine.cards.tables import merged_tables, nested
from engine.core.errors import CardError, EngineError, ModelError
from engine.scoring.card import (
    DECODERS,
    EXTRAS,
    OWN_SIZE,
    ModelCard,
    card_beside,
    card_of,
    read_card,
)
from engine.scoring.families.family import COLOR, RESIZE, VALUES, Choice, Keys, Question
from engine.scoring.families.feeding import asked, classifier_questions
from engine.scoring.families.probabilities import SEVERAL, multi_label
from engine.scoring.families.seen import MASK_INPUTS, SIZE_INPUTS, SeenModel
from engine.scoring.families.ultralytics import class_names
from engine.scoring.kinds import AnyHead, kind_of_decoder
from engine.scoring.model.class_files import names_beside
from engine.scoring.model.fitting import FittedModel, made_ready
from engine.scoring.model.ports import fitted_input
from engine.scoring.model.session import OpenModel, open_model
from engine.scoring.recognise import Recognised, recognise

MOST_OUTPUTS: Final = 4
NO_LAYOUT: Final = Choice("none of these", {"output.decoder": ""})
ACTIVATIONS: Final = {
    "detr": ("sigmoid", "softmax-drop-last"),
    "classify": ("none", "softmax", "sigmoid"),
}


@dataclass(frozen=True, eq=False)
class KnownModel:
    """A model with all that its file, its card and a person say."""

    model: OpenModel
    place: Path  # where its card is or would be
    said: Mapping[str, Any]  # the tables of the card, and the answers put over them
    answers: Keys
    card: ModelCard | None  # None while the outputs cannot be read
    notes: tuple[str, ...]
    missing: tuple[Question, ...]  # each must be answered; a guess is the first choice
    size_missing: bool = False  # the height and width of the input

    @property
    def complete(self) -> bool:
        """Whether a card can be written that leaves nothing open."""
        return not self.missing and not self.size_missing and self.card is not None

    @property
    def names_missing(self) -> int:
        """How many classes there are where none has a name; 0 where they have, or none shows."""
        return self.card.classes.unnamed if self.card else 0

    def answered(self, answers: Keys) -> "KnownModel":
        """What is known after a person has answered; raises as `known_of`.

        `NO_LAYOUT` raises `ModelError`: a model whose outputs are of no known layout is not read.
        """
        if answers == NO_LAYOUT.values:
            raise ModelError(
                self.model.path,
                "has outputs of a layout that is not known here, so it cannot be run. It has",
                example=("", *(f"    output {port}" for port in self.model.outputs)),
            )
        if answers == SEVERAL.values:
            classes = len(self.card.classes.shown) if self.card else 0
            why = multi_label("as you say", classes)
            raise ModelError(self.model.path, f"{why} {self.place}")
        merged = dict(self.answers)
        for key, value in answers.items():
            before = merged.get(key)
            both = isinstance(before, Mapping) and isinstance(value, Mapping)
            merged[key] = {**before, **value} if both else value  # type: ignore[dict-item]
        return _known(self.model, self.place, merged)

    def source(self, *keys: str) -> str:
        """Where the value of these keys of the card comes from, for people."""
        said = card_of(self.said, self.place).said
        if any(key in self.answers for key in keys):
            return "you"
        if any(key in said for key in keys):
            return "card"
        if any(set(keys) & question.keys for question in self.missing):
            return "ASSUMED"
        return self.card.provenance.confidence if self.card else ""


def known_of(model: Path, card_path: Path | None = None, provider: str = "cpu") -> KnownModel:
    """Open a model and find out what it is.

    Raises `ModelError` for a model that cannot be opened or whose outputs no decoder can
    read, and `CardError` for a card that says something impossible.
    """
    place = card_path or card_beside(model)
    if card_path is not None and not card_path.exists() and not card_path.parent.is_dir():
        raise CardError(card_path, "there is no such folder")
    return _known(open_model(model, provider), place, {})


def _known(model: OpenModel, place: Path, answers: Keys) -> KnownModel:
    said = merged_tables(_read(place), nested(answers))
    card = card_of(said, place)
    refused: EngineError | None = None
    recognised: Recognised | None = None
    try:
        recognised = recognise(model, card if said else None, place)
    except ModelError as error:
        if "output.decoder" in card.said:
            raise
        refused = error
    at = recognised.card if recognised else card
    size_missing = (
        not all(SeenModel(model).sides) and not at.input.size and at.input.resize not in OWN_SIZE
    )
    missing = list(_further(model, at))
    ready: FittedModel | None = None
    if recognised is not None and not (size_missing or missing):
        try:
            ready = made_ready(model, fitted_input(model, recognised.card, place), place)
        except ModelError as error:
            if "output.decoder" in card.said or recognised.card.provenance.confidence != "guess":
                raise
            refused = error
    if recognised is None or ready is None:
        if refused is not None and not (size_missing or missing):
            missing += _decoders(model, said, place, refused)
        notes = (str(refused),) if refused else recognised.notes if recognised else ()
        return KnownModel(model, place, said, answers, None, notes, tuple(missing), size_missing)
    gray = ready.card.input.color == "GRAY"
    questions = recognised.open_questions
    missing += [each for each in questions if not (gray and each.about == COLOR.about)]
    if answers.get("output.decoder"):
        missing += _after_decoder(model, ready.card, card.said)
    return KnownModel(model, place, said, answers, ready.card, ready.notes, tuple(missing))


def resolved(model: OpenModel, card: ModelCard, place: Path, *, refuting: bool = True) -> ModelCard:
    """The card with nothing left open, as scoring would see it; raises as scoring would.

    Without refuting, what the outputs then mean is not looked at, for a card that is not whole.
    """
    known = recognise(model, card, place).card
    fitted = fitted_input(model, known, place)
    return made_ready(model, fitted, place, refuting=refuting).card


def _after_decoder(model: OpenModel, card: ModelCard, said: frozenset[str]) -> list[Question]:
    """What nobody knows of a model whose decoder a person had to name."""
    match card.task:
        case "detect":
            questions = asked(SeenModel(model), COLOR, VALUES, RESIZE)
        case "classify":
            questions = classifier_questions(SeenModel(model))
        case _:
            assert_never(card.task)
    gray = card.input.color == "GRAY"
    return [
        question
        for question in questions
        if not question.answered_by(said) and not (gray and question.about == COLOR.about)
    ]


def _further(model: OpenModel, card: ModelCard) -> list[Question]:
    """Inputs beside the image whose meaning their names do not tell."""
    image = SeenModel(model).image
    known = {*card.input.extra, *SIZE_INPUTS, *MASK_INPUTS}
    return [
        Question(
            f"what the input {port.name} is fed with",
            tuple(Choice(feed, {"input.extra": {port.name: feed}}) for feed in EXTRAS),
        )
        for port in model.inputs
        if port is not image and port.name not in known
    ]


def _decoders(
    model: OpenModel, said: Mapping[str, Any], place: Path, refused: EngineError
) -> list[Question]:
    """Which layout the outputs have: those that they fit, tried one by one, or none of them."""
    choices = []
    stated = _stated_classes(model)
    for decoder in DECODERS:
        for activation in ACTIVATIONS.get(decoder, ("",)):
            kind = kind_of_decoder(decoder)
            head = kind.heads[decoder]
            keys: dict[str, object] = {"task": kind.task, "output.decoder": decoder}
            keys |= {"output.activation": activation} if activation else {}
            tried = (keys | roles for roles in _roles(model, head))
            fitting = (each for each in tried if _fits(model, said, each, place, stated))
            if found := next(fitting, None):
                expects = head.expects.format(classes="classes", cells="cells", left_out="")
                words = f"{decoder}, {activation}" if activation else decoder
                choices.append(Choice(f"{words}: {expects}", found))
    if not choices:
        raise refused
    return [Question("layout of the outputs", (*choices, NO_LAYOUT))]


def _roles(model: OpenModel, head: AnyHead) -> Iterator[dict[str, object]]:
    """The ways in which the outputs may stand for what a decoder reads, the likeliest first."""
    yield {}
    names = [port.name for port in model.outputs]
    roles = head.outputs[: len(names)]
    if len(roles) > 1 and len(names) <= MOST_OUTPUTS:
        for order in permutations(names, len(roles)):
            yield {f"output.{role}": name for role, name in zip(roles, order, strict=True)}


def _fits(model: OpenModel, said: Mapping[str, Any], keys: Keys, place: Path, stated: int) -> bool:
    """Whether a layout reads every output, gives what can be, and no other number of classes."""
    try:
        known = recognise(model, card_of(merged_tables(said, nested(keys)), place), place)
        ready = made_ready(model, fitted_input(model, known.card, place), place)
    except (ModelError, CardError):
        return False
    if known.refused:
        return False
    if set(ready.detector.outputs) != {port.name for port in model.outputs}:
        return False
    classes = len(ready.card.classes.shown)
    # Names in a file that has as many are those of the card by now.
    return bool(ready.card.classes.names) or not stated or classes in (0, stated)


def _stated_classes(model: OpenModel) -> int:
    """How many classes the model's metadata, its configuration or a file beside it names; or 0."""
    config = SeenModel(model).read_json("config.json") or {}
    if isinstance(labels := config.get("id2label"), Mapping) and labels:
        return len(labels)
    if "names" in model.metadata:
        try:
            return len(class_names(model.path, model.metadata["names"]))
        except ModelError:
            return 0
    beside = names_beside(model.path, 0)
    return len(beside[0]) if beside else 0


def _read(place: Path) -> dict[str, Any]:
    if not place.exists():
        return {}
    read_card(place)  # its errors name file, line and key
    return tomllib.loads(place.read_text(encoding="utf-8"))
