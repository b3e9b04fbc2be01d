"""What a person wants to see of an assessment, and what follows from it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import Indices
from engine.core.assessment import Evaluation
from engine.core.goals import GOALS, Goal, GoalOptimum
from engine.core.matrix import ConfusionMatrix
from engine.core.outcomes import Outcomes, Selection
from engine.core.thresholds import OperatingPoint, Scorecard


@dataclass(frozen=True)
class Wish:
    """What the person wants to see; two equal wishes need no work."""

    point: OperatingPoint
    selection: Selection | None = None  # of the feed; None while nobody looks at it
    order: str = ""  # of the feed: the name of one of the desk's orders
    descending: bool = True
    goal: Goal = GOALS[0]  # what "optimal" means


@dataclass(frozen=True, eq=False)
class Assessed:
    """What follows from a wish. Whole, so that nothing on the screen can disagree."""

    wish: Wish
    evaluation: Evaluation  # of all predictions: for curves and the optimum
    best: GoalOptimum
    matrix: ConfusionMatrix
    card: Scorecard
    rows: Outcomes | None  # the selected outcomes in the wished order

    @property
    def at_optimum(self) -> bool:
        """Whether "back to optimal" would change nothing."""
        best = self.best.confidence
        return bool(np.isnan(best) or self.wish.point.confidence == best)

    @cached_property
    def images_of_rows(self) -> int:
        """In how many different images the rows are."""
        return 0 if self.rows is None else len(np.unique(self.rows.image))


def images_in_order(rows: Outcomes) -> Indices:
    """The different images of the rows, in the order in which they come first."""
    images, first = np.unique(rows.image, return_index=True)
    in_order: Indices = images[np.argsort(first)]
    return in_order


def sorted_by(rows: Outcomes, key: NDArray[Any], descending: bool) -> Outcomes:
    """Rows by a key; equal ones keep their order, those without a value come last either way."""
    return rows.where(np.argsort(-key if descending else key, kind="stable"))
