"""The content of a ground truth, or of predictions, in one number, whatever file it came from."""

import hashlib
from collections.abc import Sequence
from typing import Any, assert_never

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import Indices
from engine.core.dataset import (
    ClassificationDataset,
    Dataset,
    DetectionDataset,
    Predictions,
    Probabilities,
)


def fingerprint(dataset: Dataset) -> str:
    """sha256, in hexadecimal, of classes, images and what people marked in them.

    The order of classes, images and boxes in the file makes no difference; a box moved
    by less than a float64 can tell does not either.
    """
    content = hashlib.sha256(type(dataset).__name__.encode())
    class_rank, image_rank = class_ranks(dataset), image_ranks(dataset)
    image_order = np.argsort(image_rank, kind="stable")
    _add_names(content, [dataset.classes[c] for c in np.argsort(class_rank, kind="stable")])
    _add_names(content, [dataset.images.name[i] for i in image_order])
    _add(content, dataset.images.size[image_order])
    match dataset:
        case ClassificationDataset():
            _add(content, class_rank.take(dataset.label[image_order]))
        case DetectionDataset():
            truths = dataset.ground_truths
            columns = (
                truths.crowd.astype(np.int64),
                *truths.box.T,
                class_rank.take(truths.class_),
                image_rank.take(truths.image),
            )
            order = np.lexsort(columns)
            for column in columns:
                _add(content, column[order])
        case _:
            assert_never(dataset)
    return content.hexdigest()


def answers_fingerprint(dataset: Dataset, found: Predictions | Probabilities) -> str:
    """sha256, in hexadecimal, of what a model says of a ground truth.

    The order of classes and images makes no difference, as for the ground truth. That of the
    boxes does: of equally confident ones the first chooses first.
    """
    content = hashlib.sha256(type(found).__name__.encode())
    class_rank, image = class_ranks(dataset), image_ranks(dataset).take(found.image)
    match found:
        case Predictions():
            for column in (image, class_rank.take(found.class_), found.confidence, *found.box.T):
                _add(content, column)
        case Probabilities():
            rows = np.argsort(image)
            _add(content, image.take(rows))
            for class_ in np.argsort(class_rank):
                _add(content, found.value[rows, class_])
        case _:
            assert_never(found)
    return content.hexdigest()


def class_ranks(dataset: Dataset) -> Indices:
    """[C] the place of each class among their sorted names, which is the same for any file."""
    names = dataset.classes
    rank = np.empty(len(names), np.intp)
    rank[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    return rank


def image_ranks(dataset: Dataset) -> Indices:
    """[I] the place of each image by name and size, which is the same for any file."""
    images = dataset.images
    sizes = images.size.tolist()
    order = sorted(range(len(images)), key=lambda image: (images.name[image], sizes[image]))
    rank = np.empty(len(order), np.intp)
    rank[np.array(order, np.intp)] = np.arange(len(order))
    return rank


def _add_names(content: Any, names: Sequence[str]) -> None:
    for name in names:
        encoded = name.encode("utf-8", "surrogateescape")
        content.update(len(encoded).to_bytes(8, "little") + encoded)
    content.update(b"\xff" * 8)  # no name is that long: the end of the list


def _add(content: Any, column: NDArray[Any]) -> None:
    kind = "<f8" if column.dtype.kind == "f" else "<i8"
    content.update(np.ascontiguousarray(column + 0, kind).tobytes())  # -0.0 becomes 0.0
