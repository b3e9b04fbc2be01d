"""The line above an image."""

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from engine.util.visible import clean
from tui.drawing.names import cut

DOT: Final = " \N{MIDDLE DOT} "
CROSS: Final = "\N{MULTIPLICATION SIGN}"


def title_line(
    name: str,
    size: tuple[int, int],
    position: int,
    total: int,
    words: str,
    at_right: Sequence[str],
    width: int,
) -> Text:
    """Name, size, place and filter; at the right the first of these words that fits, or the last.

    size is width and height in pixels, 0 where they are not known.
    """
    pixels = f"{size[0]}{CROSS}{size[1]}" if size[0] else ""
    place = f"{position + 1:,} of {total:,}: {words}" if words else f"{position + 1:,} of {total:,}"
    rest = DOT.join(part for part in (pixels, place) if part)
    left = f"{clean(name)}{DOT}{rest}"
    fitting = (each for each in at_right if cell_len(left) + 2 + len(each) <= width)
    right = next(fitting, at_right[-1])
    left = cut(left, width - len(right) - 2)
    text = Text(left, no_wrap=True)
    text.stylize("bold", 0, min(len(clean(name)), len(left)))
    text.append(" " * max(width - cell_len(left) - len(right), 1) + right)
    return text
