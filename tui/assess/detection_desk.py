"""Object detection on the main screen."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from rich.text import Text

from engine.cards.operating_point import SavedPoint, with_classes
from engine.core.arrays import NOTHING, Boxes
from engine.core.assessment import Box, DetailRow
from engine.core.goals import GOALS
from engine.core.outcomes import Outcomes
from engine.core.thresholds import MATCHINGS, OperatingPoint
from engine.detection.boxes import LOWEST_IOU
from engine.detection.coco.summary import AveragePrecision
from engine.detection.detection import Detection
from engine.detection.intervals import Intervals
from engine.opening import Opened
from engine.report.facts import coco_precision
from engine.report.saving import interval_of, point_at
from engine.util.words import iou_threshold
from tui.assess.shared_tabs import compare_tab, feed_tab, matrix_tab, run_tab, whatif_tab
from tui.curves.detector_tab import DetectorCurvesTab
from tui.desk.assessed import Wish
from tui.desk.desk import Desk, FeedOrder, Knob, Turn, next_of
from tui.desk.detected import CONFIDENCE, IOU, IOU_STEP, START_IOU, Detected, first_detected
from tui.desk.pages import image_size
from tui.desk.start_point import first_goal, own_thresholds
from tui.desk.tab import TabSpec
from tui.drawing.summaries import detection_summary
from tui.drawing.terms import BOXES, Terms
from tui.image.detail import DetailScreen, DetailView
from tui.image.image import ImageSource
from tui.metrics.detector_tab import DetectorMetricsTab
from tui.pictures.paint.previews import FeedItem
from tui.terminal.capabilities import Graphics

METRICS, CURVES = "#metrics-table", "#curves-pane"  # what has the focus in these tabs


def _goal(wish: Wish) -> Wish:
    """Another meaning of optimal; the threshold stays where it is until one goes there."""
    point = replace(wish.point, own=())  # optima of the classes follow the goal, others go
    return replace(wish, goal=next_of(GOALS, wish.goal), point=point)


def _matching(wish: Wish) -> Wish:
    return replace(
        wish, point=replace(wish.point, matching=next_of(MATCHINGS, wish.point.matching))
    )


def _per_class(wish: Wish) -> Wish:
    """Each class at its own optimum for the goal, or all at the slider's confidence."""
    return replace(wish, point=replace(wish.point, per_class=not wish.point.per_class, own=()))


