"""From the rows of two sides to the pages of the feed, and to the images one walks through."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.classification.classification import NO_ANSWER, ClassificationAnswers
from engine.compare.alarms import AlarmStatus
from engine.compare.objects import ComparedObjects
from engine.compare.points import SidePoint
from engine.compare.selecting import ComparedRows
from engine.compare.status import ObjectStatus, Why
from engine.core.arrays import NOTHING, Indices
from engine.core.assessment import Box, DetailRow
from engine.detection.detection import DetectionAtIou
from engine.report.comparison_lines import why_names
from engine.util.words import iou_threshold, number, threshold
from tui.compare.paint.previews import ComparedPreview
from tui.compare.paint.side_boxes import SideBox, Whose
from tui.compare.paint.side_lines import SideLine
from tui.compare.session import ComparedAt
from tui.desk.pages import image_size
from tui.image.image import ImageView
from tui.pictures.paint.previews import FeedView, Verdict

MISSED = "not detected"
NO_OBJECT = "not an object"
ORDER_WORDS = {
    ("confidence", True): "by confidence, highest first",
    ("confidence", False): "by confidence, lowest first",
    ("image", False): "as the images stand in the dataset",
    ("image", True): "the last images first",
}


@dataclass(frozen=True, eq=False)
class ComparedBoxesView(ImageView):
    """All boxes of one image that count on either side, and its ground truths."""

    lines: tuple[SideLine, ...]
    focus: int | None  # the line that the person came for
    at: tuple[str, ...]  # both points, at length and in less room


@dataclass(frozen=True, eq=False)
class ComparedAnswersView(ImageView):
    """What both sides say of one image: a ProbabilityDetail each, and the confidences."""

    details: tuple[Any, Any]
    confidences: tuple[float, float]
    at: tuple[str, ...]


def page_of(
    at: ComparedAt,
    rows: ComparedRows,
    words: str,
    order: tuple[str, bool],
    index: int,
    capacity: int,
) -> FeedView:
    """The page that holds the row with this index."""
    index = min(max(index, 0), max(len(rows) - 1, 0))
    first = index // capacity * capacity
    shown = range(first, min(first + capacity, len(rows)))
    images = number(len(np.unique(rows.image)), "image")
    alarms = int(np.count_nonzero(rows.truth == NOTHING))
    noun = "object" if not alarms else "false alarm" if alarms == len(rows) else "change"
    things = f"{number(len(rows), noun)} in {images}"
    return FeedView(
        title_words=words,
        total=len(rows),
        amount=things if at.comparison.is_detection else images,
        page=first // capacity,
        pages=max(1, -(-len(rows) // capacity)),
        first=first,
        items=tuple(preview(at, rows, row) for row in shown),
        order_words=ORDER_WORDS[order],
        selected=index,
        nothing="Nothing here",
    )


def preview(at: ComparedAt, rows: ComparedRows, row: int) -> ComparedPreview:
    """What the feed shows of a row."""
    comparison, sides = at.comparison, at.comparison.sides
    images, image = sides.a.assessment.images, int(rows.image[row])
    truth = int(rows.truth[row])
    reason = ""
    for why in (rows.why_a, rows.why_b):
        if int(why[row]) != NOTHING:
            reason = why_names(comparison)[Why(int(why[row]))]
    return ComparedPreview(
        image=image,
        name=images.name[image],
        path=images.path[image],
        truth=NO_OBJECT if truth == NOTHING else sides.classes[truth],
        a=_class_words(at, rows.predicted_a, rows.why_a, row),
        b=_class_words(at, rows.predicted_b, rows.why_b, row),
        confidence_a=float(rows.confidence_a[row]),
        confidence_b=float(rows.confidence_b[row]),
        why=reason,
        verdict=_verdict(rows, row),
        boxes=_boxes(at, rows, row),
        size=image_size(images, image),
    )


def _class_words(at: ComparedAt, predicted: Indices, why: Indices, row: int) -> str:
    class_, below = int(predicted[row]), int(why[row]) == Why.BELOW_THRESHOLD
    if class_ != NOTHING:
        return at.comparison.sides.classes[class_]
    if not at.comparison.is_detection:
        return NO_ANSWER.lower()
    return "below" if below else MISSED


def _verdict(rows: ComparedRows, row: int) -> Verdict:
    """Fixed objects and alarms that are gone are for the better, broken and new ones the worse."""
    status = int(rows.status[row])
    alarm = int(rows.truth[row]) == NOTHING
    if status == (AlarmStatus.GONE if alarm else ObjectStatus.FIXED):
        return "right"
    return "wrong" if status == (AlarmStatus.NEW if alarm else ObjectStatus.BROKEN) else ""


def _boxes(at: ComparedAt, rows: ComparedRows, row: int) -> tuple[SideBox, ...]:
    one, other = at.judged
    if not isinstance(one, DetectionAtIou) or not isinstance(other, DetectionAtIou):
        return ()
    truths = one.detection.dataset.ground_truths.box
    columns: tuple[tuple[Whose, Any, Indices], ...] = (
        ("truth", truths, rows.ground_truth),
        ("A", one.detection.predictions.box, rows.found_a),
        ("B", other.detection.predictions.box, rows.found_b),
    )
    return tuple(
        SideBox(whose, _box(boxes, int(found[row])))
        for whose, boxes, found in columns
        if int(found[row]) != NOTHING
    )


def _box(boxes: Any, row: int) -> Box:
    left, top, width, height = boxes[row].tolist()
    return left, top, width, height


@dataclass(frozen=True, eq=False)
class ComparedWalk:
    """The images behind a selection of rows, in the order of the feed.

    The images stay those that the walk began with: a slider that is moved in the detail
    changes what is said of them, and never the place.
    """

    at: ComparedAt
    rows: ComparedRows  # when the walk began
    images: Indices  # the different ones, in the order in which they come first
    opened: int  # the row that the person came for
    words: str

    @classmethod
    def starting_at(
        cls, at: ComparedAt, rows: ComparedRows, index: int, words: str
    ) -> tuple["ComparedWalk", int]:
        """All images of the rows, and the place of the one of the row with this index."""
        found, first = np.unique(rows.image, return_index=True)
        images = found[np.argsort(first)]
        place = int(np.flatnonzero(images == rows.image[index])[0])
        return cls(at, rows, images, index, words), place

    def moved(self, at: ComparedAt) -> "ComparedWalk":
        """The same images at other points."""
        return replace(self, at=at)

    @property
    def total(self) -> int:
        """How many images there are to walk through."""
        return len(self.images)

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes."""
        return self.at.comparison.sides.classes

    def image(self, position: int) -> ComparedBoxesView | ComparedAnswersView:
        """One image: in focus is what the person came for, else its first row."""
        image, row = int(self.images[position]), self.opened
        if self.rows.image[row] != image:
            row = int(np.flatnonzero(self.rows.image == image)[0])
        images = self.at.comparison.sides.a.assessment.images
        named = images.name[image], images.path[image], image_size(images, image)
        one, other = self.at.judged
        a, b = self.at.comparison.a, self.at.comparison.b
        if isinstance(one, DetectionAtIou) and isinstance(other, DetectionAtIou):
            lines = image_lines(self.at, one, other, image)
            return ComparedBoxesView(
                *named, lines, _line_of(lines, self.rows, row), _points(a, b, iou=True)
            )
        assert isinstance(one, ClassificationAnswers)
        assert isinstance(other, ClassificationAnswers)
        at = a.point.confidence, b.point.confidence
        details = one.detail(image, at[0]), other.detail(image, at[1])
        return ComparedAnswersView(*named, details, at, _points(a, b, iou=False))


