"""What a page is made of, before it is HTML: sections, and in them tables, plots, pictures, words.

All words are text: whatever letters stand in a name, the page shows them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from engine.util.words import share

STEPS = 20  # of the bar behind a ratio


@dataclass(frozen=True)
class TableCell:
    """A cell and how it looks."""

    text: str
    more: str = ""  # beside it in small letters: an interval
    look: str = ""  # names of its classes in the stylesheet


@dataclass(frozen=True)
class TableBlock:
    """A table whose first column names its rows."""

    kind: ClassVar = "table"

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    note: str = ""  # below it
    total: tuple[TableCell, ...] = ()  # the last row, of all others together
    matrix: bool = False  # its heads stand upright, so that columns are narrow


@dataclass(frozen=True)
class NumberTile:
    """A number in large letters."""

    name: str
    value: str
    more: str = ""
    part: float = float("nan")  # of a bar below it, from 0 to 1
    low: float = float("nan")  # and where its interval begins
    high: float = float("nan")


@dataclass(frozen=True)
class TilesBlock:
    """Numbers side by side."""

    kind: ClassVar = "tiles"

    tiles: tuple[NumberTile, ...]


@dataclass(frozen=True)
class WordsBlock:
    """Paragraphs."""

    kind: ClassVar = "words"

    paragraphs: tuple[str, ...]
    strong: bool = False


@dataclass(frozen=True)
class ListBlock:
    """Sentences below each other."""

    kind: ClassVar = "list"

    items: tuple[str, ...]


@dataclass(frozen=True)
class TermsBlock:
    """Names and what they stand for."""

    kind: ClassVar = "terms"

    terms: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class CodeBlock:
    """What is typed into a shell."""

    kind: ClassVar = "code"

    label: str
    text: str


@dataclass(frozen=True)
class PlotFigure:
    """A plot as SVG, which is written as it stands."""

    svg: str
    caption: str = ""


@dataclass(frozen=True)
class PlotsBlock:
    """Plots beside each other as far as there is room."""

    kind: ClassVar = "plots"

    figures: tuple[PlotFigure, ...]


@dataclass(frozen=True)
class ReportPicture:
    """A picture within the page, and what it shows in words."""

    data: str  # base64 of a JPEG
    width: int  # pixels
    height: int
    alt: str


@dataclass(frozen=True)
class PictureFigure:
    """One picture, or the same place as two sides see it, and the words below."""

    pictures: tuple[ReportPicture, ...]
    caption: tuple[str, ...]


@dataclass(frozen=True)
class PicturesBlock:
    """Pictures under a heading of their own."""

    kind: ClassVar = "pictures"

    title: str
    figures: tuple[PictureFigure, ...]


Block: TypeAlias = (
    TableBlock
    | TilesBlock
    | WordsBlock
    | ListBlock
    | TermsBlock
    | CodeBlock
    | PlotsBlock
    | PicturesBlock
)


@dataclass(frozen=True)
class PageSection:
    """Blocks under a heading."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class ReportPage:
    """A whole page."""

    title: str
    lead: tuple[str, ...]  # below the title
    sections: tuple[PageSection, ...]


def ratio_cell(value: float, more: str = "", look: str = "") -> TableCell:
    """A ratio from 0 to 1 with a bar behind it."""
    bar = "" if value != value else f"bar b{round(min(max(value, 0.0), 1.0) * STEPS)}"
    return TableCell(share(value, 3), more, f"{bar} {look}".strip())


def text_cells(texts: Sequence[str]) -> tuple[TableCell, ...]:
    """A row of plain cells."""
    return tuple(map(TableCell, texts))
