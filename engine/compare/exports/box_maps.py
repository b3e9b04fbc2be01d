"""By which rule the boxes of one side become those of the other: moved, scaled, begun elsewhere."""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import Boxes, Indices, Ious
from engine.core.dataset import Predictions
from engine.core.sorting import most_confident_first
from engine.detection.boxes import Pairs, exact_iou
from engine.detection.matching import in_order_of_preference, match

ALIKE: Final = 0.02  # difference of confidence up to which two boxes may be the same one
DRAWS: Final = 200  # of three pairs, of which the best rule is kept
SEED: Final = 0
FITS: Final = 0.8  # IoU from which a box follows a rule
FEWEST: Final = 6  # pairs that a rule must rest on
FEWEST_IN_IMAGE: Final = 3  # boxes of an image that tell its own rule
MOST: Final = 2_000  # pairs that are looked at, and images
ONE: Final = 0.01  # how far a factor is from 1, and half a box from a half, that is taken for it
A_PIXEL: Final = 0.5


@dataclass(frozen=True, eq=False)
class BoxMap:
    """Left and width of a box of B as sums over left, width and 1 of that of A; the same down."""

    across: NDArray[np.float64]  # [3, 2] factors of left, width and 1; for left and for width
    down: NDArray[np.float64]  # [3, 2] of top, height and 1; for top and for height

    @classmethod
    def fitted(cls, a: Boxes, b: Boxes) -> Self:
        """With the least squared error over pairs of boxes [P, 4]."""
        return cls(*(_least_squares(a[:, axis::2], b[:, axis::2]) for axis in (0, 1)))

    def of(self, boxes: Boxes) -> Boxes:
        """What becomes of boxes [N, 4] of A."""
        mapped = np.empty(boxes.shape)
        mapped[:, 0::2] = _columns(boxes[:, 0::2]) @ self.across
        mapped[:, 1::2] = _columns(boxes[:, 1::2]) @ self.down
        return mapped

    @property
    def words(self) -> str:
        """Where the boxes of B are, seen from those of A."""
        (own, part, moved), wide = self.across[:, 0], self.across[1, 1]
        (own_down, part_down, moved_down), high = self.down[:, 0], self.down[1, 1]
        half, half_down = part / wide if wide else 0, part_down / high if high else 0
        said = []
        if abs(abs(half) - 0.5) < 0.05 and abs(abs(half_down) - 0.5) < 0.05:
            where = "in the middle of" if half > 0 else "half their size before"
            said.append(f"begin {where} A's (output.box_format)")
        elif max(abs(half), abs(half_down)) > 0.05:
            said.append(f"begin {half:.2f} of their width and {half_down:.2f} of their height off")
        if abs(own - 1) > ONE or abs(own_down - 1) > ONE:
            said.append(f"are A's times {_factor(own)} across and {_factor(own_down)} down")
        elif abs(wide - 1) > ONE or abs(high - 1) > ONE:
            said.append(f"are {_factor(wide)} times as wide, {_factor(high)} times as high as A's")
        if max(abs(moved), abs(moved_down)) > A_PIXEL:
            sides = (
                (moved, "to the right" if moved > 0 else "to the left"),
                (moved_down, "down" if moved_down > 0 else "up"),
            )
            told = (f"{abs(by):.1f} pixels {way}" for by, way in sides if abs(by) > A_PIXEL)
            said.append(f"are moved {' and '.join(told)}")
        return " and ".join(said) or "follow from A's by a rule"


def common_map(a: Predictions, b: Predictions) -> BoxMap | None:
    """The rule that most boxes of one class, image and confidence follow; None without one.

    Which box of B belongs to one of A is told by the confidence, since they may not overlap.
    """
    one, other, _ = _alike(a, b)
    if len(one) < FEWEST:
        return None
    random = np.random.default_rng(SEED)
    if len(one) > MOST:
        some = random.choice(len(one), MOST, replace=False)
        one, other = one[some], other[some]
    best = np.zeros(len(one), np.bool_)
    for _ in range(DRAWS):
        drawn = random.choice(len(one), 3, replace=False)
        follows = _follows(BoxMap.fitted(one[drawn], other[drawn]), one, other)
        if follows.sum() > best.sum():
            best = follows
    if best.sum() < max(FEWEST, len(one) / 2):
        return None
    return BoxMap.fitted(one[best], other[best])


