"""What is open of how images are fed to a model, and what is assumed meanwhile."""

from engine.scoring.families.family import (
    COLOR,
    CROP,
    GRAY_VALUES,
    KERAS_VALUES,
    VALUES,
    Question,
)
from engine.scoring.families.seen import SeenModel


def asked(seen: SeenModel, *questions: Question) -> tuple[Question, ...]:
    """Those of the questions that the input leaves open: bytes have one range, gray no order."""
    return tuple(
        question
        for question in questions
        if not (seen.raw_bytes and question.about == VALUES.about)
        and not (seen.gray and question.about == COLOR.about)
    )


def classifier_questions(seen: SeenModel) -> tuple[Question, ...]:
    """What is open of a classifier: nets for photos and for digits are fed by other habits."""
    if not seen.for_photos:
        values = GRAY_VALUES if seen.gray else KERAS_VALUES
        return asked(seen, values, CROP.assuming("stretch"), COLOR)
    if seen.channels_last:
        return asked(seen, KERAS_VALUES.assuming("0 to 255"), CROP.assuming("stretch"), COLOR)
    return asked(seen, VALUES.assuming("ImageNet mean and deviation"), CROP, COLOR)
