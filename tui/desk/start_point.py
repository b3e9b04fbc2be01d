"""Where the sliders begin: at the saved point, if it was found for this model on these data."""

from dataclasses import dataclass
from pathlib import Path

from engine.cards.operating_point import SavedPoint, stale_words
from engine.core.fingerprint import fingerprint
from engine.core.goals import GOALS, Goal, GoalError
from engine.opening import Opened
from engine.scoring.card import card_beside
from engine.util.words import threshold

INSTEAD = "The sliders begin at the optimum; w saves where they stand."


@dataclass(frozen=True)
class StartPoint:
    """The saved point to begin with, or why the one in the card is none."""

    saved: SavedPoint | None = None
    notice: str = ""  # stays in sight until a point is saved


def start_point(opened: Opened, counts_at_class_thresholds: bool) -> StartPoint:
    """What the card says. Takes as long as a fingerprint of the data: not for the event loop."""
    saved = opened.saved
    if saved is None:
        return StartPoint()
    card = card_of(opened)
    name = "the card" if card is None else card.name
    if opened.start_point is None:
        return StartPoint(notice=f"{stale_words(card or Path(name), opened.changes)} {INSTEAD}")
    data = opened.assessment.dataset
    if saved.dataset not in ("", fingerprint(data)):
        found = f" ({saved.data})" if saved.data not in ("", data.source.name) else ""
        told = f"The operating point in {name} was found on other data{found} than these"
        keep = f"score and serve keep its confidence {threshold(saved.confidence)} until you save"
        return StartPoint(notice=f"{told}: {keep}. {INSTEAD}")
    if saved.classes and not counts_at_class_thresholds:
        told = (
            f"The operating point in {name} has thresholds of classes: score and serve apply them"
        )
        return StartPoint(
            saved, f"{told}, the counts here are at {threshold(saved.confidence)} for all."
        )
    unknown = ", ".join(each for each in saved.classes if each not in data.classes)
    notice = f"The operating point in {name} names classes that these data lack: {unknown}."
    return StartPoint(saved, notice if unknown else "")


def first_goal(opened: Opened, saved: SavedPoint | None) -> Goal:
    """What "optimal" means at first: what was asked for, else what the saved point was best for."""
    asked = Goal.parse(opened.inputs.optimise)
    if saved is None or not saved.goal or asked != GOALS[0]:
        return asked
    try:
        return Goal.parse(saved.goal)
    except GoalError:  # from another version, or written by hand
        return asked


def card_of(opened: Opened) -> Path | None:
    """Where the operating point is kept; None where predictions come from a file, of no model."""
    inputs = opened.inputs
    if inputs.model is None or inputs.predictions is not None:
        return None
    return inputs.card or card_beside(inputs.model)


def own_thresholds(saved: SavedPoint, classes: tuple[str, ...]) -> tuple[float | None, ...]:
    """[C] the confidences that were saved for classes; empty where none was."""
    own = tuple(saved.classes.get(name) for name in classes)
    return own if any(each is not None for each in own) else ()