@dataclass(frozen=True, eq=False)
class ImageScales:
    """A factor and a shift of its own for each image: boxes in the space of another size."""

    boxes: Predictions  # of A, mapped, in the images that tell
    images: Indices  # [K] the images that tell
    factor: NDArray[np.float64]  # [K, 2] across and down

    @property
    def words(self) -> str:
        """The factors in words."""
        low, high = _factor(float(self.factor.min())), _factor(float(self.factor.max()))
        return f"are A's times another factor in each image, from {low} to {high}"


def scales_of_images(a: Predictions, b: Predictions) -> ImageScales | None:
    """The factor and shift of each image that has boxes enough; None where none has."""
    one, other, image = _alike(a, b)
    images = np.flatnonzero(np.bincount(image) >= FEWEST_IN_IMAGE)[:MOST]
    if not len(images):
        return None
    factor, shift = np.empty((len(images), 2)), np.empty((len(images), 2))
    by_image = np.argsort(image, kind="stable")
    ends = np.searchsorted(image[by_image], images, "right")
    for at, begin in enumerate(np.searchsorted(image[by_image], images).tolist()):
        rows = by_image[begin : ends[at]]
        factor[at] = np.median(other[rows, 2:] / np.maximum(one[rows, 2:], 1e-9), axis=0)
        shift[at] = np.median(other[rows, :2] - factor[at] * one[rows, :2], axis=0)
    there = a.where(np.isin(a.image, images))
    place = np.searchsorted(images, there.image)
    box = there.box * np.tile(factor[place], 2)
    box[:, :2] += shift[place]
    return ImageScales(replace(there, box=box), images, factor)


def _alike(a: Predictions, b: Predictions) -> tuple[Boxes, Boxes, Indices]:
    """Boxes of A and B [P, 4] that are the same but for their place, and their image [P]."""
    pairs = _nearest_in_confidence(a, b)
    pairs = pairs.where(np.flatnonzero(pairs.iou >= 1 - ALIKE))
    one, other = a.where(pairs.prediction), b.where(pairs.ground_truth)
    return one.box, other.box, one.image


def _nearest_in_confidence(a: Predictions, b: Predictions) -> Pairs:
    """Rows of a and b of one image and class whose confidences are nearest, wherever they lie.

    The column iou holds 1 less the difference of the confidences.
    """
    order = most_confident_first(a.confidence)
    ranked = a.where(order)
    classes = 1 + max(int(each.class_.max(initial=0)) for each in (a, b))
    key_a, key_b = (each.image * classes + each.class_ for each in (ranked, b))
    by_key = np.argsort(key_b, kind="stable")
    first, end = (np.searchsorted(key_b[by_key], key_a, side) for side in ("left", "right"))
    row_a = np.repeat(np.arange(len(ranked)), end - first)
    begins = np.cumsum(end - first) - (end - first)
    row_b = by_key[np.arange(len(row_a)) - np.repeat(begins - first, end - first)]
    alike: Ious = 1 - np.abs(ranked.confidence[row_a] - b.confidence[row_b])
    return _one_to_one(Pairs(row_a, row_b, alike), order, len(b))


def _one_to_one(found: Pairs, order: Indices, others: int) -> Pairs:
    preferred = in_order_of_preference(found)
    held = preferred.where(match(preferred, others))
    pairs = Pairs(order.take(held.prediction), held.ground_truth, held.iou)
    return pairs.where(np.argsort(pairs.prediction, kind="stable"))


def _follows(rule: BoxMap, one: Boxes, other: Boxes) -> NDArray[np.bool_]:
    overlap = exact_iou(rule.of(one), other, np.zeros(len(one), np.bool_))
    follows: NDArray[np.bool_] = overlap >= FITS
    return follows


def _least_squares(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.linalg.lstsq(_columns(a), b, rcond=None)[0], np.float64)


def _factor(value: float) -> str:
    return f"{value:.3g}".removeprefix("0")


def _columns(sides: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack((sides, np.ones(len(sides))))
