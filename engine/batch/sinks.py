"""Where the parts of an output go, so that what stands at its place is always whole.

CSV and JSON lines grow at their place, by whole lines. COCO and Parquet are valid only
when they are complete: they grow beside it and are moved there at the end. YOLO labels
are a folder with a file for each image.
"""

import os
from pathlib import Path
from typing import IO, Final, Protocol

from engine.batch.counts import WaitingImage
from engine.batch.encoders import BETWEEN, Encoder
from engine.batch.inputs import InputError
from engine.batch.parquet import csv_source, write_parquet
from engine.batch.wanted import OutputPlan, columns
from engine.core.errors import StoreError
from engine.util.files import write_whole
from engine.util.visible import visible_csv, visible_json

FOOTER: Final = b"\n]\n"


class Sink(Protocol):
    """Takes the parts of the images in their order."""

    def begin(self, offset: int | None) -> None:
        """Begin, or for an offset go on from there: what was written since is cut off."""

    def write(self, image: WaitingImage, part: bytes, rows: int, failed: bool) -> int:
        """Take the part of an image; returns how long it is, in the unit of a merge."""

    def flush(self) -> int:
        """Bring everything to disk, and return the offset to go on from."""

    def finish(self) -> None:
        """Give the output its last form; harmless where it already has it."""

    def close(self) -> None:
        """Let go of the files."""


def sink(out: Path, wanted: OutputPlan, encoder: Encoder) -> Sink:
    """The sink of a format."""
    match wanted.format:
        case "yolo":
            return Folder(out)
        case "coco":
            return Coco(out, encoder.header)
        case "parquet":
            return Parquet(out, encoder.header, columns(wanted))
    return Growing(out, encoder.header)


def unfinished(out: Path) -> Path:
    """Where an output grows that is not valid before its end."""
    return out.with_name(f"{out.name}.part")


class Growing:
    """A file that grows at its end."""

    def __init__(self, path: Path, header: bytes) -> None:
        self.path, self.header = path, header
        self._file: IO[bytes] | None = None

    def begin(self, offset: int | None) -> None:
        """Begin with the header, or cut back to the offset."""
        if offset is None:
            self._file = self.path.open("wb")
            self._file.write(self.header)
            return
        try:
            self._file = self.path.open("r+b")
            length = self._file.seek(0, os.SEEK_END)
        except FileNotFoundError:
            length = -1
        if length < offset:
            raise StoreError(
                self.path, "was changed since the run was interrupted: --force starts it again"
            )
        self._at_end().truncate(offset)
        self._at_end().seek(offset)

    def write(self, image: WaitingImage, part: bytes, rows: int, failed: bool) -> int:
        """Append; the length is in bytes."""
        self._at_end().write(part)
        return len(part)

    def flush(self) -> int:
        file = self._at_end()
        file.flush()
        os.fsync(file.fileno())
        return file.tell()

    def finish(self) -> None:
        """It is what it should be."""

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _at_end(self) -> IO[bytes]:
        if self._file is None:
            raise ValueError("a sink is written to before it was begun")
        return self._file


class Coco(Growing):
    """A JSON list that gets its last bracket when it is complete."""

    def __init__(self, out: Path, header: bytes) -> None:
        super().__init__(unfinished(out), header)
        self.out = out

    def finish(self) -> None:
        """Close the list, and move it to its place."""
        if self._file is None:  # moved before the run was interrupted
            return
        end = self.flush()
        if end > len(self.header):
            self._file.seek(end - len(BETWEEN))
        self._file.truncate()
        self._file.write(FOOTER)
        self.flush()
        self._file.close()
        self.path.replace(self.out)


class Parquet(Growing):
    """A CSV file that becomes Parquet when it is complete."""

    def __init__(self, out: Path, header: bytes, types: dict[str, str]) -> None:
        super().__init__(unfinished(out), header)
        self.out, self.types = out, types

    def write(self, image: WaitingImage, part: bytes, rows: int, failed: bool) -> int:
        """Append; the length is in rows."""
        super().write(image, part, rows, failed)
        return rows

    def finish(self) -> None:
        """Convert, and move to its place."""
        if self._file is None:
            return
        self.flush()
        write_parquet(self.out, csv_source(self.path, self.types))
        self._file.close()
        self.path.unlink()


class Folder:
    """A folder with a file for each image, named and placed as the image."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._written = 0

    def begin(self, offset: int | None) -> None:
        self._written = offset or 0
        self.path.mkdir(exist_ok=True)

    def write(self, image: WaitingImage, part: bytes, rows: int, failed: bool) -> int:
        """Write the file of an image, unless it failed; the length is 1 for a file."""
        if failed:
            return 0
        place = (self.path / image.name).with_suffix(".txt")
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, part)
        self._written += 1
        return 1

    def flush(self) -> int:
        """Each file is whole already."""
        return self._written

    def finish(self) -> None:
        """It is what it should be."""

    def close(self) -> None:
        """Nothing is open."""


class Stream:
    """Standard output: what is written there cannot be taken back or resumed.

    A terminal gets the names in it as text; a file or a pipe gets all bytes as they are.
    """

    def __init__(self, file: IO[bytes], wanted: OutputPlan, encoder: Encoder) -> None:
        if wanted.format in ("parquet", "yolo"):
            raise InputError(f"--format {wanted.format} cannot go to standard output: name a file")
        self._file, self._header = file, encoder.header
        self._footer, self._held = (FOOTER, b"") if wanted.format == "coco" else (b"", b"")
        self._is_list = wanted.format == "coco"
        self._visible = None
        if file.isatty():
            self._visible = visible_csv if wanted.format == "csv" else visible_json

    def begin(self, offset: int | None) -> None:
        self._put(self._header)

    def write(self, image: WaitingImage, part: bytes, rows: int, failed: bool) -> int:
        """Write at once; of a list all but its last comma."""
        if self._is_list and part:
            self._put(self._held)
            part, self._held = part.removesuffix(BETWEEN), BETWEEN
        self._put(part)
        return len(part)

    def flush(self) -> int:
        self._file.flush()
        return 0

    def finish(self) -> None:
        self._put(self._footer)
        self._file.flush()

    def close(self) -> None:
        """Standard output stays open."""

    def _put(self, part: bytes) -> None:
        if self._visible is not None:
            part = self._visible(part.decode("utf-8", "surrogateescape")).encode()
        self._file.write(part)


def empty_or_missing(folder: Path) -> bool:
    """Whether a folder can be written to without touching anything."""
    return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
