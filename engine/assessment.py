"""One model's answers to one dataset, whatever the kind of task."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engine.arrays import NOTHING
from engine.dataset import Images
from engine.matrix import ConfusionMatrix
from engine.outcomes import Outcomes
from engine.thresholds import Matching, Optimum, Scorecard

Box = tuple[float, float, float, float]  # left, top, width, height in pixels of the image


@dataclass(frozen=True)
class DetailRow:
    """One line of an image's list of boxes, and the box it stands for."""

    tag: str  # TP, FP, FN, below (the threshold), ignored (on a crowd) or crowd
    class_: int  # of the prediction; of the ground truth for FN and crowd
    confidence: float  # NaN for FN and crowd
    iou: float  # with the ground truth named by partner; NaN without one
    box: Box
    why: str  # one sentence that says why the box is what its tag says
    partner: Box | None = None  # the ground truth it found, else the one it overlaps most
    partner_class: int = NOTHING
    prediction: int = NOTHING  # row among the predictions
    ground_truth: int = NOTHING  # row among the ground truths: of the box itself, or of partner

    @property
    def is_truth(self) -> bool:
        """Whether the box was drawn by a person."""
        return self.prediction == NOTHING


class Evaluation(Protocol):
    """All answers judged at one IoU by one rule. Any confidence is then a look-up."""

    @property
    def iou(self) -> float: ...
    @property
    def matching(self) -> Matching: ...
    @property
    def optimum(self) -> Optimum: ...
    def matrix(self, confidence: float) -> ConfusionMatrix:
        """Counts of the predictions whose confidence suffices: see DetectionAtIou.counted."""
        ...

    def scorecard(self, confidence: float) -> Scorecard:
        """Precision, recall and F1 over all classes together."""
        ...

    def outcomes(self, confidence: float) -> Outcomes:
        """The rows that the matrix counts."""
        ...

    def detail(self, image: int, confidence: float) -> tuple[DetailRow, ...]:
        """Every box of one image: by falling confidence, then not detected, below, crowds."""
        ...


class Assessment(Protocol):
    """What the views need to know. Each module in engine.kinds provides one."""

    @property
    def classes(self) -> tuple[str, ...]: ...
    @property
    def images(self) -> Images: ...
    def at_iou(self, iou: float, matching: Matching = "class-first") -> Evaluation: ...


def cells_changed(one: ConfusionMatrix, other: ConfusionMatrix) -> int:
    """How many cells count differently in two matrices of the same classes."""
    return int(np.count_nonzero(one.counts != other.counts))
