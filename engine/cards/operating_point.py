"""The operating point that a person saved: in the model's card, under [operating_point].

Scoring and serving apply it; the app starts from it. It holds for the model file it
was found on and for the way in which that was run (cards.binding), and for no other.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, cast

import numpy as np

from engine.cards.binding import APART, PARTS, bound_to, changed_parts
from engine.core.arrays import NOTHING, Indices, Mask, Scores
from engine.core.errors import CardError, PlacedError
from engine.core.goals import Goal, GoalError
from engine.core.thresholds import MATCHINGS, Matching, Scorecard
from engine.scoring import card_rules as rules
from engine.scoring.card import ModelCard, card_beside, read_card
from engine.scoring.model.class_names import mapping_of
from engine.scoring.model.onnx_file import checked_file, digest
from engine.util.words import iou_threshold, listed, number, share, threshold

TABLE: Final = "operating_point"
MODEL_FILE: Final = "the model file"
UNBOUND: Final = (
    "The operating point was saved by an earlier version, which did not record how the model was "
    "run: it is taken to be for the card as it is. Save it again to be sure."
)


class PointError(PlacedError):
    """No saved operating point, or one that was saved for another model."""


@dataclass(frozen=True)
class SavedPoint:
    """A confidence, how it was chosen and for which model; the fields are the keys of the table."""

    confidence: float
    classes: Mapping[str, float] = field(default_factory=dict)  # own confidence of some classes
    iou: float = math.nan  # NaN where no boxes are matched
    matching: Matching = "class-first"
    goal: str = ""  # what the confidence was best for, as goals.Goal.spec writes it
    value: float = math.nan  # of the goal there
    interval: tuple[float, float] = (math.nan, math.nan)  # 95 %, of the value
    dataset: str = ""  # fingerprint of the ground truth
    data: str = ""  # name of its file
    sha256: str = ""  # of the model; without it the point holds for any
    made_with: Mapping[str, str] = field(default_factory=dict)  # binding.bound_to; empty: unknown
    date: str = ""  # ISO 8601
    offdiag: str = ""  # version

    def changes(self, model_digest: str, made_with: Mapping[str, str]) -> tuple[str, ...]:
        """What is not as it was when the point was saved, in words; nothing where it holds."""
        file = () if self.sha256 in ("", model_digest) else (MODEL_FILE,)
        return (*file, *changed_parts(self.made_with, made_with))

    @property
    def point_confidence(self) -> float:
        """The confidence of the operating point at which the same predictions count.

        The saved one is the least that counts; under "iou" a prediction counts only above
        the point.
        """
        strict = self.matching == "iou" and not self.classes
        return float(np.nextafter(self.confidence, 0)) if strict else self.confidence

    @property
    def goal_words(self) -> str:
        """What the confidence was best for, as on screen: F2 for f2, else as it was typed."""
        try:
            goal = Goal.parse(self.goal)
        except GoalError:
            return self.goal
        return self.goal if goal.limit_words else goal.words

    @property
    def words(self) -> str:
        """What was saved, for people: confidence .410 at IoU .50, F1 .873 on truth.json."""
        own = f" ({number(len(self.classes), 'class', 'classes')} at their own)"
        at = "" if math.isnan(self.iou) else f" at IoU {iou_threshold(self.iou)}"
        reached = f", {self.goal_words} {share(self.value, 3)}" if self.goal else ", chosen by hand"
        low, high = self.interval
        within = "" if math.isnan(low) else f" ({share(low, 3)} to {share(high, 3)})"
        on = f" on {self.data}" if self.data else ""
        return (
            f"confidence {threshold(self.confidence)}{own if self.classes else ''}"
            f"{at}{reached}{within}{on}"
        )


@dataclass(frozen=True, eq=False)
class Thresholds:
    """The confidence from which a prediction counts, for each class of a model."""

    confidence: float  # where a class has none of its own
    of_class: Scores  # [C] in the model's order; shorter where a model does not count its classes
    source: str  # "saved" or "given"
    notes: tuple[str, ...] = ()  # sentences for the person

    def of(self, class_: Indices) -> Scores:
        """[N] the threshold of the class of each prediction."""
        every = np.append(self.of_class, self.confidence)
        return every.take(np.minimum(class_, len(self.of_class)))

    def kept(self, class_: Indices, confidence: Scores) -> Mask:
        """[N] whether each prediction counts: at the threshold it does."""
        return confidence.astype(np.float64) >= self.of(class_)

    def told(self, names: Sequence[str]) -> dict[str, Any]:
        """As outputs tell of it: the confidence, and the classes that have another."""
        each = enumerate(self.of_class.tolist())
        own = {name_of(names, c): value for c, value in each if value != self.confidence}
        return {"confidence": self.confidence, "classes": own}


def name_of(names: Sequence[str], class_: int) -> str:
    """The name of a class; its number where the model has no names, or too few."""
    return names[class_] if class_ < len(names) else str(class_)


def given(confidence: float, classes: int) -> Thresholds:
    """One confidence for all classes."""
    return Thresholds(confidence, np.full(classes, confidence), "given")


def applied(
    point: SavedPoint, model: Path, model_digest: str, classes: Sequence[str], card: ModelCard
) -> Thresholds:
    """A saved point for the classes of the model; `PointError` when it was saved for another.

    The card is the complete one, of a `Scorer`, as are the classes. The table names classes
    as the dataset did; they are found as they were for that, with synonyms or without.
    """
    if changes := point.changes(model_digest, bound_to(card)):
        file = f" ({stale_digests(point, model_digest)})" if changes[0] == MODEL_FILE else ""
        raise PointError(
            model,
            f"{_changed(changes)} since its operating point was saved{file}: check it and save "
            "again with w in the app or `offdiag report --save`, or give --confidence",
        )
    notes = [UNBOUND] if point.sha256 and not point.made_with else []
    if not point.classes:
        every = np.full(len(classes), point.confidence)
        return Thresholds(point.confidence, every, "saved", tuple(notes))
    apart = point.made_with.get("synonyms") == APART
    mapping = mapping_of(card, tuple(point.classes), synonyms=not apart)
    if unknown := listed(mapping.without_model):
        # Saved with these names of the classes, they are classes of the data alone.
        if "classes" not in point.made_with:
            raise PointError(
                model,
                f"its operating point has thresholds of classes that it lacks ({unknown}): were "
                f"they renamed? Name them as the model does under [{TABLE}.classes] or take them "
                "away, save again with w in the app, or give --confidence",
            )
        notes.append(f"The operating point names classes that the model lacks: {unknown}.")
    own = np.array([*point.classes.values(), point.confidence])
    of_class = own.take(np.where(mapping.to_dataset == NOTHING, len(own) - 1, mapping.to_dataset))
    if rest := [classes[c] for c in np.flatnonzero(mapping.to_dataset == NOTHING).tolist()]:
        notes.append(
            f"{number(len(rest), 'class', 'classes')} without a threshold of "
            f"{'its' if len(rest) == 1 else 'their'} own in the operating point "
            f"{'takes' if len(rest) == 1 else 'take'} {threshold(point.confidence)}: "
            f"{listed(rest)}."
        )
    return Thresholds(point.confidence, of_class, "saved", tuple(notes))


def stale_digests(point: SavedPoint, model_digest: str) -> str:
    """Which model was expected and which is there, short."""
    return f"sha256 was {point.sha256[:12]}…, is {model_digest[:12]}…"


def stale_words(card_path: Path, changes: Sequence[str]) -> str:
    """The banner of a model that is not as it was when its point was saved."""
    changed = _changed(changes)
    begin = f"{changed[:1].upper()}{changed[1:]}"
    said = f"{begin} since the operating point in {card_path.name} was saved"
    if tuple(changes) == (PARTS["synonyms"],):
        return f"{said}: score and serve go on as it was saved."
    return f"{said}: score and serve refuse it until you save again."


def _changed(changes: Sequence[str]) -> str:
    return f"{' and '.join(changes)} {'has' if len(changes) == 1 else 'have'} changed"


def change_words(before: Scorecard, after: Scorecard) -> str:
    """What moving from one point to another does to the counts."""
    parts = (
        ("true positives", before.true_positives, after.true_positives),
        ("false positives", before.false_positives, after.false_positives),
        ("not found as their class", before.not_detected, after.not_detected),
    )
    told = (f"{name} {old:,} → {new:,} ({new - old:+,})" for name, old, new in parts)
    return " · ".join(told)


def model_digest(model: Path) -> str:
    """sha256 of a model's files, as `Scorer.digest`; `ModelError` for what is no model."""
    return digest(checked_file(model).files)


