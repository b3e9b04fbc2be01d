"""What is kept of a report: counts, answers and where they come from, in an order of its own.

Classes stand by name and images by name and size, as fingerprints have them, so that the same
data in another order of their file are still the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self, TypeAlias, assert_never

import numpy as np

from engine.classification.classification import Classification
from engine.classification.given_answers import GivenAnswers
from engine.compare.image_counts import ImageCounts
from engine.core.arrays import NOTHING, Indices, Mask, Ratios
from engine.core.dataset import Dataset
from engine.core.fingerprint import answers_fingerprint, class_ranks, fingerprint, image_ranks
from engine.core.thresholds import OperatingPoint
from engine.detection.detection import Detection
from engine.opening import Opened
from engine.report.classification_facts import ClassificationFacts
from engine.report.facts import ReportFacts
from engine.util.visible import visible


@dataclass(frozen=True)
class BaselineOrigin:
    """What a baseline was made of."""

    answers: str  # name of the file that the predictions came from
    model: str  # sha256 of the model; "" where predictions came from a file
    predictions: str  # their fingerprint
    data: str  # name of the ground truth
    ground_truth: str  # its fingerprint
    classes: tuple[str, ...]  # [C] in their order; what no terminal can show is escaped
    images: tuple[str, ...]  # [I] likewise
    source: str  # of the confidence: "optimal", "given" or "top-1"
    goal: str  # what "optimal" means, as goals.Goal.spec writes it

    @classmethod
    def of(cls, opened: Opened, source: str, goal: str) -> Self:
        """Of what was opened, judged at a confidence from this source."""
        assessment = opened.assessment
        dataset = assessment.dataset
        match assessment:
            case Detection():
                predictions = answers_fingerprint(dataset, assessment.predictions)
            case Classification():
                predictions = answers_fingerprint(dataset, assessment.probabilities)
            case _:
                assert_never(assessment)
        return cls(
            answers=visible(opened.answers),
            model=opened.digest,
            predictions=predictions,
            data=visible(dataset.source.name),
            ground_truth=fingerprint(dataset),
            classes=tuple(visible(dataset.classes[c]) for c in np.argsort(class_ranks(dataset))),
            images=tuple(visible(dataset.images.name[i]) for i in np.argsort(image_ranks(dataset))),
            source=source,
            goal=goal,
        )


@dataclass(frozen=True, eq=False)
class DetectionBaseline:
    """What a detector counted at its operating point."""

    origin: BaselineOrigin
    point: OperatingPoint
    strict_coco: bool
    counts: ImageCounts
    coco: Mapping[str, float]  # average precision and recall, by the keys of the report
    average_precision: Ratios  # [C]

    @classmethod
    def of(cls, facts: ReportFacts) -> Self:
        """What a report says."""
        dataset = facts.detection.dataset
        counts = ImageCounts.of(facts.at_iou, facts.point.confidence)
        ap = facts.metrics.ap[: len(dataset.classes)]
        return cls(
            BaselineOrigin.of(facts.opened, facts.source, facts.best.goal.spec),
            facts.point,
            facts.opened.inputs.strict_coco,
            counts.renumbered(image_ranks(dataset), class_ranks(dataset)),
            facts.coco.summary._asdict(),
            ap.take(np.argsort(class_ranks(dataset))),
        )

    def counts_in(self, dataset: Dataset) -> ImageCounts:
        """With the numbers that images and classes have in the same data, as they were read."""
        return self.counts.renumbered(
            np.argsort(image_ranks(dataset)), np.argsort(class_ranks(dataset))
        )


@dataclass(frozen=True, eq=False)
class ClassificationBaseline:
    """What a classifier answered at its confidence."""

    origin: BaselineOrigin
    confidence: float
    there: Mask  # [I] whether the image has a prediction
    given: GivenAnswers  # of those images
    headline: Mapping[str, float]  # by the keys of the report
    average_precision: Ratios  # [C]

    @classmethod
    def of(cls, facts: ClassificationFacts) -> Self:
        """What a report says."""
        made, dataset = facts.made, facts.made.dataset
        class_rank, image_rank = class_ranks(dataset), image_ranks(dataset)
        row = made.row_of_image.take(np.argsort(image_rank))
        there = row != NOTHING
        given = GivenAnswers.of(made, facts.confidence).where(row[there])
        return cls(
            BaselineOrigin.of(facts.opened, facts.source, facts.best.goal.spec),
            facts.confidence,
            there,
            renamed(given, class_rank),
            facts.metrics.headline,
            facts.metrics.average_precision.take(np.argsort(class_rank)),
        )

    def answers_in(self, dataset: Dataset) -> GivenAnswers:
        """Of the images that were answered, in the order and with the classes of the same data."""
        image_rank = image_ranks(dataset)
        row = np.cumsum(self.there) - 1
        order = row.take(image_rank[self.there.take(image_rank)])
        return renamed(self.given.where(order), np.argsort(class_ranks(dataset)))


Baseline: TypeAlias = DetectionBaseline | ClassificationBaseline


def renamed(given: GivenAnswers, class_: Indices) -> GivenAnswers:
    """With class_[c] [C] for class c."""
    answer = np.where(given.answer == NOTHING, NOTHING, class_.take(given.answer))
    return GivenAnswers(class_.take(given.truth), answer, given.classes)
