"""The columns of big files, kept so that they need not be parsed again.

An entry belongs to the content of the file and to the ids, names of images and objects it was
read against, never to its own name or a date. It is one file: a line of JSON that says where each
column lies, then the columns, which are mapped into memory and not read. It is written under
another name and renamed when whole, and its size and sum are checked before it is used.
"""

import mmap
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import msgspec
import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from engine.core.dataset import DetectionDataset, GroundTruths, Predictions
from engine.util.parsed import NO_JSON

WORTH_KEEPING: Final = 24 * 2**20  # bytes: a smaller file is parsed in less than .2 s
BLOCK: Final = 2**24  # bytes of a file hashed together
ALIGNED: Final = 64
COLUMNS: Final = ("image", "class_", "confidence", "box")
SUFFIX: Final = ".columns-4"  # the number is that of this format, and of the rules of reading
UNFINISHED: Final = ".part"

CachedPredictions = tuple[Predictions, tuple[str, ...]]
Columns = dict[str, NDArray[Any]]


class _Column(msgspec.Struct):
    dtype: str
    shape: tuple[int, ...]
    offset: int
    sum: int


class _Header(msgspec.Struct):
    bytes: int  # of the whole entry
    notes: tuple[str, ...]
    columns: dict[str, _Column]
    text: str = ""  # what else belongs to the columns


@dataclass(frozen=True, eq=False)
class CacheEntry:
    """What an entry holds. Of a column each row has a multiple of 8 bytes."""

    columns: Columns
    notes: tuple[str, ...]
    text: str = ""


class _UnusableError(Exception):
    """An entry that is not there, or is not whole."""


@dataclass(frozen=True)
class ColumnCache:
    """A folder of entries that never grows beyond a limit; the least used go first."""

    folder: Path | None = None  # None: in the user's cache folder
    limit: int = 4 * 2**30  # bytes
    worth_keeping: int = WORTH_KEEPING

    def read(
        self, path: Path, dataset: DetectionDataset, parse: Callable[[], CachedPredictions]
    ) -> CachedPredictions:
        """What parse gives for the file, from the last time if it was parsed before."""
        try:
            before = path.stat()
        except OSError:
            return parse()
        if before.st_size < self.worth_keeping:
            return parse()
        images = dataset.images.name
        ids = msgspec.json.encode((dataset.image_ids, dataset.category_ids, images))
        known = _digest_of(ids, dataset.ground_truths)
        place = self.place
        same_size = f"{before.st_size:x}-{known}-"
        with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
            if place.is_dir() and any(place.glob(f"{same_size}*{SUFFIX}")):
                entry = place / f"{same_size}{_digest(path, pool)}{SUFFIX}"
                if kept := self.find(entry):
                    rows = _predictions(kept, dataset)
                    if rows is not None:
                        return rows, kept.notes
                found = parse()
            else:  # no other file can be the same, so it is hashed while it is parsed
                with ThreadPoolExecutor(max_workers=1) as one:
                    digest = one.submit(_digest, path, pool)
                    found = parse()
                    entry = place / f"{same_size}{digest.result()}{SUFFIX}"
        with suppress(OSError):
            after = path.stat()
            if (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns):
                columns = {name: getattr(found[0], name) for name in COLUMNS}
                self.keep(entry, CacheEntry(columns, found[1]))
        return found

    @property
    def place(self) -> Path:
        """The folder of the entries."""
        return self.folder or user_cache_path("offdiag") / "columns"

    def of_content(self, kind: str, content: bytes) -> Path:
        """The entry for what was read from this content."""
        with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
            view, starts = memoryview(content), range(0, len(content), BLOCK)
            parts = pool.map(lambda at: sha256(view[at : at + BLOCK]).digest(), starts)
            return self.place / f"{kind}-{sha256(b''.join(parts)).hexdigest()}{SUFFIX}"

    def find(self, entry: Path) -> CacheEntry | None:
        """What was kept there; None where nothing is, or nothing whole."""
        try:
            return _load(entry)
        except (OSError, _UnusableError):
            return None

    def keep(self, entry: Path, kept: CacheEntry) -> None:
        """Write an entry, where that is possible, and make room for it."""
        with suppress(OSError):
            _save(entry, kept)
            self._make_room(entry)

    def _make_room(self, newest: Path) -> None:
        """Delete the entries that were not used for longest, and what a crash left behind."""
        entries = [(path, path.stat()) for path in newest.parent.iterdir()]
        entries = [(p, s) for p, s in entries if p.name.endswith((SUFFIX, UNFINISHED))]
        room = self.limit
        for path, state in sorted(entries, key=lambda e: (e[0] != newest, -e[1].st_mtime_ns)):
            room -= state.st_size
            if room < 0:
                path.unlink(missing_ok=True)


