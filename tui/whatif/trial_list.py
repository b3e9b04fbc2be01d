"""The images that were scored on the go."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.strip import Strip

from tui.controls.row_list import RowList
from tui.drawing.names import left
from tui.whatif.paint.trial_lines import (
    TrialColumns,
    TrialRow,
    TrialStyles,
    trial_heading,
    trial_line,
)

NOTHING_YET: Final = "No images yet"


class TrialList(RowList):
    """Knows only the rows in sight; asks for others when it is scrolled."""

    PANE = "Images"
    headed: ClassVar[bool] = True
    COMPONENT_CLASSES: ClassVar[set[str]] = {"trials--failed"}
    DEFAULT_CSS = """
    TrialList > .trials--failed { color: $text-warning; }
    """

    @dataclass
    class RowsWanted(Message):
        """Other rows are in sight."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, TrialList.RowsWanted)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.total = 0
        self.rows: Mapping[int, TrialRow] = {}
        self._columns = TrialColumns.of(0, (), 0)

    @property
    def count(self) -> int:
        return self.total

    def show(self, total: int, rows: Mapping[int, TrialRow]) -> None:
        """So many images; rows by their index, those in sight at least."""
        changed, tall = total != self.total, self.size.height
        all_in_sight = tall >= self.total or total < tall  # then the list may grow or shrink
        before, self.rows, self.total = self.rows, rows, total
        if self._divide() or changed:
            self.refresh(layout=changed and all_in_sight)
        else:
            self._refresh_rows(*(i for i in rows if rows[i] != before.get(i)))

    def scrolled(self) -> None:
        self.post_message(self.RowsWanted())

    def _divide(self) -> bool:
        """Divide the line among the columns; whether that is another way.

        Out of sight there is no line, and they stay as they were.
        """
        if not self.size.width:
            return False
        before = self._columns
        self._columns = TrialColumns.of(self.total, self.rows.values(), self.size.width)
        return self._columns != before

    def on_resize(self) -> None:
        super().on_resize()
        if self._divide():
            self.refresh()
        self.scrolled()

    def heading(self, width: int, style: Style) -> Strip:
        if not self.total:
            return Strip([Segment(left(NOTHING_YET, width), style)], width)
        return trial_heading(self._columns, width, style)

    def line(self, index: int, width: int, base: Style, dim: Style, focused: bool) -> Strip:
        row = self.rows.get(index)
        if row is None:
            return Strip.blank(width, base)
        failed = self._part("failed", "trials")
        styles = TrialStyles(base, base if focused else dim, base if focused else failed)
        return trial_line(row, index, self._columns, width, styles)
