"""Every number of the report for two sides, with the difference and how certain it is."""

from collections.abc import Callable, Iterator
from typing import Final, Protocol, TypeAlias, assert_never

from engine.classification.classification import Classification, ClassificationAnswers
from engine.compare.classification_numbers import ClassifierPair, ClassifierSide
from engine.compare.detection_numbers import DetectorPair, DetectorSide
from engine.compare.differences import (
    ClassDifferences,
    ComparedNumbers,
    Difference,
    DifferenceTests,
    DrawnNumbers,
    SideNumbers,
    side_by_side,
    with_certainty,
)
from engine.compare.significance import EXCHANGES
from engine.core.arrays import Counts
from engine.core.errors import EngineError
from engine.core.intervals import drawn_weights
from engine.core.thresholds import OperatingPoint
from engine.detection.detection import Detection, DetectionAtIou

__all__ = [
    "ClassDifferences",
    "ComparedNumbers",
    "Difference",
    "compared_numbers",
    "numbers_without_intervals",
]

Judged: TypeAlias = Detection | Classification | DetectionAtIou | ClassificationAnswers
"""A side, or what is matched of it already at the IoU and by the rule of its point."""

SAMPLES: Final = 1000  # of the images, from which intervals are whole


class ComparedSide(Protocol):
    """One of two at its point."""

    @property
    def numbers(self) -> SideNumbers:
        """As in its report."""


class ComparedPair(Protocol):
    """Two at their points, of the same images, classes and ground truths."""

    @property
    def a(self) -> ComparedSide: ...
    @property
    def b(self) -> ComparedSide: ...

    @property
    def images(self) -> int:
        """How many are drawn."""

    @property
    def at_once(self) -> int:
        """Drawings in a turn."""

    def tests(
        self, exchanges: int, seed: int, cancelled: Callable[[], bool]
    ) -> DifferenceTests | None:
        """The p-values that do not come from the drawings; None if it was cancelled."""

    def drawn(
        self, weights: Counts, first: int, seed: int, cancelled: Callable[[], bool]
    ) -> DrawnNumbers | None:
        """B less A in drawings of a seed, from the first of these on; None if cancelled."""


def numbers_without_intervals(
    a: Judged, point_a: OperatingPoint, b: Judged, point_b: OperatingPoint
) -> ComparedNumbers:
    """What both reports say, at once. The two share their dataset and are of one kind.

    Who follows a slider gives what is matched already: then this is a look-up.
    """
    pair = _pair(a, point_a, b, point_b)
    return side_by_side(pair.a.numbers, pair.b.numbers)


def compared_numbers(
    a: Judged,
    point_a: OperatingPoint,
    b: Judged,
    point_b: OperatingPoint,
    *,
    samples: int = SAMPLES,
    exchanges: int = EXCHANGES,
    seed: int = 0,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[ComparedNumbers]:
    """The same with intervals, better and better, until there are so many samples.

    Images are drawn with replacement, as many as there are, the same ones for both sides:
    what is hard for A is hard for B, so the difference is known better than either. Boxes of
    one image depend on each other, images do not. A caller who stops asking stops the work,
    and so does cancelled, which is asked again and again; then the last is not whole.
    """
    pair = _pair(a, point_a, b, point_b)
    yield from numbers_of_pair(pair, samples, exchanges, seed, cancelled)


def numbers_of_pair(
    pair: ComparedPair,
    samples: int = SAMPLES,
    exchanges: int = EXCHANGES,
    seed: int = 0,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[ComparedNumbers]:
    """As compared_numbers has them."""
    known = side_by_side(pair.a.numbers, pair.b.numbers)
    tests = None if cancelled() else pair.tests(exchanges, seed, cancelled)
    if tests is None:
        return
    drawn: list[DrawnNumbers] = []
    first = 0
    for weights in drawn_weights(pair.images, samples if pair.images else 0, seed, pair.at_once):
        found = None if cancelled() else pair.drawn(weights, first, seed, cancelled)
        if found is None:
            return
        drawn.append(found)
        first += len(weights)
        together = DrawnNumbers.join(drawn)
        yield with_certainty(known, tests, together, whole=first == samples)


def _pair(
    a: Judged, point_a: OperatingPoint, b: Judged, point_b: OperatingPoint
) -> DetectorPair | ClassifierPair:
    one, other = _side(a, point_a), _side(b, point_b)
    match one, other:
        case DetectorSide(), DetectorSide():
            return DetectorPair(one, other)
        case ClassifierSide(), ClassifierSide():
            return ClassifierPair(one, other)
    raise EngineError("A detector and a classifier have no number in common.")


def _side(judged: Judged, point: OperatingPoint) -> DetectorSide | ClassifierSide:
    match judged:
        case Detection():
            return DetectorSide(judged.judged(point), point.confidence)
        case DetectionAtIou():
            return DetectorSide(judged, point.confidence)
        case Classification():
            return ClassifierSide(judged, point.confidence)
        case ClassificationAnswers():
            return ClassifierSide(judged.classification, point.confidence)
        case _:
            assert_never(judged)
