"""Lines of text of which only those that changed are sent to the terminal."""

from collections.abc import Mapping, Sequence

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


def refresh_changed(widget: Widget, drawn: Mapping[int, Strip]) -> None:
    """Draw the lines of a widget anew that look different from those that were drawn."""
    width, height = widget.size
    before = dict(drawn)  # to render a line may note it there
    changed = [y for y in range(height) if widget.render_line(y) != before.get(y)]
    if changed:
        widget.refresh(*(Region(0, y, width, 1) for y in changed))


class Lines(Widget):
    """Shows lines as they are, cut at the right edge; no layout, no wrapping."""

    DEFAULT_CSS = "Lines { width: 1fr; height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lines: tuple[Text, ...] = ()
        self._style: Style | None = None

    def notify_style_update(self) -> None:
        """Theme or place changed: the style is looked up again when it is needed."""
        super().notify_style_update()
        self._style = None

    def show(self, lines: Sequence[Text]) -> None:
        """Replace the lines."""
        before, self.lines = self.lines, tuple(lines)
        width = self.size.width
        for y in range(max(len(before), len(self.lines))):
            if before[y : y + 1] != self.lines[y : y + 1]:
                self.refresh(Region(0, y, width, 1))

    def render_line(self, y: int) -> Strip:
        """One line."""
        if self._style is None:
            self._style = self.rich_style
        width, style = self.size.width, self._style
        if y >= len(self.lines):
            return Strip.blank(width, style)
        segments = Segment.apply_style(self.lines[y].render(self.app.console), style)
        return Strip(segments).adjust_cell_length(width, style)

    @property
    def plain(self) -> str:
        """What it says, without styles."""
        return "\n".join(line.plain for line in self.lines)
