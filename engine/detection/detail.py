"""One image of a detector: each box, and why it is what it is."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.core.arrays import NOTHING, Boxes, Indices, Ious, Mask
from engine.core.assessment import Box, DetailRow
from engine.core.dataset import GroundTruths, Predictions
from engine.detection.boxes import Pairs, exact_iou
from engine.detection.matching import ALMOST_ONE
from engine.util.words import a, iou_threshold, share, threshold, told_apart


@dataclass(frozen=True, eq=False)
class ImageScene:
    """What one image holds: n predictions by falling confidence, t ground truths."""

    classes: tuple[str, ...]
    iou_threshold: float
    confidence: float
    strict: bool  # whether the two thresholds must be exceeded
    by_iou: bool  # whether the highest IoU goes first, so that the less confident may win
    counts: Mask  # [n] whether a prediction reaches the confidence threshold
    predictions: Predictions  # [n]
    rows: Indices  # [n] of the predictions in their file
    on_crowd: Mask  # [n]
    truth_rows: Indices  # [t] of the ground truths in their file
    ground_truths: GroundTruths  # of all images
    partner: Indices  # [n] row of the ground truth each prediction holds, or NOTHING

    @cached_property
    def iou(self) -> Ious:
        """[n, t] of every prediction with every ground truth."""
        n, t = len(self.rows), len(self.truth_rows)
        found = np.repeat(self.predictions.box, t, axis=0)
        truth = np.tile(self.ground_truths.box[self.truth_rows], (n, 1))
        region = np.tile(self.ground_truths.region[self.truth_rows], n)
        return exact_iou(found, truth, region).reshape(n, t)

    def suffices(self, iou: float) -> bool:
        """Whether boxes that overlap this much may match."""
        needed = min(self.iou_threshold, ALMOST_ONE)
        return iou > needed if self.strict else iou >= needed


def detail_rows(scene: ImageScene) -> tuple[DetailRow, ...]:
    """Predictions that count, objects not detected, crowds, predictions below."""
    counted = [_prediction(scene, i) for i in _places(scene.counts)]
    below = [_prediction(scene, i) for i in _places(~scene.counts)]
    crowd = scene.ground_truths.crowd[scene.truth_rows]
    missed = [_missed(scene, i) for i in _places(~crowd) if not _found(scene, i)]
    crowds = [_crowd(scene, i) for i in _places(crowd)]
    return (*counted, *missed, *crowds, *below)


def partners(ranks: Indices, pairs: Pairs) -> Indices:
    """The ground truth of each rank, or NOTHING; pairs stand by rank."""
    if not len(pairs):
        return np.full(len(ranks), NOTHING)
    place = np.minimum(np.searchsorted(pairs.prediction, ranks), len(pairs) - 1)
    return np.where(pairs.prediction[place] == ranks, pairs.ground_truth[place], NOTHING)


def _prediction(scene: ImageScene, i: int) -> DetailRow:
    """The line of a prediction; its partner is what it holds, else what it overlaps most."""
    class_ = int(scene.predictions.class_[i])
    held = int(scene.partner[i]) if scene.counts[i] else NOTHING
    column = _column(scene, i, held)
    truth = NOTHING if column == NOTHING else int(scene.truth_rows[column])
    overlap = np.nan if column == NOTHING else float(scene.iou[i, column])
    truth_class = NOTHING if truth == NOTHING else int(scene.ground_truths.class_[truth])
    tag, why = _verdict(scene, i, held, column, truth_class, overlap)
    return DetailRow(
        tag=tag,
        class_=class_,
        confidence=float(scene.predictions.confidence[i]),
        iou=overlap,
        box=_box(scene.predictions.box[i]),
        why=why,
        partner=None if truth == NOTHING else _box(scene.ground_truths.box[truth]),
        partner_class=truth_class,
        prediction=int(scene.rows[i]),
        ground_truth=truth,
    )


def _column(scene: ImageScene, i: int, held: int) -> int:
    """Which of the image's ground truths to name beside prediction i, or NOTHING."""
    if held != NOTHING:
        return int(np.flatnonzero(scene.truth_rows == held)[0])
    overlaps = scene.iou[i]
    if not overlaps.size or overlaps.max() <= 0:
        return NOTHING
    return int(np.flatnonzero(overlaps == overlaps.max())[-1])  # the later, as the matcher does


def _verdict(
    scene: ImageScene, i: int, held: int, column: int, truth_class: int, overlap: float
) -> tuple[str, str]:
    """The tag of a prediction and the sentence that explains it."""
    class_ = int(scene.predictions.class_[i])
    if not scene.counts[i]:
        return "below", _below(scene, float(scene.predictions.confidence[i]))
    if scene.on_crowd[i]:
        return "ignored", _why_ignored(scene, i, class_)
    if column == NOTHING:
        return "FP", "False positive: it overlaps no ground truth."
    truth, at = scene.classes[truth_class], f"IoU {share(overlap)}"
    needed = f"{'more than ' * scene.strict}{iou_threshold(scene.iou_threshold)} is needed"
    if held != NOTHING and truth_class == class_:
        return "TP", f"True positive: it matches {a(truth)} at {at}; {needed}."
    if held != NOTHING:
        return "FP", f"False positive: what it matches, at {at}, is {a(truth)}."
    if not scene.suffices(overlap):
        return "FP", f"False positive: {a(truth)} is closest, at {at}; {needed}."
    if scene.ground_truths.crowd[scene.truth_rows[column]]:
        lies_on = f"{a(truth)} marked difficult" if _is_difficult(scene, column) else "a crowd"
        of_class = "" if _is_difficult(scene, column) else f", but of class {truth}"
        return "FP", f"False positive: it lies on {lies_on}{of_class}."
    return "FP", _taken(scene, column, class_, f"the {truth} it overlaps most, at {at},")


