"""What stands in words above and below the plots."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rich.cells import cell_len

from engine.core.goals import GOALS
from engine.core.ranked import Curve
from engine.plots.curve_values import CurvesState
from engine.plots.detector_values import DetectorCurvesView, f_at
from engine.plots.legend import LegendEntry, ratios
from engine.plots.styles import PlotStyles
from engine.util.visible import clean
from engine.util.words import number, share, threshold
from tui.curves.paint.theme_styles import in_terminal
from tui.drawing.canvas import PlotCanvas
from tui.drawing.names import cut

FOCUS: Final = "▸"
HEADER: Final = 2
"""Lines above a plot: its title and its legend."""

SHORTEST: Final = 4
"""Cells of a name in a legend, at the least."""


def title(canvas: PlotCanvas, words: str, more: str, right: str, styles: PlotStyles) -> None:
    """The first line: what the plot is, what it is made of, and numbers as far as they fit."""
    strong, label, note = map(in_terminal, (styles.title, styles.label, styles.note))
    canvas.text(0, 0, words, strong)
    left = cell_len(words)
    room = canvas.width - left - 1
    if right and cell_len(right) + 2 <= room:
        canvas.text(canvas.width - 1 - cell_len(right), 0, right, label)
        room -= cell_len(right) + 2
    more = f" · {more}" if more else ""
    if cell_len(more) <= room:
        canvas.text(left, 0, more, note)


def legend(
    canvas: PlotCanvas, entries: Sequence[LegendEntry], right: str, styles: PlotStyles
) -> None:
    """The second line: names beside samples of their lines, cut so that all fit."""
    strong, label, note = map(in_terminal, (styles.title, styles.label, styles.note))
    entries = _fitting(entries, canvas.width - 2)
    x = 0
    for entry in entries:
        canvas.text(x, 1, FOCUS if entry.focused else " ", strong)
        canvas.text(x + 1, 1, entry.sample, in_terminal(entry.style))
        x += 2 + cell_len(entry.sample)
        canvas.text(x, 1, entry.name, strong if entry.focused else label)
        x += cell_len(entry.name) + 1
        if entry.value:
            canvas.text(x, 1, entry.value, label)
            x += cell_len(entry.value) + 1
    if right and x + cell_len(right) + 2 <= canvas.width:
        canvas.text(canvas.width - 1 - cell_len(right), 1, right, note)


def _fitting(entries: Sequence[LegendEntry], room: int) -> Sequence[LegendEntry]:
    """The same with names so short, and if need be without values, that all fit."""
    for kept in (entries, [replace(entry, value="") for entry in entries]):
        width = max((cell_len(entry.name) for entry in kept), default=0)
        while width >= SHORTEST:
            cut_down = [replace(entry, name=cut(entry.name, width)) for entry in kept]
            if sum(map(_width, cut_down)) <= room:
                return cut_down
            width -= 1
    return [replace(entry, name=cut(entry.name, SHORTEST), value="") for entry in entries]


def _width(entry: LegendEntry) -> int:
    value = cell_len(entry.value) + 1 if entry.value else 0
    return 3 + cell_len(entry.sample) + cell_len(entry.name) + value


def reading(view: DetectorCurvesView, state: CurvesState, width: int) -> str:
    """The point under the cursor, with as much as fits the width."""
    focused = view.curves[state.place(view)] if view.curves else None
    if focused is None:
        return "No class is drawn · a adds one"
    if focused.empty:
        return f"{focused.empty} · {ratios(focused.curve, -1)}"
    index, name = state.index(view), clean(focused.name)
    if index < 0:
        wanted = view.begin if state.cursor is None else state.cursor
        never = f"{name} is never predicted at confidence {threshold(wanted)}"
        return f"{never} · {ratios(focused.curve, -1)}"
    curve = focused.curve
    if state.cursor is None and focused.together and not view.point.per_class:
        return _in_summary(curve, index, width)
    at, numbers = threshold(float(curve.confidence[index])), ratios(curve, index)
    if (goal := view.goal.f_measure) != GOALS[0]:  # what the threshold may be best for
        numbers += f"  {goal.words} {share(f_at(curve, goal, index), 3)}"
    long, short = _counted(curve, index)
    first = f"{name} at confidence {at} · {numbers}"
    wordings = (
        f"{first} · {long} · Enter takes this confidence" if state.cursor is not None else "",
        f"{first} · {long}",
        f"{first} · {short}",
        f"{name} at {at} · {numbers} · {short}",
        first,
    )
    fitting = (words for words in wordings if words and cell_len(words) <= width)
    return next(fitting, f"{at} · {numbers}")


def _in_summary(curve: Curve, index: int, width: int) -> str:
    """All classes at the threshold, whose ratios stand in the line of all numbers."""
    long, short = _counted(curve, index)
    wordings = (f"all classes at the threshold · {long}", f"all classes · {long}")
    return next((words for words in wordings if cell_len(words) <= width), short)


def _counted(curve: Curve, index: int) -> tuple[str, str]:
    """What is right and what is found at a point, at length and in less room."""
    right, made = int(curve.true_positives[index]), int(curve.predictions[index])
    truths = number(curve.ground_truths, "ground truth")
    return (
        f"{right:,} of {number(made, 'prediction')} right, {right:,} of {truths} found",
        f"{right:,} of {made:,} right, of {curve.ground_truths:,} found",
    )
