"""Predictions kept between runs, in one SQLite file.

A batch is one transaction, so a run that is killed loses at most the batch it was
at. Rows belong to a run key (model and card) and to a file's path, size and time
of change: whatever changes makes them unknown again, never wrong.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from platformdirs import user_cache_path

from engine.core.errors import StoreError
from engine.images.pixels import Size
from engine.scoring.run.found import ImagePredictions, from_blobs
from engine.util.timing import Timing

FILE_NAME: Final = "predictions-2.sqlite"  # the number is that of the tables below
PATIENCE: Final = 30.0  # seconds to wait for another process that writes
ASKED_AT_ONCE: Final = 500
COLUMNS: Final = 15  # of the answers

TABLES: Final = """
CREATE TABLE IF NOT EXISTS runs (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS answers (
    run INTEGER NOT NULL REFERENCES runs (id),
    path BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    turnable INTEGER NOT NULL,        -- the size that the dataset gives decided the pixels
    dataset_width INTEGER NOT NULL,
    dataset_height INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    failure TEXT NOT NULL,            -- '' for an image that was scored
    may_pass INTEGER NOT NULL,        -- a failure that is worth another try
    notes TEXT NOT NULL,              -- keys of `tones.NOTES`, joined by spaces
    class BLOB NOT NULL,              -- int32, the model's own class, empty for a classifier
    confidence BLOB NOT NULL,         -- float32, descending, or a classifier's for each class
    box BLOB NOT NULL,                -- float32, left, top, width, height in pixels, see `found`
    PRIMARY KEY (run, path)
);
"""


@dataclass(frozen=True)
class ImageFile:
    """An image file in the state in which it was, or is to be, scored."""

    path: str  # absolute
    bytes: int
    mtime_ns: int
    dataset_size: Size  # width, height as the dataset says; (0, 0) where it does not

    @classmethod
    def at(cls, path: Path | None, dataset_size: Size) -> "ImageFile | None":
        """The file as it is now; None when there is none."""
        if path is None:
            return None
        try:
            state = path.stat()
        except OSError:
            return None
        return cls(str(path.absolute()), state.st_size, state.st_mtime_ns, dataset_size)


@dataclass(frozen=True, eq=False)
class ImageAnswer:
    """One image, scored or failed."""

    file: ImageFile
    size: Size  # width, height of the decoded image; (0, 0) when it failed
    turnable: bool  # see `images.Decoded`
    found: ImagePredictions
    failure: str = ""
    may_pass: bool = False
    notes: tuple[str, ...] = ()  # see `pixels.Decoded`
    timing: Timing | None = None  # of an image scored just now; not kept

    def holds_for(self, file: ImageFile) -> bool:
        """Whether this is the answer for the file as it is now."""
        same_file = (self.file.bytes, self.file.mtime_ns) == (file.bytes, file.mtime_ns)
        return same_file and (not self.turnable or self.file.dataset_size == file.dataset_size)


class Store:
    """Where predictions are kept; `path` is the SQLite file, made when first opened."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or user_cache_path("offdiag") / FILE_NAME

    @contextmanager
    def opened(self, run_key: str) -> Iterator["StoredAnswers"]:
        """The answers of one model with one card. Raises `StoreError`."""
        with _sentences(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
            )
        with closing(connection):
            with _sentences(self.path):
                run = _run(connection, run_key)
            yield StoredAnswers(self.path, connection, run)


@dataclass(frozen=True, eq=False)
class StoredAnswers:
    """The rows of one run key."""

    path: Path
    connection: sqlite3.Connection
    run: int

    def keep(self, answers: Sequence[ImageAnswer]) -> None:
        """Write a batch, all of it or nothing."""
        with _sentences(self.path), _transaction(self.connection):
            self.connection.executemany(
                f"INSERT OR REPLACE INTO answers VALUES ({', '.join('?' * COLUMNS)})",
                [_row(self.run, answer) for answer in answers],
            )

    def of(self, files: Sequence[ImageFile], *, boxes: bool = True) -> list[ImageAnswer | None]:
        """For each file the answer that holds for it as it is; None where there is none.

        Without `boxes` the answers hold nothing that was found.
        """
        columns = "class, confidence, box" if boxes else "x'', x'', x''"
        answers: list[ImageAnswer | None] = []
        for start in range(0, len(files), ASKED_AT_ONCE):
            some = {os.fsencode(file.path): file for file in files[start : start + ASKED_AT_ONCE]}
            marks = ", ".join("?" * len(some))
            with _sentences(self.path):
                rows = self.connection.execute(
                    f"SELECT path, bytes, mtime_ns, turnable, dataset_width, dataset_height, "
                    f"width, height, failure, may_pass, notes, {columns} FROM answers "
                    f"WHERE run = ? AND path IN ({marks})",
                    [self.run, *some],
                ).fetchall()
            kept = {some[row[0]].path: _answer(some[row[0]].path, row) for row in rows}
            for file in files[start : start + ASKED_AT_ONCE]:
                answer = kept.get(file.path)
                answers.append(answer if answer and answer.holds_for(file) else None)
        return answers


def _row(run: int, answer: ImageAnswer) -> tuple[object, ...]:
    file, found = answer.file, answer.found
    return (
        run,
        os.fsencode(file.path),
        file.bytes,
        file.mtime_ns,
        answer.turnable,
        *file.dataset_size,
        *answer.size,
        answer.failure,
        answer.may_pass,
        " ".join(answer.notes),
        *found.blobs(),
    )


def _answer(path: str, row: tuple[Any, ...]) -> ImageAnswer:
    _, size, mtime_ns, turnable, *frames, failure, may_pass, notes, class_, confidence, box = row
    dataset_width, dataset_height, width, height = frames
    return ImageAnswer(
        file=ImageFile(path, size, mtime_ns, (dataset_width, dataset_height)),
        size=(width, height),
        turnable=bool(turnable),
        found=from_blobs(class_, confidence, box),
        failure=failure,
        may_pass=bool(may_pass),
        notes=tuple(notes.split()),
    )


def _run(connection: sqlite3.Connection, key: str) -> int:
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    with _transaction(connection):
        for statement in TABLES.split(";"):
            connection.execute(statement)
        connection.execute("INSERT OR IGNORE INTO runs (key) VALUES (?)", [key])
    found: int = connection.execute("SELECT id FROM runs WHERE key = ?", [key]).fetchone()[0]
    return found


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def _sentences(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        reason = str(error)
        if "locked" in reason:
            way_out = "another process keeps it busy; end it, or try again later"
        elif "no such" in reason or "has no column" in reason:
            way_out = "delete this file: the predictions will be computed again"
        else:
            way_out = "check the free space and the permissions of its folder"
        raise StoreError(path, f"predictions cannot be kept ({reason}); {way_out}") from None
    except sqlite3.DatabaseError as error:
        raise StoreError(
            path, f"is damaged ({error}); delete this file: the predictions will be computed again"
        ) from None
    except OSError as error:
        raise StoreError(
            path,
            f"cannot be made: {error.strerror}; check its folder, or name another cache folder "
            "in XDG_CACHE_HOME",
        ) from None
