"""Lines of text of which only those that changed are sent to the terminal."""

from collections.abc import Sequence

from rich.segment import Segment
from rich.text import Text
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Lines(Widget):
    """Shows lines as they are, cut at the right edge; no layout, no wrapping."""

    DEFAULT_CSS = "Lines { width: 1fr; height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lines: tuple[Text, ...] = ()

    def show(self, lines: Sequence[Text]) -> None:
        """Replace the lines."""
        before, self.lines = self.lines, tuple(lines)
        width = self.size.width
        for y in range(max(len(before), len(self.lines))):
            if before[y : y + 1] != self.lines[y : y + 1]:
                self.refresh(Region(0, y, width, 1))

    def render_line(self, y: int) -> Strip:
        """One line."""
        width = self.size.width
        if y >= len(self.lines):
            return Strip.blank(width, self.rich_style)
        segments = Segment.apply_style(self.lines[y].render(self.app.console), self.rich_style)
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    @property
    def plain(self) -> str:
        """What it says, without styles."""
        return "\n".join(line.plain for line in self.lines)
