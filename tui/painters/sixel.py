"""Sixel: a picture written over the cells it covers."""

import re
from typing import Final

from PIL import Image

# The encoder only: the public modules of textual-image ask the terminal when they are imported.
from textual_image._sixel import SixelOptions, image_to_sixels

from tui.painters.boxes import Chip
from tui.painters.half_cells import chip_colours

_HEADER: Final = re.compile(r'\x1bP[\d;]*q"[\d;]*')
_DEFINITION: Final = re.compile(r"#(\d+);2;\d+;\d+;\d+")


def encode(image: Image.Image) -> str:
    """A picture that has a palette as one Sixel sequence.

    The encoder defines a colour where it is first used, and xterm paints that first
    use in the colour that the register had before: all definitions come first here.
    """
    written = image_to_sixels(image, SixelOptions(colors=256))
    defined = "".join(match[0] for match in _DEFINITION.finditer(written))
    header = _HEADER.match(written)
    assert header is not None
    return header[0] + defined + _DEFINITION.sub(r"#\1", written[header.end() :])


def picture_at(x: int, y: int, sixels: str, chips: tuple[Chip, ...]) -> str:
    """What to write to see the picture and its labels at a cell of the screen."""
    labels = "".join(_move(x + chip.x, y + chip.y) + chip_ansi(chip) for chip in chips)
    return f"\x1b7{_move(x, y)}{sixels}{labels}\x1b8"  # 7 and 8 keep the cursor


def _move(x: int, y: int) -> str:
    return f"\x1b[{y + 1};{x + 1}H"


def chip_ansi(chip: Chip) -> str:
    """A label as it is written over a picture."""
    ink, paper = chip_colours(chip.mark)
    return (
        f"\x1b[38;2;{ink[0]};{ink[1]};{ink[2]};48;2;{paper[0]};{paper[1]};{paper[2]}m"
        f"{chip.text}\x1b[0m"
    )
