"""The images of a dataset by the names that other files give them."""

from collections.abc import Sequence

import numpy as np

from engine.core.arrays import NOTHING, Indices

SEVERAL = -2  # a name that more than one image may have


class ImageNames:
    """Finds an image by its name: as it stands, by its last part, then without the suffix.

    Where several images share the last part, the folders before it decide, as far as
    both names have any: of train/1.jpg and val/1.jpg, data/val/1.txt means the second.
    """

    def __init__(self, names: Sequence[str]) -> None:
        plain = [_plain(name) for name in names]
        self._whole = {name: index for index, name in reversed(list(enumerate(plain)))}
        self._paths: dict[str, list[tuple[int, str]]] = {}
        for index, name in enumerate(plain):
            last = name.rpartition("/")[2]
            for key in {last, _stem(last)}:
                self._paths.setdefault(key, []).append((index, name))

    def find(self, name: str) -> int:
        """The index of an image, NOTHING if none has the name, SEVERAL if several may."""
        name = _plain(name)
        if name in self._whole:
            return self._whole[name]
        last = name.rpartition("/")[2]
        found = self._paths.get(last) or self._paths.get(_stem(last))
        if not found:
            return NOTHING
        return found[0][0] if len(found) == 1 else _by_folders(name, found)

    def find_all(self, names: Sequence[str]) -> Indices:
        """[N] the index of each, as find gives it; names that repeat are looked up once."""
        known = {name: self.find(name) for name in dict.fromkeys(names)}
        return np.array([known[name] for name in names], np.intp)


def _by_folders(name: str, found: Sequence[tuple[int, str]]) -> int:
    """The image that shares the most folders with a name, counted from the end."""
    own = name.split("/")[-2::-1]
    shared = []
    for index, other in found:
        alike = 0
        for mine, its in zip(own, other.split("/")[-2::-1], strict=False):
            if mine != its:
                break
            alike += 1
        shared.append((alike, index))
    most = max(alike for alike, _ in shared)
    best = [index for alike, index in shared if alike == most]
    return best[0] if len(best) == 1 else SEVERAL


def _plain(name: str) -> str:
    return name.replace("\\", "/").removeprefix("./")


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name
