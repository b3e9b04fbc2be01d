"""Work on a large table piece by piece: what is in the cache stays there, on all cores."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.util.cores import available_cores

FloatBlock: TypeAlias = NDArray[np.floating[Any]]  # [N, C] probabilities, as the file has them
Piece = TypeVar("Piece")
Result = TypeVar("Result")

AT_ONCE: Final = 2**18
"""Numbers in a block: 2 MB of float64, which a core's own cache holds."""

MOST_THREADS: Final = 8
RUNS: Final = 16


def blocks(rows: int, columns: int) -> list[slice]:
    """Rows of a table in runs that fit the cache."""
    size = max(AT_ONCE // max(columns, 1), 1)
    return [slice(start, min(start + size, rows)) for start in range(0, rows, size)]


def runs(pieces: list[slice]) -> list[list[slice]]:
    """The pieces in a few runs of neighbours, for work that adds up: the same on any machine."""
    length = -(-len(pieces) // RUNS) or 1
    return [pieces[start : start + length] for start in range(0, len(pieces), length)]


def in_turns(work: Callable[[Piece], Result], pieces: Sequence[Piece]) -> list[Result]:
    """The results of all pieces in their order, worked out on as many cores as there are.

    Pays because NumPy lets go of the interpreter while it computes. The result does not
    depend on the number of cores.
    """
    threads = min(available_cores(), MOST_THREADS, len(pieces))
    if threads < 2:
        return [work(piece) for piece in pieces]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, pieces))
