"""File names in the room there is."""

from functools import lru_cache
from pathlib import PurePath

from rich.cells import cell_len

from engine.util.visible import visible


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
