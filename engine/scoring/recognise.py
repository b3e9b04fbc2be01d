"""What a model is: what its card says, else what the model shows of itself."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from engine.core.errors import CardError, ModelError
from engine.scoring.card import ModelCard, Provenance, changed, overlaid
from engine.scoring.families import FamilyMatch, Question, SeenModel, recognised
from engine.scoring.families.probabilities import MEANING
from engine.scoring.families.unread import UnreadKind, unread_kind
from engine.scoring.kinds import kind_of_decoder
from engine.scoring.model.session import OpenModel


@dataclass(frozen=True)
class Recognised:
    """A model's card as far as it is known, and what was assumed where it is not."""

    card: ModelCard
    notes: tuple[str, ...] = ()  # sentences for the person
    open_questions: tuple[Question, ...] = ()  # each with what is assumed meanwhile
    refused: str = ""  # why the model would not be read if the card did not name its decoder


def recognise(model: OpenModel, card: ModelCard | None, card_path: Path) -> Recognised:
    """What model and card say together; the card has the last word.

    `card.provenance` holds the family, the rule, the level and the reason. Raises
    `ModelError` for a model that neither describes, with its inputs and outputs and
    a card to start from, and `CardError` where card and model contradict each other.
    """
    said = card.said if card else frozenset()
    decided = "output.decoder" in said
    seen = SeenModel(model, card.input.size if card else ())
    try:
        match = recognised(seen)
    except ModelError:
        # Whoever names the decoder overrules a family that cannot be read by itself.
        if not decided:
            raise
        match = None
    if match is None and not decided:
        kind = unread_kind(seen)
        looks = f", and looks like {kind.words}" if kind.words else ""
        problem = f"is of no kind that can be recognised by itself{looks}. It has"
        raise ModelError(model.path, problem, example=_what_to_say(model, kind, card_path))
    if card is None or not decided:
        assert match is not None
        if match.refused:
            raise ModelError(model.path, f"{match.refused} {card_path}")
        return _by_model(match, card, model, card_path)
    return _by_card(match, card, model, card_path)


def _by_model(
    match: FamilyMatch, card: ModelCard | None, model: OpenModel, card_path: Path
) -> Recognised:
    """The model says how it is decoded; a card may correct the rest."""
    keys = dict(match.keys)
    known = replace(_template(keys), said=_of_the_model(keys))
    known = _with_threshold(known, model)
    open_questions = match.open_questions
    level = match.level
    rule = str(keys["provenance.detected_by"])
    if card is not None:
        _refuse_contradictions(keys, str(keys["output.decoder"]), card, card_path)
        open_questions = tuple(q for q in open_questions if not q.answered_by(card.said))
        if match.level == "guess" and not open_questions:
            level, rule = "likely", f"{rule}, card"
        known = overlaid(known, card)
    family = (card.provenance.family if card else "") or str(keys["provenance.family"])
    known = replace(known, provenance=Provenance(family, rule, match.reason, level))
    assumptions = _assumptions(open_questions, match.reason, card_path)
    notes = (*match.notes, *_left_out(known), *assumptions)
    return Recognised(known, notes, open_questions)


def _by_card(
    match: FamilyMatch | None, card: ModelCard, model: OpenModel, card_path: Path
) -> Recognised:
    """The card says how the model is decoded; the model may still name its classes.

    What a family is known for holds on under the same decoder. A mere guess does not:
    whoever writes the decoder is told in the README what the other keys default to.
    """
    decoder = card.output.decoder
    keys = dict(match.keys) if match else {}
    questions: tuple[Question, ...] = ()
    if match is None or match.level == "guess" or keys["output.decoder"] != decoder:
        keys = {key: value for key, value in keys.items() if key in ("classes.names", "input.size")}
    else:
        questions = tuple(q for q in match.open_questions if not q.answered_by(card.said))
    _refuse_contradictions(keys, decoder, card, card_path)
    family = card.provenance.family or str(keys.get("provenance.family", decoder))
    keys = {**keys, "output.decoder": decoder}
    known = _with_threshold(_template(keys), model)
    known = overlaid(replace(known, said=_of_the_model(keys)), card)
    reason = f"its card names the decoder {decoder!r}"
    level = match.level if match and questions else "certain"
    known = replace(known, provenance=Provenance(family, "card", reason, level))
    notes = (*_left_out(known), *_assumptions(questions, reason, card_path))
    return Recognised(known, notes, questions, match.refused if match else "")


