"""The rows of a picture as they are written: whole, or only the cells that changed."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Final, Protocol

from rich.cells import cell_len
from rich.color import Color
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.pictures.paint.boxes import Chip
from tui.pictures.paint.cell_canvas import chip_colours
from tui.pictures.paint.cell_runs import Beneath, Characters, Part, Placeholders, Run
from tui.pictures.paint.drawing import Area, Sketch

Span = tuple[int, int]  # first and last (exclusive) column

NEAR: Final = 6  # cells between two changes that cost less than to move the cursor over them


class Cover(Protocol):
    """What is written over the cells of a picture, once the frame is drawn."""

    def uncovered(self) -> bool:
        """Whether a row may be left alone as it is."""
        ...

    def spoil(self) -> None:
        """Something else was drawn in the cells."""
        ...


class PictureStrip(Strip):
    """A row of a picture, written by its runs; its segments are what an overlay leaves of it."""

    __slots__ = ["cover", "runs", "whole"]

    def __init__(
        self,
        segments: Sequence[Segment],
        runs: Sequence[Run],
        cover: Cover | None = None,
    ) -> None:
        super().__init__(segments, sum(run.length for run in runs))
        self.runs = runs
        self.cover = cover
        self.whole = self.written(0, self.cell_length)

    def written(self, first: int, last: int) -> str:
        """What shows columns first to last (exclusive), once the cursor is at the first."""
        parts, start = [], 0
        for run in self.runs:
            begin, end = max(first - start, 0), min(last - start, run.length)
            if begin < end:
                parts.append(run.written(begin, end))
            start += run.length
        return "".join(parts)

    def render(self, console: Console) -> str:
        if self.cover is None or self.cover.uncovered():
            return self.whole
        return super().render(console)

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """Textual cuts a row where something lies over it."""
        parts = super().divide(cuts)
        if self.cover is not None and list(parts) != [self]:
            self.cover.spoil()
            self.cover.uncovered()  # the cut may lie beside the picture
        return parts

    def crop(self, start: int, end: int | None = None) -> Strip:
        """Textual crops a row to the part that changed."""
        end = self.cell_length if end is None else min(end, self.cell_length)
        if start <= 0 and end == self.cell_length:
            return self
        runs, at = list[Run](), 0
        for run in self.runs:
            begin, last = max(start - at, 0), min(end - at, run.length)
            if begin < last:
                runs.append(Part(run, begin, last - begin))
            at += run.length
        return PictureStrip(list(super().crop(start, end)), runs, self.cover)

    def looks_like(self, before: Strip) -> bool:
        """Whether the other looks the same; of what is written over cells that is not known."""
        if not isinstance(before, PictureStrip) or self.cover or before.cover:
            return False
        return before.whole == self.whole

    def changes(self, before: Strip) -> list[Span]:
        """The columns that look different from another row of the same length.

        What lies beneath a picture is not compared: it is the picture that is seen.
        """
        if not isinstance(before, PictureStrip) or before.cell_length != self.cell_length:
            return [(0, self.cell_length)]
        if before.whole == self.whole:
            return []
        return _spans(self.looks(), before.looks())

    def looks(self) -> Iterator[Hashable]:
        """For each cell what makes it look as it does."""
        for run in self.runs:
            yield from run.looks()


def _spans(now: Iterable[Hashable], before: Iterable[Hashable]) -> list[Span]:
    spans: list[Span] = []
    for column, (new, old) in enumerate(zip(now, before, strict=True)):
        if new == old:
            continue
        if spans and column - spans[-1][1] <= NEAR:
            spans[-1] = spans[-1][0], column + 1
        else:
            spans.append((column, column + 1))
    return spans


def cell_strips(sketch: Sketch, area: Area) -> list[Strip]:
    """The picture made of characters, in the middle of its area."""
    rows = [[Characters(line, sketch.columns, area.colours)] for line in sketch.lines]
    return _centred(sketch, area, rows)


def kitty_strips(sketch: Sketch, area: Area, number: int) -> list[Strip]:
    """Placeholders for an image that was sent, with the labels as text between them."""
    rows = []
    for row in range(sketch.rows):
        runs, x = list[Run](), 0
        for chip in sorted((c for c in sketch.chips if c.y == row), key=lambda chip: chip.x):
            runs.append(Placeholders(number, row, x, chip.x - x))
            runs.append(Characters(chip_segments(chip), cell_len(chip.text), area.colours))
            x = chip.x + cell_len(chip.text)
        rows.append([*runs, Placeholders(number, row, x, sketch.columns - x)])
    return _centred(sketch, area, rows)


def strips_under(sketch: Sketch, area: Area, cover: Cover) -> list[Strip]:
    """Rows that leave alone the cells which the picture is written over."""
    return _centred(sketch, area, [[Beneath(sketch.columns)]] * sketch.rows, cover)


def origin(sketch: Sketch, area: Area) -> tuple[int, int]:
    """The cell of the area where the picture begins."""
    return (area.columns - sketch.columns) // 2, (area.rows - sketch.rows) // 2


def _centred(
    sketch: Sketch,
    area: Area,
    rows: Sequence[Sequence[Run]],
    cover: Cover | None = None,
) -> list[Strip]:
    x, y = origin(sketch, area)
    across = x, area.columns - sketch.columns - x
    (before, left), (after, right) = (_blank(length, area) for length in across)
    blank = Strip([Segment(" " * area.columns, area.style)], area.columns)
    strips: list[Strip] = [
        PictureStrip([left, *line, right], [before, *runs, after], cover)
        for line, runs in zip(sketch.lines, rows, strict=True)
    ]
    return [blank] * y + strips + [blank] * (area.rows - sketch.rows - y)


def _blank(length: int, area: Area) -> tuple[Characters, Segment]:
    segment = Segment(" " * length, area.style)
    return Characters([segment], length, area.colours), segment


def chip_segments(chip: Chip) -> list[Segment]:
    """A label."""
    ink, paper = chip_colours(chip.mark)
    return [Segment(chip.text, Style(color=Color.from_rgb(*ink), bgcolor=Color.from_rgb(*paper)))]
