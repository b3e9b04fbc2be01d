"""Names of classes that mean the same, though they are written a little differently."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.core.arrays import NOTHING, Indices
from engine.util.words import listed

SYNONYMS: Final = (
    ("motorcycle", "motorbike"),
    ("airplane", "aeroplane"),
    ("couch", "sofa"),
    ("tv", "tvmonitor"),
    ("hair drier", "hair dryer"),
    ("donut", "doughnut"),
)
"""COCO's names, and those of Darknet's lists, of Pascal VOC and of the dictionary for the same.

`pottedplant` and `diningtable` are COCO's names by their bare letters already.
"""
DIGITS: Final = re.compile(r"(\d+)")
WHOLE: Final = re.compile(r"[0-9]+\.0")  # as pandas writes a column of numbers that had a gap


@dataclass(frozen=True, eq=False)
class FoundNames:
    """Where each of some names stands among others, and how it was found."""

    place: Indices  # [N] or NOTHING
    loosely: tuple[tuple[str, str], ...] = ()  # a name and that of the same letters
    synonyms: tuple[tuple[str, str], ...] = ()  # a name and that which means the same
    ambiguous: tuple[str, ...] = ()  # names that stand more than once, here or there

    @property
    def sentence(self) -> str:
        """Which synonyms were taken; "" for none."""
        if not self.synonyms:
            return ""
        pairs = ", ".join(f"{name} is {theirs}" for name, theirs in self.synonyms)
        return f"taken as synonyms: {pairs} (--no-synonyms keeps them apart)"


def found_names(names: Sequence[str], among: Sequence[str], synonyms: bool = True) -> FoundNames:
    """Where each name stands among others.

    A name is looked for as it is, then by its bare letters, without regard to case, spaces,
    underscores and hyphens, which count only where one of the others has them, and last by a
    well-known synonym, where no other name has that place. A name that stands more than once
    on either side has no place, unless both sides are one list: there its index tells.
    """
    if tuple(names) == tuple(among):
        return FoundNames(np.arange(len(names)))
    ours, theirs = Counter(names), Counter(among)
    exact = {name: index for index, name in enumerate(among)}
    bare = _by_letters(among)
    place = np.full(len(names), NOTHING, np.intp)
    loosely, ambiguous = [], []
    for row, name in enumerate(names):
        found = exact.get(name, bare.get(_bare(name), NOTHING))
        if found != NOTHING and (ours[name] > 1 or theirs[name] > 1):
            ambiguous.append(name)
        elif found != NOTHING:
            place[row] = found
            if among[found] != name:
                loosely.append((name, among[found]))
    alike = _by_synonym(names, place, among, bare) if synonyms else {}
    for row, found in alike.items():
        place[row] = found
    meant = tuple((names[row], among[found]) for row, found in alike.items())
    return FoundNames(place, tuple(loosely), meant, tuple(dict.fromkeys(ambiguous)))


def natural_order(names: Sequence[str]) -> list[str]:
    """Sorted as people count: class 2 before class 10."""
    return sorted(names, key=_counted)


def order_in_words(names: Sequence[str]) -> str:
    """Which order names are in where text and people count otherwise; "" elsewhere."""
    as_text, as_counted = sorted(names), natural_order(names)
    if as_text == as_counted or list(names) not in (as_text, as_counted):
        return ""
    kinds = ("sorted as text", "sorted as numbers")
    this, other = kinds if list(names) == as_text else kinds[::-1]
    return f"{this} ({listed(names)}), not {other}"


def _by_letters(among: Sequence[str]) -> dict[str, int]:
    """The place of each name's bare letters, NOTHING where several have them."""
    bare: dict[str, int] = {}
    for index, name in enumerate(among):
        letters = _bare(name)
        bare[letters] = NOTHING if letters in bare else index
    return bare


def _by_synonym(
    names: Sequence[str], place: Indices, among: Sequence[str], bare: dict[str, int]
) -> dict[int, int]:
    """The places of the synonyms of names that were not found."""
    found: dict[int, int] = {}
    for row in np.flatnonzero(place == NOTHING).tolist():
        letters = _bare(names[row])
        if letters in bare or letters not in MEANS:
            continue  # what stands there under its own name is no synonym of another
        if (there := bare.get(MEANS[letters], NOTHING)) != NOTHING:
            found[row] = there
    return found


def _bare(name: str) -> str:
    """The same for one name in composed and in decomposed letters, and for 1.0 and 1."""
    composed = unicodedata.normalize("NFC", name).casefold()
    bare = "".join(letter for letter in composed if letter not in " _-")
    return bare.removesuffix(".0") if WHOLE.fullmatch(bare) else bare


def _counted(name: str) -> list[tuple[int, int, str]]:
    parts = DIGITS.split(name)
    return [(0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts if part]


MEANS: Final = {_bare(one): _bare(other) for pair in SYNONYMS for one, other in (pair, pair[::-1])}
