"""A classifier at one confidence, and how to come from one to the next."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self, cast

from engine.classification.answer_counts import AnswerCounts
from engine.classification.classification import Classification, ClassificationAnswers
from engine.classification.feed_orders import FEED_ORDERS, ClassifierOrder, row_order
from engine.core.goals import GOALS, Goal, GoalOptimum, optimum
from engine.core.outcomes import Outcomes
from engine.core.thresholds import OperatingPoint
from tui.desk.assessed import NOT_PREPARED, Assessed, Wish
from tui.drawing.summaries import answered_at

ANY_IOU: Final = 0.5  # of a point: a classifier is the same at each
CLASSIFIER_GOALS: Final = tuple(g for g in GOALS if g.kind != "false positives per image")
"""With one answer an image, at most one false positive an image is no limit."""


@dataclass(frozen=True, eq=False)
class Classified(Assessed):
    """What follows from a wish about a classifier."""

    evaluation: ClassificationAnswers
    counts: AnswerCounts  # of the matrix

    @classmethod
    def of(cls, answers: ClassificationAnswers, wish: Wish, best: GoalOptimum | None) -> Self:
        """Worked out; best is the optimum for the goal where it is known."""
        confidence = wish.point.confidence
        matrix = answers.matrix(confidence)
        return cls(
            wish=wish,
            evaluation=answers,
            best=best or _optimum(answers, wish.goal),
            matrix=matrix,
            card=answers.scorecard(confidence),
            rows=_rows(answers, wish),
            optima=None,
            counts=AnswerCounts.of(matrix),
        )

    def for_wish(self, wish: Wish, prepared: Mapping[Any, Any] = NOT_PREPARED) -> Self:
        """The optimum holds at any confidence, all counts hold in any order of the rows."""
        answers = self.evaluation
        best = self.best if wish.goal == self.wish.goal else None
        if wish.point != self.wish.point:
            return self.of(answers, wish, best)
        best = best or _optimum(answers, wish.goal)
        return replace(self, wish=wish, best=best, rows=_rows(answers, wish))

    def is_look_up(self, wish: Wish, prepared: Mapping[Any, Any] = NOT_PREPARED) -> bool:
        """A few milliseconds for a count over the images, where no probability is looked at."""
        return wish.selection is None and wish.goal == self.wish.goal

    @property
    def none_right(self) -> str:
        return "no answer is right"

    @property
    def made_at(self) -> str:
        return answered_at(self.wish.point.confidence)


def _optimum(answers: ClassificationAnswers, goal: Goal) -> GoalOptimum:
    return optimum(answers, goal, len(answers.classification.probabilities))


def _rows(answers: ClassificationAnswers, wish: Wish) -> Outcomes | None:
    """What the feed shows, while somebody looks at it."""
    if wish.selection is None:
        return None
    selected = answers.outcomes(wish.point.confidence).select(wish.selection)
    order = cast(ClassifierOrder, wish.order)
    return selected.where(row_order(selected, answers.classification, order, wish.descending))


def first_classified(
    classification: Classification, goal: Goal = GOALS[0], saved: OperatingPoint | None = None
) -> Classified:
    """Where the app begins: at a saved point, or without one every image answered."""
    point = saved or OperatingPoint(ANY_IOU, classification.start_confidence)
    wish = Wish(point, order=FEED_ORDERS[0], goal=goal)
    return Classified.of(classification.answers, wish, None)
