"""What a model shows of itself: its ports, its metadata, the files beside it, and a dry run."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.core.errors import ModelError
from engine.scoring.heads.head import Shape
from engine.scoring.model.onnx_graph import GraphFacts
from engine.scoring.model.refusals import refusals
from engine.scoring.model.session import NUMPY_TYPES, OpenModel, Port, in_floats
from engine.util.unique_keys import RepeatedKeyError, unique_keys

SIDES_TO_TRY: Final = (640, 224, 320)  # where neither the graph nor anything beside it says
HIGHEST_SHARE: Final = 2.0
SMALLEST_OF_PHOTOS: Final = 65  # pixels of a side; nets for digits and icons take fewer
LEVELS: Final = (0, 1, 255)  # times the noise from 0 to 1: no model takes all for images
BIGGEST_JSON: Final = 20_000_000  # bytes of a file beside the model that are read
SIZE_INPUTS: Final = frozenset(
    {"orig_target_sizes", "original_target_sizes", "orig_size", "target_sizes"}
)
MASK_INPUTS: Final = frozenset({"pixel_mask"})


@dataclass(frozen=True, eq=False)
class SeenModel:
    """A model and what can be learned of it without an image."""

    model: OpenModel
    size: tuple[int, ...] = ()  # height, width that the card asks for

    @property
    def metadata(self) -> Mapping[str, str]:
        """The file's own key-value pairs."""
        return self.model.metadata

    @property
    def graph(self) -> GraphFacts:
        """What the graph consists of."""
        return self.model.graph

    @property
    def outputs(self) -> tuple[str, ...]:
        return tuple(port.name for port in self.model.outputs)

    @cached_property
    def image(self) -> Port | None:
        """The input that takes images: the first with four axes, else with three."""
        ports = sorted(self.model.inputs, key=lambda port: -len(port.shape))
        return next((port for port in ports if len(port.shape) in (3, 4)), None)

    @cached_property
    def channels_last(self) -> bool:
        """Whether the image's channels are its last axis."""
        shape = self.image.shape if self.image else ()
        return bool(shape) and shape[-1] in (1, 3) and shape[-3] not in (1, 3)

    @cached_property
    def sides(self) -> tuple[int | None, int | None]:
        """Height and width of the input where the graph fixes them."""
        shape = self.image.shape if self.image else (None, None, None)
        height, width = shape[-3:-1] if self.channels_last else shape[-2:]
        return tuple(side if isinstance(side, int) else None for side in (height, width))  # type: ignore[return-value]

    @property
    def input_size(self) -> tuple[int, ...]:
        """Height and width that the graph fixes, else those that the card asks for, or nothing."""
        height, width = self.sides
        return (height, width) if height and width else self.size

    @property
    def raw_bytes(self) -> bool:
        """Whether the input takes bytes, which leaves no choice of pixel values."""
        return self.image is not None and self.image.type == "tensor(uint8)"

    @property
    def gray(self) -> bool:
        """Whether the input has one channel."""
        shape = self.image.shape if self.image else ()
        return bool(shape) and shape[-1 if self.channels_last else -3] == 1

    @property
    def for_photos(self) -> bool:
        """Whether the input may be that of a net for photos: in colour, and not tiny."""
        tiny = any(side and side < SMALLEST_OF_PHOTOS for side in self.sides)
        return not (self.gray or tiny)

    def shape(self, output: str) -> Shape | None:
        """The real shape of an output for one image, the batch axis included; None unknown."""
        declared = next(port.shape for port in self.model.outputs if port.name == output)
        if declared and all(isinstance(axis, int) for axis in declared[1:]):
            first = declared[0] if isinstance(declared[0], int) else 1
            return (first, *(axis for axis in declared[1:] if isinstance(axis, int)))
        values = self.values(output)
        return None if values is None else values.shape

    def values(self, output: str) -> NDArray[Any] | None:
        """What the model answers to noise; None where it cannot be run so, or is no array."""
        found = self.dry_run.get(output)
        return found if isinstance(found, np.ndarray) else None

    def in_pixels(self, output: str, *, columns: bool = False) -> bool:
        """Whether the first four numbers of each row, or the first four rows, are pixels.

        Shares of the input's sides and confidences hardly leave 0 to 1, however odd the
        image. True where the model cannot be tried.
        """
        values = self.values(output)
        if values is None:
            return True
        boxes = values[:, :4] if columns else values[..., :4]
        return bool((np.abs(boxes) > HIGHEST_SHARE).any())

    @cached_property
    def dry_run(self) -> Mapping[str, Any]:
        """The outputs for an image of noise, by name; empty where the model refuses all sizes."""
        return self._tried(1)

    def answers(self, output: str) -> tuple[NDArray[Any], ...]:
        """What the model answers to images of several ranges, which no net takes all for images."""
        given = (tried.get(output) for tried in self._trials)
        return tuple(values for values in given if isinstance(values, np.ndarray))

    @cached_property
    def _trials(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(self.dry_run if level == 1 else self._tried(level) for level in LEVELS)

    def _tried(self, level: int) -> Mapping[str, Any]:
        """The outputs for noise from 0 to a level, by name."""
        for feeds in self._feeds():
            feeds[self.image.name] = _raised(feeds[self.image.name], level)  # type: ignore[union-attr]
            try:
                given = self.model.session.run(list(self.outputs), feeds)
            except refusals():
                continue
            scales = self.graph.integers
            return {
                name: in_floats(value, scales.get(name)) if isinstance(value, np.ndarray) else value
                for name, value in zip(self.outputs, given, strict=True)
            }
        return {}

    def read_json(self, name: str) -> Mapping[str, Any] | None:
        """A JSON object beside the model, or in the folder above one named "onnx".

        Raises ModelError where a key stands twice in it.
        """
        folder = self.model.path.absolute().parent
        folders = [folder, folder.parent] if folder.name == "onnx" else [folder]
        for path in (place / name for place in folders):
            try:
                if path.stat().st_size > BIGGEST_JSON:
                    continue
                text = path.read_text(encoding="utf-8")
                value = json.loads(text, object_pairs_hook=unique_keys)
            except RepeatedKeyError as error:
                problem = f"{error}, and only one can be meant: take one of them away"
                raise ModelError(path, problem) from None
            except (OSError, ValueError, RecursionError):
                continue
            if isinstance(value, dict):
                return value
        return None

    def _feeds(self) -> Iterator[dict[str, NDArray[Any]]]:
        if self.image is None:
            return
        fixed = all(self.sides)
        for side in (0,) if fixed or self.size else SIDES_TO_TRY:
            height, width = (
                known or wanted or side
                for known, wanted in zip(self.sides, self.size or (None, None), strict=True)
            )
            yield {
                port.name: self._noise(height, width)
                if port is self.image
                else _filled(port, height, width)
                for port in self.model.inputs
            }

    def _noise(self, height: int, width: int) -> NDArray[Any]:
        port = self.image
        assert port is not None
        shape = port.shape
        channels = shape[-1] if self.channels_last else shape[-3]
        depth = channels if isinstance(channels, int) else 3
        image = (height, width, depth) if self.channels_last else (depth, height, width)
        images = (shape[0] if isinstance(shape[0], int) else 1,) if len(shape) == 4 else ()
        noise = np.random.default_rng(0).random((*images, *image))
        dtype = NUMPY_TYPES.get(port.type, "float32")
        return (noise * (255 if dtype == "uint8" else 1)).astype(dtype)


def _raised(noise: NDArray[Any], level: int) -> NDArray[Any]:
    """The noise times a level; bytes have one range, and are only made black."""
    if noise.dtype == np.uint8:
        return noise * np.uint8(level > 0)
    return (noise * level).astype(noise.dtype)


def _filled(port: Port, height: int, width: int) -> NDArray[Any]:
    """A plausible other input: a size where there are two numbers, else a mask of ones."""
    dtype = NUMPY_TYPES.get(port.type, "float32")
    last = port.shape[-1] if port.shape else None
    if last == 2 or port.name in SIZE_INPUTS:
        size = np.array([width, height], dtype)
        images = port.shape[0] if len(port.shape) == 2 and isinstance(port.shape[0], int) else 1
        return size if len(port.shape) == 1 else np.tile(size, (images, 1))
    sides = [1] * max(len(port.shape) - 2, 0) + [height, width]
    known = [
        axis if isinstance(axis, int) else side
        for axis, side in zip(port.shape, sides, strict=False)
    ]
    return np.ones(known, dtype)
