"""Lines of boxes on a picture, the same on the screen and in files."""

import colorsys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeAlias

from PIL import Image, ImageDraw

Box: TypeAlias = tuple[float, float, float, float]  # left, top, width, height in pixels
Rgb: TypeAlias = tuple[int, int, int]

GOLDEN: Final = 0.618033988749895  # of the way around the colours: neighbours look different

# Told apart by lightness as well as by hue, also with colour vision deficiencies;
# the tag is always written too.
TAG_COLOURS: Final[dict[str, Rgb]] = {
    "TP": (64, 210, 220),
    "FP": (255, 165, 40),
    "FN": (238, 72, 150),
    "truth": (242, 242, 242),
    "below": (165, 165, 165),
    "ignored": (140, 140, 140),
    "crowd": (140, 140, 140),
    "A": (110, 175, 255),
    "B": (255, 205, 70),
}
"""Of outcomes, of other boxes, and of the two sides of a comparison."""


class Outline(Protocol):
    """A box to draw."""

    @property
    def box(self) -> Box: ...
    @property
    def colour(self) -> Rgb: ...
    @property
    def dashed(self) -> bool: ...
    @property
    def dotted(self) -> bool: ...
    @property
    def double(self) -> bool:
        """Whether each side is two lines."""

    @property
    def focused(self) -> bool: ...
    @property
    def hatched(self) -> bool: ...


@dataclass(frozen=True)
class Edges:
    """The outermost pixels or cells of a box, and which of its sides are in sight."""

    left: int
    top: int
    right: int  # inclusive
    bottom: int
    shows_left: bool
    shows_top: bool
    shows_right: bool
    shows_bottom: bool


@dataclass(frozen=True)
class Placement:
    """A window of an image spread over a grid of pixels or of cells."""

    window: Box
    width: int
    height: int

    def edges(self, box: Box) -> Edges | None:
        """Where the box lies in the grid; None when none of it is in the window."""
        left, right, sees_left, sees_right = _span(
            box[0], box[2], self.window[0], self.window[2], self.width
        )
        top, bottom, sees_top, sees_bottom = _span(
            box[1], box[3], self.window[1], self.window[3], self.height
        )
        if left > right or top > bottom:
            return None
        return Edges(left, top, right, bottom, sees_left, sees_top, sees_right, sees_bottom)


def _span(
    start: float, length: float, origin: float, extent: float, steps: int
) -> tuple[int, int, bool, bool]:
    """First and last step of one side, and whether each end lies in the window."""
    end = start + length
    slack = extent / steps if steps else 0.0  # a box at the rim of the image still shows its line
    if end < origin or start > origin + extent or steps < 1:
        return 1, 0, False, False
    per = steps / extent if extent else 0.0
    first = min(max(int((start - origin) * per), 0), steps - 1)
    last = min(max(int(round((end - origin) * per, 6)), first + 1) - 1, steps - 1)
    return first, max(first, last), start >= origin - slack, end <= origin + extent + slack


def colour_of(class_: int) -> Rgb:
    """A bright colour for a class, always the same."""
    red, green, blue = colorsys.hsv_to_rgb(class_ * GOLDEN % 1, 0.7, 1.0)
    return round(red * 255), round(green * 255), round(blue * 255)


def draw_boxes(image: Image.Image, marks: Sequence[Outline], window: Box, thin: int = 1) -> None:
    """Draws the lines on a picture that already has its final size; thin is their width."""
    placement = Placement(window, image.width, image.height)
    pen = ImageDraw.Draw(image)
    for mark in sorted(marks, key=lambda mark: mark.focused):
        edges = placement.edges(mark.box)
        if edges is None:
            continue
        thick = thin + 1 if mark.focused else thin
        if mark.hatched:
            _hatch(pen, edges, mark.colour)
        for frame in (edges, _inside(edges, 2 * thick + 1)) if mark.double else (edges,):
            for x0, y0, x1, y1 in _sides(frame, thick):  # a dark rim: seen on any background
                pen.rectangle((x0 - 1, y0 - 1, x1 + 1, y1 + 1), fill=(16, 16, 16))
            for side in _sides(frame, thick):
                for piece in _pieces(mark, side, thick):
                    pen.rectangle(piece, fill=mark.colour)


Rectangle = tuple[int, int, int, int]  # left, top, right, bottom, all inclusive


def _sides(edges: Edges, thick: int) -> Iterator[Rectangle]:
    more = thick - 1
    left, top, right, bottom = edges.left, edges.top, edges.right, edges.bottom
    if edges.shows_top:
        yield left, top, right, min(top + more, bottom)
    if edges.shows_bottom:
        yield left, max(bottom - more, top), right, bottom
    if edges.shows_left:
        yield left, top, min(left + more, right), bottom
    if edges.shows_right:
        yield max(right - more, left), top, right, bottom


def _inside(edges: Edges, by: int) -> Edges:
    """A frame within, so many pixels away; of a small box as far as there is room."""
    across = min(by, (edges.right - edges.left) // 2)
    down = min(by, (edges.bottom - edges.top) // 2)
    return replace(
        edges,
        left=edges.left + across,
        top=edges.top + down,
        right=edges.right - across,
        bottom=edges.bottom - down,
    )


def _pieces(mark: Outline, side: Rectangle, thick: int) -> Iterator[Rectangle]:
    """What is drawn of a side: all of it, dashes, or dots with twice as much between them."""
    dash = 3 * thick + 2
    if mark.dotted:
        yield from _dashes(side, thick, 3 * thick)
    elif mark.dashed:
        yield from _dashes(side, dash, dash * 5 / 3)
    else:
        yield side


def _dashes(side: Rectangle, length: int, apart: float) -> Iterator[Rectangle]:
    """A side cut into dashes that begin so far apart, both ends drawn."""
    left, top, right, bottom = side
    across = right - left >= bottom - top
    first, last = (left, right) if across else (top, bottom)
    gaps = max(0, round((last - first + 1 - length) / apart))
    step = (last - first + 1 - length) / gaps if gaps else 0.0
    for number in range(gaps + 1):
        start = first + round(number * step)
        end = min(start + length - 1, last)
        yield (start, top, end, bottom) if across else (left, start, right, end)


def _hatch(pen: ImageDraw.ImageDraw, edges: Edges, colour: Rgb) -> None:
    """Diagonal lines over a region that is no error to find."""
    left, top, right, bottom = edges.left, edges.top, edges.right, edges.bottom
    height = bottom - top
    for start in range(left - height, right, 9):
        begin, end = max(start, left), min(start + height, right)
        if begin < end:
            pen.line((begin, bottom - (begin - start), end, bottom - (end - start)), fill=colour)
