"""Class names in the room there is, measured in terminal cells and not in characters."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rich.cells import cell_len, chop_cells, set_cell_size

ARROW: Final = " → "


@lru_cache(4096)
def clean(name: str) -> str:
    """The name on one line: a line break or a tab in a class name would break the picture."""
    line = "".join(letter if letter.isprintable() else " " for letter in name).strip()
    return line or "?" * bool(name)


@lru_cache(8192)
def cut(name: str, width: int) -> str:
    """The name in at most this many cells; … stands for what was left out."""
    name = clean(name)
    if cell_len(name) <= width:
        return name
    if width < 1:
        return ""
    kept = set_cell_size(name, width - 1).rstrip()
    return kept + "…"


def pair(first: str, second: str, width: int) -> str:
    """`truck → car` in at most this many cells: either name may take what the other leaves."""
    first, second = clean(first), clean(second)
    room = max(width - cell_len(ARROW), 0)
    half = room // 2
    if cell_len(second) <= room - half:
        first = cut(first, room - cell_len(second))
    elif cell_len(first) <= half:
        second = cut(second, room - cell_len(first))
    else:
        first, second = cut(first, half), cut(second, room - half)
    return f"{first}{ARROW}{second}"


def left(name: str, width: int) -> str:
    """The name cut or padded to exactly this many cells, at their left."""
    return set_cell_size(cut(name, width), max(width, 0))


@lru_cache(8192)
def stack(name: str, width: int, lines: int) -> tuple[str, ...]:
    """The name in so many lines of exactly this width, as a column's heading.

    The lowest line stands next to the numbers and every line ends where they end. Lines
    break between words where that fits, else into even parts.
    """
    name, width = clean(name), max(width, 1)
    parts = textwrap.wrap(name, width, break_long_words=False)
    if len(parts) > lines or any(cell_len(part) > width for part in parts):
        letters = name.replace(" ", "")
        needed = -(-cell_len(letters) // width)
        even = -(-cell_len(letters) // needed) if needed <= lines else width
        # On a single line the words would run into each other.
        parts = [cut(name, width)] if needed == 1 else chop_cells(letters, even)
    if len(parts) > lines:
        parts = parts[:lines]
        parts[-1] = set_cell_size(parts[-1], width - 1) + "…"
    parts = [*[""] * lines, *parts][-lines:]
    return tuple(" " * (width - cell_len(part)) + part for part in parts)


def lines_for(names: tuple[str, ...], width: int, most: int) -> int:
    """How many lines the longest of these headings needs."""
    needed = 1
    for name in names:
        while needed < most and any("…" in line for line in stack(name, width, needed)):
            needed += 1
    return needed


@dataclass(frozen=True, order=True)
class NameMatch:
    """How a name answers a search: the smaller, the better."""

    rank: int  # 0 the same, 1 starts so, 2 a word starts so, 3 has it inside, 4 scattered letters
    spread: int  # cells between the first and the last letter
    position: int
    index: int  # of the name
    offsets: tuple[int, ...]  # of the letters found


def search(query: str, names: Sequence[str]) -> list[NameMatch]:
    """The names that hold the letters of the query in this order, the best first.

    Takes time in proportion to the names. Textual's FuzzySearch tries every way to
    scatter the letters, which for a long name with repeated letters takes seconds.
    """
    wanted = query.lower().strip()
    found = (match(wanted, name, index) for index, name in enumerate(names))
    return sorted(one for one in found if one is not None)


def match(wanted: str, name: str, index: int) -> NameMatch | None:
    """How one name answers; None if it does not."""
    name = name.lower()
    start = name.find(wanted)
    if start >= 0:
        word = re.search(rf"\b{re.escape(wanted)}", name)
        start = word.start() if word else start
        rank = 0 if name == wanted else 1 if start == 0 else 2 if word else 3
        offsets = tuple(range(start, start + len(wanted)))
    else:
        rank, found = 4, []
        for letter in wanted.replace(" ", ""):
            start = name.find(letter, start + 1)
            if start < 0:
                return None
            found.append(start)
        offsets = tuple(found)
    if not offsets:
        return NameMatch(0, 0, 0, index, ())
    return NameMatch(rank, offsets[-1] - offsets[0], offsets[0], index, offsets)
