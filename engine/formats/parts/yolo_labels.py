"""YOLO label files: a line a box, `class x y width height` in parts of the image.

x and y are the centre. Source: https://docs.ultralytics.com/datasets/detect
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from engine.core.arrays import Boxes, Indices
from engine.core.errors import DataError
from engine.formats.parts.gathering import Oddities
from engine.formats.parts.text_files import read_text, shown
from engine.util.words import be, number

EXPECTED: Final = "expected 'class x y width height'"
NOT_PARTS: Final = "not in parts of the image, from 0 to 1"

SLIP: Final = 1e-3  # a part may be this much beyond 0 or 1: tools round

LabelRow = tuple[int, float, float, float, float]


@dataclass
class Labels:
    """Boxes in parts of their images, and what was seen in the files."""

    image: list[int] = field(default_factory=list)
    rows: list[LabelRow] = field(default_factory=list)  # class, centre x, centre y, width, height
    place: list[str] = field(default_factory=list)
    outlines: int = 0  # boxes made from polygons
    first_outline: str = ""

    @property
    def table(self) -> Boxes:
        """[T, 5] the rows."""
        return np.array(self.rows, np.float64).reshape(-1, 5)


def read_labels(files: Sequence[Path | None], *, keypoints: bool = False) -> Labels:
    """The boxes of each image; None for an image without a label file has none.

    With more numbers a line is the outline of an object, or its corners, whose bounding
    box is taken; or, where the dataset has key points, a box and its key points.
    """
    labels = Labels()
    for image, path in enumerate(files):
        if path is not None:
            _read_file(labels, image, path, keypoints)
    return labels


def _read_file(labels: Labels, image: int, path: Path, keypoints: bool) -> None:
    name = f"{path.parent.name}/{path.name}"
    for line, text in enumerate(read_text(path).splitlines(), start=1):
        parts = text.split()
        if not parts:
            continue
        try:
            class_ = float(parts[0])
            if class_ != int(class_):
                raise ValueError
            numbers = [float(part) for part in parts[1:]]
        except (ValueError, OverflowError):
            raise DataError(path, f"{EXPECTED}, got {shown(text)}", line=line) from None
        if len(numbers) != 4:
            if keypoints and len(numbers) > 4:
                numbers = numbers[:4]
            elif len(numbers) >= 6 and len(numbers) % 2 == 0:
                numbers = _bounds(numbers)
                labels.outlines += 1
                labels.first_outline = labels.first_outline or f"{name}:{line}"
            else:
                raise DataError(path, _wrong_length(text, len(numbers)), line=line)
        across, down, width, height = numbers
        labels.image.append(image)
        labels.rows.append((int(class_), across, down, width, height))
        labels.place.append(f"{name}:{line}")


def _wrong_length(text: str, count: int) -> str:
    if count == 5:
        return (
            f"{EXPECTED}, got {shown(text)}: with a confidence these are predictions, "
            "give their folder with --predictions"
        )
    return f"{EXPECTED}, got {shown(text)}"


def _bounds(points: Sequence[float]) -> list[float]:
    """The centre, width and height of the box around x, y, x, y, ..."""
    left, right = min(points[::2]), max(points[::2])
    top, bottom = min(points[1::2]), max(points[1::2])
    return [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top]


def usable_rows(path: Path, labels: Labels, classes: int, odd: Oddities) -> Indices:
    """[K] the rows with a class that is listed and parts of the image; others are counted.

    Raises DataError when more than half are not in parts of the image.
    """
    table = labels.table
    class_, parts = table[:, 0], table[:, 1:]
    unknown = (class_ < 0) | (class_ >= classes)
    if unknown.any():
        first = int(class_[unknown][0])
        listed = f"of 0 to {classes - 1}, as the names list them; the first is {first} at"
        odd.add(
            f"of a class that is none {listed} {labels.place[int(unknown.argmax())]}",
            count=int(unknown.sum()),
        )
    outside = ((parts < -SLIP) | (parts > 1 + SLIP)).any(axis=1) & ~unknown
    if 2 * (beyond := int(outside.sum())) > len(table):
        raise DataError(
            path,
            f"{beyond:,} of {number(len(table), 'box', 'boxes')} {be(beyond)} {NOT_PARTS} "
            f"({labels.place[int(outside.argmax())]}): YOLO labels are not in pixels",
        )
    odd.add_where(NOT_PARTS, outside, labels.place)
    return np.flatnonzero(~(unknown | outside))


def in_pixels(parts: Boxes, size: Indices) -> Boxes:
    """[N, 4] centre, width and height in parts as left, top, width, height in pixels.

    size is [N, 2], the width and height of the image of each row.
    """
    box = parts * np.tile(size.astype(np.float64), 2)
    box[:, :2] -= box[:, 2:] / 2
    return box