def saved_point(model: Path, card_path: Path | None = None) -> SavedPoint | None:
    """The point in a card, that beside the model unless another is named; None without one.

    It may have been saved for another model, see `holds_for`. Raises `CardError`.
    """
    place = card_path or card_beside(model)
    if card_path is None and not place.is_file():
        return None
    return point_of(read_card(place), place)


def point_of(card: ModelCard, path: Path) -> SavedPoint | None:
    """The point in a card that was read from a path; `CardError` names the key that is wrong."""
    table = cast("object", card.operating_point)
    if not isinstance(table, Mapping):
        raise CardError(path, f"{TABLE} must be a table, written [{TABLE}], got {table!r}")
    if not table:
        return None
    read: dict[str, Any] = {}
    for name, value in table.items():
        if name not in CHECKS:
            known = ", ".join(CHECKS)
            raise CardError(path, f"unknown key '{TABLE}.{name}'; known here are {known}")
        try:
            read[name] = CHECKS[name](value)
        except ValueError as error:
            raise CardError(path, f"{TABLE}.{name} must be {error}, got {value!r}") from None
    if "confidence" not in read:
        raise CardError(path, f"{TABLE}.confidence is missing: write a number from 0 to 1")
    return SavedPoint(**read)


def table_of(point: SavedPoint) -> dict[str, Any]:
    """The keys and values of the table; what is not known is left out."""
    table: dict[str, Any] = {}
    for name in CHECKS:
        value = getattr(point, name)
        numbers = value if isinstance(value, tuple) else (value,)
        unknown = any(isinstance(n, float) and math.isnan(n) for n in numbers)
        if value in ("", {}) or unknown or (name == "matching" and math.isnan(point.iou)):
            continue
        table[name] = list(value) if isinstance(value, tuple) else value
    return table


