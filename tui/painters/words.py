"""A frame with words, where a picture would be."""

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.painters.names import cut


def words_frame(text: str, columns: int, rows: int, style: Style) -> list[Strip]:
    """The lines of the text in the middle of a thin frame; long lines are wrapped."""
    if columns < 4 or rows < 3:
        return [_line(cut(text, columns), columns, style)] + [
            _line("", columns, style) for _ in range(rows - 1)
        ]
    lines = [part for line in text.splitlines() for part in wrapped(line, columns - 4)][: rows - 2]
    above = (rows - 2 - len(lines)) // 2
    body = [""] * above + lines + [""] * (rows - 2 - len(lines) - above)
    inside = columns - 2
    framed = ["╭" + "─" * inside + "╮"]
    for line in body:
        space = inside - cell_len(line)
        framed.append("│" + " " * (space // 2) + line + " " * (space - space // 2) + "│")
    framed.append("╰" + "─" * inside + "╯")
    return [_line(line, columns, style) for line in framed]


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
