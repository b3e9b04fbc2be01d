"""What is compared, where both sides stand, and what one looks at. It knows no widget."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import isnan
from typing import Final, Literal

from engine.compare.comparison import Comparison, compared
from engine.compare.numbers import ComparedNumbers, Judged, compared_numbers
from engine.compare.numbers import numbers_without_intervals as numbers_at_once
from engine.compare.points import SidePoint, WantedPoint, side_point
from engine.compare.selecting import STATUSES, ChangeSelection, Kind, RowOrder
from engine.compare.sides import Side, Sides
from engine.compare.status import Why
from engine.core.goals import GOALS, Goal
from engine.core.ranked import Curve
from engine.core.thresholds import Matching
from engine.detection.detection import DetectionAtIou
from tui.desk.assessed import Assessed
from tui.desk.desk import next_of

Follows = Literal["own", "both", "other"]
"""What the sliders move: the side of the main screen while the other stands at its own point,
both sides, or the other side alone."""

FOLLOWS: Final[tuple[Follows, ...]] = ("own", "both", "other")
OF_OBJECTS: Final[tuple[Kind, ...]] = (
    "changed", "broken", "fixed", "both wrong", "both right", "new", "gone", "shared",
)  # fmt: skip
OF_IMAGES: Final = OF_OBJECTS[:5]  # a classifier makes no false alarm
ORDERS: Final[tuple[RowOrder, ...]] = ("confidence", "image")
QUICK: Final = 0.02  # seconds: what takes less is worked out where the key is answered


@dataclass(frozen=True)
class PointsWanted:
    """Where both sides are to be judged, the side of the main screen first."""

    iou: float
    matching: Matching
    goal: Goal
    confidence: float
    other: float | None  # confidence of the other side; None for its own point
    swapped: bool = False  # whether the side of the main screen is B

    def pairs_as(self, wanted: "PointsWanted") -> bool:
        """Whether boxes are matched in the same way there."""
        return (self.iou, self.matching) == (wanted.iou, wanted.matching)


@dataclass(frozen=True, eq=False)
class ComparedAt:
    """Both sides at two points, and their numbers."""

    wanted: PointsWanted
    comparison: Comparison
    numbers: ComparedNumbers
    judged: tuple[Judged, Judged]  # of A and of B, matched
    seconds: float  # that it took

    def with_intervals(self, cancelled: Callable[[], bool]) -> Iterator[ComparedNumbers]:
        """The numbers better and better; takes its time, and is for a thread."""
        (a, b), at = self.judged, self.comparison
        yield from compared_numbers(a, at.a.point, b, at.b.point, cancelled=cancelled)

    @property
    def confidences(self) -> tuple[float, float]:
        """Where A and B stand."""
        return self.comparison.a.point.confidence, self.comparison.b.point.confidence

    def curves(self) -> tuple[Curve, Curve] | None:
        """Of two detectors at the IoU, at every confidence; takes its time."""
        one, other = self.judged
        if isinstance(one, DetectionAtIou) and isinstance(other, DetectionAtIou):
            return one.points, other.points
        return None


class CompareSession:
    """Says what is to be worked out, works it out when asked to, and holds what came of it."""

    def __init__(self) -> None:
        self.sides: Sides | None = None  # A is that of the main screen, swapped or not
        self.beside: WantedPoint = None  # where the other side stands by itself
        self.wanted = PointsWanted(0.5, "class-first", GOALS[0], 0.5, None)
        self.follows: Follows = "own"
        self.held = 0.5  # confidence of the main screen's side while sliders move the other
        self.shown: ComparedAt | None = None
        self.numbers: ComparedNumbers | None = None  # as good as they are so far
        self.selection = ChangeSelection()
        self.order: RowOrder = ORDERS[0]
        self.descending = True
        self.working = False
        self._own: dict[tuple[int, float, Matching, Goal], SidePoint] = {}  # by side, IoU, rule

    def take_sides(self, sides: Sides, beside: WantedPoint = None) -> None:
        """Other sides; beside is where the other one stands by itself, its optimum for None."""
        self.sides, self.beside = sides, beside
        self.shown = self.numbers = None
        self._own.clear()
        self.selection = ChangeSelection()

    def begin(self, sides: Sides, confidence: WantedPoint) -> None:
        """As asked for from the beginning: both at a number, or each at its own point."""
        both = isinstance(confidence, float)
        self.take_sides(sides, None if both else confidence)
        self.follows = "both" if both else "own"

    # Where both sides stand

    @property
    def main(self) -> str:
        """The letter of the side that the main screen shows."""
        return "B" if self.wanted.swapped else "A"

    @property
    def other(self) -> str:
        """The letter of the side beside it."""
        return "A" if self.wanted.swapped else "B"

    def follow(self, assessed: Assessed) -> None:
        """The sliders stand elsewhere."""
        wish = assessed.wish
        point, moved = wish.point, wish.point.confidence
        confidence = self.held if self.follows == "other" else moved
        self.wanted = PointsWanted(
            point.iou,
            point.matching,
            wish.goal,
            confidence,
            None if self.follows == "own" else moved,
            self.wanted.swapped,
        )

    def turn_follows(self) -> float:
        """The next choice of what the sliders move; where they have to stand then."""
        before, self.follows = self.follows, next_of(FOLLOWS, self.follows)
        now = self.wanted.confidence
        if self.follows == "other":
            self.held = now
            return self.confidence_of_other
        return self.held if before == "other" else now

    @property
    def confidence_of_other(self) -> float:
        """Where the other side stands on show."""
        if self.shown is None:
            return self.wanted.confidence
        shown = self.shown.comparison
        return (shown.a if self.shown.wanted.swapped else shown.b).point.confidence

    def swap(self) -> None:
        """B becomes A."""
        self.wanted = replace(self.wanted, swapped=not self.wanted.swapped)

    # From there to what follows

    @property
    def is_behind(self) -> bool:
        """Whether something else is wanted than is on show."""
        return self.sides is not None and (self.shown is None or self.shown.wanted != self.wanted)

    @property
    def is_quick(self) -> bool:
        """Whether what is wanted is worked out within a frame: another step of the same slider."""
        shown = self.shown
        return shown is not None and shown.wanted.pairs_as(self.wanted) and shown.seconds < QUICK

    def work_out(self, sides: Sides, wanted: PointsWanted) -> ComparedAt:
        """Both sides there. One call at a time, in whatever thread."""
        start = time.perf_counter()
        main = self._point(sides.a, wanted, wanted.confidence)
        best = self._own_point(sides.a, wanted, None)
        if best.point.confidence == main.point.confidence:
            main = best
        if wanted.other is None:
            other = self._own_point(sides.b, wanted, self.beside)
            if isnan(other.point.confidence):  # it has no optimum
                other = self._point(sides.b, wanted, wanted.confidence)
        else:
            other = self._point(sides.b, wanted, wanted.other)
        if wanted.swapped:
            sides, main, other = sides.swapped(), other, main
        comparison = compared(sides, main, other)
        judged = sides.a.judged(main.point), sides.b.judged(other.point)
        numbers = numbers_at_once(judged[0], main.point, judged[1], other.point)
        return ComparedAt(wanted, comparison, numbers, judged, time.perf_counter() - start)

    def _point(self, side: Side, wanted: PointsWanted, confidence: float) -> SidePoint:
        return side_point(side, wanted.iou, wanted.matching, wanted.goal, confidence)

    def _own_point(self, side: Side, wanted: PointsWanted, at: WantedPoint) -> SidePoint:
        """It stays the same at any confidence of the sliders."""
        key = id(side), wanted.iou, wanted.matching, wanted.goal
        if key not in self._own:
            self._own[key] = side_point(side, wanted.iou, wanted.matching, wanted.goal, at)
        return self._own[key]

    def take(self, found: ComparedAt) -> None:
        """What was worked out is on show."""
        self.shown, self.numbers = found, found.numbers

    def take_numbers(self, at: ComparedAt, numbers: ComparedNumbers) -> bool:
        """Intervals came, perhaps of points that are gone; whether they are on show."""
        if at is not self.shown:
            return False
        self.numbers = numbers
        return True

    # What one looks at

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What there is to choose from."""
        detects = self.shown is None or self.shown.comparison.is_detection
        return OF_OBJECTS if detects else OF_IMAGES

    def turn_kind(self) -> None:
        """The next kind of rows, with all reasons and cells."""
        kind = next_of(self.kinds, self.selection.what)
        self.selection = ChangeSelection(kind, self.selection.class_)

    def turn_why(self) -> None:
        """The next reason for which there are rows; then all again."""
        if self.shown is None:
            return
        chosen = replace(self.selection, why=None)
        counts = self.shown.comparison.objects.whys
        there: list[Why | None] = [None]
        what = chosen.what
        statuses = [STATUSES[each] for each in ("fixed", "broken") if what in (each, "changed")]
        statuses += [STATUSES[what]] if what == "both wrong" else []
        there += [why for why in Why if any(counts(status)[why] for status in statuses)]
        self.selection = replace(chosen, why=next_of(there, self.selection.why))
