"""A tab of metrics: worked out while someone looks at it, and asked about number by number."""

from textual import on

from engine.core.explanation import Explanation
from engine.core.outcomes import Selection
from tui.controls.explain_box import ExplainBox
from tui.desk.tab import Tab
from tui.tables.pane import MetricsPane
from tui.tables.walked_table import WalkedTable


class MeasuredTab(Tab):
    """What a tab of metrics does whatever the kind of task: it says when, and who is asked."""

    purpose = (
        "Metrics: how good the model is, of all classes and of each. Every number can be "
        "explained, and leads to its images."
    )

    @property
    def pane(self) -> MetricsPane:
        """What shows the numbers."""
        return self.query_one(MetricsPane)

    @property
    def explanation(self) -> Explanation | None:
        """Of the number in focus."""
        return self.pane.explanation

    def work_out(self) -> None:
        """Work out what is not known yet."""
        raise NotImplementedError

    def answer(self, question: str, row: int) -> Explanation | None:
        """How a number came to be; nothing before there are numbers."""
        raise NotImplementedError

    def refresh_metrics(self) -> None:
        """Work out what is in sight."""
        self.fall_behind()
        if self.display:
            self.work_out()

    def fall_behind(self) -> None:
        self.workers.cancel_group(self, "intervals")

    def on_show(self) -> None:
        self.work_out()

    @on(WalkedTable.RowOpened)
    def open_row(self, message: WalkedTable.RowOpened) -> None:
        self.post_message(self.FeedWanted(Selection(truth=message.class_)))

    @on(WalkedTable.MatrixAsked)
    def show_in_matrix(self, message: WalkedTable.MatrixAsked) -> None:
        self.post_message(self.ClassWanted("matrix", message.class_))

    @on(WalkedTable.CurveAsked)
    def show_curve(self, message: WalkedTable.CurveAsked) -> None:
        self.post_message(self.ClassWanted("curves", message.class_))

    @on(MetricsPane.Focused)
    def explain(self, message: MetricsPane.Focused) -> None:
        self.pane.explanation = self.answer(message.metric, message.row)

    @on(WalkedTable.ExplanationAsked)
    def show_explanation(self, message: WalkedTable.ExplanationAsked) -> None:
        if (told := self.answer(message.metric, message.row)) is not None:
            self.app.push_screen(ExplainBox(told))
