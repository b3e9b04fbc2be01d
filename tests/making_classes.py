"""Small classifications for tests: by hand, or drawn by hypothesis with every trap in them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from engine.classification.classification import Classification
from engine.core.dataset import ClassificationDataset, Images, Probabilities

NAMES = ("bolt", "nut", "washer", "gear", "spring", "bearing", "chain")


def classification(
    label: Sequence[int],
    value: Sequence[Sequence[float]],
    *,
    image: Sequence[int] | None = None,
    classes: tuple[str, ...] | None = None,
    dtype: type = np.float64,
) -> Classification:
    """From the label of each image and a row of probabilities for each, or for those named."""
    rows = np.array(value, dtype)
    every = np.arange(len(label)) if image is None else np.array(image, np.intp)
    if classes is None:
        classes = NAMES[: rows.shape[1]]
    names = tuple(f"{i:06d}.jpg" for i in range(len(label)))
    size = np.full((len(label), 2), 100, np.intp)
    dataset = ClassificationDataset(
        Path("labels.csv"),
        classes,
        Images(names, (None,) * len(label), size),
        np.array(label, np.intp),
    )
    return Classification(dataset, Probabilities(every, rows.reshape(-1, len(classes))))


@st.composite
def classifications(
    draw: st.DrawFn,
    *,
    least_classes: int = 1,
    dtypes: Sequence[type] = (np.float64, np.float32, np.float16),
    normalised: bool | None = None,
    whole: bool = False,
) -> Classification:
    """Few images of few classes: ties, zeros, classes without images, images without answer.

    normalised says whether rows sum to 1, None either; whole gives each class an image and
    each image a prediction.
    """
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    classes = draw(st.integers(least_classes, len(NAMES)))
    n = draw(st.integers(classes if whole else 1, 40))
    shown = classes if whole else draw(st.integers(1, classes))
    label = rng.integers(0, shown, n)
    if whole:
        label[:classes] = np.arange(classes)
    value = rng.random((n, classes))
    value[np.arange(n), label] += draw(st.sampled_from([0.0, 0.5, 2.0]))
    value **= draw(st.sampled_from([1, 4]))
    if draw(st.booleans() if normalised is None else st.just(normalised)):
        value /= value.sum(axis=1, keepdims=True)
    else:
        value /= max(value.max(), 1)
    if not normalised and draw(st.booleans()):
        value = np.round(value, 1)  # equal ones abound, and 0 and 1
    image = np.arange(n)
    if not whole and draw(st.booleans()):
        image = rng.permutation(n)[: draw(st.integers(1, n))]
    names = NAMES[:classes]
    dtype = draw(st.sampled_from(list(dtypes)))
    return classification(label, value[image], image=image, classes=names, dtype=dtype)
