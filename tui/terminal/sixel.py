"""Sixel: a picture written over the cells it covers."""

import re
from typing import Final

from PIL import Image

# textual-image has no public encoder: its renderables ask the terminal when they are imported.
from textual_image._sixel import SixelOptions, image_to_sixels

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
