"""Why a report stands at its confidence, in words."""

import math

from engine.core.goals import GoalOptimum
from engine.util.words import share, threshold


def point_words(confidence: float, source: str, best: GoalOptimum) -> str:
    """Where the confidence is from, and what the best one is; source as the reports have it."""
    at = threshold(confidence, best.confidence)
    optimum = threshold(best.confidence, confidence)
    if math.isnan(best.confidence):
        known = "no confidence is best here: there is nothing to choose from"
    else:
        low, high = (threshold(end) for end in best.flat)
        near = f", within 1 % from {low} to {high}" if low != high else ""
        known = f"{best.goal.words} is {share(best.value, 3)} at confidence {optimum}{near}"
    match source:
        case "optimal":
            return f"The confidence is the optimal one for this goal: {known}."
        case "top-1":
            return (
                f"Every image is answered with its most probable class. With a threshold, {known}."
            )
        case _:
            return f"The confidence {at} was given. For the goal, {known}."
