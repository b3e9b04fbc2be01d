"""The width and height of images, from their files where the labels do not say them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from engine.core.arrays import Indices
from engine.core.dataset import Images
from engine.core.errors import DataError
from engine.images.pixels import UnreadableImage, size_of
from engine.util.words import number

NOT_FOUND = "its file was not found"
LONGEST: Final = 2**31  # pixels: no format of images knows longer sides


def whole_side(said: float | str | None) -> int:
    """A width or height as a file says it, in whole pixels; 0 for what is none."""
    try:
        side = float(said or 0)
    except ValueError:
        return 0
    return int(side) if 0 < side <= LONGEST else 0  # NaN is neither


def with_sizes(images: Images, rows: Indices | None = None) -> tuple[Images, dict[int, str]]:
    """The images with the sizes that can be found, and why not for each that cannot.

    Only rows are looked at, or all images. An image that has a size keeps it.
    """
    size = images.size.copy()
    wanted = np.arange(len(images)) if rows is None else np.unique(rows)
    unknown: dict[int, str] = {}
    for image in wanted[(size[wanted] <= 0).any(axis=1)].tolist():
        path = images.path[image]
        if path is None:
            unknown[image] = NOT_FOUND
            continue
        try:
            size[image] = size_of(path)
        except UnreadableImage as error:
            unknown[image] = f"the file {error}"
    return replace(images, size=size), unknown


def refuse_unknown_sizes(
    source: Path, names: Sequence[str], unknown: dict[int, str], of: int
) -> None:
    """Raise DataError when more than half of so many images have no known size."""
    if 2 * len(unknown) > of:
        first, why = next(iter(unknown.items()))
        raise DataError(
            source,
            f"its boxes are parts of the width and height of their image, and the size of "
            f"{names[first]} is not known ({why}), as for {len(unknown):,} of "
            f"{number(of, 'image')}: name the folder of the images with --images",
        )
