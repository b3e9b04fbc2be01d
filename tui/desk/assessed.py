"""What a person wants to see of an assessment, and what follows from it."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import Indices
from engine.core.assessment import Evaluation
from engine.core.goals import GOALS, Goal, GoalOptimum
from engine.core.matrix import ConfusionMatrix
from engine.core.outcomes import Outcomes, Selection
from engine.core.thresholds import OperatingPoint, Scorecard
from engine.detection.class_thresholds import ClassOptima

NOT_PREPARED: Final[Mapping[Any, Any]] = {}


@dataclass(frozen=True)
class Wish:
    """What the person wants to see; two equal wishes need no work."""

    point: OperatingPoint
    selection: Selection | None = None  # of the feed; None while nobody looks at it
    order: str = ""  # of the feed: the name of one of the desk's orders
    descending: bool = True
    goal: Goal = GOALS[0]  # what "optimal" means
    moved: bool = False  # the person chose this confidence, and not as the best one


@dataclass(frozen=True, eq=False)
class Assessed(ABC):
    """What follows from a wish. Whole, so that nothing on the screen can disagree.

    It knows the way to what follows from another wish, and what of itself serves there.
    """

    wish: Wish
    evaluation: Evaluation  # of all predictions: for curves and the optimum
    best: GoalOptimum
    matrix: ConfusionMatrix
    card: Scorecard
    rows: Outcomes | None  # the selected outcomes in the wished order
    optima: ClassOptima | None  # the thresholds, where each class has one of its own

    @cached_property
    def no_optimum(self) -> str:
        """Why no confidence is better than all others, in words; empty where one is."""
        best, limit = self.best, self.best.goal.limit_words
        if not self.card.ground_truths:
            why = "no ground truth"
        elif np.isnan(best.confidence):
            some = limit and any(map(len, self.evaluation.leading_points()))
            why = f"no confidence has {limit}" if some else "no predictions"
        elif best.value == 0:
            why = f"{self.none_right} with {limit}" if limit else self.none_right
        else:
            return ""
        return f"{why}: nothing to optimise"

    @property
    def optimum(self) -> float:
        """The confidence that serves the goal best, NaN where none does."""
        return np.nan if self.no_optimum else self.best.confidence

    @property
    def flat(self) -> tuple[float, float]:
        """Lowest and highest confidence that are almost as good as the optimum, NaN without one."""
        return (np.nan, np.nan) if self.no_optimum else self.best.flat

    @property
    def at_optimum(self) -> bool:
        """Whether "back to optimal" would change nothing."""
        return bool(self.no_optimum or self.wish.point.confidence == self.optimum)

    @cached_property
    def images_of_rows(self) -> int:
        """In how many different images the rows are."""
        return 0 if self.rows is None else len(np.unique(self.rows.image))

    def images_of(self, cell: Selection) -> int | None:
        """In how many images a cell counts something; None where that is what it counts."""
        return None

    # On to another wish

    @abstractmethod
    def for_wish(self, wish: Wish, prepared: Mapping[Any, Any] = NOT_PREPARED) -> Self:
        """What follows from another wish; prepared are results that may serve again."""

    @abstractmethod
    def is_look_up(self, wish: Wish, prepared: Mapping[Any, Any] = NOT_PREPARED) -> bool:
        """Whether another wish costs a millisecond, less than the way to a worker and back."""

    def prepare(self, prepared: Mapping[Any, Any]) -> Iterator[Mapping[Any, Any]]:
        """What helps with wishes a step away, ever more of it; who stops asking stops the work.

        Begins with what was left for later, so that the first numbers came sooner. Of what
        is prepared that stays which serves here; nothing comes where nothing helps.
        """
        yield from ()

    # In words

    @property
    @abstractmethod
    def none_right(self) -> str:
        """That no prediction counts as right, whatever the confidence."""

    @property
    @abstractmethod
    def made_at(self) -> str:
        """What the counts depend on."""

    def change_words(self, before: Self) -> str:
        """What a change of a setting did, where it is worth a word."""
        return ""


def images_in_order(rows: Outcomes) -> Indices:
    """The different images of the rows, in the order in which they come first."""
    images, first = np.unique(rows.image, return_index=True)
    in_order: Indices = images[np.argsort(first)]
    return in_order


def sorted_by(rows: Outcomes, key: NDArray[Any], descending: bool) -> Outcomes:
    """Rows by a key; equal ones keep their order, those without a value come last either way."""
    return rows.where(np.argsort(-key if descending else key, kind="stable"))