def _template(keys: Mapping[str, object]) -> ModelCard:
    """A card of these keys, over what the layout of the outputs implies."""
    decoder = str(keys["output.decoder"])
    kind = kind_of_decoder(decoder)
    return changed(ModelCard(), {"task": kind.task, **kind.heads[decoder].defaults, **keys})


def _with_threshold(card: ModelCard, model: OpenModel) -> ModelCard:
    """The card with the threshold that stands in the graph itself; none is assumed."""
    threshold = model.graph.score_threshold
    if threshold is None or not 0 <= threshold <= 1:
        return card
    return changed(card, {"output.nms.embedded_conf": threshold})


def _of_the_model(keys: Mapping[str, object]) -> frozenset[str]:
    """The keys that count as said: names are never made up, sizes give way to the graph's."""
    return frozenset(keys) & {"classes.names"}


def _refuse_contradictions(
    keys: Mapping[str, object], decoder: str, card: ModelCard, card_path: Path
) -> None:
    task = kind_of_decoder(decoder).task
    if "task" in card.said and card.task != task:
        problem = (
            f"its decoder {decoder!r} is for {task!r}: correct one of them"
            if "output.decoder" in card.said
            else f"the model shows itself to be for {task!r}: "
            "correct the card, or name the decoder under [output]"
        )
        raise CardError(card_path, f"task = {card.task!r}, but {problem}")
    names, theirs = keys.get("classes.names"), card.classes.names
    if (
        isinstance(names, tuple)
        and "classes.names" in card.said
        and len(names) != len(theirs or ())
    ):
        raise CardError(
            card_path,
            f"classes.names has {len(theirs or ())} names, but the model's own metadata has "
            f"{len(names)} ({', '.join(names[:5])} ...): keep one of them",
        )
    for name in card.classes.map:
        known = theirs or names
        if isinstance(known, tuple) and known and name not in known:
            raise CardError(card_path, f"classes.map: the model has no class {name!r}")


def _left_out(card: ModelCard) -> tuple[str, ...]:
    """What is not read of the outputs, where the card says it."""
    left_out = card.output.left_out
    return (f"Only the model's boxes are read. Left out: {left_out}.",) if left_out else ()


def _assumptions(questions: tuple[Question, ...], reason: str, card_path: Path) -> tuple[str, ...]:
    """One sentence that names all that was assumed, and where to correct it."""
    if not questions:
        return ()
    assumed = ", ".join(f"{asked.about} {asked.assumed.words}" for asked in questions)
    silent = "how images are fed to it"
    if MEANING.about in {asked.about for asked in questions}:
        silent += " and what its outputs are"
    return (
        f"Recognised because {reason}. The file does not say {silent}; ASSUMED: "
        f"{assumed}. Wrong ones cost accuracy without a sign: correct them in {card_path}",
    )


def _what_to_say(model: OpenModel, kind: UnreadKind, card_path: Path) -> list[str]:
    """Lines: what the model takes and gives, what to do, and a card to begin with."""
    ports = [f"    input  {port}" for port in model.inputs]
    ports += [f"    output {port}" for port in model.outputs]
    lines = ["", *ports, ""]
    if kind.advice:
        lines += [kind.advice, ""]
    if not kind.card:
        return lines[:-1]
    return [*lines, f"Say what it is in {card_path}, for example", "", *kind.card.splitlines()]