def image_lines(
    at: ComparedAt, one: DetectionAtIou, other: DetectionAtIou, image: int
) -> tuple[SideLine, ...]:
    """The ground truths of an image, then what A and B find there and what explains a miss."""
    comparison = at.comparison
    rows_a = one.detail(image, comparison.a.point.confidence)
    rows_b = other.detail(image, comparison.b.point.confidence)
    objects = comparison.objects
    assert isinstance(objects, ComparedObjects)
    here = np.flatnonzero(objects.image == image)
    truths = objects.ground_truth.take(here).tolist()
    lines = [*_truth_lines(at, image, rows_a)]
    whose: Whose
    for whose, rows, explains in (("A", rows_a, objects.found_a), ("B", rows_b, objects.found_b)):
        found = dict(zip(explains.take(here).tolist(), truths, strict=True))
        lines += [
            SideLine(
                whose,
                row.class_,
                row.box,
                row.why,
                row.confidence,
                row.iou,
                row.tag,
                row.prediction,
                found.get(row.prediction, NOTHING),
            )
            for row in rows
            if not row.is_truth and (row.tag != "below" or row.prediction in found)
        ]
    return tuple(lines)


def _truth_lines(at: ComparedAt, image: int, rows: tuple[DetailRow, ...]) -> list[SideLine]:
    """What became of each object; crowds, which are nobody's miss, come last."""
    comparison, objects = at.comparison, at.comparison.objects
    assert isinstance(objects, ComparedObjects)
    sides, reasons = comparison.sides, why_names(at.comparison)
    lines = []
    for row in np.flatnonzero(objects.image == image).tolist():
        status = ObjectStatus(int(objects.status[row]))
        told = [
            f"{letter} {'finds it' if why == NOTHING else reasons[Why(why)]}"
            for letter, why in (("A", int(objects.why_a[row])), ("B", int(objects.why_b[row])))
        ]
        class_, truth = int(objects.class_[row]), int(objects.ground_truth[row])
        word = status.name.lower().replace("_", " ")
        box = _box(sides.a.detection.dataset.ground_truths.box, truth)
        why = f"{sides.classes[class_]}, {word}: {', '.join(told)}."
        lines.append(SideLine("truth", class_, box, why, tag=word, row=truth, object=truth))
    lines += [
        SideLine("truth", row.class_, row.box, row.why, tag="crowd", row=row.ground_truth)
        for row in rows
        if row.tag == "crowd"
    ]
    return lines


def _line_of(lines: tuple[SideLine, ...], rows: ComparedRows, row: int) -> int | None:
    """The line of the ground truth, without one that of a false alarm."""
    wanted = (
        ("truth", int(rows.ground_truth[row])),
        ("B", int(rows.found_b[row])),
        ("A", int(rows.found_a[row])),
    )
    for whose, known in wanted:
        for index, line in enumerate(lines):
            if known != NOTHING and (line.whose, line.row) == (whose, known):
                return index
    return None


def _points(a: SidePoint, b: SidePoint, *, iou: bool) -> tuple[str, ...]:
    at = [
        f"{letter} conf {threshold(point.point.confidence, other.point.confidence)}"
        for letter, point, other in (("A", a, b), ("B", b, a))
    ]
    overlap = f"IoU {iou_threshold(a.point.iou)}" if iou else ""
    return "  ".join(filter(None, (*at, overlap))), "  ".join(at)
