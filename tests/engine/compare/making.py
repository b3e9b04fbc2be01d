"""Pairs of assessments of one dataset, drawn by hypothesis."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from engine.classification.classification import Classification
from engine.core.dataset import Predictions, Probabilities
from engine.detection.detection import Detection
from tests.making import detections
from tests.making_classes import classifications


@st.composite
def detection_pairs(draw: st.DrawFn, *, ties: bool = True) -> tuple[Detection, Detection]:
    """Two detectors on one dataset: the second is the first, changed a little, or another."""
    a = draw(detections(ties=ties))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    found, n = a.predictions, len(a.predictions)
    classes, images = len(a.classes), len(a.images)
    if draw(st.booleans()):
        kept = np.flatnonzero(rng.random(n) < 0.8)
        rows = found.where(kept)
        change = [0.0, 0.1, -0.1] if ties else [0.03, 0.1, -0.1]
        shift = rng.choice([0.0, 1.0, 4.0], (len(kept), 4))
        other = rng.integers(0, classes, len(kept))
        changed = Predictions(
            rows.image,
            np.where(rng.random(len(kept)) < 0.2, other, rows.class_),
            np.clip(rows.confidence + rng.choice(change, len(kept)), 0, 1),
            rows.box + shift,
        )
        return a, Detection(a.dataset, changed)
    m = draw(st.integers(0, 40))
    confidence = rng.uniform(0, 1, m)
    if ties:
        confidence = np.round(confidence, 1)
    box = np.hstack([rng.integers(0, 24, (m, 2)), rng.integers(4, 24, (m, 2))]).astype(float)
    new = Predictions(rng.integers(0, images, m), rng.integers(0, classes, m), confidence, box)
    return a, replace(a, predictions=new)


@st.composite
def classification_pairs(draw: st.DrawFn) -> tuple[Classification, Classification]:
    """Two classifiers on one dataset, which need not answer the same images."""
    a = draw(classifications())
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    images, classes = len(a.images), len(a.classes)
    value = rng.random((images, classes)).round(draw(st.integers(1, 3)))
    same = np.flatnonzero(rng.random(len(a.probabilities)) < 0.5)
    value[a.probabilities.image[same]] = a.probabilities.value[same]
    image = rng.permutation(images)[: draw(st.integers(1, images))]
    return a, Classification(a.dataset, Probabilities(image, value[image]))
