"""The headline of a classifier's metrics above the table of its classes."""

from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.reactive import reactive

from tui.controls.bindings import in_footer
from tui.controls.lines import Lines
from tui.desk.view_strip import ViewStrip
from tui.tables.paint.layout import HEADING
from tui.tables.paint.view import MetricsView
from tui.tables.pane import MetricsPane
from tui.tables.table import MetricsTable

NAMES: Final = {"headline-table": "All classes together", "metrics-table": "Each class"}
LEAST: Final = 10
"""Lines of the table of classes, below which only one of both tables is shown."""

AROUND: Final = 5  # lines above and below them


class HeadlinePane(MetricsPane):
    """Both tables where there is room, else the one that was walked through last."""

    DEFAULT_CSS = """
    HeadlinePane {
        & #headline-table { height: 1fr; }
        &.-both #headline-table { margin-bottom: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        in_footer(
            "v", "other", "View", "Go from the headline to the classes and back", "metrics.view"
        )
    ]
    PANE = "Metrics"

    headline: reactive[MetricsView | None] = reactive(None, init=False, repaint=False)
    on_headline: reactive[bool] = reactive(True, init=False, repaint=False)

    def compose(self) -> ComposeResult:
        yield ViewStrip(NAMES, "v next")
        yield Lines(id="metrics-facts")
        yield MetricsTable(id="headline-table")
        yield MetricsTable(id="metrics-table")
        yield Lines(id="metrics-words")

    def on_mount(self) -> None:
        self.share_room()

    @property
    def tables(self) -> tuple[MetricsTable, MetricsTable]:
        """That of the headline, that of the classes."""
        headline = self.query_one("#headline-table", MetricsTable)
        return headline, self.query_one("#metrics-table", MetricsTable)

    @property
    def table(self) -> MetricsTable:
        """Whose number is in question: that under the pointer, else that walked through last."""
        headline, classes = self.tables
        for table in (headline, classes):
            if table.pointed is not None:
                return table
        return headline if self.on_headline else classes

    def watch_view(self) -> None:
        self.tables[1].view = self.view
        self.follow_views()

    def watch_headline(self) -> None:
        self.tables[0].view = self.headline
        self.share_room()
        self.follow_views()

    def follow_views(self) -> None:
        """Words and question after other numbers."""
        self.show_facts()
        self.show_words()
        self.ask()

    def on_resize(self) -> None:
        self.share_room()

    def watch_on_headline(self) -> None:
        self.share_room()
        self.follow_views()

    def share_room(self) -> None:
        """Who has the room."""
        needed = HEADING + 1 + (len(self.headline.classes) if self.headline else 0)
        both = self.size.height >= needed + 1 + LEAST + AROUND
        self.set_class(both, "-both")
        headline, classes = self.tables
        focused = any(table.has_focus for table in (headline, classes))
        headline.styles.height = needed if both else "1fr"
        headline.display = both or self.on_headline
        classes.display = both or not self.on_headline
        tables = (headline, classes)
        in_sight = tuple(table.id or "" for table in tables if table.display)
        self.query_one(ViewStrip).shown = in_sight
        if focused:
            self.focus_table()

    @on(ViewStrip.Chosen)
    def choose(self, message: ViewStrip.Chosen) -> None:
        self.on_headline = message.view == "headline-table"
        self.focus_table()

    def focus_table(self) -> None:
        """The keys go to the table that was walked through last."""
        self.tables[0 if self.on_headline else 1].focus()

    def action_other(self) -> None:
        """The other table."""
        self.on_headline = not self.on_headline
        self.focus_table()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Who walks through a table has chosen it."""
        if isinstance(event.widget, MetricsTable):
            self.on_headline = event.widget.id == "headline-table"
