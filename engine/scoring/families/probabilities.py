"""What a classifier's outputs are: logits, probabilities of one class, or one for each class."""

from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.scoring.families.family import Choice, FamilyMatch, Question
from engine.scoring.families.seen import SeenModel

SUM_TOLERANCE: Final = 1e-2
BYTES: Final = 255  # of a quantised graph: 1
MULTI_LABEL: Final = "multi_label_classification"  # in `problem_type` of a config.json
SEVERAL: Final = Choice(
    "several classes may be right", {"output.decoder": "", "output.activation": ""}
)
MEANING: Final = Question(
    "outputs",
    (
        Choice("a probability for each class by itself, one right", {"output.activation": "none"}),
        Choice("logits", {"output.activation": "softmax"}),
        SEVERAL,
    ),
)
"""Where only the answers to noise show that they may be those of a multi-label model."""


def activation_of(seen: SeenModel, output: str) -> str:
    """What is left to do: "none" for probabilities, "softmax" for logits.

    An output of a Softmax or a Sigmoid is settled. Else the answer to noise decides:
    probabilities are not negative and sum to 1.
    """
    values = seen.values(output)
    if output in seen.graph.probabilities:
        return "none"
    if values is None or not values.size:
        return "softmax"
    if values.dtype == np.uint8:
        return "none"
    return "none" if _are_shares(_rows(values)) else "softmax"


def multi_label(why: str, classes: int, activation: str = "") -> str:
    """Why a multi-label model is refused, and what else it may be, up to the path of its card.

    The activation is that of its outputs where they are no probabilities yet.
    """
    said = 'decoder = "classify"'
    if activation:
        said += f' and activation = "{activation}"'
    return (
        f"gives each of its {classes:,} classes a probability of its own ({why}), so several may "
        "be right for an image: multi-label models are not assessed; where only one is right, "
        f"write {said} under [output] in"
    )


def judged(match: FamilyMatch, seen: SeenModel) -> FamilyMatch:
    """A classifier refused, or asked about, where its classes do not exclude each other.

    Its last operator is evidence. Where only its answers to noise are, classes that exclude
    each other may still have been trained by themselves: then it is a question.
    """
    output = str(match.card.get("output.boxes") or seen.outputs[0])
    if match.card["output.decoder"] != "classify" or match.refused:
        return match
    classes = _classes(match, seen, output)
    if classes < 2:
        return match
    if output in seen.graph.sigmoids:
        return replace(match, refused=multi_label("a sigmoid is its last operator", classes))
    if output in seen.graph.probabilities or match.level == "certain":
        return match
    answers = [_rows(values) for values in seen.answers(output) if values.size]
    each = bool(answers) and all(((rows >= 0) & (rows <= 1)).all() for rows in answers)
    if not each or all(map(_are_shares, answers)):
        return match
    card = {key: value for key, value in match.card.items() if key != "output.activation"}
    questions = (*match.open_questions, MEANING)
    reason = f"{match.reason}; from 0 to 1 for any image, with sums other than 1"
    return replace(match, card=card, reason=reason, level="guess", open_questions=questions)


def _classes(match: FamilyMatch, seen: SeenModel, output: str) -> int:
    if isinstance(names := match.card.get("classes.names"), tuple):
        return len(names)
    shape = seen.shape(output) or ()
    return int(np.prod(shape[1:]))


def _rows(values: NDArray[Any]) -> NDArray[np.float64]:
    """[images, classes]; bytes as the shares that they stand for."""
    rows: NDArray[np.float64] = values.reshape(len(values), -1).astype(np.float64)
    return rows / BYTES if values.dtype == np.uint8 else rows


def _are_shares(rows: NDArray[np.float64]) -> bool:
    return bool((rows >= 0).all() and np.abs(rows.sum(axis=1) - 1).max() <= SUM_TOLERANCE)
