"""Finding the files that a list names, wherever the list itself has moved since."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from engine.core.errors import DataError

VALIDATION: Final = ("val", "valid", "validation")
SPLITS: Final = (*VALIDATION, "test", "testing", "train", "training")
"""What the parts of a dataset are called, the one to read first."""


PART: Final = re.compile(
    rf"(images?[_-]?)?({'|'.join(SPLITS)})([_-]?\d+)?([_-]?(images?|imgs?|data|set))?"
)


ALL: Final = "all"
MOST_PARTS: Final = 12  # what has more values than that is no part of a dataset


class Listings:
    """Which files exist, each folder being read once."""

    def __init__(self) -> None:
        self._names: dict[str, frozenset[str]] = {}

    def has(self, path: str) -> bool:
        """Whether there is a file or folder of this name."""
        folder, name = os.path.split(path)
        if folder not in self._names:
            try:
                self._names[folder] = frozenset(entry.name for entry in os.scandir(folder or "."))
            except OSError:
                self._names[folder] = frozenset()
        return name in self._names[folder]


def places(name: str, bases: Sequence[Path]) -> list[str]:
    """Where a file of this name may be, the likeliest first.

    Lists name files from the folder in which a tool once ran: `data/train/a.jpg` beside
    a list that lies in `data`, `../train/a.jpg` beside the very folder. So each base is
    tried with the whole name, then without its first folders.
    """
    plain = name.replace("\\", "/").removeprefix("./")
    if plain.startswith("/"):
        begin = [plain]
        plain = plain.lstrip("/")
    else:
        begin = []
    parts = plain.split("/")
    for start in range(len(parts)):
        rest = "/".join(parts[start:])
        begin.extend(os.path.normpath(f"{base}/{rest}") for base in bases)
    return list(dict.fromkeys(begin))


def first_existing(name: str, bases: Sequence[Path]) -> Path | None:
    """The first of the places where there is a file or folder."""
    # A Path would raise where a name is longer than any file's.
    there = filter(os.path.exists, places(name, bases))
    return next(map(Path, there), None)


def files_of(folder: Path, *suffixes: str, below: bool = False) -> list[Path]:
    """The files in a folder with one of these suffixes, in upper or lower case, sorted.

    With below those of the folders in it too. A file has none.
    """
    found = []
    for place, folders, names in os.walk(folder):
        found += [Path(place, name) for name in names if name.lower().endswith(suffixes)]
        if not below:
            break
        folders.sort()
    return sorted(found)


def is_part(name: str) -> bool:
    """Whether a folder is called as a part of a dataset: val, val2017, train_images."""
    return PART.fullmatch(name.lower()) is not None


def chosen_part(
    path: Path, counts: Mapping[str, int], wanted: str | None, what: str
) -> tuple[str | None, tuple[str, ...]]:
    """The part of a dataset to read, None for all of it, and what to say of that.

    counts are how many of what there are in each part; wanted is a part or ALL, as a person
    named it. Without one the first of SPLITS is read, as of datasets in folders; parts that
    are called otherwise are all read. Raises DataError for a part that is not there.
    """
    named = {name.lower(): name for name in counts if name}
    if wanted is not None and wanted.lower() not in (*named, ALL):
        raise no_part(path, wanted, (*named.values(), ALL) if named else ())
    if wanted is not None:
        return named.get(wanted.lower()), ()
    if len(named) < 2 or len(named) > MOST_PARTS:
        return None, ()
    part = next((named[name] for name in SPLITS if name in named), None)
    told = ", ".join(f"{name or 'none'} {count:,}" for name, count in counts.items())
    which = "all are read" if part is None else f"{part} is read"
    return part, (f"{path.name} has {what} of several parts ({told}): {which}; --split chooses",)


def no_part(path: Path, wanted: str, parts: Iterable[str]) -> DataError:
    """That a dataset has no such part, with those that it has."""
    there = ", ".join(parts)
    has = f"its parts are {there}" if there else "it tells of no parts"
    return DataError(path, f"has no part {wanted}, which --split names: {has}")


def split_folders(path: Path) -> list[Path]:
    """The folders in a folder that are called as parts of a dataset, the one to read first."""
    if not path.is_dir():
        return []
    with os.scandir(path) as entries:
        here = [entry.name for entry in entries if entry.is_dir()]
    here = [name for name in here if name.lower() in SPLITS]
    return [path / name for name in sorted(here, key=lambda name: SPLITS.index(name.lower()))]


def short_names(names: Sequence[str]) -> tuple[str, ...]:
    """The last parts of names, where those tell them apart."""
    plain = [name.replace("\\", "/").removeprefix("./") for name in names]
    last = tuple(name.rpartition("/")[2] for name in plain)
    return last if len(set(last)) == len(last) else tuple(plain)
