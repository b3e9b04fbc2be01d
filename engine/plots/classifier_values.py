"""What the plots of a classifier are drawn from: each class against the rest."""

from dataclasses import dataclass
from functools import cached_property
from math import isnan, nan
from typing import Final

import numpy as np

from engine.classification.kernel_density import Densities
from engine.classification.roc import Roc
from engine.core.arrays import Ratios
from engine.core.goals import best_words
from engine.plots.curve_values import (
    IN_MATRIX,
    NOW,
    OPTIMAL,
    CurvesState,
    CurvesView,
    NamedCurve,
)

NO_LINE: Final[tuple[Ratios, Ratios]] = (np.zeros(0), np.zeros(0))
FINE: Final = 400
"""Steps that a drawn line tells apart along each side: more than a large plot has dots."""


@dataclass(frozen=True, eq=False)
class ClassifierCurve(NamedCurve):
    """One class against the rest: an image counts where its probability reaches a confidence."""

    roc: Roc | None = None  # of the same ranking
    roc_line: tuple[Ratios, Ratios] = NO_LINE  # what is drawn of it: see roc_line below
    roc_auc: float = nan
    answers: tuple[int, int] | None = None  # in the matrix: how many, and how many are right

    @property
    def others(self) -> int:
        """How many images are of other classes."""
        return 0 if self.roc is None else self.roc.negatives

    @cached_property
    def false_positive_rate(self) -> Ratios:
        """[S] at the points of the curve."""
        if self.roc is None:
            return np.full(len(self.curve), nan)
        return self.roc.false_positive_rate[1:]

    @property
    def in_matrix(self) -> tuple[float, float] | None:
        """Recall and precision of the answers in the matrix."""
        if self.answers is None or not self.answers[0] or not self.curve.ground_truths:
            return None
        return self.answers[1] / self.curve.ground_truths, self.answers[1] / self.answers[0]

    @property
    def rates_in_matrix(self) -> tuple[float, float] | None:
        """False and true positive rate of the answers in the matrix."""
        if self.answers is None or not self.others or not self.curve.ground_truths:
            return None
        made, right = self.answers
        return (made - right) / self.others, right / self.curve.ground_truths

    @property
    def empty(self) -> str:
        if not self.curve.ground_truths:
            return f"{self.name} has no image: recall is undefined"
        return "" if len(self.curve) else f"{self.name} has no prediction"

    @property
    def without_roc(self) -> str:
        """Why there is no ROC curve; nothing where there is one."""
        if self.empty or self.others:
            return self.empty
        return f"every image is of {self.name}: the false positive rate is undefined"


def roc_line(roc: Roc) -> tuple[Ratios, Ratios]:
    """False and true positive rates of the points that a plot can tell apart, for drawing only."""
    if not roc.positives or not roc.negatives:
        return NO_LINE
    line = roc.corners
    across, up = line.false_positive_rate, line.true_positive_rate
    steps = np.floor(across * FINE) * (FINE + 1) + np.floor(up * FINE)
    begins = np.flatnonzero(np.append(True, steps[1:] != steps[:-1]))
    kept = np.union1d(np.union1d(begins, np.maximum(begins - 1, 0)), [len(steps) - 1])
    return across[kept], up[kept]


@dataclass(frozen=True, eq=False)
class ClassifierCurvesView(CurvesView):
    """Everything that the curves of a classifier show.

    The point's confidence is where the model abstains; at 0 it answers every image with its
    most probable class, and there is no threshold to mark on a curve.
    """

    curves: tuple[ClassifierCurve, ...] = ()
    densities: Densities | None = None  # None until it is worked out

    @property
    def now(self) -> float:
        return self.point.confidence or nan

    @property
    def begin(self) -> float:
        """The threshold, or without one where the goal is served best."""
        return self.optimum if isnan(self.now) else self.now

    @property
    def share_words(self) -> str:
        return "share of it"

    @property
    def marks(self) -> str:
        now = "" if isnan(self.now) else f"{NOW} now "
        return f"{now}{OPTIMAL} {best_words(self.goal)} {IN_MATRIX} matrix"


def class_in_focus(view: ClassifierCurvesView, state: CurvesState) -> ClassifierCurve | None:
    """The curve in focus, if there is one."""
    return view.curves[state.place(view)] if view.curves else None
