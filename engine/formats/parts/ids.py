"""The ids of images and categories as files write them, and where each of them stands."""

import json
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import NOTHING, Indices
from engine.formats.parts.json_rows import EXACT

Id: TypeAlias = int | float | str
Ids: TypeAlias = Sequence[Id] | NDArray[np.float64]
EXAMPLES: Final = 3
LARGEST_TABLE: Final = 2**22  # numbers: ids further apart are searched for


class IdIndex:
    """Finds the index of an id: 1 and 1.0 are the same, 1 and "1" are not."""

    def __init__(self, ids: Sequence[Id]) -> None:
        self._index_of = {id_: index for index, id_ in enumerate(ids)}
        rows = [(id_, i) for i, id_ in enumerate(ids) if not isinstance(id_, str)]
        small = sorted((float(id_), i) for id_, i in rows if -EXACT < id_ < EXACT)
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
        return found

    def of(self, ids: Iterable[Id]) -> Indices:
        """[N] the index of each, or NOTHING."""
        return np.array([self._index_of.get(id_, NOTHING) for id_ in ids], np.intp)


def plain(id_: Id) -> int | str:
    """1.0 as 1, as pandas writes a column that had a gap; 1.5 is no number of anything."""
    if isinstance(id_, float):
        return int(id_) if id_.is_integer() else str(id_)
    return id_


def examples(ids: Iterable[Id]) -> str:
    """The first few ids as the file writes them: 7, 8 or "a.jpg", "b.jpg"."""
    first = list(dict.fromkeys(ids))[:EXAMPLES]
    return ", ".join(json.dumps(plain(id_), ensure_ascii=False) for id_ in first)