class DetectionDesk(Desk[Detected]):
    """A detector's boxes against those that people drew."""

    terms: ClassVar[Terms] = BOXES
    knobs: tuple[Knob, ...] = (
        Knob("confidence", "conf"),
        Knob("iou", "IoU", LOWEST_IOU, START_IOU, IOU_STEP, iou_threshold, labelled=True),
    )
    orders: ClassVar[tuple[FeedOrder, ...]] = (
        FeedOrder(CONFIDENCE, "by confidence, highest first", "by confidence, lowest first"),
        FeedOrder(IOU, "by IoU, highest first", "by IoU, lowest first"),
    )
    turns: ClassVar[Mapping[str, Turn]] = {
        "goal": _goal,
        "matching": _matching,
        "per_class": _per_class,
    }
    counts_at_class_thresholds: ClassVar[bool] = True

    def __init__(self, opened: Opened, detection: Detection) -> None:
        super().__init__(opened)
        made = self.detection = detection
        floor = opened.floor  # below it there is nothing to see: the model drops it itself
        if floor:
            confidence, iou = self.knobs
            self.knobs = (replace(confidence, minimum=floor, low=floor), iou)
        self.tabs = (
            matrix_tab(self),
            TabSpec(
                "metrics", "2", "Metrics", METRICS, lambda _: DetectorMetricsTab(made, id="metrics")
            ),
            TabSpec(
                "curves",
                "3",
                "Curves",
                CURVES,
                lambda around: DetectorCurvesTab(made, around.graphics, floor, id="curves"),
            ),
            feed_tab(self),
            whatif_tab(self),
            run_tab(self),
            compare_tab(self),
        )

    @property
    def assessment(self) -> Detection:
        return self.detection

    def first(self) -> Detected:
        inputs, saved = self.opened.inputs, self.start_point.saved
        goal, matching = first_goal(self.opened, saved), inputs.matching
        point = None if saved is None else self.point_of(saved)
        if point is not None and matching != MATCHINGS[0]:  # asked for
            point = replace(point, matching=matching)
        return first_detected(self.detection, matching, goal, point)

    def point_of(self, saved: SavedPoint) -> OperatingPoint:
        own = own_thresholds(saved, self.detection.classes)
        iou = max(saved.iou, LOWEST_IOU) if saved.iou == saved.iou else START_IOU
        return OperatingPoint(iou, saved.point_confidence, saved.matching, bool(own), own)

    def to_save(self, assessed: Detected, intervals: Intervals | None) -> SavedPoint:
        point, goal = assessed.wish.point, assessed.wish.goal
        interval = interval_of(goal, None if point.per_class else intervals)
        saved = point_at(self.detection.dataset, goal, assessed.card, point, interval)
        if (optima := assessed.optima) is None:
            return saved
        names = [name for name, own in zip(self.detection.classes, optima.used, strict=True) if own]
        return with_classes(saved, names, optima.confidence[optima.used])

    def summarise(self) -> AveragePrecision:
        """Average precision."""
        return coco_precision(self.detection, strict=self.opened.inputs.strict_coco)

    # In words

    def summary_line(
        self, assessed: Detected, summary: AveragePrecision | None, width: int
    ) -> Text:
        return detection_summary(
            self.standing(assessed),
            assessed.card,
            assessed.wish.point,
            assessed.best,
            assessed.matrix.ignored,
            None if summary is None else summary.summary,
            width,
        )

    # The feed and the image one opens from it

    def preview(self, assessed: Detected, rows: Outcomes, row: int) -> FeedItem:
        detection = assessed.counted.detection
        image, truth = int(rows.image[row]), int(rows.truth[row])
        predicted = int(rows.predicted[row])
        return FeedItem(
            image=image,
            name=detection.images.name[image],
            path=detection.images.path[image],
            truth=None if truth == NOTHING else detection.classes[truth],
            predicted=None if predicted == NOTHING else detection.classes[predicted],
            confidence=float(rows.confidence[row]),
            iou=float(rows.iou[row]),
            box=_box(detection.predictions.box, int(rows.prediction[row])),
            truth_box=_box(detection.dataset.ground_truths.box, int(rows.ground_truth[row])),
            size=image_size(detection.images, image),
        )

    def image(self, assessed: Detected, image: int, focus: tuple[int, int]) -> DetailView:
        point, images = assessed.wish.point, self.detection.images
        rows = assessed.counted.detail(image, assessed.floor)
        return DetailView(
            name=images.name[image],
            path=images.path[image],
            size=image_size(images, image),
            rows=rows,
            confidence=point.confidence,
            iou=point.iou,
            matching=point.matching + (", own thresholds" if point.per_class else ""),
            focus=_line_of(rows, *focus),
            own=point.per_class,
        )

    def image_screen(self, source: ImageSource, position: int, graphics: Graphics) -> DetailScreen:
        return DetailScreen(source, position, graphics)


def _box(boxes: Boxes, row: int) -> Box | None:
    if row == NOTHING:
        return None
    left, top, width, height = boxes[row].tolist()
    return left, top, width, height


def _line_of(rows: tuple[DetailRow, ...], prediction: int, ground_truth: int) -> int | None:
    """The line of a prediction, or without one that of a ground truth."""
    for index, row in enumerate(rows):
        if prediction != NOTHING and row.prediction == prediction:
            return index
        if prediction == NOTHING and row.is_truth and row.ground_truth == ground_truth:
            return index
    return None
