"""What a scoring run has done so far, in one SQLite file beside its output.

The list of images is fixed when a run begins, so that a resumed run gives what an
undisturbed one would have given. An image is marked as done in the same transaction
that notes how long the output is then: a run that is killed forgets at most what it
wrote since, and cuts the output back to there.
"""

import hashlib
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from engine.batch.counts import BatchCounts, Done, WaitingImage
from engine.batch.inputs import InputError, NamedImage, Shard
from engine.core.errors import StoreError

VERSION: Final = 1
PATIENCE: Final = 0.5  # seconds to wait for a run that is about to end
TABLES: Final = """
CREATE TABLE run (key TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE images (
    position INTEGER PRIMARY KEY,  -- in the list of all shards
    path BLOB NOT NULL UNIQUE,
    name BLOB NOT NULL,
    target BLOB UNIQUE,            -- of the files written for this image; NULL without any
    length INTEGER,                -- of its part of the output; NULL until it is done
    failure TEXT NOT NULL DEFAULT ''
);
"""
INSERT: Final = (
    "INSERT INTO images (position, path, name, target) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
)


class Journal:
    """The journal of one run; `path` is None for one that nobody will resume.

    With anew a damaged file there is replaced.
    """

    def __init__(self, path: Path | None, *, anew: bool = False) -> None:
        self.path = path or Path("journal")
        try:
            self._connect(path)
        except StoreError as error:
            busy = isinstance(error.__context__, sqlite3.OperationalError)
            if path is None or busy or not anew:
                raise
            path.unlink()
            self._connect(path)

    def _connect(self, path: Path | None) -> None:
        with self._sentences():
            self._connection = sqlite3.connect(path or "", timeout=PATIENCE, isolation_level=None)
            if path is not None:
                # Nobody else may write: two runs into one output would spoil it.
                self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
                self._connection.execute("PRAGMA journal_mode = TRUNCATE")
            self._connection.execute("BEGIN EXCLUSIVE")
            self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()

    @property
    def begun(self) -> bool:
        """Whether it holds a complete list of images."""
        with self._sentences():
            tables = self._connection.execute("SELECT name FROM sqlite_master").fetchall()
        if ("run",) not in tables or self._value("listed") is None:
            return False
        if self._value("version") != VERSION:
            raise StoreError(
                self.path, "was begun by another version of offdiag: --force starts the run again"
            )
        return True

    def begin(
        self,
        header: dict[str, Any],
        images: Iterable[NamedImage],
        shard: Shard | None,
        targets: bool,
    ) -> None:
        """Forget everything, and list the images; those named twice are scored once.

        With targets each image needs a file name of its own; InputError if two share one.
        """
        listing, total = hashlib.sha256(), 0
        with self._sentences(), self._transaction():
            self._connection.execute("DROP TABLE IF EXISTS run")
            self._connection.execute("DROP TABLE IF EXISTS images")
            for statement in TABLES.split(";\n"):
                self._connection.execute(statement)

            def listed() -> Iterator[tuple[int, NamedImage]]:
                nonlocal total
                for position, image in enumerate(images):
                    listing.update(os.fsencode(image.path) + b"\0")
                    total = position + 1
                    if shard is None or shard.has(image.path):
                        yield position, image

            if targets:
                for position, image in listed():
                    self._target(position, image)
            else:
                rows = ((at, os.fsencode(i.path), os.fsencode(i.name), None) for at, i in listed())
                self._connection.executemany(INSERT, rows)
            self._keep("header", header)
            self._keep("listed", {"images": total, "sha256": listing.hexdigest()})
            self._keep("version", VERSION)

    def _target(self, position: int, image: NamedImage) -> None:
        target = os.fsencode(os.path.splitext(image.name)[0])  # noqa: PTH122
        path, name = os.fsencode(image.path), os.fsencode(image.name)
        if self._connection.execute(INSERT, [position, path, name, target]).rowcount:
            return
        clash = self._connection.execute("SELECT path FROM images WHERE target = ?", [target])
        (other,) = clash.fetchone()
        if other != path:
            raise InputError(
                f"{os.fsdecode(other)} and {image.path} would be written to the same file: "
                "score them into two folders, or name a folder above both"
            )

    @property
    def header(self) -> dict[str, Any]:
        """What the run was begun with."""
        return dict(self._value("header"))

    @property
    def listed(self) -> dict[str, Any]:
        """How many images were named, all shards together, and the digest of their paths."""
        return dict(self._value("listed"))

    @property
    def counts(self) -> BatchCounts:
        """Of the images that are done."""
        kept = self._value("counts")
        if kept is None:
            return BatchCounts()
        return BatchCounts(**{**kept, "by_class": Counter(kept["by_class"])})

    @property
    def offset(self) -> int | None:
        """How long the output is with what is done; None before the first."""
        found: int | None = self._value("offset")
        return found

    @property
    def finished(self) -> bool:
        """Whether every image is done, and the output may have got its last form."""
        return self._value("finished") is not None

    def finish(self) -> None:
        """Note that every image is done."""
        with self._sentences(), self._transaction():
            self._keep("finished", True)

    def total(self) -> int:
        """How many images this run, or shard, has."""
        with self._sentences():
            found = self._connection.execute("SELECT count(*) FROM images").fetchone()
        return int(found[0])

    def waiting(self, at_once: int) -> Iterator[list[WaitingImage]]:
        """The images that are not done, in order, so many at a time; no more are in memory."""
        last = -1
        while True:
            with self._sentences():
                rows = self._connection.execute(
                    "SELECT position, path, name FROM images WHERE position > ? "
                    "AND length IS NULL ORDER BY position LIMIT ?",
                    [last, at_once],
                ).fetchall()
            if not rows:
                return
            yield [
                WaitingImage(at, os.fsdecode(path), os.fsdecode(name)) for at, path, name in rows
            ]
            last = rows[-1][0]

    def keep(self, done: Sequence[Done], counts: BatchCounts, offset: int) -> None:
        """Note what is done, all of it or nothing."""
        with self._sentences(), self._transaction():
            self._connection.executemany(
                "UPDATE images SET length = ?, failure = ? WHERE position = ?",
                [(each.length, each.failure, each.position) for each in done],
            )
            self._keep("counts", vars(counts))
            self._keep("offset", offset)

    def failures(self) -> Iterator[tuple[str, str]]:
        """Path and reason of each image that failed, in order."""
        with self._sentences():
            rows = self._connection.execute(
                "SELECT path, failure FROM images WHERE failure != '' ORDER BY position"
            )
            for path, failure in rows:
                yield os.fsdecode(path), failure

    def lengths(self) -> Iterator[tuple[int, int]]:
        """Position, and length in the output, of each image, in order."""
        with self._sentences():
            yield from self._connection.execute(
                "SELECT position, length FROM images ORDER BY position"
            )

    def _value(self, key: str) -> Any:
        with self._sentences():
            row = self._connection.execute("SELECT value FROM run WHERE key = ?", [key]).fetchone()
        return None if row is None else msgspec.json.decode(row[0])

    def _keep(self, key: str, value: object) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO run VALUES (?, ?)", [key, msgspec.json.encode(value)]
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                problem = "another run writes this output; wait for it, or name another --out"
            else:
                problem = f"cannot be kept ({error}); check the free space and the permissions"
            raise StoreError(self.path, problem) from None
        except sqlite3.DatabaseError as error:
            raise StoreError(
                self.path, f"is damaged ({error}); --force starts the run again"
            ) from None