def _why_ignored(scene: ImageScene, i: int, class_: int) -> str:
    """What excuses prediction i: of the crowds of its class the one that it lies on most."""
    rows = scene.truth_rows
    its_own = scene.ground_truths.crowd[rows] & (scene.ground_truths.class_[rows] == class_)
    column = int(np.where(its_own, scene.iou[i], -1.0).argmax())
    name = scene.classes[class_]
    if _is_difficult(scene, column):
        at = f"at IoU {share(float(scene.iou[i, column]))}"
        return f"Not counted: it matches {a(name)} marked difficult, {at}."
    return f"Not counted: it lies on a crowd of class {name}."


def _is_difficult(scene: ImageScene, column: int) -> bool:
    difficult = scene.ground_truths.difficult
    return difficult is not None and bool(difficult[scene.truth_rows[column]])


def _below(scene: ImageScene, confidence: float) -> str:
    """Why a prediction does not count, with as many digits as it takes to tell the two apart."""
    limit = scene.confidence
    if confidence == limit:
        return f"Does not count: its confidence must be above the threshold {threshold(limit)}."
    low, high = told_apart(confidence, limit), threshold(limit, confidence)
    return f"Does not count: its confidence {low} is below the threshold {high}."


def _taken(scene: ImageScene, column: int, class_: int, wanted: str) -> str:
    """Why a prediction stays without the ground truth that it overlaps enough."""
    holders = np.flatnonzero(scene.counts & (scene.partner == scene.truth_rows[column]))
    holder = int(holders[0])
    other = scene.classes[scene.predictions.class_[holder]]
    same = scene.predictions.class_[holder] == class_
    # With the highest IoU first the holder need not be the more confident: say what it won by.
    won = f" at IoU {share(scene.iou[holder, column])}" if scene.by_iou else ""
    what = "False positive, a duplicate" if same else "False positive"
    who = f"prediction {holder + 1}{won}" if same else f"prediction {holder + 1}, {a(other)}{won}"
    return f"{what}: {wanted} is matched with {who}."


def _found(scene: ImageScene, column: int) -> bool:
    """Whether a prediction of the same class holds this ground truth."""
    truth = scene.truth_rows[column]
    holds = scene.counts & (scene.partner == truth)
    right = scene.predictions.class_ == scene.ground_truths.class_[truth]
    return bool((holds & right).any())


def _missed(scene: ImageScene, column: int) -> DetailRow:
    """The line of a ground truth that no prediction of its class found."""
    truth = int(scene.truth_rows[column])
    name = scene.classes[scene.ground_truths.class_[truth]]
    holders = np.flatnonzero(scene.counts & (scene.partner == truth))
    best = int(scene.iou[:, column].argmax()) if len(scene.rows) else NOTHING
    overlap = float(scene.iou[best, column]) if best != NOTHING else 0.0
    if len(holders):
        taker = int(holders[0])
        other = scene.classes[scene.predictions.class_[taker]]
        why = (
            f"Not detected as {name}: prediction {taker + 1}, {a(other)}, covers it "
            f"at IoU {share(scene.iou[taker, column])}."
        )
    elif overlap <= 0:
        why = f"Not detected: no prediction overlaps this {name}."
    else:
        class_ = scene.classes[scene.predictions.class_[best]]
        why = (
            f"Not detected: the best of all predictions, {a(class_)} of confidence "
            f"{share(scene.predictions.confidence[best])}, reaches IoU {share(overlap)}"
            f"{_elsewhere(scene, best, overlap)}."
        )
    return _truth_row(scene, truth, "FN", why)


def _elsewhere(scene: ImageScene, i: int, overlap: float) -> str:
    """Why prediction i, which overlaps a ground truth enough, did not take it."""
    if not scene.counts[i] or not scene.suffices(overlap):
        return ""
    if scene.partner[i] != NOTHING:
        return " but is matched with another ground truth"
    if scene.on_crowd[i]:
        return " but lies on a crowd of its class"
    return " but overlaps another ground truth at least as much"


def _crowd(scene: ImageScene, column: int) -> DetailRow:
    why = "A crowd: a region of many objects. What is found in it is neither right nor wrong."
    if _is_difficult(scene, column):
        why = "Marked difficult: it need not be found, and finding it is neither right nor wrong."
    return _truth_row(scene, int(scene.truth_rows[column]), "crowd", why)


def _truth_row(scene: ImageScene, truth: int, tag: str, why: str) -> DetailRow:
    return DetailRow(
        tag=tag,
        class_=int(scene.ground_truths.class_[truth]),
        confidence=np.nan,
        iou=np.nan,
        box=_box(scene.ground_truths.box[truth]),
        why=why,
        ground_truth=truth,
    )


def _places(mask: Mask) -> list[int]:
    places: list[int] = np.flatnonzero(mask).tolist()
    return places


def _box(row: Boxes) -> Box:
    left, top, width, height = row.tolist()
    return left, top, width, height
