"""What the plots of curves are drawn from: values, and the styles of a theme."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from math import nan
from typing import Final

import numpy as np

from engine.core.arrays import Indices
from engine.core.calibration import Reliability
from engine.core.goals import GOALS, Goal
from engine.core.thresholds import OperatingPoint
from engine.detection.curves import Curve, MeanCurve, at

MOST: Final = 6
"""Curves in one plot, one colour each."""

NOW, OPTIMAL, IN_MATRIX = "●", "◆", "◇"
STRIDE: Final = 0.005
"""How far the cursor walks at least, in precision and recall together."""


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
