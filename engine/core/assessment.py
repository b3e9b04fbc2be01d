"""One model's answers to one dataset, whatever the kind of task."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engine.core.arrays import NOTHING, Indices, Scores
from engine.core.dataset import Images
from engine.core.matrix import ConfusionMatrix
from engine.core.outcomes import Outcomes
from engine.core.ranked import Curve
from engine.core.thresholds import OperatingPoint, Optimum, Scorecard

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


@dataclass(frozen=True, eq=False)
class ProbabilityDetail:
    """What a classifier says of one image: every class by falling probability.

    Equal probabilities keep the order of the classes. Without a prediction of the image
    the columns are empty and `why` says so.
    """

    class_: Indices  # [C], or [0] without a prediction
    probability: Scores  # [C] falling
    truth: int  # the class that people gave
    predicted: int  # the most probable class; NOTHING below the threshold or without a prediction
    confidence: float  # of the most probable class; NaN without a prediction
    rank: int  # place of the truth among the classes, from 1; 0 without a prediction
    margin: float  # first probability less the second; NaN with fewer than two
    right: bool
    why: str  # one sentence that says what the model answered and whether it is right


class Evaluation(Protocol):
    """All answers judged by one rule. Any confidence is then a look-up."""

    @property
    def optimum(self) -> Optimum:
        """The confidence with the highest F1 over all classes together."""

    @property
    def points(self) -> Curve:
        """A point for each confidence that makes a difference, all classes together."""

    def leading_points(self) -> Iterator[Curve]:
        """Points from the highest confidence down, ever more of them, the last time all.

        For who may stop early: the fewer are asked for, the less there is to match.
        """

    def matrix(self, confidence: float) -> ConfusionMatrix:
        """Counts of the predictions whose confidence suffices."""

    def scorecard(self, confidence: float) -> Scorecard:
        """Precision, recall and F1 over all classes together."""

    def outcomes(self, confidence: float) -> Outcomes:
        """The rows that the matrix counts."""


class Assessment(Protocol):
    """What the views need to know. engine.detection and engine.classification provide one.

    What only one kind has stands on its own types: boxes of an image on the evaluation
    of a Detection, probabilities of an image on that of a Classification.
    """

    @property
    def classes(self) -> tuple[str, ...]: ...
    @property
    def images(self) -> Images: ...
    @property
    def start_confidence(self) -> float | None:
        """The confidence to begin at; None for the one that serves the goal best."""

    def judged(self, point: OperatingPoint) -> Evaluation:
        """Every answer judged: of the point only its IoU and its matching matter."""


def cells_changed(one: ConfusionMatrix, other: ConfusionMatrix) -> int:
    """How many cells count differently in two matrices of the same classes."""
    return int(np.count_nonzero(one.counts != other.counts))
