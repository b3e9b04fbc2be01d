"""Seeded detection data in the shape of COCO: not uniform noise.

Like COCO it has 7.3 ground truths per image with a long tail and one image in a hundred
without any, frequent and rare classes that keep company in an image, log-normal sizes
with about 47 % small and 17 % large objects, areas smaller than their boxes, 1.2 %
crowds, and category ids with gaps. Predictions are well and badly placed boxes,
duplicates, confusions between fixed neighbours and background, with scores of five
decimals, so that ties occur.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.core.dataset import GroundTruths, Predictions

BLOCK = 250_000  # results written at once
IMAGE_SIZES = np.array([[640, 480], [480, 640], [640, 427], [427, 640], [500, 375], [640, 640]])


@dataclass(frozen=True)
class Size:
    images: int
    classes: int
    ground_truths: int  # about
    predictions: int
    seed: int


SIZES = {
    "XS": Size(300, 20, 2_200, 9_000, seed=10),
    "S": Size(5_000, 80, 36_500, 180_000, seed=11),
    "M": Size(5_000, 80, 36_500, 500_000, seed=12),
    "L": Size(80_000, 365, 1_200_000, 8_000_000, seed=13),
}


@dataclass(frozen=True, eq=False)
class Made:
    """Columns, and the ids under which a file would know their images and classes."""

    ground_truths: GroundTruths
    predictions: Predictions
    image_ids: np.ndarray  # [I]
    image_sizes: np.ndarray  # [I, 2]
    category_ids: np.ndarray  # [C] rising, with gaps


def make(size: Size) -> Made:
    rng = np.random.default_rng(size.seed)
    ids = np.arange(100, size.images * 116)
    image_ids = np.sort(rng.choice(ids, size.images, replace=False))
    shares = [0.32, 0.12, 0.28, 0.12, 0.08, 0.08]
    image_sizes = IMAGE_SIZES[rng.choice(len(IMAGE_SIZES), size.images, p=shares)]
    truths, palette = _ground_truths(rng, size, image_sizes)
    found = _predictions(rng, size, image_sizes, truths, palette)
    return Made(truths, found, image_ids, image_sizes, _category_ids(size.classes))


def _category_ids(classes: int) -> np.ndarray:
    ids = np.arange(1, classes + classes // 8 + 1)
    return np.delete(ids, np.arange(12, len(ids), 9)[: classes // 8])[:classes]


@dataclass(frozen=True, eq=False)
class _Palette:
    """Which classes are frequent, and which ones an image is about."""

    share: np.ndarray  # [C] of each rank
    class_of_rank: np.ndarray  # [C]
    of_image: np.ndarray  # [I, 6] ranks


def _ground_truths(
    rng: np.random.Generator, size: Size, image_sizes: np.ndarray
) -> tuple[GroundTruths, _Palette]:
    share = 1.0 / (np.arange(size.classes) + 2.0) ** 1.05
    share /= share.sum()
    class_of_rank = rng.permutation(size.classes)
    class_of_rank[class_of_rank == 0], class_of_rank[0] = class_of_rank[0], 0

    mean = size.ground_truths / size.images
    shape = 0.85  # of the negative binomial: the long tail
    numbers = 1 + rng.negative_binomial(shape, shape / (shape + mean / 0.99 - 1), size.images)
    numbers[rng.random(size.images) < 0.0096] = 0
    numbers = np.minimum(numbers, int(mean * 12))
    image = np.repeat(np.arange(size.images), numbers)
    n = len(image)
    palette = _Palette(share, class_of_rank, rng.choice(size.classes, (size.images, 6), p=share))
    slot = np.minimum(rng.geometric(0.5, n) - 1, 5)
    class_ = class_of_rank[palette.of_image[image, slot]]

    across, down = image_sizes[image].T.astype(float)
    crowding = np.sqrt(7.3 / np.maximum(numbers[image], 1)) ** 0.35
    side = np.exp(rng.normal(np.log(46), 1.05, n)) * crowding
    aspect = np.exp(rng.normal(0, 0.5, n))
    width, height = np.clip(side * aspect, 3, across), np.clip(side / aspect, 3, down)
    crowd = rng.random(n) < 0.012
    width = np.where(crowd, np.minimum(width * 4 + 60, across), width)
    height = np.where(crowd, np.minimum(height * 2 + 30, down), height)
    class_ = np.where(crowd & (rng.random(n) < 0.75), 0, class_)
    left = rng.random(n) * (across - width)
    top = rng.random(n) * (down - height)
    box = _inside(np.stack([left, top, width, height], axis=1), image_sizes[image])
    area = np.round(box[:, 2] * box[:, 3] * rng.beta(6, 3, n), 4)
    return GroundTruths(image, class_, box, area, crowd), palette


def _predictions(
    rng: np.random.Generator,
    size: Size,
    image_sizes: np.ndarray,
    truths: GroundTruths,
    palette: _Palette,
) -> Predictions:
    n = len(truths)
    neighbours = (np.arange(size.classes)[:, None] + [1, 3, 7]) % size.classes

    def jittered(rows: np.ndarray, shift: float, scale: float) -> np.ndarray:
        left, top, old_width, old_height = truths.box[rows].T
        width = old_width * np.exp(rng.normal(0, scale, len(rows)))
        height = old_height * np.exp(rng.normal(0, scale, len(rows)))
        across = left + old_width / 2 + rng.normal(0, shift, len(rows)) * old_width
        down = top + old_height / 2 + rng.normal(0, shift, len(rows)) * old_height
        return np.stack([across - width / 2, down - height / 2, width, height], axis=1)

    def confused(class_: np.ndarray, share: float) -> np.ndarray:
        other = neighbours[class_, rng.choice(3, len(class_), p=[0.6, 0.3, 0.1])]
        return np.where(rng.random(len(class_)) < share, other, class_)

    side = np.sqrt(truths.box[:, 2] * truths.box[:, 3])
    chance = np.clip(0.45 + 0.5 * np.log(side / 8) / np.log(20), 0.25, 0.97)
    seen = np.flatnonzero((rng.random(n) < chance) & ~(truths.crowd & (rng.random(n) < 0.3)))
    score = rng.beta(2.2 + 3 * chance[seen], 2.0)
    left = size.predictions - len(seen)
    duplicates, parts = int(left * 0.38), int(left * 0.20)

    rows = [
        (truths.image[seen], confused(truths.class_[seen], 0.07), jittered(seen, 0.05, 0.1), score)
    ]
    again = rng.integers(0, n, duplicates)
    image, class_ = truths.image[again], confused(truths.class_[again], 0.55)
    box = jittered(again, 0.09, 0.16)
    rows.append((image, class_, box, rng.beta(0.9, 9, duplicates)))
    part = rng.integers(0, n, parts)
    box = jittered(part, 0.25, 0.25)
    box[:, 2:] *= rng.uniform(0.35, 0.9, (parts, 2))
    class_ = confused(truths.class_[part], 0.3)
    rows.append((truths.image[part], class_, box, rng.beta(0.8, 10, parts)))
    rows.append(_background(rng, left - duplicates - parts, size, image_sizes, palette))

    image, class_, box, score = (np.concatenate(column) for column in zip(*rows, strict=True))
    box = _inside(box, image_sizes[image])
    score = np.round(np.clip(score, 1e-5, 1), 5)
    if size.predictions / size.images >= 100:
        image, score = _evened_out(image, score, size)
        box = _inside(box, image_sizes[image])
    order = np.lexsort((rng.random(len(image)), image))  # image by image, shuffled within
    return Predictions(image[order], class_[order], score[order], box[order])


def _background(
    rng: np.random.Generator, n: int, size: Size, image_sizes: np.ndarray, palette: _Palette
) -> tuple[np.ndarray, ...]:
    image = rng.integers(0, size.images, n)
    across, down = image_sizes[image].T.astype(float)
    side = np.exp(rng.normal(np.log(44), 1.0, n))
    aspect = np.exp(rng.normal(0, 0.5, n))
    width, height = np.minimum(side * aspect, across), np.minimum(side / aspect, down)
    in_keeping = palette.class_of_rank[palette.of_image[image, rng.integers(0, 6, n)]]
    fits = rng.random(n) < 0.5
    any_class = palette.class_of_rank[rng.choice(size.classes, n, p=palette.share)]
    left, top = rng.random(n) * (across - width), rng.random(n) * (down - height)
    box = np.stack([left, top, width, height], axis=1)
    return image, np.where(fits, in_keeping, any_class), box, rng.beta(0.7, 11, n)


def _evened_out(image: np.ndarray, score: np.ndarray, size: Size) -> tuple[np.ndarray, np.ndarray]:
    """The same number in every image, as from a detector that gives its top 100."""
    each = size.predictions // size.images
    counts = np.bincount(image, minlength=size.images)
    order = np.lexsort((-score, image))
    rank = np.arange(len(image)) - np.repeat(np.cumsum(counts) - counts, counts)
    target = np.repeat(np.arange(size.images), np.maximum(each - counts, 0))
    moved = order[rank >= each][: len(target)]
    image, score = image.copy(), score.copy()
    image[moved] = target[: len(moved)]
    score[moved] *= 0.5
    return image, np.round(np.maximum(score, 1e-5), 5)


def _inside(box: np.ndarray, image_size: np.ndarray) -> np.ndarray:
    """Boxes cut at the borders of their images, at least a pixel wide, with two decimals."""
    across, down = image_size.T.astype(float)
    left, top, width, height = box.T
    right, bottom = np.minimum(left + width, across), np.minimum(top + height, down)
    left, top = np.clip(left, 0, across - 1), np.clip(top, 0, down - 1)
    width, height = np.maximum(right - left, 1.0), np.maximum(bottom - top, 1.0)
    return np.round(np.stack([left, top, width, height], axis=1), 2)


def write(made: Made, folder: Path) -> tuple[Path, Path]:
    """Ground truth and results as COCO's JSON files."""
    folder.mkdir(parents=True, exist_ok=True)
    (truth := folder / "truth.json").write_text(json.dumps(ground_truth_document(made)))
    unfinished, found = folder / "results.part", folder / "results.json"
    with unfinished.open("w") as file:  # in blocks: eight million rows as objects are 6 GB
        for start in range(0, max(1, len(made.predictions)), BLOCK):
            rows = results(made, slice(start, start + BLOCK))
            file.write((", " if start else "[") + json.dumps(rows)[1:-1])
        file.write("]")
    return truth, unfinished.replace(found)


