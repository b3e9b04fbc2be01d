"""All classes of a classifier at a glance, one of which is chosen."""

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.controls.lines import Lines
from tui.curves.paint.glance import WORST_FIRST
from tui.tables.paint.scene import TableCell
from tui.tables.paint.view import MetricsView
from tui.tables.pane import MetricsPane
from tui.tables.table import MetricsTable


class GlanceTable(MetricsTable):
    """The table of all classes, the worst first; says which of them are in sight."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Curves", tooltip="The curves of the class", id="glance.open"),
        Binding("o", "close", "Back", tooltip="Back to the curves", id="glance.close"),
        Binding("c", "curve", "The curves of the class", show=False, id="glance.curve"),
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
        super().__init__(view, id=id)
        self.in_sight: tuple[int, ...] = ()
        self.set_reactive(GlanceTable.order, WORST_FIRST)

    def watch_view(self) -> None:
        """The cursor begins at the worst class: Enter shows its curves."""
        if self.scene is None:
            self._stand_at_head()
        super().watch_view()

    def action_close(self) -> None:
        self.post_message(self.Closed())

    def _work_out(self, top: bool = False) -> None:
        super()._work_out(top)
        self._tell()

    def scroll_window(self, first: TableCell, cursor: TableCell | None = None) -> bool:
        scrolled = super().scroll_window(first, cursor)
        self._tell()
        return scrolled

    def _tell(self) -> None:
        scene = self.scene
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
