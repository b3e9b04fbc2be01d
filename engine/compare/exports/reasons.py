"""Why two detectors disagree, as far as their boxes show it: no model is run for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from engine.compare.exports.agreement import BoxAgreement, box_agreement
from engine.compare.exports.box_maps import common_map, scales_of_images
from engine.compare.exports.closeness import Measured, explains
from engine.compare.same_boxes import paired_boxes
from engine.core.arrays import NOTHING, Indices, Scores
from engine.core.dataset import GroundTruths, Predictions
from engine.detection.boxes import overlapping
from engine.scoring.run.nms import suppress
from engine.util.words import listed, number, share

FEWEST: Final = 3  # boxes that a reason must rest on
LEAST_OVERLAP: Final = 0.3  # IoU that suppression always leaves
MORE: Final = 1.02  # times the overlap of the other side that is more than it
COARSE: Final = 32  # different scores
FINER: Final = 4  # times as many on the other side


@dataclass(frozen=True, eq=False)
class BoxSides:
    """The boxes of both sides in the same images and classes, and where they begin to count."""

    names: tuple[str, ...]  # [C]
    images: int
    a: Predictions
    b: Predictions
    from_a: Scores  # [C]
    from_b: Scores  # [C]

    @property
    def agreement(self) -> BoxAgreement:
        """How far they agree."""
        return box_agreement(self.images, self.a, self.b, self.from_a, self.from_b)

    @property
    def counted(self) -> tuple[Predictions, Predictions]:
        """The boxes of A and of B that count."""
        return (
            self.a.where(self.a.confidence >= self.from_a[self.a.class_]),
            self.b.where(self.b.confidence >= self.from_b[self.b.class_]),
        )

    @property
    def swapped(self) -> "BoxSides":
        """With A for B."""
        return replace(self, a=self.b, b=self.a, from_a=self.from_b, from_b=self.from_a)


@dataclass(frozen=True, eq=False)
class Reason:
    """Why two sides disagree, and how far they agreed without it."""

    words: str
    without: Measured


def explained(sides: BoxSides) -> Reason | None:
    """The first reason without which the two agree, at least but for rounding; None for none."""
    before = sides.agreement
    for look in (other_classes, lost_suppression, score_floor, moved_boxes):
        found = look(sides)
        if found is not None and explains(before, found.without):
            return found
    return None


def other_classes(sides: BoxSides) -> Reason | None:
    """The classes of B stand in another order: told by boxes that overlap, whatever their class."""
    a, b = sides.counted
    pairs = paired_boxes(_of_one_class(a), _of_one_class(b))
    classes = len(sides.names)
    counts = np.zeros((classes, classes), np.int64)
    np.add.at(counts, (a.class_[pairs.prediction], b.class_[pairs.ground_truth]), 1)
    seen = np.flatnonzero(counts.sum(axis=1) > 0)
    called = np.full(classes, NOTHING)  # what B calls the class of A
    called[seen] = counts[seen].argmax(axis=1)
    wrong = seen[called[seen] != seen]
    if counts[wrong].sum() < FEWEST or len(np.unique(called[seen])) < len(seen):
        return None
    meant = renamed_classes(called)
    least = np.empty_like(sides.from_b)
    least[meant] = sides.from_b
    other = replace(sides.b, class_=meant[sides.b.class_])
    renamed = replace(sides, b=other, from_b=least)
    words = f"the classes of B are in another order: {order_in_words(sides.names, called, wrong)}"
    return Reason(words, renamed.agreement)


def renamed_classes(called: Indices) -> Indices:
    """[C] the class of A for each class of B, each once, from what B calls those of A or NOTHING.

    What nobody calls by another name keeps its own where it is free.
    """
    meant = np.full(len(called), NOTHING)
    known = np.flatnonzero(called != NOTHING)
    meant[called[known]] = known
    left = np.flatnonzero(meant == NOTHING)
    kept = left[called[left] == NOTHING]
    meant[kept] = kept
    left = np.flatnonzero(meant == NOTHING)
    meant[left] = np.setdiff1d(np.arange(len(called)), meant)
    return meant


def lost_suppression(sides: BoxSides) -> Reason | None:
    """One side keeps boxes that lie on a more confident one of their class."""
    return _either(sides, _unsuppressed)


def score_floor(sides: BoxSides) -> Reason | None:
    """One side holds no box below a confidence that the other goes beyond."""
    return _either(sides, _cut)


def moved_boxes(sides: BoxSides) -> Reason | None:
    """The boxes of B are those of A at another place or of another size, by one rule."""
    a, b = sides.counted
    if (rule := common_map(a, b)) is not None:
        mapped = replace(sides.a, box=rule.of(sides.a.box))
        return Reason(f"the boxes of B {rule.words}", replace(sides, a=mapped).agreement)
    if (scales := scales_of_images(a, b)) is None:
        return None
    there = np.isin(b.image, scales.images)
    told = replace(sides, a=scales.boxes, b=b.where(there))
    return Reason(f"the boxes of B {scales.words} (output.box_space)", told.agreement)


def coarse_scores(sides: BoxSides) -> str:
    """Words for scores of one side that take only a few values; "" where they do not."""
    of_a, of_b = (len(np.unique(each.confidence)) for each in sides.counted)
    for name, few, many in (("B", of_b, of_a), ("A", of_a, of_b)):
        if 0 < few <= COARSE and many >= FINER * few:
            return (
                f"the scores of {name} take only {number(few, 'value')}, those of the other side "
                f"{many:,}: quantised together with the boxes? Keep what joins them in float"
            )
    return ""


def _either(sides: BoxSides, look: Callable[[BoxSides, str], Reason | None]) -> Reason | None:
    """What is found of B, else of A."""
    return look(sides, "B") or look(sides.swapped, "A")


def _unsuppressed(sides: BoxSides, name: str) -> Reason | None:
    a, b = sides.counted
    usual = max(float(_own_overlaps(a).max(initial=0)), LEAST_OVERLAP)
    own = _own_overlaps(b)
    above = int((own > usual * MORE).sum())
    if above < FEWEST:
        return None
    left = _suppressed(sides.b, usual)
    return Reason(
        f"{name} has lost its suppression: its boxes of one class overlap by up to "
        f"{share(float(own.max()))}, those of the other side by {share(usual)} at most",
        replace(sides, b=left).agreement,
    )


def _cut(sides: BoxSides, name: str) -> Reason | None:
    lowest = float(sides.b.confidence.min(initial=np.inf))
    above = sides.from_b < lowest
    if not above.any() or np.isinf(lowest):
        return None
    at = replace(
        sides, from_a=np.maximum(sides.from_a, lowest), from_b=np.maximum(sides.from_b, lowest)
    )
    return Reason(f"{name} holds no box below a score of {share(lowest, 3)}", at.agreement)


def _of_one_class(boxes: Predictions) -> Predictions:
    return replace(boxes, class_=np.zeros_like(boxes.class_))


def _own_overlaps(boxes: Predictions) -> Scores:
    """The IoUs of all pairs of boxes of one image and class, each pair twice."""
    area = boxes.box[:, 2] * boxes.box[:, 3]
    crowd = np.zeros(len(boxes), np.bool_)
    truths = GroundTruths(boxes.image, boxes.class_, boxes.box, area, crowd)
    pairs = overlapping(boxes, truths, LEAST_OVERLAP)
    same = boxes.class_.take(pairs.prediction) == boxes.class_.take(pairs.ground_truth)
    return pairs.iou.take(np.flatnonzero(same & (pairs.prediction != pairs.ground_truth)))


def _suppressed(boxes: Predictions, iou: float) -> Predictions:
    order = np.lexsort((-boxes.confidence, boxes.image))
    ranked = boxes.where(order)
    begins = np.flatnonzero(np.diff(ranked.image, prepend=NOTHING))
    corners = np.concatenate((ranked.box[:, :2], ranked.box[:, :2] + ranked.box[:, 2:]), axis=1)
    kept = []
    for start, end in zip(begins, np.append(begins[1:], len(ranked)), strict=False):
        here = slice(int(start), int(end))
        kept.append(start + suppress(corners[here], ranked.class_[here], iou, len(ranked)))
    return ranked.where(np.concatenate(kept)) if kept else ranked


def order_in_words(names: Sequence[str], called: Indices, wrong: Indices) -> str:
    """What B calls the classes of A that it calls by another name."""
    by = np.unique(called[wrong] - wrong)
    if len(by) == 1 and len(wrong) > 1:
        way = "after" if by[0] > 0 else "before"
        return f"each is {abs(int(by[0]))} {way} that of A"
    pairs = [f"{names[each]} of A is {names[called[each]]} of B" for each in wrong.tolist()]
    return listed(pairs, 3)
