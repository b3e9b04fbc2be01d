"""COCO from any dataset: ground truth, and results with the same ids."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
import numpy as np

from engine.core.arrays import Indices
from engine.core.dataset import DetectionDataset, Predictions

TOGETHER: Final = (
    100_000  # rows encoded at once: as objects they take much more memory than as text
)


class _Annotation(msgspec.Struct, gc=False, omit_defaults=True):
    id: int
    image_id: int
    category_id: int
    bbox: list[float]
    area: float
    iscrowd: int
    difficult: int = 0


class _Result(msgspec.Struct, gc=False):
    image_id: int
    category_id: int
    bbox: list[float]
    score: float


def truth_json(dataset: DetectionDataset) -> bytes:
    """Ground truth as COCO; reading it again gives the same boxes to the last bit.

    Image ids that are whole numbers stay, others are numbered from 1. COCO has no word
    for difficult: such boxes are crowds with a field `difficult`, which only people read.
    """
    images, truths = dataset.images, dataset.ground_truths
    image_id, category_id = _image_ids(dataset), np.array(dataset.category_ids, np.int64)
    tags = images.tags or ({},) * len(images)
    pictures = [
        {**tag, "id": id_, "file_name": name, **({"width": w, "height": h} if w and h else {})}
        for tag, id_, name, (w, h) in zip(
            tags, image_id.tolist(), images.name, images.size.tolist(), strict=True
        )
    ]
    categories = [
        {"id": id_, "name": name}
        for id_, name in zip(dataset.category_ids, dataset.classes, strict=True)
    ]
    difficult = np.zeros(len(truths), np.bool_) if truths.difficult is None else truths.difficult
    columns = (
        np.arange(1, len(truths) + 1),
        image_id.take(truths.image),
        category_id.take(truths.class_),
        truths.box,
        truths.area,
        truths.crowd.astype(np.intp),
        difficult.astype(np.intp),
    )
    rows = _rows(_Annotation, columns)
    head = {"images": pictures, "categories": categories}
    encoded = msgspec.json.encode(head)[:-1]
    return b"".join((encoded, b',"annotations":', *rows, b"}\n"))


def results_json(dataset: DetectionDataset, predictions: Predictions) -> bytes:
    """Predictions as COCO results, with the ids that truth_json gives to the dataset."""
    columns = (
        _image_ids(dataset).take(predictions.image),
        np.array(dataset.category_ids, np.int64).take(predictions.class_),
        predictions.box,
        predictions.confidence,
    )
    return b"".join((*_rows(_Result, columns), b"\n"))


def keeps_image_ids(dataset: DetectionDataset) -> bool:
    """Whether the ids of all images are whole numbers, which COCO wants."""
    return all(isinstance(id_, int) for id_ in dataset.image_ids)


def _image_ids(dataset: DetectionDataset) -> Indices:
    if keeps_image_ids(dataset):
        return np.array(dataset.image_ids, np.int64)
    return np.arange(1, len(dataset.images) + 1)


def _rows(type_: type[msgspec.Struct], columns: Sequence[np.ndarray]) -> Iterator[bytes]:
    """A JSON list in pieces, a row of the columns each element."""
    encoder, between = msgspec.json.Encoder(), b""
    yield b"["
    for start in range(0, len(columns[0]), TOGETHER):
        part = [column[start : start + TOGETHER].tolist() for column in columns]
        rows = [type_(*row) for row in zip(*part, strict=True)]
        yield between + encoder.encode(rows)[1:-1]
        between = b","
    yield b"]"
