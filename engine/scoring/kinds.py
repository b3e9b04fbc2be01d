"""The kinds of model: what differs between a detector and a classifier, in one place.

Adding a kind is its name in `card.Task`, a `ModelKind` and its case in `kind_of`. All else
asks the kind, or matches every type of what a kind finds, so that mypy names what is missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias, assert_never

import numpy as np

from engine.core.dataset import ClassificationDataset, Dataset, DetectionDataset
from engine.core.errors import ModelError
from engine.scoring.card import TASKS, ModelCard, Task
from engine.scoring.families.family import CROP, RESIZE, Question
from engine.scoring.heads import CLASSIFIERS, HEADS
from engine.scoring.heads.candidates import BoxCandidates
from engine.scoring.heads.classify import ProbabilityRows
from engine.scoring.heads.head import Head
from engine.scoring.heads.turned import hulls
from engine.scoring.model.session import Outputs
from engine.scoring.run.found import ClassProbabilities, FoundBoxes, ImagePredictions
from engine.scoring.run.nms import suppress
from engine.scoring.run.resize import Fit
from engine.scoring.run.turned_nms import suppress_turned

AnyHead: TypeAlias = Head[BoxCandidates] | Head[ProbabilityRows]


@dataclass(frozen=True)
class ModelKind:
    """One kind of model."""

    task: Task  # as a card has it
    words: str  # what such a model is called, with its article
    truth_words: str  # what its ground truth has
    heads: Mapping[str, AnyHead]  # the decoders that read its outputs
    read: Callable[[Outputs, Fit, ModelCard, float, Path], ImagePredictions]
    """The outputs of one image without the batch axis, where the image lies in the input, the
    card, the least confidence and the model for its errors -> what was found. Raises
    `heads.NotANumber`, and `ModelError` for a class that the card does not have."""
    resize: Question  # how an image may come to the size of the input
    starts_at: float  # the confidence to begin with where none was saved
    facts: Callable[[ModelCard, float], tuple[tuple[str, str], ...]]
    """The card and the least confidence -> what becomes of the outputs, as names and values."""


def kind_of(task: Task) -> ModelKind:
    """The kind that a card names."""
    match task:
        case "detect":
            return DETECTOR
        case "classify":
            return CLASSIFIER
        case _:
            assert_never(task)


def kind_for(dataset: Dataset) -> ModelKind:
    """The kind of model that a ground truth is for."""
    match dataset:
        case DetectionDataset():
            return DETECTOR
        case ClassificationDataset():
            return CLASSIFIER
        case _:
            assert_never(dataset)


def kind_of_decoder(decoder: str) -> ModelKind:
    """The kind whose outputs a decoder of `card.DECODERS` reads."""
    return next(kind for kind in KINDS if decoder in kind.heads)


def head_of(decoder: str) -> AnyHead:
    """The head of a name in `card.DECODERS`."""
    return kind_of_decoder(decoder).heads[decoder]


def _boxes(
    outputs: Outputs, fit: Fit, card: ModelCard, least: float, model: Path
) -> ImagePredictions:
    candidates = HEADS[card.output.decoder](outputs, card, least)
    nms = card.output.nms
    if nms.needed:
        class_ = np.zeros_like(candidates.class_) if nms.class_agnostic else candidates.class_
        if candidates.turned is None:
            kept = suppress(candidates.corners, class_, nms.iou, nms.max_det)
        else:
            kept = suppress_turned(candidates.turned, class_, nms.iou, nms.max_det)
    else:
        kept = np.arange(min(len(candidates.class_), nms.max_det))
    named = len(card.classes.shown)
    classes = named or np.inf  # none are named where their number is unknown
    if (unknown := candidates.class_[kept].max(initial=0)) >= classes:
        raise ModelError(
            model, f"found class {unknown}, but its card names {named}: complete classes.names"
        )
    if candidates.turned is None:
        boxes = fit.boxes(candidates.corners[kept], card.output.box_space)
    else:
        boxes = fit.boxes(hulls(fit.turned(candidates.turned[kept])), "original")
    return FoundBoxes(
        candidates.class_[kept].astype(np.int32),
        candidates.confidence[kept].astype(np.float32),
        boxes.astype(np.float32),
    )


def _probabilities(
    outputs: Outputs, _fit: Fit, card: ModelCard, _least: float, _model: Path
) -> ImagePredictions:
    return ClassProbabilities(CLASSIFIERS[card.output.decoder](outputs, card))


def _box_facts(card: ModelCard, least: float) -> tuple[tuple[str, str], ...]:
    nms = card.output.nms
    suppression = f"IoU {nms.iou:g}, at most {nms.max_det} an image" if nms.needed else "inside"
    left_out = (("Left out", card.output.left_out),) if card.output.left_out else ()
    return ("Suppression", suppression), ("Kept from", f"confidence {least:g}"), *left_out


def _probability_facts(card: ModelCard, _least: float) -> tuple[tuple[str, str], ...]:
    activation = card.output.activation
    return (("Outputs", "probabilities" if activation == "none" else activation),)


DETECTOR: Final = ModelKind(
    task="detect",
    words="a detector",
    truth_words="boxes",
    heads=HEADS,
    read=_boxes,
    resize=RESIZE,
    starts_at=0.5,
    facts=_box_facts,
)
CLASSIFIER: Final = ModelKind(
    task="classify",
    words="a classifier",
    truth_words="one class for each image",
    heads=CLASSIFIERS,
    read=_probabilities,
    resize=CROP,
    starts_at=0.0,  # it answers every image
    facts=_probability_facts,
)
KINDS: Final = tuple(kind_of(task) for task in TASKS)
