"""The boxes of an image as a list to walk through."""

from dataclasses import dataclass

from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.controls.lines import refresh_changed
from tui.drawing.lists import CutRows, rule_line
from tui.pictures.paint.box_list import BoxList, box_line, heading


class BoxTable(Widget):
    """Holds the list and which of its rows is in focus, None before there is one."""

    COMPONENT_CLASSES = {"boxes--heading", "boxes--cursor", "boxes--dim"}  # noqa: RUF012  Textual's
    DEFAULT_CSS = """
    BoxTable {
        height: auto;
        & > .boxes--heading { color: $foreground 75%; }
        & > .boxes--cursor { background: $primary 45%; color: $foreground; text-style: bold; }
        &:ansi > .boxes--cursor { background: $background; text-style: reverse bold; }
        & > .boxes--dim { color: $foreground 75%; }
    }
    """

    shown: reactive[BoxList] = reactive(BoxList(), init=False, repaint=False)
    cursor: reactive[int | None] = reactive(None, init=False, repaint=False)

    @dataclass
    class Focused(Message):
        """Another box is in focus."""

        index: int | None

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, BoxTable.Focused)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._drawn: dict[int, Strip] = {}

    def validate_cursor(self, cursor: int | None) -> int | None:
        if cursor is None or not self.shown.rows:
            return None
        return min(max(cursor, 0), len(self.shown.rows) - 1)

    def watch_shown(self, before: BoxList, now: BoxList) -> None:
        if before.cut_rows.lines != now.cut_rows.lines:
            self.refresh(layout=True)
        else:
            refresh_changed(self, self._drawn)

    def watch_cursor(self, before: int | None, now: int | None) -> None:
        first = self._first(before)
        if first != self.first:
            self.refresh()
        for row in (before, now) if first == self.first else ():
            if row is not None:
                y = self.cut_rows.line_of(row) - first + 1
                self.refresh(Region(0, y, self.size.width, 1), Region(0, 0, self.size.width, 1))
        self.post_message(self.Focused(now))

    def step(self, by: int) -> None:
        """To the next or the previous box, round at the ends."""
        count = len(self.shown.rows)
        if count:
            start = -1 if self.cursor is None and by > 0 else self.cursor or 0
            self.cursor = (start + by) % count

    @property
    def cut_rows(self) -> CutRows:
        """The rows as lines."""
        return self.shown.cut_rows

    @property
    def first(self) -> int:
        """The topmost line in sight: the cursor's is always among them."""
        return self._first(self.cursor)

    def _first(self, cursor: int | None) -> int:
        room, lines = max(self.size.height - 1, 1), self.cut_rows.lines
        if cursor is None or lines <= room:
            return 0
        return min(max(self.cut_rows.line_of(cursor) - room // 2, 0), lines - room)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self.cut_rows.lines + 1

    def render_line(self, y: int) -> Strip:
        self._drawn[y] = line = self._line(y)
        return line

    def _line(self, y: int) -> Strip:
        width, style = self.size.width, self.rich_style
        if y == 0:
            return heading(self.shown, self.cursor, width, self._part("heading"))
        line = self.first + y - 1
        index = self.cut_rows.row_at(line)
        if index is None:
            dim = self._part("dim")
            at_rule = line == self.shown.cut
            return rule_line(self.shown.below, width, dim) if at_rule else Strip.blank(width, style)
        focused = index == self.cursor
        base = self._part("cursor") if focused else style
        return box_line(self.shown, index, width, base, self._part("dim"), focused)

    def _part(self, name: str) -> Style:
        return self.get_visual_style(f"boxes--{name}").rich_style

    def on_click(self, event: events.Click) -> None:
        index = self.cut_rows.row_at(self.first + event.y - 1)
        if event.y > 0 and index is not None:
            self.cursor = index

    def on_mouse_scroll_down(self) -> None:
        self.cursor = 0 if self.cursor is None else self.cursor + 1

    def on_mouse_scroll_up(self) -> None:
        self.cursor = 0 if self.cursor is None else self.cursor - 1
