"""The boxes of an image on both sides, as a list to walk through."""

from typing import ClassVar

from rich.style import Style
from textual.reactive import reactive
from textual.strip import Strip

from tui.compare.paint.side_lines import SideLine, heading, side_line
from tui.controls.row_list import RowList


class SideBoxList(RowList, can_focus=False):
    """Ground truths, then the boxes of A and of B."""

    headed: ClassVar[bool] = True

    shown: reactive[tuple[SideLine, ...]] = reactive((), init=False, repaint=False)

    def __init__(self, classes: tuple[str, ...], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.names = classes

    @property
    def count(self) -> int:
        return len(self.shown)

    def watch_shown(self, before: tuple[SideLine, ...]) -> None:
        if len(before) != len(self.shown):
            self.refresh(layout=True)
        else:
            self.refresh_changed()

    def heading(self, width: int, style: Style) -> Strip:
        return heading(width, style)

    def line(self, index: int, width: int, base: Style, dim: Style, focused: bool) -> Strip:
        return side_line(self.shown[index], self.names, width, base, dim, focused)

    def step(self, by: int) -> None:
        """To the next or the previous box, round at the ends."""
        if self.count:
            start = -1 if self.cursor is None and by > 0 else self.cursor or 0
            self.cursor = (start + by) % self.count
