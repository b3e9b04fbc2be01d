"""Images that were scored on the go, as lines of a list and of bars."""

from typing import Final

import numpy as np

from engine.cards.operating_point import Thresholds
from engine.core.arrays import NOTHING
from engine.scoring.run.found import ClassProbabilities
from engine.scoring.run.store import ImageAnswer
from engine.util.visible import visible
from tui.drawing.file_names import file_name
from tui.image.paint.probability_lines import ProbabilityList
from tui.whatif.paint.trial_lines import TrialRow

TOPS: Final = 8  # boxes that a summary looks at
FEW: Final = 3  # classes that a summary looks at


def probabilities(
    answer: ImageAnswer, thresholds: Thresholds, names: tuple[str, ...]
) -> ProbabilityList:
    """What a classifier says, by falling probability; there is no truth to hold against it."""
    assert isinstance(answer.found, ClassProbabilities)
    value = answer.found.value.astype(np.float64)
    order = np.argsort(-value, kind="stable")
    limit = float(thresholds.of(order[:1])[0])
    answered = value[order[0]] >= limit
    top = int(order[0]) if answered else NOTHING
    return ProbabilityList(names, order, value.take(order), NOTHING, top, limit)


def row_of(answer: ImageAnswer, limits: Thresholds, names: tuple[str, ...]) -> TrialRow:
    """An image in the list."""
    name = file_name(answer.file.path)
    if answer.failure:
        return TrialRow(name, visible(answer.failure), failed=True)
    spent = None if answer.timing is None else answer.timing.inference
    found, lead = answer.found, ""
    if isinstance(found, ClassProbabilities):
        rows = np.argsort(-found.value, kind="stable")[:FEW]
        value, class_ = found.value[rows], rows
        count = len(rows)
        if value[0] < limits.of(rows[:1])[0]:
            lead = "no answer  "
    else:
        kept = limits.kept(found.class_.astype(np.intp), found.confidence.astype(np.float64))
        rows = np.flatnonzero(kept)
        count = len(rows)
        value, class_ = found.confidence[rows[:TOPS]], found.class_[rows[:TOPS]].astype(np.intp)
    tops = tuple((names[c], float(v)) for c, v in zip(class_.tolist(), value, strict=True))
    return TrialRow(name, tops=tops, count=count, lead=lead, milliseconds=spent)
