"""What a detector found in the chosen image."""

from typing import ClassVar

from rich.style import Style
from textual.reactive import reactive
from textual.strip import Strip

from tui.controls.row_list import RowList
from tui.drawing.lists import rule_line
from tui.whatif.paint.found_lines import FoundList, found_heading, found_line


class FoundTable(RowList):
    """A line a detection; who comes here has the first in focus."""

    PANE = "Detections"
    headed: ClassVar[bool] = True

    shown: reactive[FoundList] = reactive(FoundList(), init=False, repaint=False)

    @property
    def count(self) -> int:
        return len(self.shown.lines)

    @property
    def cut(self) -> int | None:
        return self.shown.cut

    def watch_shown(self) -> None:
        """The cursor stays on its line while there is one."""
        with self.prevent(RowList.Moved):
            self.cursor = self.cursor
        self.refresh_changed()

    def on_focus(self) -> None:
        if self.cursor is None:
            self.cursor = 0

    def heading(self, width: int, style: Style) -> Strip:
        return found_heading(self.shown, self.cursor, width, style)

    def rule(self, width: int, style: Style) -> Strip:
        return rule_line(self.shown.below, width, style)

    def line(self, index: int, width: int, base: Style, dim: Style, focused: bool) -> Strip:
        return found_line(self.shown, index, width, base, dim, focused)
