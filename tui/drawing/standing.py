"""Where the confidence stands, as a sentence: at the best one, at a saved one, or elsewhere."""

from dataclasses import dataclass
from datetime import date

from engine.core.goals import GoalOptimum, best_words
from engine.core.thresholds import OperatingPoint
from engine.util.words import number, threshold

OWN = {True: "its own", False: "their own"}


@dataclass(frozen=True)
class Standing:
    """What decides which sentence is true."""

    point: OperatingPoint
    best: GoalOptimum
    moved: bool = False  # by the person, and not by what the best confidence depends on
    saved: str | None = None  # when this point was saved, ISO 8601; None: it was not
    at_zero: str = ""  # what stands for a confidence of 0, where that is no threshold
    no_optimum: str = ""  # why no confidence is best, in words; empty where one is

    @property
    def at_best(self) -> bool:
        """Whether no other confidence serves the goal better."""
        if self.no_optimum or self.point.per_class:
            return False
        return self.point.confidence == self.best.confidence

    @property
    def at(self) -> str:
        """The confidence, told apart from the best one."""
        if self.point.per_class:
            return "confidence of each class"
        if self.at_zero and self.point.confidence == 0:
            return self.at_zero
        return f"confidence {threshold(self.point.confidence, self.best.confidence)}"

    @property
    def way(self) -> str:
        """`0 goes back to .487 (best F1)`; nothing where it goes nowhere."""
        best, now = self.best, self.point.confidence
        if self.no_optimum or self.at_best or self.point.per_class:
            return ""
        back = "back " if self.moved else ""
        to = threshold(best.confidence, now)
        return f"0 goes {back}to {to} ({best_words(best.goal)})"

    def words(self, today: date) -> tuple[str, ...]:
        """The sentence at length, then in less room."""
        best, way = best_words(self.best.goal), self.way
        rest = way or self.no_optimum
        if self.saved is not None:
            when = f"saved {day_words(self.saved, today)}".rstrip()
            when += f", {best}" if self.at_best else f"; {rest}" if rest else ""
            return f"{self.at}, {when}", when
        if self.point.per_class:
            moved = ", as saved and moved since"
            return (self.at + (moved if self.point.own else f" = its own {best}"),)
        if self.at_best:
            return (f"{self.at} = {best}",)
        if self.moved and way:
            return f"{self.at}, you moved it; {way}", f"you moved it; {way}"
        return (f"{self.at}; {rest}" if rest else self.at,)


def saved_point_words(
    confidence: float, saved: float, own: int, day: str, today: date
) -> tuple[str, ...]:
    """Where a confidence stands beside a saved point, at length and then in less room.

    own is how many classes have thresholds of their own in that point; they hold only at it.
    day is when it was saved, ISO 8601.
    """
    classes = number(own, "class", "classes")
    if confidence == saved:
        when = f"saved {day_words(day, today)}".rstrip()
        rest = f"; {classes} at {OWN[own == 1]} threshold" if own else ""
        return f"confidence {threshold(saved)}, {when}{rest}", f"{when}{rest}"
    at = f"confidence {threshold(confidence, saved)}{' for all classes' if own else ''}"
    to = threshold(saved, confidence)
    way = f"0 goes back to {to}" + (f" and {classes} at {OWN[own == 1]}" if own else "")
    return f"{at}, you moved it; {way}", f"{at}; {way}", way


def day_words(saved: str, today: date) -> str:
    """`on 3 March`, and the year where it is another one; nothing for what is no date."""
    try:
        day = date.fromisoformat(saved[:10])
    except ValueError:
        return ""
    year = f" {day.year}" if day.year != today.year else ""
    return f"on {day.day} {day:%B}{year}"
