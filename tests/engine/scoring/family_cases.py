"""Two boxes that every made graph finds, and where they lie in the image they came from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from tests.engine.scoring.graphs import Out, graph

IMAGE = (120, 60)  # width, height of the photo: of another shape than any input here
NAMES = ("bolt", "nut")
# Left, top, right, bottom in pixels of the input; class and confidence.
FIRST, SECOND = (16, 16, 32, 32), (40, 8, 56, 40)
CLASSES, CONFIDENCES = [1, 0], [0.9, 0.6]
CORNERS = np.array([FIRST, SECOND], float)
CENTERS = np.array([(24, 24, 16, 16), (48, 24, 16, 32)], float)
NOTHING = np.zeros(4)
# One row a box: a confidence for each class.
SCORES = np.array([(0, 0.9), (0.6, 0)])


def logits(probabilities) -> np.ndarray:
    """What a sigmoid makes these probabilities of; nothing becomes next to nothing."""
    shares = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return np.log(shares / (1 - shares))


def shares_of(boxes, size=(48, 64)) -> np.ndarray:
    return np.asarray(boxes) / np.tile(size[::-1], 2)


def in_image(resize: str, size=(48, 64)) -> np.ndarray:
    """The two boxes as left, top, width, height in the photo, worked out by each resize's rule."""
    (height, width), (across, down) = size, IMAGE
    gain = min(height / down, width / across)
    x = y = gain
    left = top = 0.0
    if resize == "stretch":
        x, y = width / across, height / down
    elif resize == "letterbox":
        left, top = (width - across * gain) / 2, (height - down * gain) / 2
    elif resize == "none":
        x = y = 1
    elif resize == "half":
        x = y = 0.5
    elif resize == "shares":  # the boxes are shares of 64 x 48, whatever size the photo goes in at
        x, y = 64 / across, 48 / down
    edges = (CORNERS - [left, top, left, top]) / [x, y, x, y]
    edges = edges.clip(0, [across, down, across, down])
    return np.concatenate([edges[:, :2], edges[:, 2:] - edges[:, :2]], axis=1)


@dataclass
class Case:
    """A made graph, and what must be known and found of it."""

    family: str
    level: str
    made: partial
    resize: str  # how the photo must have been fitted for the boxes to be where they are
    fed: str  # the preprocessing in words
    size: tuple[int, int] = (48, 64)
    files: Mapping[str, str] = field(default_factory=dict)
    card: str = ""
    assumed: tuple[str, ...] = ()  # what the open questions are about
    floor: float = 0.0
    named: bool = True  # the model names its classes


def case(family, level, resize, fed, outputs, **options) -> Case:
    own = {key: options.pop(key) for key in list(options) if key in Case.__dataclass_fields__}
    return Case(family, level, partial(graph, outputs=outputs, **options), resize, fed, **own)


def rows(*columns, least: int = 3) -> np.ndarray:
    """[1, K, N]: the two boxes, column after column, then empty rows."""
    table = np.concatenate([np.asarray(part, float).reshape(2, -1) for part in columns], axis=1)
    empty = np.zeros((least - len(table), table.shape[1]))
    return np.concatenate([table, empty])[None]


def of_one(table, **options) -> Out:
    return Out(np.asarray(table), batched=False, **options)


def as_json(**values) -> str:
    return json.dumps(values)
