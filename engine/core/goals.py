"""What a confidence is chosen for, and the one that serves it best on a curve."""

from dataclasses import dataclass
from typing import Final, Literal, Self, get_args

import numpy as np

from engine.core.arrays import Ratios
from engine.core.assessment import Evaluation
from engine.core.errors import EngineError
from engine.core.ranked import Curve
from engine.core.ranked import at as point_at
from engine.core.rates import f_beta
from engine.core.thresholds import Scorecard
from engine.util.words import shortest

Kind = Literal[
    "f1", "f0.5", "f2", "precision", "recall", "recall at precision", "false positives per image"
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
NEARLY: Final = 0.99  # of the optimum: what counts as flat around it


class GoalError(EngineError):
    """A goal that nobody knows, or with an impossible limit."""

    def __init__(self, text: str) -> None:
        known = ", ".join(goal.spec for goal in GOALS)
        super().__init__(f"unknown goal {text!r}: choose one like {known}")


@dataclass(frozen=True, eq=False)
class Goal:
    """What a confidence is to be best for."""

    kind: Kind
    limit: float = np.nan  # the least precision, or the most false positives per image

    # Written out because a limit that is NaN would make equal goals differ.
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Goal) and self.spec == other.spec

    def __hash__(self) -> int:
        return hash(self.spec)

    @property
    def words(self) -> str:
        """As a person reads it."""
        if self.limit_words:
            return f"highest recall with {self.limit_words}"
        return self.kind.upper() if self.kind.startswith("f") else self.kind

    @property
    def limit_words(self) -> str:
        """What must be kept to, as a person reads it; empty without a limit."""
        if self.kind == "recall at precision":
            return f"precision at least {shortest(self.limit)}"
        if self.kind == "false positives per image":
            plural = "" if self.limit == 1 else "s"
            return f"at most {shortest(self.limit)} false positive{plural} an image"
        return ""

    @property
    def spec(self) -> str:
        """As a person types it, see parse."""
        if self.kind == "recall at precision":
            return f"recall@precision={shortest(self.limit)}"
        if self.kind == "false positives per image":
            return f"recall@fp-per-image={shortest(self.limit)}"
        return self.kind

    @property
    def measured(self) -> "Goal":
        """What is measured once the limit is left out: recall, or the goal itself."""
        return Goal("recall") if self.limit == self.limit else self

    @property
    def f_measure(self) -> "Goal":
        """The goal itself if it weighs precision against recall as an F does, else F1."""
        return self if self.kind in _BETA else GOALS[0]

    @property
    def beta(self) -> float:
        """How many times as much recall weighs as precision in f_measure."""
        return _BETA[self.f_measure.kind]

    @classmethod
    def parse(cls, text: str) -> Self:
        """From f1, f0.5, f2, precision, recall, recall@precision=.9, recall@fp-per-image=2."""
        wanted = text.strip().lower().replace("f.5", "f0.5")
        name, _, limit = wanted.partition("=")
        if not limit:
            for kind in KINDS[:5]:
                if wanted == kind:
                    return cls(kind)
            raise GoalError(text)
        try:
            number = float(limit)
        except ValueError:
            raise GoalError(text) from None
        if name.strip() == "recall@precision" and 0 <= number <= 1:
            return cls("recall at precision", number)
        if name.strip() == "recall@fp-per-image" and 0 <= number < np.inf:
            return cls("false positives per image", number)
        raise GoalError(text)

    def f_of(self, card: Scorecard) -> float:
        """f_measure of all classes together; NaN with neither ground truth nor prediction."""
        return float(f_beta(card.true_positives, card.predictions, card.ground_truths, self.beta))

    def values(self, curve: Curve, images: int) -> Ratios:
        """[S] what the goal measures at each point; -inf where its limit is not kept.

        The two goals with a limit measure recall.
        """
        if self.kind == "precision":
            return curve.precision
        if self.kind in _BETA:
            right, found = curve.true_positives, curve.predictions
            return f_beta(right, found, curve.ground_truths, _BETA[self.kind])
        if self.kind == "recall at precision":
            return np.where(curve.precision >= self.limit, curve.recall, -np.inf)
        if self.kind == "false positives per image":
            wrong = curve.predictions - curve.true_positives
            return np.where(wrong <= self.limit * images, curve.recall, -np.inf)
        return curve.recall


