"""Openings of made data, and what a report keeps of them."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.classification.classification import Classification
from engine.core.dataset import Probabilities
from engine.detection.detection import Detection
from engine.opening import Inputs, Opened
from engine.report.baseline.kept import Baseline
from engine.report.reporting import reported

FILE = Path("main.baseline")


def opened(made: Detection | Classification, **inputs: object) -> Opened:
    """As if predictions had come from a file."""
    named = Inputs(data=made.dataset.source, predictions=Path("found.json"), **inputs)
    return Opened(named, made, "found.json", (), (), ())


def kept(
    made: Detection | Classification,
    *,
    iou: float = 0.5,
    confidence: object = None,
    **inputs: object,
) -> Baseline:
    """What a report at a confidence keeps."""
    found = reported(opened(made, **inputs), iou, confidence, with_intervals=False)
    return found.baseline()


def shuffled(made: Detection | Classification, seed: int) -> Detection | Classification:
    """The same data with images and classes in another order of their file."""
    rng = np.random.default_rng(seed)
    dataset = made.dataset
    images = rng.permutation(len(dataset.images))  # old rows in the new order
    classes = rng.permutation(len(dataset.classes))
    image, class_ = np.argsort(images), np.argsort(classes)
    names = tuple(dataset.classes[c] for c in classes)
    if isinstance(made, Classification):
        there = dataset.only(images)
        there = replace(there, classes=names, label=class_.take(there.label))
        found = made.probabilities
        value = found.value[:, classes]
        return Classification(there, Probabilities(image.take(found.image), value))
    truths, found = dataset.ground_truths, made.predictions
    whole = replace(
        dataset,
        classes=names,
        images=dataset.images.only(images),
        ground_truths=replace(
            truths, image=image.take(truths.image), class_=class_.take(truths.class_)
        ),
    )
    moved = replace(found, image=image.take(found.image), class_=class_.take(found.class_))
    return Detection(whole, moved)
