"""Boxes over a picture: where their lines and labels go, for pixels and for cells alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw
from rich.cells import cell_len, set_cell_size

from engine.assessment import Box

Rgb = tuple[int, int, int]

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
}
SHORT_TAGS: Final = {"below": "low", "ignored": "ign", "crowd": "crowd", "truth": "GT"}
HATCHED: Final = frozenset({"ignored", "crowd"})
DIMMED: Final = 0.6  # of the brightness, while another box is in focus


@dataclass(frozen=True)
class Mark:
    """A box to draw and what to write beside it."""

    box: Box
    tag: str  # a key of TAG_COLOURS
    label: str = ""  # after the tag: class and confidence
    dashed: bool = False  # ground truth, not a prediction
    focused: bool = False
    dimmed: bool = False  # another box is in focus

    @property
    def colour(self) -> Rgb:
        """The colour of the tag, less bright while another box is in focus."""
        red, green, blue = TAG_COLOURS[self.tag]
        by = DIMMED if self.dimmed else 1.0
        return round(red * by), round(green * by), round(blue * by)

    @property
    def short(self) -> str:
        """The tag as it is written on the picture."""
        return SHORT_TAGS.get(self.tag, self.tag)

    @property
    def text(self) -> str:
        """What the label says."""
        return f"{self.short} {self.label}".rstrip()


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


def draw_boxes(image: Image.Image, marks: Sequence[Mark], window: Box, thin: int = 1) -> None:
    """Draws the lines on a picture that already has its final size; thin is their width."""
    placement = Placement(window, image.width, image.height)
    pen = ImageDraw.Draw(image)
    for mark in sorted(marks, key=lambda mark: mark.focused):
        edges = placement.edges(mark.box)
        if edges is None:
            continue
        thick = thin + 1 if mark.focused else thin
        if mark.tag in HATCHED:
            _hatch(pen, edges, mark.colour)
        for x0, y0, x1, y1 in _sides(edges, thick):  # a dark rim: seen on any background
            pen.rectangle((x0 - 1, y0 - 1, x1 + 1, y1 + 1), fill=(16, 16, 16))
        for side in _sides(edges, thick):
            for piece in _dashes(side, 3 * thick + 2) if mark.dashed else (side,):
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


def _dashes(side: Rectangle, length: int) -> Iterator[Rectangle]:
    """A side cut into dashes with gaps of two thirds of a dash, both ends drawn."""
    left, top, right, bottom = side
    across = right - left >= bottom - top
    first, last = (left, right) if across else (top, bottom)
    gaps = max(0, round((last - first + 1 - length) / (length * 5 / 3)))
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


@dataclass(frozen=True)
class Chip:
    """A label at its place, in cells."""

    x: int
    y: int
    text: str
    mark: Mark


def place_chips(
    marks: Sequence[Mark], window: Box, columns: int, rows: int, on_line: bool = False
) -> tuple[Chip, ...]:
    """The labels inside the picture and clear of each other, the box in focus first.

    A label that finds no free place is cut to its tag, then left out: the list
    beside the picture has it. on_line puts labels into the top line of the box,
    where lines are characters too.
    """
    placement = Placement(window, columns, rows)
    taken: set[tuple[int, int]] = set()
    chips = []
    for mark in sorted(marks, key=lambda mark: (not mark.focused, mark.dimmed)):
        edges = placement.edges(mark.box)
        if edges is None or (mark.tag == "truth" and not mark.label):
            continue
        texts = (mark.short,) if mark.dimmed else (mark.text, mark.short)
        for text in texts:
            words = text if mark.dimmed or cell_len(text) + 2 > columns else f" {text} "
            words = set_cell_size(words, min(cell_len(words), columns))
            places = _places(cell_len(words), mark, edges, placement, on_line)
            chip = _free_place(words, mark, places, rows, taken)
            if chip is not None:
                chips.append(chip)
                taken.update((x, chip.y) for x in range(chip.x, chip.x + cell_len(chip.text)))
                break
    return tuple(chips)


def _places(
    length: int, mark: Mark, edges: Edges, placement: Placement, on_line: bool
) -> list[tuple[int, int]]:
    """Where a label may stand, the best place first."""
    _, window_top, _, window_height = placement.window
    per = placement.height / window_height
    above = round((mark.box[1] - window_top) * per) - 1
    below = round((mark.box[1] + mark.box[3] - window_top) * per)
    if on_line:  # lines are characters: a label beside them must not stand on them
        above, below = edges.top - 1, edges.bottom + 1
    left = max(0, min(edges.left, placement.width - length))
    right = max(0, min(edges.right - length + 1, placement.width - length))
    places = [(left, above), (left, below), (right, above), (right, below)]
    if mark.dashed:  # a truth and its prediction lie on each other: one labelled above, one below
        places[0], places[1] = places[1], places[0]
    if on_line and edges.right - edges.left > length:
        line = edges.bottom if mark.dashed else edges.top
        places.insert(0, (edges.left + 1, line))
    return [*places, (left, edges.top), (left, edges.bottom)]


def _free_place(
    text: str, mark: Mark, places: list[tuple[int, int]], rows: int, taken: set[tuple[int, int]]
) -> Chip | None:
    for x, y in places:
        cells = {(cell, y) for cell in range(x, x + cell_len(text))}
        if 0 <= y < rows and taken.isdisjoint(cells):
            return Chip(x, y, text, mark)
    return None