_BETA: Final = {"f1": 1.0, "f0.5": 0.5, "f2": 2.0}

GOALS: Final = (
    Goal("f1"),
    Goal("f0.5"),
    Goal("f2"),
    Goal("precision"),
    Goal("recall"),
    Goal("recall at precision", 0.9),
    Goal("false positives per image", 1.0),
)
"""The usual ones, in the order a key goes through them."""


@dataclass(frozen=True)
class GoalOptimum:
    """The confidence that serves a goal best at one IoU."""

    goal: Goal
    confidence: float  # NaN when no confidence keeps the limit, or there is none at all
    value: float
    flat: tuple[float, float]  # lowest and highest confidence around it within 1 % of the value


def optimum(evaluation: Evaluation, goal: Goal, images: int) -> GoalOptimum:
    """The best of all distinct confidences, all classes together; the highest of equal ones.

    A goal with a limit looks only where the limit is kept. Without any ground truth
    there is nothing to compare: the highest confidence, as Evaluation.optimum.

    Exact, though it stops where no further point can be better. From the last point on,
    at least as many predictions count and at most all ground truths are found; and every
    goal prefers more that is found, and fewer that count. So a model that found all of
    them there, and no more predictions, bounds whatever follows.
    """
    for points in evaluation.leading_points():
        if _is_settled(best := best_point(points, goal, images), points, goal, images):
            break
    return best


def _is_settled(best: GoalOptimum, points: Curve, goal: Goal, images: int) -> bool:
    """Whether what follows these points can neither be better nor lie in the flat around it."""
    truths = points.ground_truths
    if not len(points) or not truths:
        return bool(len(points))
    found = np.array([truths])
    counted = np.maximum(points.predictions[-1:], found)
    bound = goal.values(Curve.of(points.confidence[-1:], found, counted, truths), images)[0]
    if np.isnan(best.value):
        return bool(bound == -np.inf)
    return bool(bound <= best.value and best.flat[0] > points.confidence[-1])


def best_point(points: Curve, goal: Goal, images: int) -> GoalOptimum:
    """The best of these points, the highest confidence of equal ones; see optimum."""
    if not len(points):
        return GoalOptimum(goal, np.nan, np.nan, (np.nan, np.nan))
    highest = float(points.confidence[0])
    values = goal.values(points, images)
    if not points.ground_truths:
        value = float(values[0]) if goal.kind == "precision" else np.nan
        return GoalOptimum(goal, highest, value, (highest, highest))
    values = np.where(np.isnan(values), -np.inf, values)
    best = int(np.argmax(values))
    if values[best] == -np.inf:
        return GoalOptimum(goal, np.nan, np.nan, (np.nan, np.nan))
    value = float(values[best])
    steep = np.flatnonzero(values < NEARLY * value)
    side = int(np.searchsorted(steep, best))
    first = int(steep[side - 1]) + 1 if side else 0
    last = int(steep[side]) - 1 if side < len(steep) else len(points) - 1
    flat = float(points.confidence[last]), float(points.confidence[first])
    return GoalOptimum(goal, float(points.confidence[best]), value, flat)


def value_at(points: Curve, goal: Goal, images: int, confidence: float) -> float:
    """What the goal measures at a confidence, whether or not its limit is kept there."""
    place = point_at(points, confidence)
    if place >= 0 and points.ground_truths:
        return float(goal.measured.values(points.where(np.array([place])), images)[0])
    return 0.0 if points.ground_truths and goal.kind != "precision" else np.nan


def best_words(goal: Goal) -> str:
    """`best F1`, `best recall at precision .9`: what a confidence is best for, in a few words."""
    limit = f"{goal.limit:g}".removeprefix("0") or "0"
    if goal.kind == "recall at precision":
        return f"best recall at precision {limit}"
    if goal.kind == "false positives per image":
        return f"best recall at {limit} FP an image"
    return f"best {goal.words}"
