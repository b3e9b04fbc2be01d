"""Two sides at two points: what is shown and told of them, cheap enough to follow a slider."""

from dataclasses import dataclass

from engine.classification.classification import ClassificationAnswers
from engine.compare.answers import ComparedAnswers, compared_answers
from engine.compare.objects import ComparedObjects, compared_objects
from engine.compare.points import SidePoint
from engine.compare.sides import Sides
from engine.core.arrays import Counts
from engine.core.matrix import ConfusionMatrix
from engine.core.thresholds import Scorecard
from engine.detection.detection import DetectionAtIou


@dataclass(frozen=True, eq=False)
class Comparison:
    """A and B, object by object or image by image, and the matrices that count them."""

    sides: Sides
    a: SidePoint
    b: SidePoint
    objects: ComparedObjects | ComparedAnswers
    matrix_a: ConfusionMatrix
    matrix_b: ConfusionMatrix
    scorecard_a: Scorecard
    scorecard_b: Scorecard

    @property
    def is_detection(self) -> bool:
        """Whether objects are compared, and not images of classifiers."""
        return isinstance(self.objects, ComparedObjects)

    @property
    def delta(self) -> Counts:
        """[C + 1, C + 1] the matrix of B less that of A, rows and columns as in those."""
        difference: Counts = self.matrix_b.counts - self.matrix_a.counts
        return difference


def compared(sides: Sides, a: SidePoint, b: SidePoint) -> Comparison:
    """Both sides at their points, which have one IoU and one rule."""
    one, other = sides.a.judged(a.point), sides.b.judged(b.point)
    objects: ComparedObjects | ComparedAnswers
    match one, other:
        case DetectionAtIou(), DetectionAtIou():
            objects = compared_objects(one, a.point.confidence, other, b.point.confidence)
        case ClassificationAnswers(), ClassificationAnswers():
            objects = compared_answers(one, a.point.confidence, other, b.point.confidence)
        case _:
            raise TypeError(f"{sides.a.name} and {sides.b.name} are of two kinds")
    return Comparison(
        sides,
        a,
        b,
        objects,
        one.matrix(a.point.confidence),
        other.matrix(b.point.confidence),
        one.scorecard(a.point.confidence),
        other.scorecard(b.point.confidence),
    )
