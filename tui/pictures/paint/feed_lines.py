"""The lines of the feed around its pictures: header, frames and captions."""

from collections.abc import Mapping

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.drawing.names import cut, left
from tui.pictures.paint.previews import FeedView, Grid, header_lines


def feed_line(
    view: FeedView,
    grid: Grid,
    selected: int,
    y: int,
    size: tuple[int, int],
    style: Style,
    styles: Mapping[str, Style],
) -> Strip:
    """One line of the page; selected is a position on it."""
    width, height = size
    header = header_lines(view, width, view.first + selected)
    if y < len(header):
        return Strip([Segment(left(header[y], width), styles["note" if y else "title"])], width)
    if not view.items:
        return _empty_line(view, y, width, height, style, styles["note"])
    segments = []
    x = 0
    for text, at, ink in sorted(
        _pieces(view, grid, selected, y, style, styles), key=lambda piece: piece[1]
    ):
        segments += [Segment(" " * (at - x), style), Segment(text, ink)]
        x = at + cell_len(text)
    segments.append(Segment(" " * (width - x), style))
    return Strip(segments, width)


def _pieces(
    view: FeedView, grid: Grid, selected: int, y: int, style: Style, styles: Mapping[str, Style]
) -> list[tuple[str, int, Style]]:
    """What stands in a line: text, column, style."""
    pieces = []
    for position, item in enumerate(view.items[: grid.capacity]):
        x, top, right, bottom = grid.frame(position)
        if bottom - 2 <= y < bottom:
            line = item.captions(grid.width)[y - (bottom - 2)]
            if item.verdict and y == bottom - 2:
                pieces.append((line[:1], x + 1, styles[item.verdict]))
                pieces.append((line[1:], x + 2, style))
            else:
                pieces.append((line, x + 1, styles["note"] if y == bottom - 1 else style))
        if position == selected and top <= y <= bottom:
            if y in (top, bottom):
                ends = "┏┓" if y == top else "┗┛"
                pieces.append((ends[0] + "━" * grid.width + ends[1], x, styles["frame"]))
            else:
                pieces += [("┃", x, styles["frame"]), ("┃", right, styles["frame"])]
    return pieces


def _empty_line(
    view: FeedView, y: int, width: int, height: int, style: Style, note: Style
) -> Strip:
    words = {height // 2 - 1: (view.nothing, style), height // 2: (view.title_words, note)}
    text, ink = words.get(y, ("", style))
    text = cut(text, width)
    before = (width - cell_len(text)) // 2
    return Strip([Segment(" " * before + left(text, width - before), ink)], width)
