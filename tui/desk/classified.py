"""A classifier at one confidence, and how to come from one to the next."""

from dataclasses import dataclass, replace
from typing import Final, cast

from engine.classification.answer_counts import AnswerCounts
from engine.classification.classification import Classification, ClassificationAnswers
from engine.classification.feed_orders import FEED_ORDERS, ClassifierOrder, row_order
from engine.core.goals import GOALS, Goal, optimum
from engine.core.thresholds import OperatingPoint
from tui.desk.assessed import Assessed, Wish

ANY_IOU: Final = 0.5  # of a point: a classifier is the same at each
CLASSIFIER_GOALS: Final = tuple(g for g in GOALS if g.kind != "false positives per image")
"""With one answer an image, at most one false positive an image is no limit."""


@dataclass(frozen=True, eq=False)
class Classified(Assessed):
    """What follows from a wish about a classifier."""

    evaluation: ClassificationAnswers
    counts: AnswerCounts  # of the matrix


def assess(classification: Classification, wish: Wish, known: Classified | None) -> Classified:
    """Work out a wish; of what is known, the optimum holds at any confidence."""
    answers, point = classification.answers, wish.point
    if known is not None and known.wish.goal == wish.goal:
        best = known.best
    else:
        best = optimum(answers, wish.goal, len(classification.probabilities))
    rows = None
    if wish.selection is not None:
        selected = answers.outcomes(point.confidence).select(wish.selection)
        order = cast(ClassifierOrder, wish.order)
        rows = selected.where(row_order(selected, classification, order, wish.descending))
    if known is not None and known.wish.point == point:
        return replace(known, wish=wish, best=best, rows=rows)
    matrix = answers.matrix(point.confidence)
    return Classified(
        wish=wish,
        evaluation=answers,
        best=best,
        matrix=matrix,
        card=answers.scorecard(point.confidence),
        rows=rows,
        counts=AnswerCounts.of(matrix),
    )


def is_look_up(wish: Wish, known: Classified) -> bool:
    """Whether a wish costs a few milliseconds: a count over the images, no probability."""
    return wish.selection is None and wish.goal == known.wish.goal


def first_wish(
    classification: Classification, goal: Goal = GOALS[0], saved: OperatingPoint | None = None
) -> Classified:
    """Where the app begins: at a saved point, or without one every image answered."""
    point = saved or OperatingPoint(ANY_IOU, classification.start_confidence)
    return assess(classification, Wish(point, order=FEED_ORDERS[0], goal=goal), None)
