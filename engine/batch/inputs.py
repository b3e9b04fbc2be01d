"""The images that a person names: files, folders, globs, lists and standard input.

File names travel as Python decodes them, with surrogateescape: any name comes back
to the file system as the bytes it is.
"""

import glob
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO, Final, TypeAlias

from engine.core.errors import DataError, EngineError

COMMON: Final = (".jpg", ".jpeg", ".jfif", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp")
RARE: Final = (".jp2", ".ppm", ".pgm", ".pbm", ".pnm", ".avif", ".heic", ".heif")
SUFFIXES: Final = frozenset((*COMMON, *RARE))
"""What is taken for an image in a folder; a file that is named itself may be called anything."""

BLOCK: Final = 1 << 20  # bytes of a list that are read at once
FileId: TypeAlias = tuple[int, int]  # of a folder: device and inode


class InputError(EngineError):
    """Images that are named in a way that finds none."""


@dataclass(frozen=True)
class Shard:
    """One of several equal parts of the images; which, only the path of an image decides."""

    index: int  # from 1
    of: int

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """From 3/16. Raises InputError."""
        found = re.fullmatch(r"(\d{1,9})/(\d{1,9})", text.strip())
        index, of = map(int, found.groups()) if found else (0, 0)
        if not 1 <= index <= of:
            raise InputError(f"{text!r} is no shard: write 3/16 for the third of sixteen")
        return cls(index, of)

    def has(self, path: str) -> bool:
        """Whether an image belongs to it: the first 8 bytes of sha256 of its path, modulo.

        The path is taken as it is written in the output, so it has to be named the same
        way on every machine.
        """
        start = hashlib.sha256(os.fsencode(path)).digest()[:8]
        return int.from_bytes(start, "big") % self.of == self.index - 1

    def __str__(self) -> str:
        return f"{self.index}/{self.of}"


@dataclass(frozen=True)
class NamedImage:
    """An image file, and what it is called below the place where it was found."""

    path: str  # as the person wrote it, with what was found below
    name: str  # relative; for the files that are written for this image


def named_images(inputs: Sequence[str], stdin: IO[bytes] | None = None) -> Iterator[NamedImage]:
    """The images in the order of the inputs, folders and globs in sorted order.

    `-` stands for paths on standard input, `@list.txt` for those in a file, one a line, or
    separated by NUL as `find -print0` does. Whether listed files exist is found out when
    they are scored. Raises InputError and DataError.
    """
    for text in inputs:
        if text == "-":
            yield from _listed(_entries(stdin), "standard input")
        elif text.startswith("@") and not os.path.lexists(text):
            yield from _from_list(Path(text[1:]))
        elif os.path.isdir(text):  # noqa: PTH112  # of a str, which keeps its "./"
            yield from _some(_below(text, text), f"{text}: there is no image in this folder")
        elif os.path.lexists(text):
            yield NamedImage(text, PurePath(text).name)
        elif glob.has_magic(text):
            yield from _some(_matching(text), f"{text}: nothing matches this pattern")
        else:
            raise InputError(f"{text}: there is no such file or folder")


def _some(found: Iterable[NamedImage], otherwise: str) -> Iterator[NamedImage]:
    count = 0
    for count, image in enumerate(found, start=1):  # noqa: B007  # the last
        yield image
    if not count:
        raise InputError(otherwise)


def _below(folder: str, root: str, above: frozenset[FileId] = frozenset()) -> Iterator[NamedImage]:
    """The images in a folder and below it; hidden ones are left out, and links that lead back.

    A folder that cannot be listed stands for itself: it fails as an image would, and is
    listed with the reason.
    """
    try:
        state = os.stat(folder)  # noqa: PTH116
        if (here := (state.st_dev, state.st_ino)) in above:
            return
        entries = sorted(
            (entry.name, _is_folder(entry))
            for entry in os.scandir(folder)
            if not entry.name.startswith(".")
        )
    except OSError as error:
        if folder == root:
            raise DataError(Path(folder), f"cannot be read: {error.strerror}") from None
        yield NamedImage(folder, os.path.relpath(folder, root))
        return
    for name, is_folder in entries:
        path = os.path.join(folder, name)  # noqa: PTH118  # Path would drop "./"
        if is_folder:
            yield from _below(path, root, above | {here})
        elif os.path.splitext(name)[1].lower() in SUFFIXES:  # noqa: PTH122
            yield NamedImage(path, os.path.relpath(path, root))


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself: a file that cannot be read
        return False


def _matching(pattern: str) -> Iterator[NamedImage]:
    root = fixed_part(pattern)
    for path in sorted(glob.iglob(pattern, recursive=True)):  # noqa: PTH207  # keeps "./"
        if not os.path.isdir(path):  # noqa: PTH112
            yield NamedImage(path, os.path.relpath(path, root))
        elif "**" not in pattern:  # which reaches what is below by itself
            yield from _below(path, root)


def fixed_part(pattern: str) -> str:
    """The folder that a pattern starts from."""
    parts = []
    for part in PurePath(pattern).parts[:-1]:
        if glob.has_magic(part):
            break
        parts.append(part)
    return str(PurePath(*parts))


def _from_list(path: Path) -> Iterator[NamedImage]:
    try:
        with path.open("rb") as file:
            yield from _listed(_entries(file), str(path))
    except OSError as error:
        raise DataError(path, f"this list cannot be read: {error.strerror}") from None


def _listed(entries: Iterator[bytes], source: str) -> Iterator[NamedImage]:
    paths = (os.fsdecode(entry) for entry in entries)
    return _some((NamedImage(path, _inside(path)) for path in paths), f"{source}: lists no image")


def _inside(path: str) -> str:
    """A path as it may be written below another folder."""
    inside = path.replace("\\", "/") if os.name == "nt" else path
    drive, below = os.path.splitdrive(inside)
    parts = [part for part in below.split("/") if part not in ("", ".", "..")]
    return "/".join((drive.rstrip(":"), *parts) if drive else parts)


def _entries(file: IO[bytes] | None) -> Iterator[bytes]:
    """The entries of a list, a block at a time; empty ones are left out."""
    rest, end = b"", b""
    while file is not None and (block := file.read(BLOCK)):
        end = end or (b"\0" if b"\0" in block else b"\n")
        *whole, rest = (rest + block).split(end)
        yield from _stripped(whole, end)
    yield from _stripped([rest], end)


def _stripped(entries: Iterable[bytes], end: bytes) -> Iterator[bytes]:
    for entry in entries:
        kept = entry if end == b"\0" else entry.rstrip(b"\r\n")
        if kept.strip():
            yield kept
