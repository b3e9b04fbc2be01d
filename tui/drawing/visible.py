"""File names as they can be shown: what would move the cursor is written as an escape."""

from functools import lru_cache
from pathlib import PurePath

from rich.cells import cell_len


@lru_cache(8192)
def visible(text: str) -> str:
    r"""The text on one line: `two\nlines \x1b[31m.png`; bytes that are no text as `\xff`."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else _escape(letter) for letter in text)


def _escape(letter: str) -> str:
    number = ord(letter)
    if 0xDC80 <= number <= 0xDCFF:  # how Python holds a byte of a name that is not UTF-8
        return f"\\x{number - 0xDC00:02x}"
    return letter.encode("unicode_escape").decode("ascii")


@lru_cache(8192)
def file_name(path: str) -> str:
    """The last part of a path, visible."""
    return visible(PurePath(path).name or path)


@lru_cache(8192)
def cut_left(text: str, width: int) -> str:
    """The end of a text in so many cells: of a path that is what tells it from others."""
    if cell_len(text) <= width:
        return text
    while text and cell_len(text) > width - 1:
        text = text[1:]
    return ("\N{HORIZONTAL ELLIPSIS}" + text)[: max(width, 0)]