def _digest_of(ids: bytes, truths: GroundTruths) -> str:
    """Of all that may decide how a file is read."""
    whole = sha256(ids)
    for column in (truths.image, truths.class_, truths.box):
        whole.update(np.ascontiguousarray(column).data)
    return whole.hexdigest()[:16]


def _digest(path: Path, pool: ThreadPoolExecutor) -> str:
    """Of the content of a file, its blocks hashed side by side."""

    def of_block(start: int) -> bytes:
        with path.open("rb") as file:
            file.seek(start)
            return sha256(file.read(BLOCK)).digest()

    parts = pool.map(of_block, range(0, path.stat().st_size, BLOCK))
    return sha256(b"".join(parts)).hexdigest()


def _save(entry: Path, kept: CacheEntry) -> None:
    columns = {name: np.ascontiguousarray(column) for name, column in kept.columns.items()}
    head, offset = {}, 0
    for name, column in columns.items():
        head[name] = _Column(column.dtype.str, column.shape, offset, _sum(column))
        offset += -(-column.nbytes // ALIGNED) * ALIGNED
    header = msgspec.json.encode(_Header(offset, kept.notes, head, kept.text))
    header += b" " * (-(len(header) + 1) % ALIGNED) + b"\n"
    entry.parent.mkdir(parents=True, exist_ok=True)
    unfinished = entry.parent / f"{uuid4().hex}{UNFINISHED}"
    try:
        with unfinished.open("wb") as file:
            file.write(header)
            for name, column in columns.items():
                file.seek(len(header) + head[name].offset)
                file.write(column.data if column.size else b"")
            file.truncate(len(header) + offset)
        unfinished.replace(entry)
    finally:
        unfinished.unlink(missing_ok=True)


def _load(entry: Path) -> CacheEntry:
    with entry.open("rb") as file:
        line = file.readline()
        try:
            header = msgspec.json.decode(line, type=_Header)
        except NO_JSON as error:
            raise _UnusableError from error
        if os.fstat(file.fileno()).st_size != len(line) + header.bytes:
            raise _UnusableError
        whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    columns = {}
    for name, at in header.columns.items():
        try:
            dtype = np.dtype(at.dtype)
            flat = np.frombuffer(whole, dtype, int(np.prod(at.shape)), len(line) + at.offset)
            column = flat.reshape(at.shape)
        except (TypeError, ValueError) as error:
            raise _UnusableError from error
        if _sum(column) != at.sum:
            raise _UnusableError
        columns[name] = column
    os.utime(entry)  # used now
    return CacheEntry(columns, header.notes, header.text)


def _predictions(kept: CacheEntry, dataset: DetectionDataset) -> Predictions | None:
    """The columns as predictions; None if they cannot be."""
    if set(kept.columns) != set(COLUMNS):
        return None
    found = Predictions(**kept.columns)
    fits = are_boxes(kept.columns, len(dataset.image_ids), len(dataset.category_ids))
    return found if fits else None


def are_boxes(columns: Columns, images: int, classes: int) -> bool:
    """Whether each row has a box, an image and a class that there are."""
    n = len(columns["image"])
    if columns["box"].shape != (n, 4) or any(len(column) != n for column in columns.values()):
        return False
    return not n or (_within(columns["image"], images) and _within(columns["class_"], classes))


def _sum(column: NDArray[Any]) -> int:
    """All 64-bit words of a column added up: one that changed is noticed."""
    return int(column.reshape(-1).view(np.uint64).sum(dtype=np.uint64))


def _within(indices: NDArray[np.intp], number: int) -> bool:
    return bool(indices.min() >= 0 and indices.max() < number)
