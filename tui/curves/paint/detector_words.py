"""What stands in words above and below the plots."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import isnan, nan
from typing import Final, Self

from rich.cells import cell_len
from rich.style import Style

from engine.core.goals import GOALS
from engine.detection.curves import Curve
from engine.util.words import number, share, threshold
from tui.curves.paint.curve_values import (
    PATTERNS,
    CurvesState,
    CurvesView,
    NamedCurve,
    PlotStyles,
)
from tui.curves.paint.detector_values import DetectorCurvesView, f_at
from tui.drawing.canvas import PlotCanvas
from tui.drawing.names import clean, cut

SAMPLES: Final = ("──", "─╌", "╌╌", "┄┄", "─┄", "┈┈")
"""Lines in a legend, one for each pattern."""

THICK: Final = str.maketrans("─╌┄┈", "━╍┅┉")

FOCUS: Final = "▸"
HEADER: Final = 2
"""Lines above a plot: its title and its legend."""

SHORTEST: Final = 4
"""Cells of a name in a legend, at the least."""


@dataclass(frozen=True)
class LegendEntry:
    """One line of a plot and its name."""

    sample: str
    style: Style
    name: str
    value: str = ""
    focused: bool = False

    @classmethod
    def of(cls, place: int, name: str, value: str, styles: PlotStyles) -> Self:
        """The line that is drawn as the curve at this place."""
        pen = styles.pen(place)
        return cls(SAMPLES[PATTERNS.index(pen.pattern)], pen.style, name, value)

    def in_focus(self) -> Self:
        """The same, drawn thick."""
        return replace(self, sample=self.sample.translate(THICK), focused=True)


def average_precision(named: NamedCurve) -> float:
    """What a curve of precision over recall is told by."""
    return named.average_precision


def curve_entries(
    view: CurvesView,
    state: CurvesState,
    styles: PlotStyles,
    value_of: Callable[[NamedCurve], float] = average_precision,
) -> list[LegendEntry]:
    """The curves of the view with one number of each, and their mean."""
    focused = state.focused(view)
    entries = []
    for place, named in enumerate(view.curves):
        found = value_of(named)
        value = "" if isnan(found) and not named.empty else share(found)
        entry = LegendEntry.of(place, clean(named.name), value, styles)
        entries.append(entry.in_focus() if named is focused else entry)
    if state.mean and view.mean is not None:
        entries.append(LegendEntry("╌╌", styles.mean, "mean of classes"))
    return entries


def title(canvas: PlotCanvas, words: str, more: str, right: str, styles: PlotStyles) -> None:
    """The first line: what the plot is, what it is made of, and numbers as far as they fit."""
    canvas.text(0, 0, words, styles.title)
    left = cell_len(words)
    room = canvas.width - left - 1
    if right and cell_len(right) + 2 <= room:
        canvas.text(canvas.width - 1 - cell_len(right), 0, right, styles.label)
        room -= cell_len(right) + 2
    more = f" · {more}" if more else ""
    if cell_len(more) <= room:
        canvas.text(left, 0, more, styles.note)


def legend(
    canvas: PlotCanvas, entries: Sequence[LegendEntry], right: str, styles: PlotStyles
) -> None:
    """The second line: names beside samples of their lines, cut so that all fit."""
    entries = _fitting(entries, canvas.width - 2)
    x = 0
    for entry in entries:
        canvas.text(x, 1, FOCUS if entry.focused else " ", styles.title)
        canvas.text(x + 1, 1, entry.sample, entry.style)
        x += 2 + cell_len(entry.sample)
        canvas.text(x, 1, entry.name, styles.title if entry.focused else styles.label)
        x += cell_len(entry.name) + 1
        if entry.value:
            canvas.text(x, 1, entry.value, styles.label)
            x += cell_len(entry.value) + 1
    if right and x + cell_len(right) + 2 <= canvas.width:
        canvas.text(canvas.width - 1 - cell_len(right), 1, right, styles.note)


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


def ratios(curve: Curve, index: int) -> str:
    """`P .710  R .654  F1 .681` at a point; dashes without one."""
    precision, recall, f1 = (
        share(float(values[index]) if index >= 0 else nan, 3)
        for values in (curve.precision, curve.recall, curve.f1)
    )
    return f"P {precision}  R {recall}  F1 {f1}"


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
