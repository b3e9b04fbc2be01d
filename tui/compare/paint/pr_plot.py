"""Precision over recall of both sides in one plot."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from rich.style import Style

from engine.core.arrays import Indices
from engine.core.ranked import Curve
from engine.util.words import share
from tui.drawing.canvas import ACROSS, DOWN, LetterGrid, PlotCanvas, every_other, path

LEFT: Final = 5  # cells of the numbers of the upright axis
LEAST: Final = (24, 8)  # columns and lines
DOTTED: Final = (1, 2)  # dots of B that are drawn and left out
SPARSE: Final = 3  # one dot of so many between the curves
SHADE: Final = "shade: who is ahead"
TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class TwoCurveStyles:
    """What a theme has for the plot."""

    base: Style
    quiet: Style
    a: Style
    b: Style


def pr_plot(
    a: Curve, b: Curve, at: tuple[float, float], width: int, height: int, styles: TwoCurveStyles
) -> LetterGrid | None:
    """A in a line, B in dots, a letter where each stands; at are the confidences there.

    What lies between the two is shaded in the colour of the one that is above.
    The first line says which is which, the last one what goes across. None without room.
    """
    if width < LEAST[0] or height < LEAST[1]:
        return None
    canvas = PlotCanvas(width, height, styles.base)
    canvas.text(0, 0, "precision over recall, all classes   ", styles.base)
    canvas.text(37, 0, "A ──", styles.a)
    canvas.text(44, 0, "B ··", styles.b)
    canvas.text(51, 0, SHADE, styles.quiet)
    room = (width - LEFT) * ACROSS, (height - 3) * DOWN

    def place(recall: float, precision: float) -> tuple[int, int]:
        x = LEFT * ACROSS + round(recall * (room[0] - 1))
        return x, DOWN + round((1 - precision) * (room[1] - 1))

    for tick in TICKS:
        x, y = place(tick, tick)
        canvas.text(0, y // DOWN, f"{share(tick):>4}", styles.quiet)
        canvas.text(min(x // ACROSS, width - 4), height - 2, share(tick), styles.quiet)
        across = np.arange(LEFT * ACROSS, width * ACROSS, 4)
        canvas.draw(across, np.full(len(across), y), styles.quiet)
    canvas.text(LEFT, height - 1, "recall", styles.quiet)
    lines = _dots(a, room), _dots(b, room)
    for style, ahead in ((styles.a, True), (styles.b, False)):
        canvas.draw(*_between(*lines, canvas.dots.shape, first_ahead=ahead), style)
    for line, style, pattern in zip(lines, (styles.a, styles.b), ((1, 0), DOTTED), strict=True):
        canvas.draw(*every_other(*line, pattern), style)
    stands = (-1, -1)
    for letter, curve, confidence, style in (("A", a, at[0], styles.a), ("B", b, at[1], styles.b)):
        if (there := _point(curve, confidence)) is not None:
            x, y = place(*there)
            cell = x // ACROSS, y // DOWN
            if cell == stands:  # at the same point the letters stand side by side
                cell = cell[0] + 1, cell[1]
            stands = cell
            canvas.text(*cell, letter, style + Style(bold=True))
    return canvas.raster()


def _dots(curve: Curve, room: tuple[int, int]) -> tuple[Indices, Indices]:
    """The dots of a curve; none where it is undefined."""
    known = ~(np.isnan(curve.recall) | np.isnan(curve.precision))
    across = np.rint(curve.recall[known] * (room[0] - 1)).astype(np.intp)
    down = np.rint((1 - curve.precision[known]) * (room[1] - 1)).astype(np.intp)
    return path(LEFT * ACROSS + across, DOWN + down)


def _between(
    first: tuple[Indices, Indices],
    second: tuple[Indices, Indices],
    size: tuple[int, ...],
    *,
    first_ahead: bool,
) -> tuple[Indices, Indices]:
    """Some of the dots between two lines of dots, where the first is above or where it is not.

    Columns that only one of them reaches have nothing between. size is the canvas's in dots.
    """
    height, width = size
    tops = [np.full(width, height) for _ in range(2)]
    for top, (columns, rows) in zip(tops, (first, second), strict=True):
        np.minimum.at(top, columns, rows)
    above, below = tops if first_ahead else reversed(tops)
    rows, columns = np.indices(size)
    inside = (above < rows) & (rows < below) & (below < height)
    down, across = np.nonzero(inside & ((rows + columns) % SPARSE == 0))
    return across, down


def _point(curve: Curve, confidence: float) -> tuple[float, float] | None:
    """Recall and precision of what reaches a confidence; None where nothing does."""
    counted = int(np.count_nonzero(curve.confidence >= confidence))
    if not counted:
        return None
    recall, precision = float(curve.recall[counted - 1]), float(curve.precision[counted - 1])
    return None if recall != recall or precision != precision else (recall, precision)
