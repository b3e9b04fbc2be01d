"""Two detectors object by object, as plainly as it can be said: loops over images and boxes."""

from engine.compare.alarms import AlarmStatus
from engine.compare.status import ObjectStatus, Why
from engine.core.arrays import NOTHING
from engine.core.thresholds import Matching
from engine.detection.detection import Detection
from tests.engine.detection.oracle import enough, iou, outcomes

Row = tuple[int, int, int, int, int, int, int, int]


def objects(
    a: Detection, at_a: float, b: Detection, at_b: float, at: float, matching: Matching
) -> list[Row]:
    """Rows (ground truth, status, why A, why B, found by A, by B, class in A, in B)."""
    truths = a.dataset.ground_truths
    sides = [one_side(each, at, c, matching) for each, c in ((a, at_a), (b, at_b))]
    rows = []
    for t in range(len(truths)):
        if truths.crowd[t]:
            continue
        (why_a, found_a, class_a), (why_b, found_b, class_b) = (side[t] for side in sides)
        status = {
            (True, True): ObjectStatus.BOTH_RIGHT,
            (False, True): ObjectStatus.FIXED,
            (True, False): ObjectStatus.BROKEN,
            (False, False): ObjectStatus.BOTH_WRONG,
        }[why_a == NOTHING, why_b == NOTHING]
        rows.append((t, status, why_a, why_b, found_a, found_b, class_a, class_b))
    return rows


def one_side(
    made: Detection, at: float, threshold: float, matching: Matching
) -> dict[int, tuple[int, int, int]]:
    """Of each ground truth why it is not found, the prediction that explains it, its class."""
    truths, found = made.dataset.ground_truths, made.predictions
    needed = min(at, 1 - 1e-10)
    counted = outcomes(made, at, threshold, matching)
    holder = {t: p for _, _, p, t in counted if NOTHING not in (p, t)}
    alone = {p for _, _, p, t in counted if p != NOTHING and t == NOTHING}
    # Most confident first, equal ones in file order.
    by_rank = sorted(range(len(found)), key=lambda p: -found.confidence[p])
    told = {}
    for t in range(len(truths)):
        if truths.crowd[t]:
            continue
        own = [
            p
            for p in by_rank
            if found.image[p] == truths.image[t] and found.class_[p] == truths.class_[t]
        ]
        overlap = {p: iou(tuple(found.box[p]), tuple(truths.box[t]), False) for p in own}
        reaching = [p for p in own if enough(overlap[p], needed, matching)]
        held = holder.get(t, NOTHING)
        predicted = NOTHING if held == NOTHING else int(found.class_[held])
        below = [p for p in reaching if not enough(found.confidence[p], threshold, matching)]
        taken = [p for p in reaching if enough(found.confidence[p], threshold, matching)]
        moved = [p for p in own if p in alone and p not in reaching and overlap[p] >= 0.1]
        if predicted == truths.class_[t]:
            told[t] = NOTHING, held, predicted
        elif below:
            told[t] = Why.BELOW_THRESHOLD, below[0], predicted
        elif held != NOTHING:
            told[t] = Why.WRONG_CLASS, held, predicted
        elif taken:
            told[t] = Why.TAKEN, taken[0], predicted
        elif moved:
            told[t] = Why.BOX_MOVED, max(moved, key=lambda p: overlap[p]), predicted
        else:
            told[t] = Why.MISSED, NOTHING, predicted
    return told


def alarms(
    a: Detection, at_a: float, b: Detection, at_b: float, at: float, matching: Matching
) -> set[tuple[int, int, int]]:
    """Rows (status, prediction of A, of B): who is surer chooses first, on either side."""
    sides = (a, b)
    alone = [
        [p for _, _, p, t in outcomes(each, at, c, matching) if p != NOTHING and t == NOTHING]
        for each, c in ((a, at_a), (b, at_b))
    ]
    free = [set(each) for each in alone]
    choosers = sorted((-sides[s].predictions.confidence[p], s, p) for s in (0, 1) for p in alone[s])
    pairs = set()
    for _, s, p in choosers:
        if p not in free[s]:
            continue
        mine, its = sides[s].predictions, sides[1 - s].predictions
        able = [
            (overlap, its.confidence[q], -q, q)
            for q in free[1 - s]
            if its.image[q] == mine.image[p] and its.class_[q] == mine.class_[p]
            if (overlap := iou(tuple(mine.box[p]), tuple(its.box[q]), False)) >= 0.5
        ]
        if able:
            q = max(able)[-1]
            free[s].discard(p)
            free[1 - s].discard(q)
            pairs.add((AlarmStatus.SHARED, p, q) if s == 0 else (AlarmStatus.SHARED, q, p))
    gone = {(AlarmStatus.GONE, p, NOTHING) for p in free[0]}
    return pairs | gone | {(AlarmStatus.NEW, NOTHING, p) for p in free[1]}
