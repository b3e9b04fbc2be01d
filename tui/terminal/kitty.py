"""kitty's graphics protocol: an image sent once, then placed by characters."""

import base64
import io
import zlib
from collections.abc import Iterable
from typing import Final

from PIL import Image

from tui.terminal.capabilities import passthrough
from tui.terminal.patches import Rectangle

PLACEHOLDER: Final = "\U0010eeee"
PAYLOAD: Final = 4096  # characters, the protocol's limit
LARGE: Final = 600  # bytes from which a palette may be worth its own size
LEVEL: Final = 9  # of compression: bytes are dearer than the thread's time
PIECE: Final = 16_384  # characters sent between two frames

# The protocol's row and column marks (rowcolumn-diacritics.txt), as ranges of code points.
_RANGES: Final = (
    "305 30d-30e 310 312 33d-33f 346 34a-34c 350-352 357 35b 363-36f 483-487 592-595 597-599 "
    "59c-5a1 5a8-5a9 5ab-5ac 5af 5c4 610-617 657-65b 65d-65e 6d6-6dc 6df-6e2 6e4 6e7-6e8 6eb-6ec "
    "730 732-733 735-736 73a 73d 73f-741 743 745 747 749-74a 7eb-7f1 7f3 816-819 81b-823 825-827 "
    "829-82d 951 953-954 f82-f83 f86-f87 135d-135f 17dd 193a 1a17 1a75-1a7c 1b6b 1b6d-1b73 "
    "1cd0-1cd2 1cda-1cdb 1ce0 1dc0-1dc1 1dc3-1dc9 1dcb-1dcc 1dd1-1de6 1dfe 20d0-20d1 20d4-20d7 "
    "20db-20dc 20e1 20e7 20e9 20f0 2cef-2cf1 2de0-2dff a66f a67c-a67d a6f0-a6f1 a8e0-a8f1 aab0 "
    "aab2-aab3 aab7-aab8 aabe-aabf aac1 fe20-fe26 10a0f 10a38 1d185-1d189 1d1aa-1d1ad 1d242-1d244"
)


def _marks() -> tuple[str, ...]:
    bounds = (part.split("-") for part in _RANGES.split())
    return tuple(chr(code) for b in bounds for code in range(int(b[0], 16), int(b[-1], 16) + 1))


MARKS: Final = _marks()
LONGEST: Final = len(MARKS)  # rows and columns that can be numbered


def upload(image: Image.Image, number: int, columns: int, rows: int, tmux: bool) -> list[str]:
    """The pieces to write, in order, to make image number fill columns by rows of placeholders."""
    return upload_file(png(image), number, columns, rows, tmux)


def upload_file(file: bytes, number: int, columns: int, rows: int, tmux: bool) -> list[str]:
    """The same of an image that is a PNG already."""
    commands = _sent(f"a=t,i={number},f=100", "", file, tmux)
    commands.append(_command(f"a=p,i={number},U=1,c={columns},r={rows},q=2", "", tmux))
    return _joined(commands)


def edits(image: Image.Image, parts: Iterable[Rectangle], number: int, tmux: bool) -> list[str]:
    """The pieces to write so that image number shows these parts of another one of its size.

    Its root frame is edited in place: what is on the screen changes at once, whatever
    placeholders show it.
    """
    commands = []
    for left, top, width, height in parts:
        part = image.crop((left, top, left + width, top + height))
        where = f"a=f,i={number},r=1,x={left},y={top},X=1"
        raw = zlib.compress(part.convert("RGB").tobytes(), 9)
        file = png(part) if len(raw) > LARGE else raw
        if len(file) < len(raw):
            commands += _sent(f"{where},f=100", "a=f,", file, tmux)
        else:
            commands += _sent(f"{where},s={width},v={height},f=24,o=z", "a=f,", raw, tmux)
    return _joined(commands)


def free(number: int, tmux: bool) -> str:
    """The command that makes the terminal forget an image."""
    return _command(f"a=d,d=I,i={number},q=2", "", tmux)


def placeholders(number: int, row: int, first: int, last: int) -> str:
    """The characters that show columns first to last (exclusive) of one row of an image.

    Only the first says its row and column: a cell that says neither is the next one of its
    left neighbour's image. So a row is written whole, or anew from where it is interrupted.
    """
    if first >= last:
        return ""
    colour = f"\x1b[38;2;{number >> 16 & 255};{number >> 8 & 255};{number & 255}m"
    cells = PLACEHOLDER + MARKS[row] + MARKS[first] + PLACEHOLDER * (last - first - 1)
    return f"{colour}{cells}\x1b[39m"


def png(image: Image.Image) -> bytes:
    """The image as a file."""
    held = io.BytesIO()
    image.save(held, "PNG", compress_level=LEVEL)
    return held.getvalue()


def _sent(keys: str, again: str, data: bytes, tmux: bool) -> list[str]:
    """Data after these keys; those of the protocol's further chunks begin with again."""
    payload = base64.b64encode(data).decode("ascii")
    commands = []
    for start in range(0, len(payload), PAYLOAD):
        more = int(start + PAYLOAD < len(payload))
        head = f"{keys}," if start == 0 else again
        chunk = payload[start : start + PAYLOAD]
        commands.append(_command(f"{head}q=2,m={more}", chunk, tmux))
    return commands


def _command(keys: str, payload: str, tmux: bool) -> str:
    command = f"\x1b_G{keys}" + (f";{payload}" if payload else "") + "\x1b\\"
    return passthrough(command) if tmux else command


def _joined(commands: list[str]) -> list[str]:
    """Whole commands together in pieces of a size that does not hold up a frame for long."""
    pieces = [""]
    for command in commands:
        if pieces[-1] and len(pieces[-1]) + len(command) > PIECE:
            pieces.append("")
        pieces[-1] += command
    return pieces
