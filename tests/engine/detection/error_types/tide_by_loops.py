"""tidecv's rule as plainly as it can be said: loops over images, predictions and fixes."""

from dataclasses import dataclass, field

from engine.detection.detection import Detection
from engine.detection.error_types.names import ERROR_TYPES, ErrorType
from tests.engine.detection.oracle import iou

LIMIT, BACKGROUND = 100, 0.1
PREDICTION_TYPES = ERROR_TYPES[:-1]


@dataclass
class Tide:
    """Errors (prediction or object, by row), and average precision before and after fixes."""

    errors: dict[ErrorType, list[int]] = field(default_factory=dict)
    ap: float | None = None  # None without any class
    fixed: dict[ErrorType, float | None] = field(default_factory=dict)
    without_false_positives: float | None = None
    without_misses: float | None = None


def tide(detection: Detection, at: float) -> Tide:
    """Everything that tidecv says of a detection at an IoU."""
    truths, found = detection.dataset.ground_truths, detection.predictions
    overlap = {
        (p, t): iou(tuple(found.box[p]), tuple(truths.box[t]), bool(truths.crowd[t]))
        for p in range(len(found))
        for t in range(len(truths))
        if found.image[p] == truths.image[t]
    }
    said = Tide({error: [] for error in ERROR_TYPES})
    right: dict[int, int] = {}  # prediction: the object that it found
    wrong: dict[int, tuple[ErrorType, int | None]] = {}  # its type, the object behind it
    ignored: set[int] = set()
    missed_of_class: list[int] = []
    repairs: dict[int, list[int]] = {}  # object that nobody found: who could, by rank
    for image in range(len(detection.images)):
        here = [t for t in range(len(truths)) if truths.image[t] == image and not truths.crowd[t]]
        crowds = [t for t in range(len(truths)) if truths.image[t] == image and truths.crowd[t]]
        ranked = [p for p in range(len(found)) if found.image[p] == image]
        ranked = sorted(ranked, key=lambda p: -found.confidence[p])[:LIMIT]
        free = list(here)
        for p in ranked:
            own = [t for t in free if truths.class_[t] == found.class_[p]]
            best = max(own, key=lambda t: overlap[p, t], default=None)
            if best is not None and overlap[p, best] >= at:
                right[p] = best
                free.remove(best)
        for p in (p for p in ranked if p not in right):
            if any(overlap[p, t] > at and truths.class_[t] == found.class_[p] for t in crowds):
                ignored.add(p)
            wrong[p] = _what_is_wrong(detection, overlap, p, here, free, at)
            said.errors[wrong[p][0]].append(p)
            if wrong[p][1] in free:
                repairs.setdefault(wrong[p][1], []).append(p)
        missed_of_class += [int(truths.class_[t]) for t in free]
        said.errors["missed"] += [t for t in free if t not in repairs]

    classes = len(detection.classes)
    asked = [int(((truths.class_ == c) & ~truths.crowd).sum()) for c in range(classes)]
    order = sorted(range(len(found)), key=lambda p: (-found.confidence[p], found.image[p], p))
    points = [
        (int(found.class_[p]), p in right)
        for p in order
        if p in right or p in wrong.keys() - ignored
    ]
    said.ap = mean_ap(points, asked)
    for error in ERROR_TYPES:
        said.fixed[error] = _fixed(detection, error, said, right, wrong, ignored, repairs, asked)
    said.without_false_positives = mean_ap(sorted(points, key=lambda each: not each[1]), asked)
    kept = [asked[c] - missed_of_class.count(c) for c in range(classes)]
    said.without_misses = mean_ap(_points(detection, right, wrong.keys() - ignored, {}), kept)
    return said


def _what_is_wrong(detection, overlap, p, here, free, at) -> tuple[ErrorType, int | None]:
    truths, class_ = detection.dataset.ground_truths, detection.predictions.class_[p]
    alike = [t for t in here if truths.class_[t] == class_]
    unlike = [t for t in here if truths.class_[t] != class_]
    own = max(alike, key=lambda t: overlap[p, t], default=None)
    other = max(unlike, key=lambda t: overlap[p, t], default=None)
    own_iou = 0 if own is None else overlap[p, own]
    other_iou = 0 if other is None else overlap[p, other]
    if BACKGROUND <= own_iou <= at:
        return "localisation", own
    if other_iou >= at:
        return "classification", other
    if any(overlap[p, t] >= at for t in alike if t not in free):
        return "duplicate", None
    if max(own_iou, other_iou) <= BACKGROUND:
        return "background", None
    return "both", None


def _fixed(detection, error, said, right, wrong, ignored, repairs, asked) -> float | None:
    if error == "missed":
        truths = detection.dataset.ground_truths
        missed = [int(truths.class_[t]) for t in said.errors["missed"]]
        left = [asked[c] - missed.count(c) for c in range(len(asked))]
        return mean_ap(_points(detection, right, wrong.keys() - ignored, {}), left)
    repaired = {
        who[0]: int(detection.dataset.ground_truths.class_[t])
        for t, who in repairs.items()
        if wrong[who[0]][0] == error
    }
    stay = {p for p, (kind, _) in wrong.items() if kind != error} - ignored
    return mean_ap(_points(detection, right, stay, repaired), asked)


def _points(detection, right, wrong, repaired) -> list[tuple[int, bool]]:
    """(class, right) by falling confidence; on a tie the errors first, as tidecv has it."""
    found = detection.predictions
    in_file_order = lambda p: (found.image[p], p)  # noqa: E731
    there = sorted(wrong | repaired.keys(), key=in_file_order) + sorted(right, key=in_file_order)
    return [
        (repaired.get(p, int(found.class_[p])), p in right or p in repaired)
        for p in sorted(there, key=lambda p: -found.confidence[p])
    ]


def mean_ap(points: list[tuple[int, bool]], asked: list[int]) -> float | None:
    """Over classes with a prediction or an object; precision read at 101 recalls."""
    values = [
        average_precision([right for class_, right in points if class_ == c], asked[c])
        for c in range(len(asked))
        if asked[c] or any(class_ == c for class_, _ in points)
    ]
    return sum(values) / len(values) if values else None


def average_precision(right: list[bool], asked: int) -> float:
    if not asked:
        return 0.0
    precision = [sum(right[: k + 1]) / (k + 1) for k in range(len(right))]
    recall = [sum(right[: k + 1]) / asked for k in range(len(right))]
    reached = [
        max((p for p, r in zip(precision, recall, strict=True) if r >= at / 100), default=0.0)
        for at in range(101)
    ]
    return sum(reached) / 101
