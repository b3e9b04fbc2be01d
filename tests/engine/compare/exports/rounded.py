"""Predictions that differ a little, or by a fault that exports have."""

from dataclasses import replace

import numpy as np

from engine.core.dataset import Predictions


def shuffled(found: Predictions, rng: np.random.Generator) -> Predictions:
    """Moved a little, other confidences, some left out."""
    kept = found.where(rng.random(len(found)) < 0.8)
    confidence = np.clip(kept.confidence + rng.normal(0, 0.1, len(kept)), 0, 1)
    return replace(kept, confidence=confidence, box=kept.box + rng.normal(0, 0.5, kept.box.shape))


def rounded(found: Predictions, rng: np.random.Generator, by: float = 0.002) -> Predictions:
    """As a copy in float16 has it."""
    confidence = np.clip(found.confidence + rng.normal(0, by, len(found)), 0, 1)
    box = found.box + rng.normal(0, by, found.box.shape) * np.tile(found.box[:, 2:], 2)
    return replace(found, confidence=confidence, box=box)


def scene(seed: int = 0, images: int = 30, classes: int = 4) -> Predictions:
    """Ten boxes an image that hardly overlap, each with a confidence of its own."""
    rng = np.random.default_rng(seed)
    each = 10
    image = np.repeat(np.arange(images), each)
    place = np.tile(np.arange(each), images)
    corner = np.stack((place % 5 * 60.0, place // 5 * 90.0), 1) + rng.uniform(
        0, 10, (len(place), 2)
    )
    size = rng.uniform((20, 30), (45, 70), (len(place), 2))
    return Predictions(
        image,
        rng.integers(0, classes, len(image)),
        rng.uniform(0.05, 1, len(image)),
        np.hstack([corner, size]),
    )
