"""Names of classes that mean the same, though they are written a little differently."""

from collections.abc import Sequence

import numpy as np

from engine.core.arrays import NOTHING, Indices


def places_of(names: Sequence[str], among: Sequence[str]) -> Indices:
    """[N] where each name stands among others, or NOTHING.

    A name is looked for as it is, then by its bare letters, without regard to case,
    spaces, underscores and hyphens, which count only where one of the others has them.
    """
    exact = {name: index for index, name in reversed(list(enumerate(among)))}
    bare: dict[str, int] = {}
    for index, name in enumerate(among):
        letters = _bare(name)
        bare[letters] = NOTHING if letters in bare else index
    return np.array([exact.get(name, bare.get(_bare(name), NOTHING)) for name in names], np.intp)


def _bare(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter not in " _-")
