"""Two answers about one image: what is lost, what is new, what became more or less certain."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, assert_never

import numpy as np

from engine.cards.operating_point import Thresholds
from engine.core.arrays import NOTHING, Indices, Mask
from engine.core.dataset import GroundTruths, Predictions
from engine.detection.boxes import overlapping
from engine.detection.matching import PairCandidates
from engine.detection.rules import class_first
from engine.scoring.model.class_names import class_mapping
from engine.scoring.run.found import ClassProbabilities, FoundBoxes, ImagePredictions
from engine.scoring.run.runner import joined
from engine.util.words import share

SAME_AT: Final = 0.5  # IoU from which two boxes are about the same object
NOTABLE: Final = 0.05  # change of a confidence that is worth a word
FEW: Final = 3  # changes that are told one by one


@dataclass(frozen=True)
class Change:
    """A detection before and after; NOTHING stands for the side that it is missing on."""

    before: int  # row of the first answer
    after: int  # row of the second; of what is lost, one that is below the threshold now
    lost: bool = False
    new: bool = False


@dataclass(frozen=True)
class AnswerChanges:
    """All changes, those of the first answer in its order, then what is new."""

    changes: tuple[Change, ...]
    words: str  # "2 lost, 1 new, car .91 to .63"

    @property
    def lost(self) -> tuple[Change, ...]:
        """What counted and does not any more."""
        return tuple(each for each in self.changes if each.lost)


def compared(
    before: FoundBoxes, after: FoundBoxes, thresholds: Thresholds, names: Sequence[str]
) -> AnswerChanges:
    """Detections that count, matched by class and IoU in the order of confidence.

    Boxes of both are in the frame of the same image, classes those of `names`. A pair is
    what the engine's rule class-first pairs: own class first, then what is left across
    classes, from an IoU of .5 on.
    """
    old = _counted(before, thresholds)
    truths, ranked = _truths(before, old), _ranked(after)
    rank_of = np.argsort(-after.confidence.astype(np.float64), kind="stable")
    counts = thresholds.kept(ranked.class_, ranked.confidence)
    # With thresholds of classes the rows that count are no prefix of the ranking.
    upto = np.flatnonzero(counts)
    pairs = _paired(ranked.where(upto), truths)
    partner = {int(truth): int(upto[row]) for row, truth in pairs}
    faded = _faded(ranked, counts, truths, set(partner))
    changes = []
    for place, row in enumerate(old.tolist()):
        held, gone = partner.get(place), faded.get(place)
        if held is not None:
            changes.append(Change(row, int(rank_of[held])))
        else:
            changes.append(Change(row, NOTHING if gone is None else int(rank_of[gone]), lost=True))
    taken = set(partner.values())
    fresh = [int(rank_of[row]) for row in upto.tolist() if row not in taken]
    changes += [Change(NOTHING, row, new=True) for row in fresh]
    return AnswerChanges(tuple(changes), _words(changes, before, after, names))


def in_classes_of(
    found: ImagePredictions, own: Sequence[str], wanted: Sequence[str], named: bool = True
) -> tuple[ImagePredictions, tuple[str, ...]]:
    """An answer in the classes of another model, by name; those that it lacks come after.

    Where the own classes are not named, they are found as those of such a model are.
    """
    mapping = class_mapping(own if named else None, wanted, {}, count=len(own))
    to = mapping.to_dataset if len(own) else np.zeros(0, np.intp)
    extra = np.flatnonzero(to == NOTHING)
    to = to.copy()
    to[extra] = len(wanted) + np.arange(len(extra))
    names = (*wanted, *(own[index] for index in extra.tolist()))
    match found:
        case FoundBoxes():
            known = found.class_ < len(to)
            class_ = found.class_.copy()
            class_[known] = to[found.class_[known]]
            return FoundBoxes(class_, found.confidence, found.box), names
        case ClassProbabilities():
            value = np.zeros(len(names), np.float32)
            value[to] = found.value
            return ClassProbabilities(value), names
        case _:
            assert_never(found)


def answers_compared(
    before: ClassProbabilities, after: ClassProbabilities, names: Sequence[str]
) -> str:
    """`cat .91 to .63`, and what comes first now where that is another class."""
    first, now = int(before.value.argmax()), int(after.value.argmax())
    told = f"{names[first]} {share(before.value[first], 3)} to {share(after.value[first], 3)}"
    if first == now:
        return f"still {told}" if before.value[first] == after.value[first] else told
    return f"{told}, now {names[now]} {share(after.value[now], 3)}"


def _paired(found: Predictions, truths: GroundTruths) -> list[tuple[int, int]]:
    if not len(found) or not len(truths):
        return []
    pairs = overlapping(found, truths, SAME_AT)
    held = class_first(PairCandidates.of(pairs, found, truths), SAME_AT).at(len(found))
    return list(zip(held.prediction.tolist(), held.ground_truth.tolist(), strict=True))


def _faded(
    ranked: Predictions, counts: Mask, truths: GroundTruths, held: set[int]
) -> dict[int, int]:
    """For what is lost, the row of its own class below the threshold."""
    low = np.flatnonzero(~counts)
    found: dict[int, int] = {}
    for row, truth in _paired(ranked.where(low), truths):
        same = ranked.class_[low[row]] == truths.class_[truth]
        if truth not in held and same:
            found[truth] = int(low[row])
    return found


def _counted(found: FoundBoxes, thresholds: Thresholds) -> Indices:
    kept = thresholds.kept(found.class_.astype(np.intp), found.confidence.astype(np.float64))
    return np.flatnonzero(kept)


def _ranked(found: FoundBoxes) -> Predictions:
    every = joined([(0, found)])
    return every.where(np.argsort(-every.confidence, kind="stable"))


def _truths(found: FoundBoxes, rows: Indices) -> GroundTruths:
    box = found.box[rows].astype(np.float64)
    nothing = np.zeros(len(rows), np.intp)
    area = box[:, 2] * box[:, 3]
    class_ = found.class_[rows].astype(np.intp)
    return GroundTruths(nothing, class_, box, area, np.zeros(len(rows), np.bool_))


def _words(
    changes: Sequence[Change], before: FoundBoxes, after: FoundBoxes, names: Sequence[str]
) -> str:
    lost = sum(each.lost for each in changes)
    new = sum(each.new for each in changes)
    parts = [f"{lost} lost"] * (lost > 0) + [f"{new} new"] * (new > 0)
    moved = []
    for each in changes:
        if each.lost or each.new:
            continue
        old, now = float(before.confidence[each.before]), float(after.confidence[each.after])
        was, is_ = (int(f.class_[row]) for f, row in ((before, each.before), (after, each.after)))
        if was != is_:
            moved.append((2.0, f"{names[was]} {share(old)} to {names[is_]} {share(now)}"))
        elif abs(now - old) >= NOTABLE:
            moved.append((abs(now - old), f"{names[was]} {share(old)} to {share(now)}"))
    moved.sort(key=lambda each: -each[0])
    parts += [words for _, words in moved[:FEW]]
    if len(moved) > FEW:
        parts.append(f"{len(moved) - FEW} more changed")
    return ", ".join(parts) or "nothing lost, nothing new"
