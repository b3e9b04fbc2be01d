"""Small datasets for tests: drawn by hypothesis, or shaped like COCO."""

from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from engine.core.dataset import DetectionDataset, GroundTruths, Images, Predictions
from engine.detection.detection import Detection

NAMES = ("bolt", "nut", "washer", "gear")


def detection(
    truths: list[tuple[int, int, tuple[float, ...]]],
    found: list[tuple[int, int, float, tuple[float, ...]]],
    *,
    images: int = 1,
    classes: tuple[str, ...] = NAMES,
    crowds: tuple[int, ...] = (),
) -> Detection:
    """From rows (image, class, box) and (image, class, confidence, box)."""
    box = np.array([row[2] for row in truths], float).reshape(-1, 4)
    crowd = np.isin(np.arange(len(truths)), crowds)
    ground_truths = GroundTruths(
        image=np.array([row[0] for row in truths], np.intp),
        class_=np.array([row[1] for row in truths], np.intp),
        box=box,
        area=box[:, 2] * box[:, 3],
        crowd=crowd,
    )
    predictions = Predictions(
        image=np.array([row[0] for row in found], np.intp),
        class_=np.array([row[1] for row in found], np.intp),
        confidence=np.array([row[2] for row in found], float),
        box=np.array([row[3] for row in found], float).reshape(-1, 4),
    )
    return Detection(dataset(ground_truths, images, classes), predictions)


def dataset(
    ground_truths: GroundTruths, images: int, classes: tuple[str, ...] = NAMES
) -> DetectionDataset:
    names = tuple(f"{i:06d}.jpg" for i in range(images))
    size = np.full((images, 2), 100, np.intp)
    return DetectionDataset(
        Path("truth.json"),
        classes,
        Images(names, (None,) * images, size),
        ground_truths,
        tuple(range(images)),
        tuple(range(len(classes))),
    )


@st.composite
def detections(draw: st.DrawFn, *, crowds: bool = True, ties: bool = True) -> Detection:
    """Crowded little scenes: boxes on a coarse grid overlap often, and exactly alike."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    images, classes = draw(st.integers(1, 4)), draw(st.integers(1, len(NAMES)))
    n, t = draw(st.integers(0, 40)), draw(st.integers(0, 20))
    grid = draw(st.sampled_from([1.0, 4.0]))

    def boxes(number: int) -> np.ndarray:
        corner, side = rng.uniform(0, 24, (number, 2)), rng.uniform(4, 24, (number, 2))
        return np.ceil(np.hstack([corner, side]) / grid) * grid

    confidence = rng.uniform(0, 1, n)
    if ties and draw(st.booleans()):
        confidence = np.round(confidence, 1)
    box = boxes(t)
    ground_truths = GroundTruths(
        image=rng.integers(0, images, t),
        class_=rng.integers(0, classes, t),
        box=box,
        area=box[:, 2] * box[:, 3],
        crowd=rng.random(t) < (0.15 if crowds else 0),
    )
    predictions = Predictions(
        rng.integers(0, images, n), rng.integers(0, classes, n), confidence, boxes(n)
    )
    return Detection(dataset(ground_truths, images, NAMES[:classes]), predictions)


ious = st.sampled_from([0.1, 0.3, 0.5, 0.75, 0.9, 1.0])
confidences = st.one_of(st.floats(0, 1), st.sampled_from([round(k / 10, 1) for k in range(11)]))
