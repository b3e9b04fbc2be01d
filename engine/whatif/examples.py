"""Paths that somebody may want to have scored, found by looking around."""

import os
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from engine.formats.parts.image_files import is_image_name

LOOKED_AT: Final = 2_000  # names in one folder
FOLDERS: Final = 50  # that are looked into


def example_paths(folder: Path, most: int = 3) -> tuple[str, ...]:
    """As they are typed there: a pattern for the images in a folder, then folders that have some.

    A folder that cannot be read has none. For a thread: a folder may be far away.
    """
    images, folders = Counter[str](), list[str]()
    for entry in _entries(folder):
        if is_image_name(entry.name):
            images[Path(entry.name).suffix] += 1
        elif _is_folder(entry):
            folders.append(entry.name)
    found = [f"*{suffix}" for suffix, _ in images.most_common(1)]
    for name in sorted(folders)[:FOLDERS]:
        if len(found) >= most:
            break
        if any(is_image_name(entry.name) for entry in _entries(folder / name)):
            found.append(f"{name}/")
    return tuple(found[:most])


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from islice(entries, LOOKED_AT)
    except OSError:
        return


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir() and not entry.name.startswith(".") and entry.name.isprintable()
    except OSError:
        return False
