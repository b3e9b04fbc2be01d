"""What the results of each kind of task are called."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Terms:
    """The words of one kind of task, as its field uses them."""

    thing: str  # what a cell of the matrix counts
    things: str
    truths: str  # what people gave, as a heading
    right: str  # of a class: what a cell of the diagonal holds
    unmatched: str  # of a class: what a cell without a prediction holds
    missed: str  # the side of a prediction that is not there
    no_truth: str  # the side of a ground truth that is not there
    missed_what: str  # each kind of cell in one sentence, for help
    false_alarm_what: str
    right_what: str
    confusion_what: str
    in_images: bool  # whether an image holds several things, so that both are counted
    four_cells: bool  # whether two classes make true and false positives and negatives


BOXES: Final = Terms(
    thing="box",
    things="boxes",
    truths="ground truths",
    right="found",
    unmatched="not detected",
    missed="not detected",
    no_truth="not an object",
    missed_what="Ground truths that no prediction was paired with: misses.",
    false_alarm_what="Predictions that were paired with no ground truth: false alarms.",
    right_what="Ground truths that a prediction of their own class found: the true positives.",
    confusion_what="Ground truths paired with a prediction of another class: a confusion.",
    in_images=True,
    four_cells=False,
)
IMAGES: Final = Terms(
    thing="image",
    things="images",
    truths="images",
    right="recognised",
    unmatched="without an answer",
    missed="no answer",
    no_truth="no label",
    missed_what="Images whose highest probability does not reach the confidence: no answer.",
    false_alarm_what="Images without a label.",
    right_what="Images whose most probable class is their label: the right answers.",
    confusion_what="Images whose most probable class is another than their label: a confusion.",
    in_images=False,
    four_cells=True,
)
