"""A page of previews: where each stands and what is written about it."""

from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Final, Literal, Protocol

from rich.cells import cell_len

from engine.core.assessment import Box
from engine.images.cropping import union
from engine.images.pixels import UNKNOWN_SIZE
from engine.util.words import share
from tui.drawing.file_names import cut_left, file_name
from tui.drawing.frame import wrapped
from tui.drawing.names import cut
from tui.drawing.names import left as padded
from tui.pictures.paint.drawing import Subject
from tui.pictures.paint.drawn_boxes import preview_marks

WIDTHS: Final = (16, 20, 25, 32, 40, 52, 78)  # cells that a preview wants; - and + step through
USUAL: Final = 2
TALL: Final = 0.42  # rows of a picture for each of its columns: two columns are a square
CAPTIONS: Final = 2  # lines of text under a picture
MISSING: Final = "not detected"
NO_OBJECT: Final = "not an object"
CONF: Final = " conf"
DOT: Final = " \N{MIDDLE DOT} "
JOIN: Final = " \N{EM DASH} "


Verdict = Literal["", "right", "wrong"]


class Preview(Protocol):
    """One item of the feed, whatever the kind of task."""

    @property
    def image(self) -> int: ...
    @property
    def subject(self) -> Subject:
        """The picture."""
        ...

    @property
    def verdict(self) -> Verdict:
        """Colours the sign that the first line begins with; nothing where there is no sign."""
        ...

    def captions(self, width: int) -> tuple[str, str]:
        """The two lines under the picture, exactly this wide."""
        ...


@dataclass(frozen=True)
class FeedItem:
    """One box of the feed."""

    image: int
    name: str
    path: Path | None
    truth: str | None  # None: not an object
    predicted: str | None  # None: not detected
    confidence: float
    iou: float
    box: Box | None  # the prediction
    truth_box: Box | None
    size: tuple[int, int] = UNKNOWN_SIZE  # of the image, as the dataset says
    verdict: Verdict = ""

    @property
    def subject(self) -> Subject:
        """The box and a little of what is around it."""
        marks = preview_marks(self.truth, self.predicted, self.box, self.truth_box)
        box = self.box or self.truth_box
        around = None if box is None else union(box, self.truth_box)
        return Subject(
            self.path, around, marks=marks, labels=False, facts=self.name, size=self.size
        )

    def captions(self, width: int) -> tuple[str, str]:
        """What it is, what it is seen as and how sure the model is; IoU and file."""
        return captions(self, width)


@dataclass(frozen=True)
class FeedView:
    """A page of the feed and the words about all of it."""

    title_words: str  # Ground truth: car, Predicted: truck
    total: int = 0
    amount: str = ""  # 141 boxes in 97 images
    page: int = 0
    pages: int = 1  # 0 where there is no other page to go to
    first: int = 0  # index of the page's first item among all
    items: tuple[Preview, ...] = ()
    order_words: str = ""
    selected: int = 0  # index among all
    note: str = ""  # how to read the order
    nothing: str = "Nothing here"  # said where there is no item


@dataclass(frozen=True)
class Grid:
    """Where the previews stand. Frames share their lines with their neighbours'."""

    across: int
    down: int
    width: int  # of a picture
    height: int
    top: int  # the line of the first frame
    spare: int = 0  # cells that are shared out between them

    @property
    def capacity(self) -> int:
        """How many previews a page holds."""
        return self.across * self.down

    def left(self, column: int) -> int:
        """Where the frames of a column begin: the last one ends the room."""
        return column * (self.width + 1) + column * self.spare // max(self.across - 1, 1)

    def frame(self, position: int) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of a preview's frame, all inclusive."""
        row, column = divmod(position, self.across)
        x, y = self.left(column), self.top + row * (self.height + CAPTIONS + 1)
        return x, y, x + self.width + 1, y + self.height + CAPTIONS + 1

    def position_at(self, x: int, y: int) -> int | None:
        """The preview at a cell."""
        row = (y - self.top) // (self.height + CAPTIONS + 1)
        begun = sum(self.left(column) <= x for column in range(self.across))
        inside = 0 <= x - self.left(begun - 1) <= self.width if begun else False
        return row * self.across + begun - 1 if inside and 0 <= row < self.down else None


def grid(columns: int, rows: int, wanted: int, header: int) -> Grid:
    """Previews of about the wanted width that fill the room."""
    across = max(1, round((columns - 1) / (wanted + 1)))
    width = max(1, (columns - 1) // across - 1)
    tall = max(1, round(width * TALL))
    room = rows - header - 1
    down = max(1, round(room / (tall + CAPTIONS + 1)))
    height = max(1, min(room // down - CAPTIONS - 1, width))
    spare = columns - 1 - across * (width + 1) if across > 1 else 0
    return Grid(across, down, width, height, header, spare)


def header_lines(view: FeedView, width: int, selected: int | None = None) -> tuple[str, ...]:
    """What is shown, in one line where it fits and else in two; then how to read it.

    selected is an index among all, the view's own where it is None. There are as many lines
    for any of them, so that what is below stays where it is.
    """
    at = view.selected if selected is None else selected
    parts, widest = (_header_parts(view, index) for index in (at, view.total - 1))
    notes = tuple(wrapped(view.note, width))
    if cell_len(JOIN.join(widest)) <= width:
        return (JOIN.join(parts), *notes)
    return (*(cut(part, width) for part in parts), *notes)


def _header_parts(view: FeedView, selected: int) -> list[str]:
    """What is shown, and of how many one is where."""
    place = f"{selected + 1:,} of " if view.amount and view.total > 1 else ""
    page = f"page {view.page + 1} of {view.pages}" if view.pages else ""
    rest = (f"{place}{view.amount}", view.order_words, page)
    return [part for part in (view.title_words, DOT.join(filter(None, rest))) if part]


def captions(item: FeedItem, width: int) -> tuple[str, str]:
    """The two lines under a preview: the classes are cut before the confidence."""
    truth, predicted = item.truth or NO_OBJECT, item.predicted or MISSING
    arrow = " \N{RIGHTWARDS ARROW} "
    number = "" if isnan(item.confidence) else f" {share(item.confidence)}"
    if number and cell_len(truth + arrow + predicted + CONF + number) <= width:
        number = CONF + number
    room = width - len(number)
    if cell_len(truth + arrow + predicted) > room:
        half = max((room - 3) // 2, 1)
        truth = cut(truth, max(half, room - 3 - cell_len(predicted)))
        predicted = cut(predicted, max(room - 3 - cell_len(truth), 1))
    facts = "" if isnan(item.iou) else f"IoU {share(item.iou)}{DOT}"
    second = facts + cut_left(file_name(item.name), width - len(facts))
    return (padded(truth + arrow + predicted + number, width), padded(second, width))
