"""A list to walk through by keys or pointer, which makes only the lines in sight."""

from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.controls.bindings import quiet, together
from tui.controls.lines import refresh_changed
from tui.drawing.lists import CutRows


class RowList(Widget, can_focus=True):
    """Holds a cursor, None before there is one; what a line says is up to the kind of list."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--heading", "rows--cursor", "rows--dim"}
    DEFAULT_CSS = """
    RowList {
        height: 1fr;
        & > .rows--heading { color: $foreground 75%; }
        & > .rows--cursor { background: $foreground 15%; color: $foreground; }
        &:focus > .rows--cursor { background: $primary 45%; text-style: bold; }
        &:ansi > .rows--cursor { background: $background; text-style: reverse; }
        & > .rows--dim { color: $foreground 75%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *together(
            "Walk from line to line",
            quiet("up,k", "move(-1)", "Walk one line up", "rows.up"),
            quiet("down,j", "move(1)", "Walk one line down", "rows.down"),
        ),
        *together(
            "Walk a page up or down",
            quiet("pageup", "page(-1)", "Walk a page up", "rows.page_up"),
            quiet("pagedown", "page(1)", "Walk a page down", "rows.page_down"),
        ),
        *together(
            "Go to the first or the last line",
            quiet("home", "ends(False)", "Go to the first line", "rows.first"),
            quiet("end", "ends(True)", "Go to the last line", "rows.last"),
        ),
    ]

    cursor: reactive[int | None] = reactive(None, init=False, repaint=False)
    headed: ClassVar[bool] = False  # whether the first line is a heading

    @dataclass
    class Moved(Message):
        """Another row is in focus."""

        rows: "RowList"
        index: int | None

        @property
        def control(self) -> "RowList":
            """For `@on(RowList.Moved, "#id")`."""
            return self.rows

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, RowList.Moved) and message.rows is self.rows

    @dataclass
    class Hovered(Message):
        """The pointer rests on another row, or on none."""

        rows: "RowList"
        index: int | None

        @property
        def control(self) -> "RowList":
            """For `@on(RowList.Hovered, "#id")`."""
            return self.rows

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._first = 0
        self._hovered: int | None = None
        self._styles: dict[str, Style] = {}
        self._drawn: dict[int, Strip] = {}

    @property
    def count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    @property
    def cut(self) -> int | None:
        """The row that a rule stands before, where some rows do not count."""
        return None

    def heading(self, width: int, style: Style) -> Strip:
        """The line above the rows."""
        raise NotImplementedError

    def rule(self, width: int, style: Style) -> Strip:
        """The line before the rows that do not count."""
        raise NotImplementedError

    def line(self, index: int, width: int, base: Style, dim: Style, focused: bool) -> Strip:
        """One row."""
        raise NotImplementedError

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All rows, where the height is left to the list."""
        return max(self.cut_rows.lines, 1) + self.headed

    # The window

    @property
    def cut_rows(self) -> CutRows:
        """The rows as lines."""
        return CutRows(self.count, self.cut)

    @property
    def room(self) -> int:
        """Lines that fit below the heading."""
        return max(self.size.height - self.headed, 1)

    @property
    def first(self) -> int:
        """The topmost line in sight: that of a row, or the rule."""
        return min(self._first, max(self.cut_rows.lines - self.room, 0))

    @property
    def in_sight(self) -> range:
        """The rows in sight."""
        return self.cut_rows.rows_in(self.first, self.room)

    def validate_cursor(self, cursor: int | None) -> int | None:
        if cursor is None or not self.count:
            return None
        return min(max(cursor, 0), self.count - 1)

    def watch_cursor(self, before: int | None, now: int | None) -> None:
        if not self._keep_in_sight():
            self._refresh_rows(before, now)
            if self.headed:
                self.refresh(Region(0, 0, self.size.width, 1))
        self.post_message(self.Moved(self, now))

    def on_resize(self) -> None:
        self._keep_in_sight()

    def _keep_in_sight(self) -> bool:
        """Scroll to the cursor; whether that moved the window."""
        before = self.first
        if self.cursor is not None:
            line = self.cut_rows.line_of(self.cursor)
            self._first = min(max(before, line - self.room + 1), line)
        if self.first == before:
            return False
        self.scrolled()
        self.refresh()
        return True

    def to_top(self) -> None:
        """Nothing chosen yet, the first rows in sight: for a list of something else."""
        self.cursor, self._first = None, 0

    def scrolled(self) -> None:
        """Other rows are in sight."""

    def _refresh_rows(self, *rows: int | None) -> None:
        width, lines = self.size.width, self.cut_rows
        for row in rows:
            if row in self.in_sight and row is not None:
                y = lines.line_of(row) - self.first + self.headed
                self.refresh(Region(0, y, width, 1))

    def render_lines(self, crop: Region) -> list[Strip]:
        """The styles are looked up once for all lines: each look-up costs as much as a line."""
        self._styles.clear()
        return super().render_lines(crop)

    def refresh_changed(self) -> None:
        """Draw the lines that look different now; the rest stays as it is."""
        self._styles.clear()
        refresh_changed(self, self._drawn)

    def render_line(self, y: int) -> Strip:
        self._drawn[y] = line = self._line_at(y)
        return line

    def _line_at(self, y: int) -> Strip:
        width, dim, own = self.size.width, self._part("dim"), self._part("")
        if self.headed and y == 0:
            return self.heading(width, self._part("heading"))
        line = self.first + y - self.headed
        index = self.cut_rows.row_at(line)
        if index is None:
            return self.rule(width, dim) if line == self.cut else Strip.blank(width, own)
        focused = index == self.cursor
        return self.line(index, width, self._part("cursor") if focused else own, dim, focused)

    def _part(self, name: str, of: str = "rows") -> Style:
        """The style of a part; of the list itself for no name."""
        if name not in self._styles:
            found = self.get_visual_style(f"{of}--{name}").rich_style if name else self.rich_style
            self._styles[name] = found
        return self._styles[name]

    # Keys and pointer

    def action_move(self, by: int) -> None:
        """So many rows on."""
        start = -1 if self.cursor is None and by > 0 else self.cursor or 0
        self.cursor = start + by

    def action_page(self, by: int) -> None:
        """A page on."""
        self.action_move(by * max(self.room - 1, 1))

    def action_ends(self, last: bool) -> None:
        """To an end."""
        self.cursor = self.count - 1 if last else 0

    def on_click(self, event: events.Click) -> None:
        if (index := self._row_at(event.y)) is not None:
            self.cursor = index

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._hover(self._row_at(event.y))

    def on_leave(self) -> None:
        self._hover(None)

    def _hover(self, row: int | None) -> None:
        if row != self._hovered:
            self._hovered = row
            self.post_message(self.Hovered(self, row))

    def _row_at(self, y: int) -> int | None:
        index = self.cut_rows.row_at(self.first + y - self.headed)
        return index if y >= self.headed and index in self.in_sight else None

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, 3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -3)

    def _wheel(self, event: events.MouseEvent, by: int) -> None:
        before = self.first
        self._first = min(max(before + by, 0), max(self.cut_rows.lines - self.room, 0))
        if self.first != before:
            event.stop()
            self.scrolled()
            self.refresh()
