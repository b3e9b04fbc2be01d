"""The metrics of each class: worked out for the table when someone looks at it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.worker import get_current_worker

from engine.core.explanation import Explanation
from engine.core.outcomes import Selection
from engine.core.thresholds import OperatingPoint
from engine.detection.coco.summary import AveragePrecision
from engine.detection.detection import Detection
from engine.detection.error_types.error_types import ErrorTypes, growing_error_types
from engine.detection.intervals import Intervals, bootstrap
from engine.detection.metrics import DetectorMetrics, detector_metrics
from engine.detection.table_metrics import explain
from tui.controls.explain_box import ExplainBox
from tui.controls.export import export
from tui.controls.pause import Pause
from tui.desk.detected import Detected
from tui.metrics.detector_pane import DetectorMetricsPane
from tui.metrics.error_types import ErrorTypeList
from tui.metrics.measured_tab import MeasuredTab
from tui.metrics.paint.detector_csv import detector_metrics_csv
from tui.metrics.paint.error_types import (
    ErrorTypesView,
    error_explanation,
    error_types_csv,
)
from tui.tables.paint.detector_columns import DetectionMetricsView
from tui.tables.table import MetricsTable

STILL: Final = 0.6  # seconds without a change before intervals are worked out
KEPT: Final = 4  # IoUs whose error types are remembered


class DetectorMetricsTab(MeasuredTab):
    """Follows the operating point while it is in sight."""

    @dataclass
    class Measured(Message):
        """The metrics at an operating point."""

        metrics: DetectorMetrics

    @dataclass
    class Resampled(Message):
        """Intervals at an operating point, better than before."""

        point: OperatingPoint
        intervals: Intervals

    @dataclass
    class Typed(Message):
        """Error types at an operating point, better than before; whole: all there is to say."""

        view: ErrorTypesView
        whole: bool

    def __init__(self, detection: Detection, *, id: str) -> None:
        super().__init__(id=id)
        self.detection = detection
        self.assessed: Detected | None = None
        self.coco: AveragePrecision | None = None  # until it is worked out
        self.metrics: DetectorMetrics | None = None
        self.intervals: tuple[OperatingPoint, Intervals] | None = None
        self.still = Pause(self, STILL, self.resample)

        self.errors: dict[float, ErrorTypes] = {}  # by IoU, the last to come last

    def compose(self) -> ComposeResult:
        yield DetectorMetricsPane(id="metrics-pane")

    @property
    def pane(self) -> DetectorMetricsPane:
        """What shows the numbers."""
        return self.query_one(DetectorMetricsPane)

    @property
    def explanation(self) -> Explanation | None:
        """Of the number in focus, or of the type of error."""
        types = self.pane.types
        if not self.pane.on_types or types.view is None:
            return super().explanation
        return error_explanation(types.view, types.index)

    def fall_behind(self) -> None:
        super().fall_behind()
        self.workers.cancel_group(self, "error types")

    def follow(self, assessed: Detected) -> None:
        """Another operating point."""
        self.assessed = assessed
        self.refresh_metrics()

    def complete(self, summary: AveragePrecision) -> None:
        """Average precision has come."""
        self.coco = summary
        self.refresh_metrics()

    def work_out(self) -> None:
        assessed, coco = self.assessed, self.coco
        if assessed is not None and self.pane.on_types:
            self.work_out_types(assessed)
        if assessed is None or coco is None:
            return
        if self.metrics is None or self.metrics.point != assessed.wish.point:
            self.measure(assessed, coco)
        self.still.begin()

    @work(thread=True, group="metrics", exclusive=True, exit_on_error=False)
    def measure(self, assessed: Detected, coco: AveragePrecision) -> None:
        worker, counted = get_current_worker(), assessed.counted
        metrics = detector_metrics(counted.detection, counted, assessed.floor, coco)
        if not worker.is_cancelled:
            self.post_message(self.Measured(replace(metrics, point=assessed.wish.point)))

    @on(Measured)
    def take(self, message: Measured) -> None:
        self.metrics = message.metrics
        self.show_view()

    @on(DetectorMetricsPane.TypesInSight)
    def follow_view(self, message: DetectorMetricsPane.TypesInSight) -> None:
        if not message.there:
            self.workers.cancel_group(self, "error types")
        elif self.assessed is not None:
            self.work_out_types(self.assessed)

    def work_out_types(self, assessed: Detected) -> None:
        """Error types, unless they are on show."""
        view = self.pane.types.view
        whole = view is not None and view.errors is self.errors.get(view.errors.iou)
        if view is None or not whole or view.point != assessed.wish.point:
            self.type_errors(assessed, self.errors.get(assessed.evaluation.iou))

    @work(thread=True, group="error types", exclusive=True, exit_on_error=False)
    def type_errors(self, assessed: Detected, known: ErrorTypes | None) -> None:
        worker, point = get_current_worker(), assessed.wish.point
        at_point = assessed.error_counts
        errors = known
        for errors in [known] if known else growing_error_types(assessed.evaluation):
            if worker.is_cancelled:
                return
            self.post_message(self.Typed(ErrorTypesView(errors, at_point, point), whole=False))
        if errors is not None:
            self.post_message(self.Typed(ErrorTypesView(errors, at_point, point), whole=True))

    @on(Typed)
    def take_types(self, message: Typed) -> None:
        errors = message.view.errors
        if message.whole:
            self.errors.pop(errors.iou, None)
            self.errors[errors.iou] = errors
            for iou in list(self.errors)[:-KEPT]:
                del self.errors[iou]
        self.pane.types.view = message.view

    @on(ErrorTypeList.Opened)
    def open_errors(self, message: ErrorTypeList.Opened) -> None:
        self.post_message(self.FeedWanted(Selection(error=message.error)))

    @on(ErrorTypeList.ExplanationAsked)
    def explain_type(self) -> None:
        if (told := self.explanation) is not None:
            self.app.push_screen(ExplainBox(told))

    @on(ErrorTypeList.ExportAsked)
    def export_types(self) -> None:
        if (view := self.pane.types.view) is not None:
            export(self, Path("error-types.csv"), lambda path: error_types_csv(view).encode())

    def show_view(self) -> None:
        """The table, with intervals if they belong to it."""
        if self.metrics is not None:
            mine = self.intervals_so_far(self.metrics.point)
            self.pane.view = DetectionMetricsView(self.detection.classes, self.metrics, mine)

    def resample(self) -> None:
        """Work out intervals, unless they are known."""
        assessed = self.assessed
        known = self.intervals
        # Thresholds of classes would have to be searched again in each sample.
        if assessed is not None and self.display and assessed.optima is None:
            there = known is not None and known[0] == assessed.wish.point and known[1].whole
            if not there:
                self.bootstrap(assessed)

    @work(thread=True, group="intervals", exclusive=True, exit_on_error=False)
    def bootstrap(self, assessed: Detected) -> None:
        worker, point = get_current_worker(), assessed.wish.point
        stop: Callable[[], bool] = lambda: worker.is_cancelled  # noqa: E731
        for intervals in bootstrap(
            self.detection, assessed.evaluation, point.confidence, cancelled=stop
        ):
            if worker.is_cancelled:
                return
            self.post_message(self.Resampled(point, intervals))

    @on(Resampled)
    def take_intervals(self, message: Resampled) -> None:
        self.intervals = (message.point, message.intervals)
        self.show_view()

    def intervals_so_far(self, point: OperatingPoint) -> Intervals | None:
        """Those at the point, of all samples or not."""
        known = self.intervals
        return known[1] if known is not None and known[0] == point else None

    def intervals_at(self, point: OperatingPoint) -> Intervals | None:
        """Those at the point, once they are whole: what is saved never moves again."""
        known = self.intervals_so_far(point)
        return known if known is not None and known.whole else None

    def answer(self, question: str, row: int) -> Explanation | None:
        if self.metrics is None:
            return None
        return explain(question, self.metrics, row, self.detection.classes)

    @on(MetricsTable.ExportAsked)
    def export_table(self) -> None:
        view = self.pane.view
        if isinstance(view, DetectionMetricsView):
            export(self, Path("metrics.csv"), lambda path: detector_metrics_csv(view).encode())
