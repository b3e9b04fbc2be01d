"""What a model that no family knows looks like, and what a person can do with one of that kind."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.scoring.families.seen import SeenModel
from engine.scoring.heads.head import Shape

COARSEST_MAP: Final = 8  # input pixels for a cell of a map that is meant to be looked at
LEAST_EMBEDDED: Final = 32  # numbers
LEAST_POINTS, MOST_POINTS = 8, 600  # of a pose, and of the mesh of a face
LINE_SHAPE: Final = 2  # width for height of the input of a reader of text, at least
LEAST_CHARACTERS: Final = 26
UNIT: Final = 1e-3  # how far a length of 1 may be off

EMBEDDING: Final = re.compile(r"embed|feature|descriptor|last_hidden|pooler|projection", re.I)
POINTS: Final = re.compile(r"keypoint|landmark|kpt|joint|pose|simcc|heatmap", re.I)
BOXES_OF_IT: Final = (
    "Boxes and classes are assessed here, and its outputs are neither. Make boxes of them with its "
    "own code, write these as predictions (COCO results), and give that file in place of the model."
)

BOX_CARD: Final = """\
    [input]
    color = "RGB"            # or "BGR"
    resize = "letterbox"     # or "letterbox-topleft", "stretch"
    scale = 0.00392156862745098   # 1.0 when the model wants pixels from 0 to 255
    [output]
    decoder = "yolo"         # or "yolo-obj", "yolox", "rows6", "detr", "classify", ...
    [classes]
    names = ["first class", "second class"]"""
CLASS_CARD: Final = """\
    task = "classify"
    [input]
    resize = "shortest-crop" # or "stretch"
    mean = [0.485, 0.456, 0.406]
    std = [0.229, 0.224, 0.225]
    [output]
    decoder = "classify"
    boxes = "{output}"       # the output with one number a class
    activation = "softmax"   # "none" when it gives probabilities
    [classes]
    names = ["first class", "second class"]"""
FACE_CARD: Final = """\
    task = "detect"
    [input]
    color = "BGR"            # or "RGB"
    resize = "letterbox-topleft"   # or "stretch"
    scale = 1.0              # pixels from 0 to 255
    [output]
    decoder = "boxes-scores-labels"   # or "rows6"
    [classes]
    names = ["face"]"""


@dataclass(frozen=True)
class UnreadKind:
    """A kind of model that is not read by itself."""

    words: str  # what it looks like, with its article; nothing where that is open
    advice: str  # in sentences
    card: str = ""  # what may be written then; nothing where no card can make it readable


@dataclass(frozen=True)
class _Sign:
    kind: UnreadKind
    shows: Callable[[SeenModel, list[Shape]], bool]


def unread_kind(seen: SeenModel) -> UnreadKind:
    """The first kind whose signs a model shows, else that of a detector of unknown layout."""
    shapes = [seen.shape(output) or () for output in seen.outputs]
    for sign in SIGNS:
        if sign.shows(seen, shapes):
            card = sign.kind.card.format(output=_longest_row(seen, shapes))
            return UnreadKind(sign.kind.words, sign.kind.advice, card)
    return UnreadKind("", "", BOX_CARD)


def embedding_sign(seen: SeenModel, output: str) -> str:
    """Why an output of one row an image is an embedding and not classes; nothing where it may be.

    Its name, or rows that have the length 1 whatever the image and are no shares, with a sum of 1.
    """
    shape = seen.shape(output) or ()
    if int(np.prod(shape[1:])) < LEAST_EMBEDDED:
        return ""
    if EMBEDDING.search(output):
        return f"it is called {output!r}"
    rows = [values.reshape(len(values), -1).astype(np.float64) for values in seen.answers(output)]
    # Nothing, as in a black image, has no direction.
    lit = [row for row in rows if row.any()]
    unit = [np.abs(np.linalg.norm(row, axis=1) - 1).max() < UNIT for row in lit]
    shares = [np.abs(row.sum(axis=1) - 1).max() < UNIT for row in lit]
    return "its numbers have the length 1" if unit and all(unit) and not all(shares) else ""


def _longest_row(seen: SeenModel, shapes: list[Shape]) -> str:
    rows = [(shape[1], name) for shape, name in zip(shapes, seen.outputs, strict=True) if shape[1:]]
    return max(rows)[1] if rows else seen.outputs[0]


def _named(pattern: re.Pattern[str], seen: SeenModel) -> bool:
    return any(pattern.search(output) for output in seen.outputs)


def _points(seen: SeenModel, shapes: list[Shape]) -> bool:
    pairs = [
        s for s in shapes if len(s) == 3 and s[2] in (2, 3) and LEAST_POINTS <= s[1] <= MOST_POINTS
    ]
    return _named(POINTS, seen) or (len(shapes) <= 2 and bool(pairs))


def _anchored_faces(seen: SeenModel, shapes: list[Shape]) -> bool:
    """Boxes, scores and points for each anchor, in outputs of their own."""
    last = [(shape[-2], shape[-1]) for shape in shapes if len(shape) in (2, 3)]
    points = {
        rows for rows, columns in last if columns in (10, 16)
    }  # five points, or six and a box
    scores = {rows for rows, columns in last if columns in (1, 2)}
    return bool(points & scores)


def _map(seen: SeenModel, shapes: list[Shape], channels: Callable[[int], bool]) -> bool:
    """Whether an output has the proportions of the input, and is fine enough to be looked at."""
    height, width = seen.sides
    if not height or not width:
        return False
    for shape in shapes:
        layouts = [(shape[1], shape[2], 1)] if len(shape) == 3 else []
        if len(shape) == 4:
            layouts = [(shape[2], shape[3], shape[1]), (shape[1], shape[2], shape[3])]
        for rows, columns, depth in layouts:
            fine = rows > 1 and rows * COARSEST_MAP >= height
            if fine and rows * width == columns * height and channels(depth):
                return True
    return False


def _text_line(seen: SeenModel, shapes: list[Shape]) -> bool:
    height, width = seen.sides
    wide = bool(height) and (not width or width >= LINE_SHAPE * (height or 0))
    line = [s for s in shapes if len(s) == 3 and 1 in s[:2] and s[2] > LEAST_CHARACTERS]
    return wide and (height or 0) <= 64 and bool(line)


SIGNS: Final = (
    _Sign(
        UnreadKind(
            "a face detector with an output for each part of its answer",
            "Export it with its decoding and suppression inside, so that it gives boxes, scores "
            "and labels.",
            FACE_CARD,
        ),
        _anchored_faces,
    ),
    _Sign(UnreadKind("a model of keypoints", BOXES_OF_IT), _points),
    _Sign(UnreadKind("a reader of lines of text", BOXES_OF_IT), _text_line),
    _Sign(
        UnreadKind("a map of one number a pixel, as of text, of a mask or of depth", BOXES_OF_IT),
        lambda seen, shapes: _map(seen, shapes, lambda depth: depth <= 2),
    ),
    _Sign(
        UnreadKind("a mask with a class for each pixel", BOXES_OF_IT),
        lambda seen, shapes: _map(seen, shapes, lambda depth: depth > 2),
    ),
    _Sign(
        UnreadKind("an embedding", BOXES_OF_IT),
        lambda seen, shapes: _named(EMBEDDING, seen) and all(len(s) in (2, 3) for s in shapes),
    ),
    _Sign(
        UnreadKind("a classifier with more than one output", "", CLASS_CARD),
        lambda seen, shapes: all(len(s) == 2 and s[1] > 1 for s in shapes if s) and bool(shapes[0]),
    ),
)
