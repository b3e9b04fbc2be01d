"""Neighbouring cells of a picture's row that are of one kind, each written in its own way."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from textual.strip import Strip

from tui.terminal import kitty
from tui.terminal.ansi import ansi


class Run(Protocol):
    """Neighbouring cells of one kind."""

    @property
    def length(self) -> int: ...
    def written(self, first: int, last: int) -> str:
        """What shows columns first to last (exclusive), once the cursor is at the first."""
        ...

    def looks(self) -> Iterable[Hashable]:
        """For each cell what makes it look as it does."""
        ...


@dataclass(frozen=True, eq=False)
class Characters:
    """Cells with characters in them."""

    segments: Sequence[Segment]
    length: int
    colours: ColorSystem

    def written(self, first: int, last: int) -> str:
        segments = self.segments
        if last - first < self.length:
            segments = list(Strip(segments, self.length).crop(first, last))
        return ansi(segments, self.colours)

    def looks(self) -> Iterator[Hashable]:
        for text, style, _ in self.segments:
            unseen = " ", style.bgcolor if style is not None else None  # the ink of a space
            for character in text:
                look = unseen if character == " " else (character, style)
                yield from [look] * cell_len(character)


@dataclass(frozen=True)
class Placeholders:
    """Cells at which kitty shows a row of an image."""

    number: int
    row: int
    first: int  # column of the image
    length: int

    def written(self, first: int, last: int) -> str:
        return kitty.placeholders(self.number, self.row, self.first + first, self.first + last)

    def looks(self) -> Iterator[Hashable]:
        # A cell that says where it is differs from one that continues its left neighbour.
        for column in range(self.first, self.first + self.length):
            yield self.number, self.row, column, column == self.first


@dataclass(frozen=True)
class Beneath:
    """Cells that a picture is written over: they are left alone."""

    length: int

    def written(self, first: int, last: int) -> str:
        return f"\x1b[{last - first}C"

    def looks(self) -> Iterator[Hashable]:
        return iter([None] * self.length)


@dataclass(frozen=True, eq=False)
class Part:
    """Some cells of a run."""

    run: Run
    first: int
    length: int

    def written(self, first: int, last: int) -> str:
        return self.run.written(self.first + first, self.first + last)

    def looks(self) -> Iterable[Hashable]:
        return list(self.run.looks())[self.first : self.first + self.length]
