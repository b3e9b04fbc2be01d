"""What a file is that turned out not to be what it should: said in a sentence."""

from pathlib import Path
from typing import Any

import msgspec

from engine.errors import DataError

LFS = b"version https://git-lfs"


def read_json(path: Path, type_: Any, expected: str) -> Any:
    """The JSON of a file as a typed value.

    Python's own writer puts NaN and Infinity into files, which are no JSON: where the
    strict reader stops at one, the lenient one of the standard library has a try.
    Raises DataError with the place for anything else.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(path, f"cannot be read ({error.strerror})") from None
    refuse_impostors(path, content, expected)
    try:
        return msgspec.json.decode(content, type=type_)
    except msgspec.ValidationError as error:
        raise DataError(path, f"expected {expected}; {_place(error)}") from None
    except msgspec.DecodeError:
        return _lenient(path, content, type_, expected)


def refuse_impostors(path: Path, content: bytes, expected: str) -> None:
    """Raise DataError for what is often found in place of a JSON file."""
    head = content[:200].lstrip()
    if not head:
        raise DataError(path, f"the file is empty; expected {expected}")
    if head.startswith(LFS):
        raise DataError(path, "this is a Git LFS pointer, not the file: run 'git lfs pull' first")
    if head.startswith(b"<"):
        raise DataError(
            path, f"this is a web page or XML, not JSON; expected {expected}. Download it again"
        )


def _lenient(path: Path, content: bytes, type_: Any, expected: str) -> Any:
    import json

    try:
        found = json.loads(content)
    except UnicodeDecodeError:
        raise DataError(path, f"this is not text; expected {expected}") from None
    except json.JSONDecodeError as error:
        near_end = error.pos >= len(content.rstrip()) - 1 or "Unterminated" in error.msg
        cut = "the file ends in the middle of it: it was cut off, copy it again" if near_end else ""
        problem = f"broken JSON at column {error.colno}: {cut or error.msg}"
        raise DataError(path, problem, line=error.lineno) from None
    try:
        return msgspec.convert(found, type=type_)
    except msgspec.ValidationError as error:
        raise DataError(path, f"expected {expected}; {_place(error)}") from None


def _place(error: msgspec.ValidationError) -> str:
    """msgspec's message with its place in words: annotations[3].bbox."""
    problem, _, place = str(error).partition(" - at `")
    return f"{problem} at {place.rstrip('`').removeprefix('$.') or 'the top'}" if place else problem
