"""What the plots of a detector are drawn from: each class at one operating point."""

from dataclasses import dataclass
from math import nan

import numpy as np

from engine.core.arrays import Ratios
from engine.core.calibration import Density
from engine.core.goals import Goal
from engine.core.ranked import Curve
from engine.plots.curve_values import NOW, OPTIMAL, CurvesView, NamedCurve


@dataclass(frozen=True, eq=False)
class DetectorCurve(NamedCurve):
    """The predictions of a class, or of all together, that find an object at an IoU."""

    together: bool = False  # of all classes

    @property
    def empty(self) -> str:
        if not self.curve.ground_truths:
            return f"{self.name} has no ground truth: recall is undefined"
        return "" if len(self.curve) else f"{self.name} is never predicted"


@dataclass(frozen=True, eq=False)
class DetectorCurvesView(CurvesView):
    """Everything that the curves of a detector show."""

    curves: tuple[DetectorCurve, ...] = ()
    flat: tuple[float, float] = (nan, nan)  # confidences that are almost as good as the optimum
    density: Density | None = None  # None until it is worked out

    @property
    def now(self) -> float:
        return self.point.confidence

    @property
    def begin(self) -> float:
        return self.now

    @property
    def share_words(self) -> str:
        return "precision"

    @property
    def marks(self) -> str:
        return f"{NOW} now  {OPTIMAL} optimal"


def f_values(curve: Curve, goal: Goal) -> Ratios:
    """[S] the F that the goal means; how many images there are is no matter to it."""
    return goal.f_measure.values(curve, images=0)


def f_at(curve: Curve, goal: Goal, index: int) -> float:
    """The F that the goal means, at one point of a curve."""
    return float(f_values(curve.where(np.array([index])), goal)[0])
