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
    Images,
    Predictions,
    Probabilities,
)


def fingerprint(dataset: Dataset) -> str:
    """sha256, in hexadecimal, of classes, images and what people marked in them.

    The order of classes, images and boxes in the file makes no difference; a box moved
    by less than a float64 can tell does not either.
    """
    content = hashlib.sha256(type(dataset).__name__.encode())
    class_rank = _ranked(dataset.classes)
    image_order, image_rank = _images(dataset.images)
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


def predictions_fingerprint(dataset: Dataset, found: Predictions | Probabilities) -> str:
    """sha256, in hexadecimal, of what a model says of a dataset, in the order of its file."""
    content = hashlib.sha256(type(found).__name__.encode())
    _add_names(content, dataset.classes)
    _add_names(content, dataset.images.name)
    _add(content, found.image)
    match found:
        case Predictions():
            for column in (found.class_, found.confidence, found.box):
                _add(content, column)
        case Probabilities():
            _add(content, found.value)
        case _:
            assert_never(found)
    return content.hexdigest()


def _ranked(names: Sequence[str]) -> Indices:
    """[C] the place of each name among the sorted ones."""
    rank = np.empty(len(names), np.intp)
    rank[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    return rank


def _images(images: Images) -> tuple[Indices, Indices]:
    """[I] the images by name and size, and the place of each of them in that order."""
    sizes = images.size.tolist()
    order = sorted(range(len(images)), key=lambda image: (images.name[image], sizes[image]))
    rank = np.empty(len(order), np.intp)
    rank[order] = np.arange(len(order))
    return np.array(order, np.intp), rank


def _add_names(content: Any, names: Sequence[str]) -> None:
    for name in names:
        encoded = name.encode("utf-8", "surrogateescape")
        content.update(len(encoded).to_bytes(8, "little") + encoded)
    content.update(b"\xff" * 8)  # no name is that long: the end of the list


def _add(content: Any, column: NDArray[Any]) -> None:
    kind = "<f8" if column.dtype.kind == "f" else "<i8"
    content.update(np.ascontiguousarray(column + 0, kind).tobytes())  # -0.0 becomes 0.0
