"""The rule of counting as plainly as it can be said: loops over images and boxes."""

from engine.core.arrays import NOTHING
from engine.core.thresholds import Matching
from engine.detection.detection import Detection

Box = tuple[float, float, float, float]


def iou(found: Box, truth: Box, crowd: bool) -> float:
    across = min(found[2] + found[0], truth[2] + truth[0]) - max(found[0], truth[0])
    down = min(found[3] + found[1], truth[3] + truth[1]) - max(found[1], truth[1])
    if across <= 0 or down <= 0:
        return 0.0
    shared, area = across * down, found[2] * found[3]
    return shared / (area if crowd else area + truth[2] * truth[3] - shared)


def outcomes(
    detection: Detection, at: float, threshold: float, matching: Matching = "class-first"
) -> list[tuple[int, int, int, int]]:
    """Rows (truth class, predicted class, prediction, ground truth), filtered before matching."""
    truths, predictions = detection.dataset.ground_truths, detection.predictions
    needed = min(at, 1 - 1e-10)
    rows = []
    for image in range(len(detection.images)):
        here = [t for t in range(len(truths)) if truths.image[t] == image]
        asking = [
            p
            for p in range(len(predictions))
            if predictions.image[p] == image
            and enough(predictions.confidence[p], threshold, matching)
        ]
        asking.sort(key=lambda p: -predictions.confidence[p])
        free = {t for t in here if not truths.crowd[t]}
        holds: dict[int, int] = {}
        if matching == "iou":
            _highest_iou_first(detection, asking, free, holds, needed)
        elif matching == "supervision":
            _by_falling_iou(detection, asking, free, holds, needed, same_class=True)
        else:
            for p in asking:
                _choose(detection, p, free, holds, needed, same_class=matching == "class-first")
        on_crowd = {
            p
            for p in asking
            if p not in holds
            and any(
                truths.crowd[t]
                and truths.class_[t] == predictions.class_[p]
                and enough(_overlap(detection, p, t), needed, matching)
                for t in here
            )
        }
        if matching == "supervision":
            left = [p for p in asking if p not in holds and p not in on_crowd]
            _by_falling_iou(detection, left, free, holds, needed, same_class=False)
        for p in asking:
            if matching == "class-first" and p not in holds and p not in on_crowd:
                _choose(detection, p, free, holds, needed, same_class=False)
        for p in asking:
            if p not in on_crowd:
                t = holds.get(p, NOTHING)
                class_ = NOTHING if t == NOTHING else int(truths.class_[t])
                rows.append((class_, int(predictions.class_[p]), p, t))
        rows += [(int(truths.class_[t]), NOTHING, NOTHING, t) for t in free]
    return sorted(rows)


def enough(value: float, threshold: float, matching: Matching) -> bool:
    """Whether a confidence or an IoU counts."""
    return bool(value > threshold if matching == "iou" else value >= threshold)


def _highest_iou_first(
    detection: Detection, asking: list[int], free: set[int], holds: dict[int, int], needed: float
) -> None:
    """Each prediction asks for the ground truth it overlaps most, which takes who overlaps most."""
    askers: dict[int, list[int]] = {}
    for p in asking:
        reached = [t for t in sorted(free) if _overlap(detection, p, t) > needed]
        if reached:
            t = max(reached, key=lambda t: (_overlap(detection, p, t), t))
            askers.setdefault(t, []).append(p)
    for t, ps in askers.items():
        holds[max(ps, key=lambda p: _overlap(detection, p, t))] = t  # of equal ones the first
        free.discard(t)


def _by_falling_iou(
    detection: Detection,
    asking: list[int],
    free: set[int],
    holds: dict[int, int],
    needed: float,
    *,
    same_class: bool,
) -> None:
    """Each pair in turn, if both are free; of equal IoUs the earlier object, then who is surer."""
    truths, predictions = detection.dataset.ground_truths, detection.predictions
    pairs = [
        (-_overlap(detection, p, t), t, place, p)
        for place, p in enumerate(asking)
        for t in free
        if _overlap(detection, p, t) >= needed
        and (truths.class_[t] == predictions.class_[p] or not same_class)
    ]
    for _, t, _, p in sorted(pairs):
        if t in free and p not in holds:
            holds[p] = t
            free.discard(t)


def _overlap(detection: Detection, p: int, t: int) -> float:
    truths = detection.dataset.ground_truths
    found = tuple(detection.predictions.box[p])
    return iou(found, tuple(truths.box[t]), bool(truths.crowd[t]))


def _choose(
    detection: Detection,
    p: int,
    free: set[int],
    holds: dict[int, int],
    needed: float,
    *,
    same_class: bool,
) -> None:
    """Give prediction p the free ground truth it overlaps most."""
    truths = detection.dataset.ground_truths
    best, best_iou = NOTHING, needed
    for t in sorted(free):
        if same_class and truths.class_[t] != detection.predictions.class_[p]:
            continue
        if _overlap(detection, p, t) >= best_iou:  # a later one replaces an equal one
            best, best_iou = t, _overlap(detection, p, t)
    if best != NOTHING:
        holds[p] = best
        free.discard(best)