def with_classes(point: SavedPoint, names: Sequence[str], confidence: Scores) -> SavedPoint:
    """The point with a confidence [C] for each class of the dataset."""
    return replace(point, classes=dict(zip(names, confidence.tolist(), strict=True)))


def _classes(value: object) -> Mapping[str, float]:
    try:
        if isinstance(value, Mapping):
            return {str(name): _share(own) for name, own in value.items()}
    except ValueError:
        pass
    raise ValueError("class names with a number from 0 to 1 each, such as { bolt = 0.4 }")


def _made_with(value: object) -> Mapping[str, str]:
    if isinstance(value, Mapping) and all(isinstance(each, str) for each in value.values()):
        return dict(value)
    raise ValueError("a table of texts, as offdiag writes it")


def _interval(value: object) -> tuple[float, float]:
    ends = [_any_number(end) for end in value] if isinstance(value, list) else []
    if len(ends) != 2 or ends[0] > ends[1]:
        raise ValueError("[lowest, highest]")
    return ends[0], ends[1]


def _any_number(value: object) -> float:
    return cast("float", rules.number(-math.inf, math.inf)(value))


def _when(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else rules.text(value)


_share: Final = rules.number(0, 1)
CHECKS: Final[Mapping[str, Callable[[object], Any]]] = {
    "confidence": _share,
    "iou": _share,
    "matching": rules.one_of(*MATCHINGS),
    "goal": rules.text,
    "value": _any_number,
    "interval": _interval,
    "dataset": rules.sha256,
    "data": rules.text,
    "sha256": rules.sha256,
    "made_with": _made_with,
    "date": _when,
    "offdiag": rules.text,
    "classes": _classes,
}
