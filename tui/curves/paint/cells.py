"""A plot in cells: braille dots for lines and areas, eighths for bars, letters for marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from rich.style import Style
from textual.geometry import Region

from engine.plots.plot_parts import (
    BinCount,
    PlotArea,
    PlotBand,
    PlotBar,
    PlotDescription,
    PlotLine,
    PlotMark,
    PlotWords,
)
from engine.plots.styles import PlotStyles
from engine.plots.ticks import short_count
from tui.curves.paint.axes import NARROW, Axes
from tui.curves.paint.detector_words import HEADER, legend, title
from tui.curves.paint.theme_styles import in_terminal
from tui.drawing.canvas import ACROSS, LetterGrid, PlotCanvas
from tui.drawing.frame import wrapped

EIGHTHS: Final = " ▁▂▃▄▅▆▇█"
ROOM_FOR_COUNTS: Final = 12  # lines
LEAST: Final = 12
"""Lines of a plot that is not cut short for the words below it."""


@dataclass(frozen=True, eq=False)
class Plot:
    """A plot in cells, what its places stand for, and what it was drawn from."""

    raster: LetterGrid
    axes: Axes
    described: PlotDescription


def in_cells(described: PlotDescription, width: int, height: int, styles: PlotStyles) -> Plot:
    """The plot in so many cells."""
    canvas = PlotCanvas(width, height, in_terminal(styles.base))
    counted = any(one.count for one in described.counts) and height >= ROOM_FOR_COUNTS
    room = max(height - LEAST - HEADER, 0)
    words = below(described.paragraphs, width - 2, room)
    axes = Axes.on(
        canvas, HEADER, described.x, described.y, styles, below=int(counted) + len(words)
    )
    title(canvas, described.title, described.more, described.numbers, styles)
    legend(canvas, described.entries, described.remark, styles)
    axes.grid()
    axes.frame(described.across)
    for line, text in enumerate(words, start=height - len(words)):
        canvas.text(0, line, text, in_terminal(styles.note))
    _draw(axes, described)
    if described.says:
        axes.say(described.says)
    if counted:
        _counts(axes, described.counts)
    return Plot(canvas.raster(), axes, described)


def _draw(axes: Axes, described: PlotDescription) -> None:
    bars = [_Columns.of(part, axes) for part in described.parts if isinstance(part, PlotBar)]
    for bar in bars:
        bar.fill(axes)
    for part in described.parts:
        match part:
            case PlotLine():
                axes.line(part)
            case PlotArea():
                axes.area(part)
            case PlotBand():
                axes.canvas.shade(axes.span(part.low, part.high), in_terminal(part.style))
            case PlotMark():
                axes.mark(part.x, part.y, part.letter, in_terminal(part.style))
            case PlotWords():
                axes.words_at_end(part.y, part.words, in_terminal(part.style))
            case PlotBar():
                pass
    for bar in bars:  # over the lines that a bar would not show through its full cells
        bar.end(axes)


@dataclass(frozen=True)
class _Columns:
    """A bar on its cells: the full ones, and the letter of those on top of them."""

    full: Region
    top: str
    style: Style

    @classmethod
    def of(cls, bar: PlotBar, axes: Axes) -> Self:
        cells = axes.cells
        left, right = (axes.column(np.array([bar.low, bar.high])) // ACROSS).tolist()
        right += 2 if bar.high >= axes.x.high else 0  # bars end a cell before the next one begins
        end = min(max(right - 1, left + 1), cells.right)
        whole, eighths = divmod(round(min(max(bar.value, 0.0), 1.0) * cells.height * 8), 8)
        full = Region(left, cells.bottom - whole, end - left, whole)
        return cls(full, EIGHTHS[eighths] if eighths else "", in_terminal(bar.style))

    def fill(self, axes: Axes) -> None:
        axes.canvas.shade(self.full, Style(bgcolor=self.style.color))
        axes.canvas.blank(self.full)

    def end(self, axes: Axes) -> None:
        axes.canvas.text(self.full.x, self.full.y - 1, self.top * self.full.width, self.style)


def _counts(axes: Axes, counts: Sequence[BinCount]) -> None:
    """How many there are in each bin, below it; as many of them as stand apart."""
    canvas, free, note = axes.canvas, axes.cells.x, in_terminal(axes.styles.note)
    canvas.text(0, canvas.height - 1, "n", note)
    for one in counts:
        left, right = (axes.column(np.array([one.low, one.high])) // ACROSS).tolist()
        whole = f"{one.count:,}"
        words = whole if len(whole) < right - left else short_count(one.count)
        x = max((left + right - len(words)) // 2, axes.cells.x)
        if one.count and x >= free and x + len(words) < canvas.width:
            canvas.text(x, canvas.height - 1, words, note)
            free = x + len(words) + 1


def below(paragraphs: Sequence[str], width: int, room: int) -> list[str]:
    """The words below the plot in lines: all paragraphs, the last one, or nothing."""
    if width < NARROW or not paragraphs:
        return []
    wrapped_ones = [wrapped(text, width) for text in paragraphs]
    everything = [line for lines in wrapped_ones for line in lines]
    if len(everything) <= room:
        return everything
    return wrapped_ones[-1] if len(wrapped_ones[-1]) <= room else []
