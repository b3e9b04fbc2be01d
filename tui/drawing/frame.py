"""A frame with words, where a picture would be."""

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.drawing.names import cut
from tui.terminal.ascii_glyphs import in_ascii


def words_frame(
    text: str, columns: int, rows: int, style: Style, ascii: bool = False
) -> list[Strip]:
    """The lines of the text in the middle of a thin frame; long lines are wrapped."""
    return [
        _line(in_ascii(line) if ascii else line, columns, style)
        for line in _framed(text, columns, rows)
    ]


def _framed(text: str, columns: int, rows: int) -> list[str]:
    if columns < 4 or rows < 3:
        return [cut(text, columns)] + [""] * (rows - 1)
    lines = [part for line in text.splitlines() for part in wrapped(line, columns - 4)][: rows - 2]
    above = (rows - 2 - len(lines)) // 2
    body = [""] * above + lines + [""] * (rows - 2 - len(lines) - above)
    inside = columns - 2
    framed = ["╭" + "─" * inside + "╮"]
    for line in body:
        space = inside - cell_len(line)
        framed.append("│" + " " * (space // 2) + line + " " * (space - space // 2) + "│")
    framed.append("╰" + "─" * inside + "╯")
    return framed


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most width cells, broken at spaces where there are any."""
    lines, line = [], ""
    for word in text.split():
        while cell_len(word) > width:
            lines += [line] if line else []
            line = ""
            head = set_cell_size(word, width).rstrip()
            lines.append(head)
            word = word[len(head) :]
        if line and cell_len(line) + 1 + cell_len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return lines + ([line] if line else [])


def _line(text: str, columns: int, style: Style) -> Strip:
    return Strip([Segment(set_cell_size(text, columns), style)], columns)
