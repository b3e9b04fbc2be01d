"""The ids of images and categories as files write them, and where each of them stands."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import NOTHING, Indices
from engine.core.errors import DataError
from engine.formats.parts.json_rows import EXACT
from engine.util.parsed import whole_number

Id: TypeAlias = int | float | str
Ids: TypeAlias = Sequence[Id] | NDArray[np.float64]
EXAMPLES: Final = 3
LARGEST_TABLE: Final = 2**22  # numbers: ids further apart are searched for
AS_TEXT: Final = 'ids are text in one place and numbers in the other: "1" is taken for 1'


class IdIndex:
    """Finds the index of an id: 1 and 1.0 are the same.

    So are 1 and "1" where only one of them is an id; across is set when that is made use of.
    """

    def __init__(self, ids: Sequence[Id]) -> None:
        self.across = False
        self._index_of = {id_: index for index, id_ in enumerate(ids)}
        rows = [(id_, i) for i, id_ in enumerate(ids) if not isinstance(id_, str)]
        words = len(rows) < len(ids)
        text = (
            [(as_number(id_), i) for i, id_ in enumerate(ids) if isinstance(id_, str)]
            if words
            else []
        )
        self._of_text = {n: i for n, i in text if n is not None and n not in self._index_of}
        every = (*rows, *self._of_text.items())
        small = sorted((float(id_), i) for id_, i in every if -EXACT < id_ < EXACT)
        self._numbers = np.array([number for number, _ in small], float)  # [K] rising
        self._index = np.array([index for _, index in small], np.intp)
        self._lowest = self._numbers[0] if small else 0.0
        span = self._numbers[-1] - self._lowest + 1 if small else 0
        self._place: Indices | None = None  # of each number in the span, or of any other one
        if 0 < span <= LARGEST_TABLE:
            self._place = np.zeros(int(span), np.intp)
            self._place[(self._numbers - self._lowest).astype(np.intp)] = np.arange(len(small))

    def of_numbers(self, ids: NDArray[np.float64]) -> Indices:
        """[N] the index of each, or NOTHING; the ids are below EXACT."""
        if not len(self._numbers):
            return np.full(len(ids), NOTHING)
        if self._place is not None:
            place = self._place.take((ids - self._lowest).astype(np.intp), mode="clip")
        else:
            place = np.minimum(np.searchsorted(self._numbers, ids), len(self._numbers) - 1)
        found = self._index.take(place)
        found[self._numbers.take(place) != ids] = NOTHING
        if self._of_text and not self.across:
            self.across = bool(np.isin(found, list(self._of_text.values())).any())
        return found

    def of(self, ids: Iterable[Id]) -> Indices:
        """[N] the index of each, or NOTHING."""
        return np.array([self._find(id_) for id_ in ids], np.intp)

    def _find(self, id_: Id) -> int:
        found = self._index_of.get(id_)
        if found is None and (found := self._other.get(id_)) is not None:
            self.across = True
        return NOTHING if found is None else found

    @cached_property
    def _other(self) -> Mapping[Id, int]:
        """Text for numbers and numbers for text, made for the few files that need it."""
        other: dict[Id, int] = {
            str(plain(id_)): i for id_, i in self._index_of.items() if not isinstance(id_, str)
        }
        other.update((number, i) for number, i in self._of_text.items())
        return other


def refuse_fused(path: Path, ids: Iterable[Id]) -> None:
    """Raise DataError for an id that was written as a number with a fraction, and is too large.

    From EXACT on such numbers skip whole ones: two ids may have become one already.
    """
    fused = (id_ for id_ in ids if isinstance(id_, float) and not -EXACT < id_ < EXACT)
    first = next((id_ for id_ in fused if np.isfinite(id_)), None)
    if first is not None:
        raise DataError(
            path,
            f"the id {first!r} is written with a fraction, and so large that others would read the "
            "same: write ids as whole numbers or as text",
        )


def as_number(id_: str) -> int | None:
    """7 for "7"; None for text that is written otherwise than a number is, as "007"."""
    number = whole_number(id_)
    return number if str(number) == id_ else None


def plain(id_: Id) -> int | str:
    """1.0 as 1, as pandas writes a column that had a gap; 1.5 is no number of anything."""
    if isinstance(id_, float):
        return int(id_) if id_.is_integer() else str(id_)
    return id_


def examples(ids: Iterable[Id]) -> str:
    """The first few ids as the file writes them: 7, 8 or "a.jpg", "b.jpg"."""
    first = list(dict.fromkeys(ids))[:EXAMPLES]
    return ", ".join(json.dumps(plain(id_), ensure_ascii=False) for id_ in first)
