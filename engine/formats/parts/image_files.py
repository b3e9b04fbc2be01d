"""Where the pixels of a dataset's images lie."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from engine.util.words import number

IMAGE_SUFFIXES: Final = frozenset(
    (
        *(".bmp", ".dng", ".gif", ".jfif", ".jpeg", ".jpg", ".jp2", ".mpo"),
        *(".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp"),
    )
)


def find_images(names: Sequence[str], folder: Path) -> tuple[Path | None, ...]:
    """The file of each image under a folder, or None.

    A name is looked for as it stands, then by its last part in the folder, then by
    its last part anywhere below, where the one that shares most of the folders before it
    is taken, the first in sorted order of several.
    """
    found: list[Path | None] = []
    here = _listing(folder)
    below: dict[str, list[Path]] | None = None
    for name in names:
        plain = name.replace("\\", "/")
        last = plain.rpartition("/")[2]
        # A Path would raise where a name is longer than any file's.
        if last != plain and os.path.isfile(folder / plain):  # noqa: PTH113
            found.append(folder / plain)
        elif last in here:
            found.append(folder / last)
        else:
            below = _tree(folder) if below is None else below
            found.append(_closest(plain, below.get(last, ())))
    return tuple(found)


def _closest(name: str, files: Sequence[Path]) -> Path | None:
    """The file that shares the most parts with a name, counted from the end."""
    if len(files) < 2:
        return files[0] if files else None
    own = name.split("/")[::-1]

    def alike(file: Path) -> int:
        pairs = zip(own, file.parts[::-1], strict=False)
        return next((at for at, (mine, its) in enumerate(pairs) if mine != its), len(own))

    return max(files, key=alike)


def _listing(folder: Path) -> set[str]:
    if not folder.is_dir():
        return set()
    return {entry.name for entry in os.scandir(folder) if entry.is_file()}


def _tree(folder: Path) -> dict[str, list[Path]]:
    """The files below a folder by their last part, each list in sorted order."""
    files: dict[str, list[Path]] = {}
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            files.setdefault(name, []).append(Path(place) / name)
    return files


def images_below(folder: Path) -> list[str]:
    """The image files anywhere below a folder, by their path in it, sorted."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        inside = os.path.relpath(place, folder)
        before = "" if inside == "." else f"{inside}/"
        found += [f"{before}{name}" for name in names if is_image_name(name)]
    return sorted(name.replace("\\", "/") for name in found)


def is_image_name(name: str) -> bool:
    """Whether a file has the suffix of a kind of image that Pillow reads."""
    return not name.startswith(".") and name[name.rfind(".") :].lower() in IMAGE_SUFFIXES


def find_images_or_stems(
    names: Sequence[str], stems: Sequence[str], folder: Path
) -> tuple[Path | None, ...]:
    """As find_images, and by the stem [N] where there is no file of the name [N]."""
    found = find_images(names, folder)
    if None not in found:
        return found
    second = find_images_by_stem(stems, folder)
    return tuple(one or other for one, other in zip(found, second, strict=True))


def find_images_by_stem(stems: Sequence[str], folder: Path) -> tuple[Path | None, ...]:
    """As find_images, for names without their suffix."""
    by_stem: dict[str, Path] = {}
    for name in images_below(folder):
        by_stem.setdefault(name.rpartition("/")[2].rpartition(".")[0], folder / name)
    return tuple(by_stem.get(stem) for stem in stems)


class DescribedImages:
    """Which image each file of annotations is of, where it names one and has a name itself.

    People rename images together with their files of annotations, and what stands in these
    stays. So where a file names an image of another stem than its own, its own name decides
    if there is an image of that.
    """

    def __init__(self, files: Sequence[Path], folder: Path) -> None:
        """files are those of annotations; images lie in the folder or below it."""
        self._folder = folder
        self._stems = Counter(file.stem for file in files)
        self._stale: list[str] = []  # files whose own name decides, and what they name
        self._crossed: list[str] = []  # those that name what is called as another file

    @cached_property
    def _images(self) -> dict[str, list[tuple[str, str]]]:
        """Folder and last part of the images by their stems; made for the few sets that need it."""
        found: dict[str, list[tuple[str, str]]] = {}
        for name in images_below(self._folder):
            folder, _, last = name.rpartition("/")
            found.setdefault(last.rpartition(".")[0], []).append((folder, last))
        return found

    def name(self, said: str, file: Path) -> str:
        """The name of the image that a file describes; said is what it names, or ""."""
        last = said.replace("\\", "/").rpartition("/")[2]
        stem = last.rpartition(".")[0]
        if not said or file.stem in (last, stem) or self._stems[file.stem] > 1:
            return said or file.stem
        # Thumbnails and masks may be called as the files, in a folder of their own.
        among = {folder for folder, other in self._images.get(stem, ()) if other == last}
        images = self._images.get(file.stem, ())
        own = [name for folder, name in images if not among or folder in among]
        if own:
            self._stale.append(f"{file.name} names {last}")
            return own[0]
        if stem in self._stems or last in self._stems:
            self._crossed.append(f"{file.name} names {last}")
        return said

    def notes(self) -> Iterator[str]:
        """On files that name another image than they are called, and on what decides."""
        for found, what, decides in (
            (self._stale, "another image", "the name of the file itself decides"),
            (self._crossed, "what another one is called", "what it names decides"),
        ):
            if found:
                files = number(len(found), "file of annotations", "files of annotations")
                names = "names" if len(found) == 1 else "name"
                yield f"{files} {names} {what} ({found[0]}): {decides}"
