"""The table of a detector's metrics in views, of which those that have room are in sight."""

from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive

from tui.controls.bindings import in_footer
from tui.controls.lines import Lines
from tui.desk.view_strip import ViewStrip
from tui.metrics.error_types import ErrorTypesPane
from tui.tables.paint.detector_columns import DetectionMetricsView
from tui.tables.pane import MetricsPane
from tui.tables.table import MetricsTable

TYPES: Final = "types"
NAMES: Final = {
    "iou": "AP by IoU",
    "counts": "Counts and rates",
    "size": "By size",
    TYPES: "Error types",
}
TWO: Final = 150  # columns from which on the second view stands beside the first


class DetectorMetricsPane(MetricsPane):
    """A key goes from view to view; rows, order and filter stay as they are.

    The last view has no classes: it lists the types of errors.
    """

    DEFAULT_CSS = """
    DetectorMetricsPane {
        & > ErrorTypesPane { display: none; }
        &.-types > ErrorTypesPane { display: block; }
        &.-types > #metrics-facts, &.-types > #metrics-table, &.-types > #metrics-words {
            display: none;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        in_footer("v", "next_view", "View", "Show the next view of the table", "metrics.view")
    ]
    PANE = "Metrics"

    turn: reactive[int] = reactive(0, init=False, repaint=False)  # which views have the room

    @dataclass
    class TypesInSight(Message):
        """The view of error types has come into sight, or gone."""

        there: bool

    def compose(self) -> ComposeResult:
        yield ViewStrip(NAMES, "v next")
        yield Lines(id="metrics-facts")
        yield MetricsTable(id="metrics-table")
        yield Lines(id="metrics-words")
        yield ErrorTypesPane()

    @property
    def types(self) -> ErrorTypesPane:
        """The view of error types."""
        return self.query_one(ErrorTypesPane)

    @property
    def on_types(self) -> bool:
        """Whether it is the one in sight."""
        return self.shown == (TYPES,)

    @property
    def shown(self) -> tuple[str, ...]:
        """The view whose turn it is; the first two side by side where there is room."""
        order = tuple(NAMES)
        if self.size.width >= TWO and self.turn < 2:
            return order[:2]
        return (order[self.turn],)

    def on_resize(self) -> None:
        self.show_view()

    def watch_turn(self) -> None:
        on_types = self.on_types
        if self.has_class("-types") != on_types:
            focused = self.table.has_focus or self.types.rows.has_focus
            self.set_class(on_types, "-types")
            if focused:
                (self.types.rows if on_types else self.table).focus()
            self.post_message(self.TypesInSight(on_types))
        self.show_view()

    def watch_view(self) -> None:
        self.show_view()

    def show_view(self) -> None:
        """The columns of what is in sight."""
        shown = self.shown
        self.query_one(ViewStrip).shown = shown
        if isinstance(view := self.view, DetectionMetricsView) and not self.on_types:
            self.table.view = view.showing(*shown)
            self.show_facts()
            self.show_words()
            self.ask()

    def action_next_view(self) -> None:
        """The next view that is not in sight."""
        names = tuple(NAMES)
        self.turn = (names.index(self.shown[-1]) + 1) % len(names)

    @on(ViewStrip.Chosen)
    def choose(self, message: ViewStrip.Chosen) -> None:
        self.turn = tuple(NAMES).index(message.view)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Who comes to the table out of sight means what is there instead."""
        if event.widget is self.table and self.on_types:
            self.types.rows.focus()
