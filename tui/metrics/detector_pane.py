"""The table of a detector's metrics in views, of which those that have room are in sight."""

from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.reactive import reactive

from tui.controls.bindings import in_footer
from tui.controls.lines import Lines
from tui.desk.view_strip import ViewStrip
from tui.tables.paint.detector_columns import VIEWS, DetectionMetricsView
from tui.tables.pane import MetricsPane
from tui.tables.table import MetricsTable

NAMES: Final = {"iou": "AP by IoU", "counts": "Counts and rates", "size": "By size"}
TWO: Final = 150  # columns from which on the second view stands beside the first


class DetectorMetricsPane(MetricsPane):
    """A key goes from view to view; rows, order and filter stay as they are."""

    BINDINGS: ClassVar[list[BindingType]] = [
        in_footer("v", "next_view", "View", "Show the next view of the table", "metrics.view")
    ]
    PANE = "Metrics"

    turn: reactive[int] = reactive(0, init=False, repaint=False)  # which views have the room

    def compose(self) -> ComposeResult:
        yield ViewStrip(NAMES, "v next")
        yield Lines(id="metrics-facts")
        yield MetricsTable(id="metrics-table")
        yield Lines(id="metrics-words")

    @property
    def shown(self) -> tuple[str, ...]:
        """The view whose turn it is; the first two side by side where there is room."""
        order = tuple(VIEWS)
        if self.size.width >= TWO and self.turn < 2:
            return order[:2]
        return (order[self.turn],)

    def on_resize(self) -> None:
        self.show_view()

    def watch_turn(self) -> None:
        self.show_view()

    def watch_view(self) -> None:
        self.show_view()

    def show_view(self) -> None:
        """The columns of what is in sight."""
        shown = self.shown
        self.query_one(ViewStrip).shown = shown
        if isinstance(view := self.view, DetectionMetricsView):
            self.table.view = view.showing(*shown)
            self.show_facts()
            self.show_words()
            self.ask()

    def action_next_view(self) -> None:
        """The next view that is not in sight."""
        names = tuple(VIEWS)
        self.turn = (names.index(self.shown[-1]) + 1) % len(names)

    @on(ViewStrip.Chosen)
    def choose(self, message: ViewStrip.Chosen) -> None:
        self.turn = tuple(VIEWS).index(message.view)
