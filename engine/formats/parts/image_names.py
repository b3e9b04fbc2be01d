"""The images of a dataset by the names that other files give them."""

import unicodedata
from collections.abc import Sequence
from typing import Final

import numpy as np

from engine.core.arrays import NOTHING, Indices
from engine.formats.parts.image_files import IMAGE_SUFFIXES
from engine.util.parsed import whole_number
from engine.util.words import number

SUFFIXES: Final = IMAGE_SUFFIXES | {".avif", ".heic", ".json", ".txt", ".xml"}
SEVERAL = -2  # a name that more than one image may have


class ImageNames:
    """Finds an image by its name: as it stands, by its last part, then without the suffix.

    Where several images share the last part, the folders before it decide, as far as
    both names have any: of train/1.jpg and val/1.jpg, data/val/1.txt means the second.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._whole: dict[str, int] = {}
        self._paths: dict[str, list[tuple[int, str]]] = {}
        for index, name in enumerate(map(_plain, names)):
            self._whole[name] = SEVERAL if name in self._whole else index
            last = name.rpartition("/")[2]
            for key in {last, stem_of(last)}:
                self._paths.setdefault(key, []).append((index, name))

    def find(self, name: str) -> int:
        """The index of an image, NOTHING if none has the name, SEVERAL if several may."""
        name = _plain(name)
        if name in self._whole:
            return self._whole[name]
        found = _closest(name, self._sharing(name))
        return (found[0] if len(found) == 1 else SEVERAL) if found else NOTHING

    def find_all(self, names: Sequence[str]) -> Indices:
        """[N] the index of each, as find gives it; names that repeat are looked up once."""
        known = {name: self.find(name) for name in dict.fromkeys(names)}
        return np.array([known[name] for name in names], np.intp)

    def why_several(self, name: str) -> str:
        """Which images share a name that find calls SEVERAL, and the way out, in words."""
        name = _plain(name)
        last = name.rpartition("/")[2]
        named = [self._names[index] for index in _closest(name, self._sharing(name))]
        alike = [other for other in named if _plain(other) == name]
        if len(alike) > 1:
            return (
                f"{number(len(alike), 'image')} are called {alike[0]}: only COCO results, whose "
                "image_id is a number, tell them apart"
            )
        both = " and ".join(named[:2])
        if len({_plain(other).rpartition("/")[2] for other in named[:2]}) == 1:
            return f"{both} share the name {last}: give it with its folder, as the images have it"
        return f"{both} share the stem {stem_of(last)}: rename one of them"

    def _sharing(self, name: str) -> list[tuple[int, str]]:
        """The images of the same last part, else of the same one without the suffix."""
        last = name.rpartition("/")[2]
        return self._paths.get(last) or self._paths.get(stem_of(last)) or []


def repeated_names(names: Sequence[str]) -> tuple[str, ...]:
    """A sentence where several images have one and the same name, which nothing tells apart."""
    if len(set(names)) == len(names):
        return ()
    first: dict[str, int] = {}
    again = [name for index, name in enumerate(names) if first.setdefault(name, index) != index]
    return (
        f"{number(len(again), 'image')} with the file name of an earlier one ({again[0]}): "
        "all have the same pixels, and only an image_id tells their predictions apart",
    )


def number_in_name(name: str) -> int | None:
    """The number that the name of a file is, without folder and suffix: 12 for a/0012.jpg."""
    stem = stem_of(name[max(name.rfind("/"), name.rfind("\\")) + 1 :])
    return whole_number(stem)


def images_of_numbers(names: Sequence[str]) -> dict[int, int]:
    """The image of each number that is the name of one file alone."""
    found: dict[int, int] = {}
    for image, name in enumerate(names):
        if (number_ := number_in_name(name)) is not None:
            found[number_] = NOTHING if number_ in found else image
    return {number_: image for number_, image in found.items() if image != NOTHING}


def stem_of(name: str) -> str:
    """A name without the suffix of an image or of a file beside one; a.2 is a name as it is."""
    stem, _, suffix = name.rpartition(".")
    return stem if stem and f".{suffix.lower()}" in SUFFIXES else name


def _closest(name: str, found: Sequence[tuple[int, str]]) -> list[int]:
    """The images that share the most folders with a name, counted from the end."""
    if len(found) < 2:
        return [index for index, _ in found]
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
    return [index for alike, index in shared if alike == most]


def _plain(name: str) -> str:
    """With folders and letters written in one way: a file system may take letters apart."""
    return unicodedata.normalize("NFC", name).replace("\\", "/").removeprefix("./")
