"""Class names in the room there is, measured in terminal cells and not in characters."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rich.cells import cell_len, chop_cells, set_cell_size

from engine.util.visible import clean

ARROW: Final = " → "
WORD: Final = re.compile(r"[^\s_/-]+[\s_/-]*|[\s_/-]+")
"""A word with what joins it to the next: hot dog, traffic_light, t-shirt."""

HEADS: Final = (1 / 2, 1 / 3, 1 / 4, 1 / 6, 2 / 3, 0.0)
"""How much of the room a beginning may have before what is left out, the best first."""


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


def elided(name: str, width: int, head: int) -> str:
    """The name in at most this many cells; what … stands for begins after at most `head` cells."""
    name = clean(name)
    if cell_len(name) <= width:
        return name
    if width < 2:
        return cut(name, width)
    head = min(head, width - 1)
    tail = width - 1 - head
    end = name[max(len(name) - tail, 0) :]
    while cell_len(end) > tail:
        end = end[1:]
    return f"{set_cell_size(name, head).rstrip()}…{end}"


@lru_cache(64)
def cut_apart(names: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Each name in at most this many cells, and as few as may be that look like another one.

    A name is cut at its end. Where two would then look the same, all that begin like another
    one lose their middle instead, at the place that tells the most of them apart.
    """
    texts = [cut(name, width) for name in names]
    apart, different = len(set(texts)), len(set(names))
    if apart == different or width < 3:
        return tuple(texts)
    begins = Counter(text[: width // 2] for text in texts)
    alike = [
        index
        for index, text in enumerate(texts)
        if text != clean(names[index]) and begins[text[: width // 2]] > 1
    ]
    best = texts
    for part in HEADS:
        tried = list(texts)
        for index in alike:
            tried[index] = elided(names[index], width, int((width - 1) * part))
        if (count := len(set(tried))) > apart:
            best, apart = tried, count
        if apart == different:
            break
    return tuple(best)


def pair(first: str, second: str, width: int) -> str:
    """`truck → car` in at most this many cells: either name may take what the other leaves.

    Names are told apart by what they end with, where they begin alike.
    """
    first, second = clean(first), clean(second)
    room = max(width - cell_len(ARROW), 0)
    half = room // 2
    if cell_len(second) <= room - half:
        first = cut(first, room - cell_len(second))
    elif cell_len(first) <= half:
        second = cut(second, room - cell_len(first))
    elif first != second and cut(first, half) == cut(second, half):
        first, second = elided(first, half, half // 4), elided(second, room - half, half // 4)
    else:
        first, second = cut(first, half), cut(second, room - half)
    return f"{first}{ARROW}{second}"


def left(name: str, width: int) -> str:
    """The name cut or padded to exactly this many cells, at their left."""
    return set_cell_size(cut(name, width), max(width, 0))


@lru_cache(8192)
def wrapped(name: str, width: int) -> tuple[str, ...]:
    """The name in lines of whole words; a word may be wider than this."""
    lines, line = [], ""
    for word in WORD.findall(clean(name)):
        if line and cell_len((line + word).rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += word
    return (*lines, line.rstrip())


@lru_cache(8192)
def stack(name: str, width: int, lines: int) -> tuple[str, ...]:
    """The name in so many lines of exactly this width, as a column's heading.

    The lowest line stands next to the numbers and every line ends where they end. Lines
    break between words where that fits, else into even parts.
    """
    name, width = clean(name), max(width, 1)
    parts = list(wrapped(name, width))
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


@lru_cache(64)
def lines_for(names: tuple[str, ...], width: int, most: int) -> int:
    """How many lines the longest of these headings needs in whole words; 0 for more than most."""
    needed = 1
    for name in names:
        parts = wrapped(name, width)
        if len(parts) > most or any(cell_len(part) > width for part in parts):
            return 0
        needed = max(needed, len(parts))
    return needed


@lru_cache(64)
def longest(names: tuple[str, ...]) -> int:
    """Cells of the longest of the names."""
    return max((cell_len(clean(name)) for name in names), default=1)


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
