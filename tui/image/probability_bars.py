"""All classes of an image by falling probability, as bars to scroll through."""

from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.drawing.runs import thumb
from tui.image.paint.probability_lines import (
    BarStyles,
    ProbabilityList,
    bar_heading,
    bar_line,
    name_width,
)

WHEEL: Final = 3
PARTS: Final = ("bar", "rest", "truth", "wrong")


class ProbabilityBars(Widget):
    """Shows as many classes as there is room for below the heading, from a first one on."""

    COMPONENT_CLASSES = {f"bars--{part}" for part in ("heading", *PARTS)}  # noqa: RUF012  Textual's
    DEFAULT_CSS = """
    ProbabilityBars {
        height: 1fr;
        & > .bars--bar { color: $text-primary; }
        & > .bars--heading { color: $foreground 75%; }
        & > .bars--rest { color: $foreground 40%; }
        & > .bars--truth { color: $text-success; text-style: bold; }
        & > .bars--wrong { color: $text-error; text-style: bold; }
    }
    """

    shown: reactive[ProbabilityList | None] = reactive(None, init=False)
    first = reactive(0)  # line in sight

    def validate_first(self, first: int) -> int:
        total = 0 if self.shown is None else len(self.shown)
        return min(max(first, 0), max(total - self.room, 0))

    @property
    def room(self) -> int:
        """Classes that fit below the heading."""
        return max(self.size.height - 1, 1)

    def on_resize(self) -> None:
        self.first = self.first

    def scroll_lines(self, by: int) -> bool:
        """So many lines down; False at the end."""
        before = self.first
        self.first = before + by
        return self.first != before

    def page(self, by: int) -> None:
        """So many pages down, a line of the page before staying in sight."""
        self.scroll_lines(by * max(self.room - 1, 1))

    def bring(self, line: int | None) -> None:
        """A line into sight, in the middle if it is not there yet."""
        if line is not None and not self.first <= line < self.first + self.room:
            self.first = line - self.room // 2

    def render_line(self, y: int) -> Strip:
        shown, width, line = self.shown, self.size.width, self.first + y - 1
        if shown is None or line >= len(shown):
            return Strip.blank(width, self.rich_style)
        room = width - 1
        names = name_width(shown, room)
        if y == 0:
            sight = range(self.first, min(self.first + self.room, len(shown)))
            head = bar_heading(shown, sight, room, names, self._part("heading"))
            return Strip([*head, Segment(" ", self.rich_style)], width)
        bar = bar_line(shown, line, room, names, self.inks)
        return Strip([*bar, self._thumb(y - 1, len(shown))], width)

    def _thumb(self, y: int, total: int) -> Segment:
        """One cell of the scroll bar, where there is something to scroll."""
        height = self.room
        if total > height:
            start, stop = thumb(self.first, height, total, height)
            if start <= y < stop:
                return Segment("┃", self._part("rest"))
        return Segment(" ", self.rich_style)

    @property
    def inks(self) -> BarStyles:
        """The styles of the theme."""
        return BarStyles(self.rich_style, **{part: self._part(part) for part in PARTS})

    def _part(self, name: str) -> Style:
        return self.get_visual_style(f"bars--{name}").rich_style

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        if self.scroll_lines(WHEEL):
            event.stop()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        if self.scroll_lines(-WHEEL):
            event.stop()
