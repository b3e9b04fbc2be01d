"""Tensors of the Open Inference Protocol, as JSON and as raw bytes."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, assert_never

import numpy as np
from numpy.typing import NDArray

from engine.batch.judged import Boxed, Classed, ScoredImage
from engine.scoring.card import Task

Outputs: TypeAlias = Mapping[str, tuple[str, tuple[int, ...]]]
"""Names of tensors, each with its type and its shape."""

TYPES: Final = {"float32": "FP32", "float64": "FP64", "int64": "INT64"}

# Boxes are the sums that `offdiag score` writes, which single precision would round.
DETECTED: Final[Outputs] = {
    "boxes": ("FP64", (-1, 4)),
    "scores": ("FP32", (-1,)),
    "labels": ("INT64", (-1,)),
    "class_names": ("BYTES", (-1,)),
    "thresholds": ("FP64", (-1,)),
    "image_index": ("INT64", (-1,)),
    "image_size": ("INT64", (-1, 2)),
}
CLASSIFIED: Final[Outputs] = {
    "labels": ("INT64", (-1,)),
    "class_names": ("BYTES", (-1,)),
    "scores": ("FP32", (-1,)),
    "thresholds": ("FP64", (-1,)),
    "probabilities": ("FP32", (-1, -1)),
    "image_size": ("INT64", (-1, 2)),
}


@dataclass(frozen=True, eq=False)
class Tensor:
    """A named array, or a list of strings."""

    name: str
    value: NDArray[Any] | list[str]

    @property
    def head(self) -> dict[str, Any]:
        """All but the data."""
        if isinstance(self.value, list):
            return {"name": self.name, "datatype": "BYTES", "shape": [len(self.value)]}
        shape = list(self.value.shape)
        return {"name": self.name, "datatype": TYPES[self.value.dtype.name], "shape": shape}

    @property
    def data(self) -> list[Any]:
        """The values in one flat list."""
        if isinstance(self.value, list):
            return self.value
        flat: list[Any] = self.value.ravel().tolist()
        return flat

    def raw(self) -> bytes:
        """Little-endian, in the order of rows; strings each after its length in 4 bytes."""
        if isinstance(self.value, list):
            parts = [text.encode() for text in self.value]
            return b"".join(struct.pack("<I", len(part)) + part for part in parts)
        return self.value.astype(self.value.dtype.newbyteorder("<")).tobytes()


def unpacked_strings(raw: bytes) -> list[bytes]:
    """The elements of a BYTES tensor; ValueError where the lengths do not come out even."""
    elements, at = [], 0
    while at < len(raw):
        length = int.from_bytes(raw[at : at + 4], "little")
        at += 4 + length
        if at > len(raw):
            raise ValueError("an element is cut short")
        elements.append(raw[at - length : at])
    return elements


def outputs_of(task: Task) -> Outputs:
    """The tensors that a model of this kind answers with."""
    match task:
        case "detect":
            return DETECTED
        case "classify":
            return CLASSIFIED
        case _:
            assert_never(task)


def tensors(images: Sequence[ScoredImage], names: Sequence[str]) -> list[Tensor]:
    """What was found in all images of a request: only what counts at the operating point."""
    boxed: list[Boxed] = []
    classed: list[Classed] = []
    for image in images:
        match image:
            case Boxed():
                boxed.append(image)
            case Classed():
                classed.append(image)
            case _:
                assert_never(image)
    sizes = np.array([image.size for image in images], np.int64).reshape(-1, 2)
    own = _classified(classed, names) if classed else _detected(boxed, names)
    return [*own, Tensor("image_size", sizes)]


def _detected(images: Sequence[Boxed], names: Sequence[str]) -> list[Tensor]:
    """One row a box, those of the first image first."""
    label = np.concatenate([image.class_[image.kept] for image in images]).astype(np.int64)
    corners = np.concatenate([image.box[image.kept] for image in images])
    corners[:, 2:] += corners[:, :2]
    confidence = np.concatenate([image.confidence[image.kept] for image in images])
    threshold = np.concatenate([image.threshold[image.kept] for image in images])
    counts = [int(image.kept.sum()) for image in images]
    return [
        Tensor("boxes", corners),
        Tensor("scores", confidence.astype(np.float32)),
        Tensor("labels", label),
        Tensor("class_names", [names[index] for index in label.tolist()]),
        Tensor("thresholds", threshold),
        Tensor("image_index", np.repeat(np.arange(len(images), dtype=np.int64), counts)),
    ]


def _classified(images: Sequence[Classed], names: Sequence[str]) -> list[Tensor]:
    """One row an image; label -1 and an empty name where the model abstains."""
    label = [image.top if image.kept else -1 for image in images]
    return [
        Tensor("labels", np.array(label, np.int64)),
        Tensor("class_names", ["" if index < 0 else names[index] for index in label]),
        Tensor("scores", np.array([image.score for image in images], np.float32)),
        Tensor("thresholds", np.array([image.threshold for image in images], np.float64)),
        Tensor("probabilities", np.stack([image.probability for image in images]).astype("f4")),
    ]
