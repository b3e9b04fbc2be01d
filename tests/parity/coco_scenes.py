"""Little datasets that tread on every edge of COCO's rules."""

import numpy as np
from hypothesis import strategies as st

from engine.core.dataset import GroundTruths, Predictions
from tests.benchmarks.coco_shaped import Made

SIDES = np.array([8, 16, 32, 33, 64, 96, 97, 128])  # 32 and 96 lie on both ends of a range


@st.composite
def scenes(draw: st.DrawFn) -> Made:
    """Ties in scores and boxes, crowds, files in no order, classes and images without boxes."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    images, classes = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    # Not all of them occur: some images are empty, some classes have one side only.
    n, t = draw(st.integers(1, 120)), draw(st.integers(0, 40))
    on_grid = draw(st.booleans())

    truth_box = _boxes(rng, t, on_grid)
    if draw(st.booleans()):
        truth_box[t // 2 :] = truth_box[: t - t // 2]  # the same box twice
    area = truth_box[:, 2] * truth_box[:, 3]
    if draw(st.booleans()):
        area = area * rng.choice([0.5, 1, 1, 2], t)  # as a segmentation's, not the box's
    truths = GroundTruths(
        image=rng.integers(0, images, t),
        class_=rng.integers(0, classes, t),
        box=truth_box,
        area=area,
        crowd=rng.random(t) < draw(st.sampled_from([0, 0.2, 0.6])),
    )
    found = _predictions(rng, n, truths, images, classes, on_grid)
    if draw(st.booleans()):
        found = _rounded(found, draw(st.integers(0, 2)))
    if draw(st.booleans()):
        found = found.where(np.argsort(found.image, kind="stable"))
    return Made(
        truths,
        found,
        image_ids=rng.permutation(images * 3)[:images] + 1,  # in the file's order, not sorted
        image_sizes=np.full((images, 2), 256),
        category_ids=np.sort(rng.permutation(classes * 2)[:classes]) + 1,
    )


def _predictions(
    rng: np.random.Generator, n: int, truths: GroundTruths, images: int, classes: int, on_grid: bool
) -> Predictions:
    """Half of them anywhere, half near a ground truth, so that many match at some IoU."""
    image, class_ = rng.integers(0, images, n), rng.integers(0, classes, n)
    box = _boxes(rng, n, on_grid)
    if len(truths):
        near = np.flatnonzero(rng.random(n) < 0.5)
        of = rng.integers(0, len(truths), len(near))
        image[near], class_[near] = truths.image[of], truths.class_[of]
        shift = rng.choice([0, 0, 1, 2, 4], (len(near), 4))
        box[near] = truths.box[of] + (shift if on_grid else shift * rng.random(shift.shape))
    return Predictions(image, class_, rng.random(n), box)


def _boxes(rng: np.random.Generator, number: int, on_grid: bool) -> np.ndarray:
    corner, side = rng.integers(0, 4, (number, 2)) * 16.0, rng.choice(SIDES, (number, 2))
    if not on_grid:
        corner, side = corner + rng.random((number, 2)), side * rng.uniform(0.9, 1.1, (number, 2))
    return np.hstack([corner, side]).astype(float)


def _rounded(found: Predictions, decimals: int) -> Predictions:
    return Predictions(found.image, found.class_, np.round(found.confidence, decimals), found.box)
