"""iTerm2's inline images: a picture written over the cells it covers, as a file in base64.

The protocol: https://iterm2.com/documentation-images.html
"""

import base64
import io
from typing import Final

from PIL import Image

QUALITY: Final = 78
CELL: Final = 6  # pixels sent for the width of a cell: the terminal scales, smoothly
FLAT: Final = 256  # colours, up to which a palette is exact


def encode(image: Image.Image, columns: int, rows: int) -> str:
    """The picture as one sequence that fills so many cells from the cursor on.

    A photo is smallest as JPEG. In it every pixel keeps its own colour, for the lines of
    boxes are narrow; without that they are a third smaller and grey. What has few colours
    is often smaller as PNG, and exact; what has a palette is a drawing, and always one.
    size is optional in the protocol, but xterm.js wants it; iTerm2 and others who do not
    know doNotMoveCursor leave it alone.
    """
    data = min(_files(image), key=len)
    payload = base64.b64encode(data).decode("ascii")
    return (
        f"\x1b]1337;File=inline=1;size={len(data)};width={columns};height={rows};"
        f"preserveAspectRatio=0;doNotMoveCursor=1:{payload}\x07"
    )


def _files(image: Image.Image) -> list[bytes]:
    if image.mode == "P":
        return [_file(image, "PNG", optimize=True)]
    colours = image.convert("RGB")
    files = [_file(colours, "JPEG", quality=QUALITY, subsampling=0, optimize=True)]
    if colours.getcolors(FLAT) is not None:
        palette = colours.quantize(FLAT, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        exact = palette if palette.convert("RGB").tobytes() == colours.tobytes() else colours
        files.append(_file(exact, "PNG", optimize=True))
    return files


def _file(image: Image.Image, form: str, **options: int) -> bytes:
    held = io.BytesIO()
    image.save(held, form, **options)
    return held.getvalue()
