"""The metrics of a classifier, headline and classes: worked out when one looks at them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.worker import get_current_worker

from engine.classification.classification import Classification
from engine.classification.intervals import ClassificationIntervals, bootstrap
from engine.classification.metrics import ClassificationMetrics, classification_metrics
from engine.classification.probability_metrics import probability_metrics
from engine.core.explanation import Explanation
from tui.controls.export import export
from tui.controls.pause import Pause
from tui.desk.assessed import Assessed
from tui.metrics.headline_pane import HeadlinePane
from tui.metrics.measured_tab import MeasuredTab
from tui.metrics.paint.classifier_csv import classifier_metrics_csv
from tui.tables.paint.classifier_columns import ClassifierMetricsView, HeadlineView
from tui.tables.paint.classifier_questions import answer
from tui.tables.table import MetricsTable

STILL: Final = 0.6  # seconds without a change before intervals are worked out
SAMPLES: Final = 200


class ClassifierMetricsTab(MeasuredTab):
    """Follows the confidence while it is in sight."""

    @dataclass
    class Measured(Message):
        """The metrics at a confidence."""

        metrics: ClassificationMetrics

    @dataclass
    class Resampled(Message):
        """Intervals at a confidence, better than before."""

        confidence: float
        intervals: ClassificationIntervals

    def __init__(self, classification: Classification, *, id: str) -> None:
        super().__init__(id=id)
        self.classification = classification
        self.assessed: Assessed | None = None
        self.ready = False  # whether what takes long is worked out
        self.metrics: ClassificationMetrics | None = None
        self.intervals: tuple[float, ClassificationIntervals] | None = None  # at a confidence
        self.still = Pause(self, STILL, self.resample)

    def compose(self) -> ComposeResult:
        yield HeadlinePane(id="metrics-pane")

    @property
    def pane(self) -> HeadlinePane:
        """What shows the tables."""
        return self.query_one(HeadlinePane)

    def follow(self, assessed: Assessed) -> None:
        """Another confidence."""
        self.assessed = assessed
        self.refresh_metrics()

    def complete(self, summary: Any) -> None:
        """What takes long is worked out, and remembered."""
        self.ready = True
        self.refresh_metrics()

    def entered(self) -> None:
        """The keys go to the table that was walked through last."""
        self.pane.focus_table()

    def work_out(self) -> None:
        if self.assessed is None or not self.ready:
            return
        if self.metrics is None or self.metrics.confidence != self.assessed.wish.point.confidence:
            self.measure(self.assessed)
        self.still.begin()

    @work(thread=True, group="metrics", exclusive=True, exit_on_error=False)
    def measure(self, assessed: Assessed) -> None:
        worker, confidence = get_current_worker(), assessed.wish.point.confidence
        known = probability_metrics(self.classification)
        metrics = classification_metrics(assessed.matrix, confidence, known)
        if not worker.is_cancelled:
            self.post_message(self.Measured(metrics))

    @on(Measured)
    def take(self, message: Measured) -> None:
        self.metrics = message.metrics
        self.show_view()

    def show_view(self) -> None:
        """The tables, with intervals if they belong to them."""
        if self.metrics is not None:
            made = self.intervals
            mine = made[1] if made is not None and made[0] == self.metrics.confidence else None
            known, whole = (None, True) if mine is None else (mine.of, mine.samples >= SAMPLES)
            classes = self.classification.classes
            self.pane.headline = HeadlineView.of(self.metrics, known, whole)
            self.pane.view = ClassifierMetricsView(classes, self.metrics, known, whole)

    def resample(self) -> None:
        """Work out intervals, unless they are known."""
        assessed, made = self.assessed, self.intervals
        if assessed is not None and self.display:
            confidence = assessed.wish.point.confidence
            if made is None or made[0] != confidence or made[1].samples < SAMPLES:
                self.work_out_intervals(confidence)

    @work(thread=True, group="intervals", exclusive=True, exit_on_error=False)
    def work_out_intervals(self, confidence: float) -> None:
        worker = get_current_worker()
        stop: Callable[[], bool] = lambda: worker.is_cancelled  # noqa: E731
        for found in bootstrap(self.classification, confidence, SAMPLES, cancelled=stop):
            if worker.is_cancelled:
                return
            self.post_message(self.Resampled(confidence, found))

    @on(Resampled)
    def take_intervals(self, message: Resampled) -> None:
        self.intervals = message.confidence, message.intervals
        self.show_view()

    def answer(self, question: str, row: int) -> Explanation | None:
        if self.metrics is None:
            return None
        return answer(question, self.metrics, row, self.classification.classes)

    @on(MetricsTable.ExportAsked)
    def export_tables(self) -> None:
        headline, classes = self.pane.headline, self.pane.view
        if isinstance(headline, HeadlineView) and isinstance(classes, ClassifierMetricsView):
            export(
                self,
                Path("metrics.csv"),
                lambda path: classifier_metrics_csv(headline, classes).encode(),
            )
