"""The table of metrics, where its numbers come from above it, and one of them in words below."""

from dataclasses import dataclass
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive

from engine.core.explanation import Explanation
from tui.controls.lines import Lines
from tui.tables.paint.view import MetricsView
from tui.tables.paint.words import explained
from tui.tables.table import MetricsTable
from tui.tables.walked_table import WalkedTable

TALL: Final = 26  # lines from which there is one for what the number is


class MetricsPane(Vertical):
    """Shows one view. Which number is in focus it posts, and shows the explanation handed in.

    In focus is the number that the pointer rests on, else that under the cursor.
    """

    DEFAULT_CSS = """
    MetricsPane {
        & #metrics-facts { height: 1; padding: 0 1; color: $foreground 75%; }
        & #metrics-words { height: 1; padding: 0 1; background: $foreground 8%; }
        &.-tall #metrics-words { height: 2; }
        &.-tall #metrics-facts { height: 2; }
    }
    """

    view: reactive[MetricsView | None] = reactive(None, init=False, repaint=False)
    explanation: reactive[Explanation | None] = reactive(None, init=False, repaint=False)

    @dataclass
    class Focused(Message):
        """Another number is in focus, or the same one has changed: it wants an explanation."""

        metric: str
        row: int  # of the metrics; the last is that of all classes

        def can_replace(self, message: Message) -> bool:  # a held key keeps only the last
            return isinstance(message, MetricsPane.Focused)

    def compose(self) -> ComposeResult:
        yield Lines(id="metrics-facts")
        yield MetricsTable(id="metrics-table")
        yield Lines(id="metrics-words")

    def on_mount(self) -> None:
        for table in self.query(WalkedTable):
            self.watch(table, "place", self.ask, init=False)
            self.watch(table, "pointed", self.ask, init=False)

    @property
    def table(self) -> WalkedTable:
        """The table itself."""
        return self.query_one(WalkedTable)

    def watch_view(self) -> None:
        self.table.view = self.view
        self.show_facts()
        self.show_words()
        self.ask()

    def watch_explanation(self) -> None:
        self.show_words()

    def on_resize(self) -> None:
        self.set_class(self.size.height >= TALL, "-tall")
        self.show_facts()
        self.show_words()

    def ask(self) -> None:
        """Post what is in focus."""
        table = self.table
        if table.view is not None:
            self.post_message(self.Focused(table.question, table.in_question[0]))

    def show_facts(self) -> None:
        """Where the numbers come from."""
        if (view := self.table.view) is not None:
            line = view.facts(self.size.width - 2)
            self.query_one("#metrics-facts", Lines).show([line])

    def show_words(self) -> None:
        """The number in focus."""
        table = self.table
        if (view := table.view) is not None:
            (row, column), width = table.in_question, self.size.width - 2
            lines = explained(view, row, view.columns[column], self.explanation, width)
            self.query_one("#metrics-words", Lines).show(lines)
