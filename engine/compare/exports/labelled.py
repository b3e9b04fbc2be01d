"""The sides of a comparison with labels, as they are checked without them."""

from typing import Final

from engine.classification.classification import Classification
from engine.compare.exports.agreement import FROM
from engine.compare.exports.answer_reasons import AnswerSides
from engine.compare.exports.counted_from import CountedFrom, of_classes
from engine.compare.exports.eight_bits import limits_of
from engine.compare.exports.reasons import BoxSides
from engine.compare.exports.verdicts import Agreement, ComparedSides, agreement
from engine.compare.sides import Sides, is_model
from engine.detection.detection import Detection

TWO_CARDS: Final = "B is the file of A, fed as another card says"


def labelled_agreement(sides: Sides) -> Agreement:
    """How far both sides agree, whatever the labels; no model is run to find out why not."""
    models = [side.path if is_model(side.path) else None for side in (sides.a, sides.b)]
    found = agreement(compared_answers_of(sides), limits_of(*models))
    one_file = models[0] is not None and models[1] is not None and models[0].samefile(models[1])
    if one_file and found.verdict == "other" and not found.reason:
        return found.explained_by("preprocessing", TWO_CARDS)
    return found


def boxes_from(sides: Sides) -> CountedFrom:
    """From which confidence the boxes of detectors count.

    That is the saved point of A, else that of B, else .25, on both sides: at two optima the
    agreement would be one of thresholds.
    """
    saved = sides.a.opened.start_point or sides.b.opened.start_point
    if saved is None:
        return CountedFrom(FROM, {}, "default")
    return CountedFrom(saved.confidence, saved.classes, "saved")


def compared_answers_of(sides: Sides) -> ComparedSides:
    """What both sides answer, of detectors with where boxes begin to count: see boxes_from."""
    a, b = sides.a.assessment, sides.b.assessment
    match a, b:
        case Detection(), Detection():
            least = of_classes(boxes_from(sides), sides.classes)
            return BoxSides(sides.classes, sides.images, a.predictions, b.predictions, least, least)
        case Classification(), Classification():
            return AnswerSides(sides.classes, a.probabilities, b.probabilities)
        case _:
            raise TypeError("two sides of different kinds are never compared")
