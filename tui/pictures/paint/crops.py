"""From a file to the pixels that are shown: decode, keep, cut out, fit."""

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageFilter

from engine.core.assessment import Box
from engine.images.cropping import cut
from engine.images.pixels import UNKNOWN_SIZE, DecodedImage, Size, read_image, size_of

CropKey = tuple[Path, float, Size, int]  # file, its time of change, the dataset's size, shrink

# What a few pixels leave of an edge is made to be seen: looked at on photos, and on small
# objects in the feed, more than this draws lines that are not there.
EDGES: Final = ImageFilter.UnsharpMask(radius=1, percent=60, threshold=2)


class DecodedImages:
    """The images shown last, for any thread; the oldest go when the bytes run out."""

    def __init__(self, bytes_at_most: int) -> None:
        self.bytes_at_most = bytes_at_most
        self.bytes = 0
        self._kept: OrderedDict[CropKey, DecodedImage] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, path: Path, detail: float, dataset_size: Size = UNKNOWN_SIZE) -> DecodedImage:
        """The image with at least detail (0 to 1) of its resolution along each side.

        Raises UnreadableImage. dataset_size decides which way is up, as in scoring.
        """
        shrink = max((step for step in (8, 4, 2) if detail * step <= 1), default=1)
        changed = _time_of_change(path)
        with self._lock:
            for finer in (step for step in (1, 2, 4, 8) if step <= shrink):
                key = (path, changed, dataset_size, finer)
                if key in self._kept:
                    self._kept.move_to_end(key)
                    return self._kept[key]
        decoded = read_image(
            path, dataset_size, enough=lambda whole: (whole[0] // shrink, whole[1] // shrink)
        )
        self._keep((path, changed, dataset_size, shrink), decoded)
        return decoded

    def read(self, path: Path, dataset_size: Size, **how: Any) -> DecodedImage:
        """The file decoded anew as `read_image` does it, and kept for `open` if in colour.

        Raises UnreadableImage.
        """
        changed = _time_of_change(path)
        decoded = read_image(path, dataset_size, **how)
        shrink = next((step for step in (1, 2, 4, 8) if _is_whole(decoded, step)), None)
        if shrink is not None and decoded.pixels.mode == "RGB":
            self._keep((path, changed, dataset_size, shrink), decoded)
        return decoded

    def size(self, path: Path, dataset_size: Size = UNKNOWN_SIZE) -> Size:
        """Width and height of the file, the way up that open gives."""
        with self._lock:
            for kept, decoded in self._kept.items():
                if (kept[0], kept[2]) == (path, dataset_size):
                    return decoded.size
        return size_of(path, dataset_size)

    def _keep(self, key: CropKey, decoded: DecodedImage) -> None:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = decoded
                self.bytes += _bytes(decoded)
            while self.bytes > self.bytes_at_most and len(self._kept) > 1:
                self.bytes -= _bytes(self._kept.popitem(last=False)[1])


def _is_whole(decoded: DecodedImage, step: int) -> bool:
    """Whether it has every pixel, or one of so many along each side as a JPEG decoder gives."""
    return decoded.pixels.size == tuple(-(-side // step) for side in decoded.size)


def _time_of_change(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _bytes(decoded: DecodedImage) -> int:
    return decoded.pixels.width * decoded.pixels.height * 3


def fitted(window: Box, columns: int, rows: int, cell: Size) -> Size:
    """How many columns and rows of cells the window fills, its shape kept to within a cell."""
    wide, high = max(window[2], 1e-6) / cell[0], max(window[3], 1e-6) / cell[1]
    scale = min(columns / wide, rows / high)
    return (
        max(1, min(columns, round(wide * scale))),
        max(1, min(rows, round(high * scale))),
    )


def in_few_pixels(decoded: DecodedImage, window: Box, size: Size) -> Image.Image:
    """The window of the image in as many pixels as cells have."""
    return cut(decoded, window, size, smooth=False).filter(EDGES)