def ground_truth_document(made: Made) -> dict[str, list[dict]]:
    truths = made.ground_truths
    columns = zip(
        range(1, len(truths) + 1),
        made.image_ids[truths.image].tolist(),
        made.category_ids[truths.class_].tolist(),
        truths.box.tolist(),
        truths.area.tolist(),
        truths.crowd.astype(int).tolist(),
        strict=True,
    )
    names = ("id", "image_id", "category_id", "bbox", "area", "iscrowd")
    sizes = zip(made.image_ids.tolist(), made.image_sizes.tolist(), strict=True)
    return {
        "images": [
            {"id": id_, "width": width, "height": height, "file_name": f"{id_:012d}.jpg"}
            for id_, (width, height) in sizes
        ],
        "categories": [{"id": id_, "name": f"class {id_}"} for id_ in made.category_ids.tolist()],
        "annotations": [dict(zip(names, row, strict=True)) for row in columns],
    }


def results(made: Made, rows: slice = slice(None)) -> list[dict]:
    found = made.predictions.where(np.arange(len(made.predictions))[rows])
    columns = zip(
        made.image_ids[found.image].tolist(),
        made.category_ids[found.class_].tolist(),
        found.box.tolist(),
        found.confidence.tolist(),
        strict=True,
    )
    names = ("image_id", "category_id", "bbox", "score")
    return [dict(zip(names, row, strict=True)) for row in columns]
