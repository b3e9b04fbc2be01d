"""Pairs of models on the same images: drawn by hypothesis, or simulated from a known truth."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from engine.classification.classification import Classification
from engine.core.dataset import Predictions, Probabilities
from engine.core.thresholds import OperatingPoint
from engine.detection.detection import Detection
from tests.making import NAMES, detection, detections
from tests.making_classes import classifications

AT_40 = OperatingPoint(0.5, 0.4)


@st.composite
def detector_pairs(draw: st.DrawFn) -> tuple[Detection, Detection]:
    """B has some of A's boxes, with other confidences, and some of its own."""
    a = draw(detections())
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    found = a.predictions
    kept = found.where(np.flatnonzero(rng.random(len(found)) < 0.7))
    kept = replace(kept, confidence=np.clip(kept.confidence + rng.normal(0, 0.1, len(kept)), 0, 1))
    own = found.where(np.flatnonzero(rng.random(len(found)) < 0.3))
    own = replace(own, class_=rng.integers(0, len(a.classes), len(own)))
    return a, Detection(a.dataset, Predictions.join([kept, own]))


@st.composite
def classifier_pairs(draw: st.DrawFn) -> tuple[Classification, Classification]:
    """B has other probabilities, and perhaps not of the same images."""
    a = draw(classifications(normalised=True, dtypes=(np.float64,)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    images = len(a.images)
    answered = np.flatnonzero(rng.random(images) < draw(st.sampled_from([0.7, 1.0])))
    value = rng.random((len(answered), len(a.classes))) + 0.01
    value /= value.sum(axis=1, keepdims=True)
    return a, Classification(a.dataset, Probabilities(answered, value))


def simulated(
    images: int, seed: int, *, better: float = 0.0, classes: int = 1
) -> tuple[Detection, Detection]:
    """Two detectors of objects far apart, some images being harder than others for both.

    Each finds an object with a chance that depends on the image, exactly or shifted so that
    the IoU is .6 or .8, or makes a box beside it; B finds so much more.
    """
    rng = np.random.default_rng(seed)
    objects = rng.integers(0, 5, images)
    image = np.repeat(np.arange(images), objects)
    place = np.arange(len(image)) - np.repeat(np.cumsum(objects) - objects, objects)
    class_ = rng.integers(0, classes, len(image))
    ease = np.repeat(rng.normal(0, 0.8, images), objects)
    boxes = np.stack([place * 20.0, 0 * place, 0 * place + 10.0, 0 * place + 10.0], axis=1)
    sides = []
    for more in (0.0, better):
        chance = 1 / (1 + np.exp(-(0.4 + more + ease)))
        seen, wrong = rng.random(len(image)) < chance, rng.random(len(image)) < 0.25
        shift = rng.choice([0.0, 1.0, 2.5], len(image))
        right = boxes + np.stack([shift, 0 * shift, 0 * shift, 0 * shift], axis=1)
        beside = boxes + np.array([0, 40, 0, 0])
        confidence = np.clip(rng.normal(0.6, 0.2, len(image)) + 0.1 * ease, 0.01, 0.99)
        doubt = np.clip(rng.normal(0.4, 0.2, len(image)), 0.01, 0.99)
        sides.append(
            Predictions(
                np.append(image[seen], image[wrong]),
                np.append(class_[seen], class_[wrong]),
                np.append(confidence[seen], doubt[wrong]),
                np.concatenate([right[seen], beside[wrong]]),
            )
        )
    truths = [
        (i, c, tuple(box))
        for i, c, box in zip(image.tolist(), class_.tolist(), boxes.tolist(), strict=True)
    ]
    a = detection(truths, [], images=images, classes=NAMES[:classes])
    return Detection(a.dataset, sides[0]), Detection(a.dataset, sides[1])
