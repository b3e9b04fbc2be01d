"""What an ONNX file shows before it is run: what it really is, and where its weights are.

onnxruntime answers most broken files with "Protobuf parsing failed"; the checks
here say which of the usual accidents it was.
"""

import hashlib
import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from engine.errors import ModelError

Fields = Iterator[tuple[int, memoryview]]

# Field numbers of onnx.proto.
GRAPH: Final = 7  # in ModelProto
INITIALIZER: Final = 5  # in GraphProto
EXTERNAL_DATA: Final = 13  # in TensorProto
KEY: Final = 1  # in StringStringEntryProto
VALUE: Final = 2


def checked_files(model: Path) -> tuple[Path, ...]:
    """The model file, then the files beside it that hold its weights.

    Raises `ModelError` for what cannot be an ONNX model, and for weights that are
    missing or lie outside the model's folder.
    """
    try:
        if model.is_dir():
            raise ModelError(model, "is a folder; give the .onnx file in it")
        if model.stat().st_size == 0:
            raise ModelError(model, "is empty; copy or download it again")
        with model.open("rb") as file:
            _refuse_impostor(model, file.read(512))
            # Closed with its last view: an error under way may still hold one.
            content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            locations = _external_locations(model, content)
    except OSError as error:
        raise ModelError(model, f"cannot be opened: {error.strerror}") from None
    return (model, *(_weights(model, location) for location in locations))


def digest(files: tuple[Path, ...]) -> str:
    """One sha256 in hexadecimal; that of the file itself when there is only one."""
    parts = []
    for path in files:
        with path.open("rb") as file:
            parts.append(hashlib.file_digest(file, "sha256").hexdigest())
    if len(parts) == 1:
        return parts[0]
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def _refuse_impostor(model: Path, start: bytes) -> None:
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"version https://git-lfs"):
        raise ModelError(
            model,
            "is a Git LFS pointer, not the model itself; run `git lfs pull` in its repository",
        )
    if text[:1] == b"<":
        raise ModelError(
            model, "is a web page, not a model; download the raw file (its real link, signed in)"
        )
    if text[:2] == b"PK":
        raise ModelError(
            model, "is a ZIP archive (a .pt or .zip file?), not ONNX; unpack or export it"
        )


def _weights(model: Path, location: str) -> Path:
    path = model.parent / location
    if not path.resolve().is_relative_to(model.parent.resolve()):
        raise ModelError(
            model, f"keeps weights at {location!r}, outside its own folder; export it again"
        )
    if not path.is_file():
        raise ModelError(
            model, f"keeps its weights in {location!r}, which is missing; copy it beside the model"
        )
    return path


def _external_locations(model: Path, content: memoryview) -> tuple[str, ...]:
    try:
        found = {
            bytes(value).decode(): None
            for graph in _inside(content, GRAPH)
            for tensor in _inside(graph, INITIALIZER)
            for entry in _inside(tensor, EXTERNAL_DATA)
            if bytes(next(_inside(entry, KEY), b"")) == b"location"
            for value in _inside(entry, VALUE)
        }
    except (IndexError, ValueError):
        raise ModelError(
            model, "is not an ONNX model, or is cut short; compare its size with the original"
        ) from None
    return tuple(found)


def _inside(message: memoryview, number: int) -> Iterator[memoryview]:
    return (value for found, value in _fields(message) if found == number)


def _fields(message: memoryview) -> Fields:
    """The fields of one protobuf message; `ValueError` or `IndexError` when it is none."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        number, kind = tag >> 3, tag & 7
        if kind == 0:
            start = at
            _, at = _varint(message, at)
        elif kind in (1, 5):
            start, at = at, at + (8 if kind == 1 else 4)
        elif kind == 2:
            length, start = _varint(message, at)
            at = start + length
        else:
            raise ValueError(kind)
        if number == 0 or at > len(message):
            raise ValueError(number)
        yield number, message[start:at]


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError(shift)
