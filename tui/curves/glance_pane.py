"""All classes of a classifier at a glance, one of which is chosen."""

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message

from tui.controls.bindings import in_footer, quiet
from tui.controls.lines import Lines
from tui.curves.paint.glance import WORST_FIRST
from tui.tables.keys import table_keys
from tui.tables.paint.scene import TableScene
from tui.tables.paint.view import MetricsView
from tui.tables.pane import MetricsPane
from tui.tables.walked_table import WalkedTable


class GlanceTable(WalkedTable):
    """The table of all classes, the worst first; says which of them are in sight."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *table_keys(
            opens=in_footer(
                "enter", "open", "Curves", "Show the curves of the class", "glance.open"
            ),
            curve=quiet("c", "curve", "Show the curves of the class", "glance.curve"),
        ),
        in_footer("o", "close", "Back", "Go back to the curves", "glance.close"),
    ]
    PANE = "All classes"

    @dataclass
    class InSight(Message):
        """Other classes are in sight."""

        classes: tuple[int, ...]

        def can_replace(self, message: Message) -> bool:  # only those that stay in sight count
            return isinstance(message, GlanceTable.InSight)

    class Closed(Message):
        """The person wants to go back without choosing a class."""

    def __init__(self, view: MetricsView | None = None, *, id: str | None = None) -> None:
        super().__init__(view, WORST_FIRST, id=id)
        self.in_sight: tuple[int, ...] = ()

    def watch_view(self) -> None:
        """The cursor begins at the worst class: Enter shows its curves."""
        if self.scene is None:
            self.stand_at_head()
        super().watch_view()

    def action_close(self) -> None:
        self.post_message(self.Closed())

    def watch_scene(self, scene: TableScene | None) -> None:
        """Say which classes are in sight, where they are others."""
        lines = scene.lines if scene else range(0)
        seen = tuple(scene.rows[lines.start : lines.stop].tolist()) if scene else ()
        if seen != self.in_sight:
            self.in_sight = seen
            self.post_message(self.InSight(seen))


class GlancePane(MetricsPane):
    """The table with its words."""

    def compose(self) -> ComposeResult:
        yield Lines(id="metrics-facts")
        yield GlanceTable(id="glance-table")
        yield Lines(id="metrics-words")
