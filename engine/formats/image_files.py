"""Where the pixels of a dataset's images lie."""

import os
from collections.abc import Sequence
from pathlib import Path


def find_images(names: Sequence[str], folder: Path) -> tuple[Path | None, ...]:
    """The file of each image under a folder, or None.

    A name is looked for as it stands, then by its last part in the folder, then by
    its last part anywhere below, where the first in sorted order is taken.
    """
    found: list[Path | None] = []
    here = _listing(folder)
    below: dict[str, Path] | None = None
    for name in names:
        plain = name.replace("\\", "/")
        last = plain.rpartition("/")[2]
        if last != plain and (folder / plain).is_file():
            found.append(folder / plain)
        elif last in here:
            found.append(folder / last)
        else:
            below = _tree(folder) if below is None else below
            found.append(below.get(last))
    return tuple(found)


def _listing(folder: Path) -> set[str]:
    if not folder.is_dir():
        return set()
    return {entry.name for entry in os.scandir(folder) if entry.is_file()}


def _tree(folder: Path) -> dict[str, Path]:
    """The files below a folder by their last part."""
    files: dict[str, Path] = {}
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            files.setdefault(name, Path(place) / name)
    return files
