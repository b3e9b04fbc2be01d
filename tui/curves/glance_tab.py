"""All classes of a classifier at a glance: their numbers, and sparklines of those in sight."""

from dataclasses import dataclass, replace
from typing import Final

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.worker import get_current_worker

from engine.classification.classification import Classification
from engine.classification.metrics import classification_metrics
from engine.classification.one_vs_rest import ranking
from engine.classification.probability_metrics import probability_metrics
from engine.classification.roc import roc
from engine.core.arrays import Ratios
from engine.core.explanation import Explanation
from tui.controls.explain_box import ExplainBox
from tui.curves.glance_pane import GlancePane, GlanceTable
from tui.curves.paint.glance import GlanceView, rates
from tui.desk.assessed import Assessed
from tui.tables.paint.classifier_columns import ClassifierMetricsView
from tui.tables.paint.classifier_questions import answer
from tui.tables.pane import MetricsPane
from tui.tables.walked_table import WalkedTable

AT_ONCE: Final = 8  # sparklines that come together


class Glance(Vertical):
    """Follows the confidence while it is in sight."""

    @dataclass
    class Looked(Message):
        """The numbers of all classes."""

        view: GlanceView

    @dataclass
    class Sketched(Message):
        """Sparklines of some classes."""

        rates: dict[int, Ratios]

    @dataclass
    class Chosen(Message):
        """The person wants the curves of a class."""

        class_: int

    def __init__(self, classification: Classification, *, id: str) -> None:
        super().__init__(id=id)
        self.classification = classification
        self.rates: dict[int, Ratios] = {}  # by class: sparklines that are known

    def compose(self) -> ComposeResult:
        yield GlancePane(id="glance-pane")

    @property
    def pane(self) -> GlancePane:
        """What shows the table."""
        return self.query_one(GlancePane)

    @property
    def explanation(self) -> Explanation | None:
        """Of the number in focus."""
        return self.pane.explanation

    def focus_table(self) -> None:
        """The keys go to the table."""
        self.pane.table.focus()

    @work(thread=True, group="glance", exclusive=True, exit_on_error=False)
    def look(self, assessed: Assessed) -> None:
        """Work out the numbers at a confidence."""
        worker, made = get_current_worker(), self.classification
        confidence = assessed.wish.point.confidence
        metrics = classification_metrics(assessed.matrix, confidence, probability_metrics(made))
        if not worker.is_cancelled:
            numbers = ClassifierMetricsView(made.classes, metrics)
            self.post_message(self.Looked(GlanceView.of(numbers, {})))

    @on(Looked)
    def take(self, message: Looked) -> None:
        self.pane.view = replace(message.view, rates=dict(self.rates))

    @on(GlanceTable.InSight)
    def sketch_in_sight(self, message: GlanceTable.InSight) -> None:
        """Sorting a class takes longer than a frame, so only those in sight are sketched."""
        message.stop()
        wanted = tuple(class_ for class_ in message.classes if class_ not in self.rates)
        self.sketch(wanted)

    @work(thread=True, group="sketch", exclusive=True, exit_on_error=False)
    def sketch(self, classes: tuple[int, ...]) -> None:
        worker = get_current_worker()
        for first in range(0, len(classes), AT_ONCE):
            found = {}
            for class_ in classes[first : first + AT_ONCE]:
                if worker.is_cancelled:
                    return
                found[class_] = rates(roc(ranking(self.classification, class_)))
            self.post_message(self.Sketched(found))

    @on(Sketched)
    def take_sketches(self, message: Sketched) -> None:
        self.rates |= message.rates
        if isinstance(view := self.pane.view, GlanceView):
            self.pane.view = replace(view, rates=dict(self.rates))

    @on(WalkedTable.RowOpened)
    @on(WalkedTable.CurveAsked)
    def choose(self, message: WalkedTable.RowOpened | WalkedTable.CurveAsked) -> None:
        message.stop()
        if message.class_ is not None:
            self.post_message(self.Chosen(message.class_))

    @on(MetricsPane.Focused)
    def explain(self, message: MetricsPane.Focused) -> None:
        if isinstance(view := self.pane.view, GlanceView):
            self.pane.explanation = answer(message.metric, view.metrics, message.row, view.classes)

    @on(WalkedTable.ExplanationAsked)
    def show_explanation(self, message: WalkedTable.ExplanationAsked) -> None:
        if isinstance(view := self.pane.view, GlanceView):
            told = answer(message.metric, view.metrics, message.row, view.classes)
            if told is not None:
                self.app.push_screen(ExplainBox(told))
