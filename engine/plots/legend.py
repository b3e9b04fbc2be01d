"""What stands in words above and below a plot, whoever draws it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isnan, nan
from typing import Final, Self

from engine.core.ranked import Curve
from engine.plots.curve_values import CurvesState, CurvesView, NamedCurve
from engine.plots.styles import PATTERNS, PlotStyle, PlotStyles
from engine.util.visible import clean
from engine.util.words import share

SAMPLES: Final = ("──", "─╌", "╌╌", "┄┄", "─┄", "┈┈")
"""Lines in a legend, one for each pattern."""

THICK: Final = str.maketrans("─╌┄┈", "━╍┅┉")


@dataclass(frozen=True)
class LegendEntry:
    """One line of a plot and its name."""

    sample: str
    style: PlotStyle
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


def ratios(curve: Curve, index: int) -> str:
    """`P .710  R .654  F1 .681` at a point; dashes without one."""
    precision, recall, f1 = (
        share(float(values[index]) if index >= 0 else nan, 3)
        for values in (curve.precision, curve.recall, curve.f1)
    )
    return f"P {precision}  R {recall}  F1 {f1}"
