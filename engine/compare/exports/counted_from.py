"""From which confidence on boxes count where there are no labels to find the best one with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from engine.cards.operating_point import PointError, applied, point_of
from engine.compare.exports.agreement import FROM
from engine.core.arrays import Scores
from engine.core.dataset import Predictions
from engine.scoring.card import card_beside
from engine.scoring.run.scorer import Scorer
from engine.util.words import threshold

ModelWithCard: TypeAlias = tuple[Scorer, Path | None]
"""A model and its card, where that is not the one beside it."""


@dataclass(frozen=True)
class CountedFrom:
    """From which confidence boxes count, the same on both sides, and why from there."""

    confidence: float
    of_class: Mapping[str, float]  # classes that have one of their own
    source: Literal["given", "saved", "default", "file", "top-1"]


def counted_from(
    given: float | None,
    models: tuple[ModelWithCard | None, ModelWithCard | None],
    found: tuple[Predictions, Predictions],
    names: tuple[str, str],
) -> tuple[CountedFrom, list[str]]:
    """Where boxes begin to count: as given, from the saved point of A, else of B, else from .25.

    One confidence for both sides: at two of them the agreement would be one of thresholds. A
    file that was cut above it is compared from where it begins.
    """
    notes: list[str] = []
    start = CountedFrom(FROM, {}, "default") if given is None else CountedFrom(given, {}, "given")
    if given is None:
        for model, name in zip(models, names, strict=True):
            if model is not None and (saved := _saved(model, name, notes)) is not None:
                start = saved
                break
    for model, name, boxes, others in zip(models, names, found, found[::-1], strict=True):
        lowest = float(boxes.confidence.min(initial=np.inf))
        below = (others.confidence >= start.confidence) & (others.confidence < lowest)
        if model is None and len(boxes) and below.any():
            notes.append(
                f"{name} holds no box below {threshold(lowest)}, so boxes count from there and "
                f"not from {threshold(start.confidence)}."
            )
            own = {class_: max(each, lowest) for class_, each in start.of_class.items()}
            start = CountedFrom(lowest, own, "file")
    return start, notes


def _saved(model: ModelWithCard, name: str, notes: list[str]) -> CountedFrom | None:
    """The operating point in the card of a model, where it has one that holds."""
    scorer, card = model
    point = point_of(scorer.card, card or card_beside(scorer.model))
    if point is None:
        return None
    try:
        thresholds = applied(point, scorer.model, scorer.digest, scorer.class_names, scorer.card)
    except PointError as error:
        notes.append(f"The operating point saved for {name} is not used: {error}.")
        return None
    notes.extend(f"{name}: {note}" for note in thresholds.notes)
    told = thresholds.told(scorer.class_names)
    return CountedFrom(told["confidence"], told["classes"], "saved")


def of_classes(start: CountedFrom, classes: Sequence[str]) -> Scores:
    """[C] where the boxes of each class begin to count."""
    return np.array([start.of_class.get(name, start.confidence) for name in classes])
