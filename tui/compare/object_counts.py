"""How many objects, images and false alarms changed, as a list that leads to them."""

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from engine.compare.selecting import Kind
from tui.compare.paint.count_lines import CountLine, count_line, heading_words
from tui.controls.bindings import in_footer
from tui.controls.row_list import RowList
from tui.drawing.names import left


class ObjectCounts(RowList):
    """A line for each kind; enter opens the images of one."""

    PANE = "What changed"
    headed: ClassVar[bool] = True
    BINDINGS: ClassVar[list[BindingType]] = [
        in_footer("enter", "open", "Images", "Show the images of the line", "compare.open_kind"),
    ]

    shown: reactive[tuple[CountLine, ...]] = reactive((), init=False, repaint=False)

    @dataclass
    class Opened(Message):
        """The person wants to see what a line counts."""

        kind: Kind

    @property
    def count(self) -> int:
        return len(self.shown)

    def watch_shown(self, before: tuple[CountLine, ...]) -> None:
        if len(before) != len(self.shown):
            self.refresh(layout=True)
        else:
            self.refresh_changed()

    def heading(self, width: int, style: Style) -> Strip:
        text = " " + left(heading_words(self.shown), max(width - 1, 0))
        return Strip([Segment(text, style)], max(width, 1))

    def line(self, index: int, width: int, base: Style, dim: Style, focused: bool) -> Strip:
        first, rest = count_line(self.shown[index], self.shown, width)
        return Strip([Segment(first, base), Segment(rest, base if focused else dim)], width)

    def on_focus(self) -> None:
        if self.cursor is None and self.shown:
            self.cursor = 0

    def action_open(self) -> None:
        if self.cursor is not None:
            self.post_message(self.Opened(self.shown[self.cursor].kind))
