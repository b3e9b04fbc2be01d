"""What the plots of curves are drawn from: values, and the styles of a theme."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import nan
from typing import Final, TypeAlias, TypedDict

import numpy as np
from rich.style import Style
from textual.color import Color

from engine.core.arrays import Indices
from engine.core.calibration import Reliability
from engine.core.goals import GOALS, Goal
from engine.core.thresholds import OperatingPoint
from engine.detection.curves import Curve, MeanCurve, at
from tui.drawing.heat import style

MOST: Final = 6
"""Curves in one plot, one colour each."""

NOW, OPTIMAL, IN_MATRIX = "●", "◆", "◇"
STRIDE: Final = 0.005
"""How far the cursor walks at least, in precision and recall together."""

# Blue, orange, green, purple, yellow or plum, red: at least 17 apart in CIELAB under protanopia,
# deuteranopia and tritanopia (Machado 2009), the first three 24.
DARK: Final = ("#5e9dff", "#f0a020", "#43e6c0", "#a878b8", "#e9f0a0", "#e8505a")
LIGHT: Final = ("#1f4fb0", "#c65a00", "#008f74", "#a06cc8", "#5a2a5a", "#7d1a10")
Pattern: TypeAlias = tuple[int, int]  # dots that are drawn, dots that are left out, and so on

SOLID: Final[Pattern] = (1, 0)
PATTERNS: Final[tuple[Pattern, ...]] = (SOLID, (6, 2), (3, 3), (2, 2), (8, 4), (1, 2))
"""One for each curve, where a terminal has no colours."""


@dataclass(frozen=True)
class Pen:
    """How a line is drawn."""

    style: Style
    pattern: Pattern = SOLID
    thick: bool = False  # two dots instead of one


@dataclass(frozen=True, eq=False)
class NamedCurve(ABC):
    """The curve of a class, or of all together, whatever the kind of task."""

    name: str
    curve: Curve
    drawn: Curve | None = None  # the same with fewer points, for drawing only
    average_precision: float = nan  # shown beside the name if it is known

    @property
    def in_matrix(self) -> tuple[float, float] | None:
        """Recall and precision in the matrix, where it answers by another rule than the curve."""
        return None

    @property
    def line(self) -> Curve:
        """What is drawn."""
        return self.curve if self.drawn is None else self.drawn

    @property
    @abstractmethod
    def empty(self) -> str:
        """Why there is no curve to see; nothing where there is one."""

    @cached_property
    def stops(self) -> Indices:
        """The points where a cursor rests: each of few, else those that lie a stride further on."""
        curve = self.curve
        if len(curve) * STRIDE <= 1:
            return np.arange(len(curve))
        moves = np.abs(np.diff(curve.recall)) + np.abs(np.diff(curve.precision))
        strides = np.floor(np.append(0.0, np.nancumsum(moves)) / STRIDE)
        rests = np.append(True, strides[1:] > strides[:-1])
        rests[-1] = True
        return np.flatnonzero(rests)


@dataclass(frozen=True, eq=False)
class CurvesView(ABC):
    """What the plots of any kind of task show, at one operating point."""

    point: OperatingPoint
    optimum: float = nan  # confidence
    curves: tuple[NamedCurve, ...] = ()
    mean: MeanCurve | None = None
    reliability: Reliability | None = None  # None until it is worked out
    title: str = ""  # what the curves are made of, beside the name of each plot
    cut: str = ""  # that the curves end where the model drops predictions by itself, in words
    scope: str = ""  # whose confidences reliability and density are, if not the focused curve's
    goal: Goal = GOALS[0]  # what the optimum is best for

    @property
    @abstractmethod
    def now(self) -> float:
        """The confidence threshold in force; NaN for none."""

    @property
    @abstractmethod
    def begin(self) -> float:
        """The confidence at which a cursor stands before anyone walked."""

    @property
    @abstractmethod
    def share_words(self) -> str:
        """What a confidence should agree with."""

    @property
    @abstractmethod
    def marks(self) -> str:
        """What the letters on a curve mean."""


@dataclass(frozen=True, eq=False)
class CurvesState:
    """What the person does to the plots without changing what they are made of."""

    focus: int = 0  # index of the curve whose numbers are told
    cursor: float | None = None  # a confidence, None before anyone walked
    mean: bool = True
    iso_f1: bool = False

    def place(self, view: CurvesView) -> int:
        """Where the curve in focus stands among those of a view that has any."""
        return min(self.focus, len(view.curves) - 1)

    def focused(self, view: CurvesView) -> NamedCurve | None:
        """The curve in focus, if there is one."""
        return view.curves[self.place(view)] if view.curves else None

    def whose(self, view: CurvesView) -> str:
        """Of which class reliability and density tell."""
        focused = self.focused(view)
        return view.scope or (focused.name if focused else "")

    def index(self, view: CurvesView) -> int:
        """The point under the cursor on the focused curve; -1 where there is none."""
        focused = self.focused(view)
        confidence = view.begin if self.cursor is None else self.cursor
        if focused is None or focused.empty or np.isnan(confidence):
            return -1
        return at(focused.curve, confidence)


@dataclass(frozen=True)
class PlotStyles:
    """The styles of a theme for each part of a plot."""

    base: Style
    title: Style
    label: Style
    note: Style
    axis: Style
    grid: Style
    iso: Style
    rule: Style
    mean: Style
    cursor: Style
    now: Style
    optimal: Style
    flat: Style
    bar: Style
    few: Style  # a bar, or its gap, of a few predictions only
    gap: Style
    few_gap: Style
    curves: tuple[Style, ...]
    plain: bool = False  # without hue: lines differ by their pattern

    def pen(self, place: int, thick: bool = False) -> Pen:
        """For the curve at this place: a colour of its own, or a pattern."""
        style = self.curves[place % len(self.curves)]
        return Pen(style, PATTERNS[place % len(PATTERNS)] if self.plain else SOLID, thick)


class CurveStyles(TypedDict):
    """Those of the styles that no theme knows."""

    curves: tuple[Style, ...]
    bar: Style
    few: Style
    gap: Style
    few_gap: Style


@lru_cache(16)
def curve_styles(background: Color, foreground: Color, plain: bool) -> CurveStyles:
    """Six colours that stay apart under the common colour vision deficiencies, and those of bars.

    Without hue all are the foreground, and bars are more or less of it.
    """
    names = DARK if background.brightness < 0.5 else LIGHT
    colours = [foreground if plain else Color.parse(name) for name in names]
    right, wrong = colours[:2]

    def bar(colour: Color, part: float) -> Style:
        return style(background.blend(colour, part), background)

    strong, weak = (0.75, 0.3) if plain else (0.75, 0.75)
    return CurveStyles(
        curves=tuple(style(colour, background) for colour in colours),
        bar=bar(right, strong),
        few=bar(right, strong / 2),
        gap=bar(wrong, weak),
        few_gap=bar(wrong, weak / 2),
    )
