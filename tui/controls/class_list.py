"""A list of class names, as fast with 1,203 of them as with ten."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from engine.util.visible import clean
from tui.drawing.names import NameMatch, cut, search


class ClassList(Widget, can_focus=True):
    """Names that answer a search, one of them highlighted, some of them ticked."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "list--name", "list--letters", "list--tick", "list--highlight", "list--thumb"
    }  # fmt: skip
    DEFAULT_CSS = """
    ClassList {
        height: auto; background: $surface; color: $foreground;
        & > .list--letters { color: $text-accent; }
        & > .list--tick { color: $text-success; }
        & > .list--highlight { background: $foreground 18%; }
        & > .list--thumb { color: $foreground 50%; }
        &:focus > .list--highlight { background: $foreground 30%; }
        &:ansi > .list--highlight { background: $background; text-style: reverse; }
    }
    """

    @dataclass
    class Clicked(Message):
        """The person clicked the highlighted name."""

        match: NameMatch

    def __init__(self, names: Sequence[str], ticked: set[int] | None = None) -> None:
        super().__init__()
        self.names = names
        self.ticked = ticked  # None for a list without ticks
        self.matches = search("", names)
        self.highlighted = 0
        self._first = 0

    @property
    def highlighted_match(self) -> NameMatch | None:
        """What the highlight stands on."""
        return self.matches[self.highlighted] if self.matches else None

    def show(self, matches: list[NameMatch], highlighted: int = 0) -> None:
        """List other names."""
        self.matches, self.highlighted = matches, highlighted
        self.walk(0)
        self.refresh(layout=True)

    def walk(self, rows: int) -> None:
        """Move the highlight, and the window after it."""
        self.highlighted = min(max(self.highlighted + rows, 0), max(len(self.matches) - 1, 0))
        self._show_from(
            min(max(self._first, self.highlighted - self.size.height + 1), self.highlighted)
        )

    def _show_from(self, first: int) -> None:
        self._first = min(max(first, 0), max(len(self.matches) - self.size.height, 0))
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(len(self.matches), 1)

    def on_resize(self) -> None:
        self.walk(0)

    def render_line(self, y: int) -> Strip:
        """One name, its letters found in another colour."""
        width, row = self.size.width, self._first + y
        if row >= len(self.matches):
            return Strip.blank(width, self.rich_style)
        one = self.matches[row]
        line = "list--highlight" if row == self.highlighted else "list--name"
        style = self.get_component_rich_style(line)
        letters = style + self._ink("list--letters")
        segments = []
        if self.ticked is not None:
            tick = "✓ " if one.index in self.ticked else "  "
            segments.append(Segment(tick, style + self._ink("list--tick")))
        # A cleaned name of another length lost something at its start: the offsets are off.
        name = self.names[one.index]
        found = set(one.offsets) if len(clean(name)) == len(name) else set()
        for offset, letter in enumerate(cut(name, width - 4)):
            segments.append(Segment(letter, letters if offset in found else style))
        strip = Strip(segments).adjust_cell_length(width - 1, style)
        return Strip([*strip, self._thumb(y)], width)

    def _ink(self, part: str) -> Style:
        """The part's colour alone, to be put on any line."""
        return Style(color=self.get_component_rich_style(part).color, bold=True)

    def _thumb(self, y: int) -> Segment:
        height, total = self.size.height, len(self.matches)
        start = height * self._first // max(total, 1)
        stop = max(height * (self._first + height) // max(total, 1), start + 1)
        if total > height and start <= y < stop:
            return Segment("┃", self.get_component_rich_style("list--thumb"))
        return Segment(" ", self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """Highlight the name, and say so."""
        row = self._first + event.get_content_offset_capture(self).y
        if row < len(self.matches):
            self.walk(row - self.highlighted)
            self.post_message(self.Clicked(self.matches[row]))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._show_from(self._first + 3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._show_from(self._first - 3)
