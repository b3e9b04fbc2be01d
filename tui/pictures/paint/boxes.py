"""Boxes over a picture: where their lines and labels go, for pixels and for cells alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from rich.cells import cell_len, set_cell_size

from engine.core.assessment import Box
from engine.images.drawing import TAG_COLOURS, Edges, Placement, Rgb, draw_boxes

__all__ = [
    "HATCHED",
    "SHORT_TAGS",
    "Chip",
    "Edges",
    "Mark",
    "OutcomeMark",
    "Placement",
    "Rgb",
    "draw_boxes",
    "place_chips",
]

SHORT_TAGS: Final = {"below": "low", "ignored": "ign", "crowd": "crowd", "truth": "GT"}
HATCHED: Final = frozenset({"ignored", "crowd"})
DIMMED: Final = 0.6  # of the brightness, while another box is in focus


class Mark(Protocol):
    """A box to draw and what to write beside it, of whatever it tells."""

    @property
    def box(self) -> Box: ...
    @property
    def tag(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def dashed(self) -> bool: ...
    @property
    def dotted(self) -> bool: ...
    @property
    def double(self) -> bool: ...
    @property
    def focused(self) -> bool: ...
    @property
    def dimmed(self) -> bool: ...

    @property
    def colour(self) -> Rgb:
        """Of its lines, less bright while another box is in focus."""

    @property
    def hatched(self) -> bool:
        """Whether the box is a region that is no error to find."""

    @property
    def short(self) -> str:
        """What is written where there is little room."""

    @property
    def text(self) -> str:
        """What the label says."""


@dataclass(frozen=True)
class OutcomeMark:
    """A box in the colour of its outcome: found, missed, a false alarm, a ground truth."""

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
    def dotted(self) -> bool:
        """Whether the box is of a prediction below the threshold, which does not count."""
        return self.tag == "below"

    @property
    def double(self) -> bool:
        """Never: one model alone is judged."""
        return False

    @property
    def hatched(self) -> bool:
        """Whether the box is a region that is no error to find."""
        return self.tag in HATCHED

    @property
    def short(self) -> str:
        """The tag as it is written on the picture."""
        return SHORT_TAGS.get(self.tag, self.tag)

    @property
    def text(self) -> str:
        """What the label says."""
        return f"{self.short} {self.label}".rstrip()


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
    """The labels inside the picture and a cell clear of each other, the box in focus first.

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
            chip = _free_place(words, mark, places, (columns, rows), taken)
            if chip is not None:
                chips.append(chip)
                # Two that touch would read as one word.
                taken.update((x, chip.y) for x in range(chip.x - 1, _end(chip) + 1))
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
    middle = (edges.top + edges.bottom) // 2
    beside = [(edges.right + 2, middle), (edges.left - length - 1, middle)]
    return [*places, *beside, (left, edges.top), (left, edges.bottom)]


def _free_place(
    text: str,
    mark: Mark,
    places: list[tuple[int, int]],
    size: tuple[int, int],
    taken: set[tuple[int, int]],
) -> Chip | None:
    columns, rows = size
    for x, y in places:
        chip = Chip(x, y, text, mark)
        inside = 0 <= y < rows and x >= 0 and _end(chip) <= columns
        if inside and taken.isdisjoint((cell, y) for cell in range(x, _end(chip))):
            return chip
    return None


def _end(chip: Chip) -> int:
    return chip.x + cell_len(chip.text)
