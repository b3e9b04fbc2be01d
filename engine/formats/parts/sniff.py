"""What a file is that turned out not to be what it should: said in a sentence."""

import codecs
from pathlib import Path
from typing import Any, Final

import msgspec

from engine.core.errors import DataError

LFS = b"version https://git-lfs"
BLOCK: Final = 2**20  # bytes of text looked at together
TOO_DEEP = "its lists are nested deeper than any annotation is"
LFS_WORDS = "this is a Git LFS pointer, not the file: run 'git lfs pull' first"


def read_json(path: Path, type_: Any, expected: str, what: str = "") -> Any:
    """The JSON of a file as a typed value.

    Python's own writer puts NaN and Infinity into files, which are no JSON: where the
    strict reader stops at one, the lenient one of the standard library has a try.
    Raises DataError with the place for anything else; a place in a list begins with what.
    """
    content = read_content(path, expected)
    try:
        return decode_json(path, content, type_, expected, what)
    except msgspec.DecodeError:
        found = lenient_json(path, content, expected)
        return convert_json(path, found, type_, expected, what)


def read_content(path: Path, expected: str) -> bytes:
    """All bytes of a file that may be JSON; DataError says what it is otherwise."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise cannot_be_read(path, error) from None
    refuse_impostors(path, content, expected)
    refuse_other_text(path, content, expected)
    return content


def refuse_other_text(path: Path, content: bytes, expected: str) -> None:
    """Raise DataError for text that is not UTF-8, also where no reader would look at it."""
    if content.isascii():
        return
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(content), BLOCK):
        try:
            decoder.decode(content[start : start + BLOCK])
        except UnicodeDecodeError:
            line = content.count(b"\n", 0, start) + 1
            problem = f"this is not text in UTF-8; expected {expected}. Save it as such"
            raise DataError(path, problem, line=line) from None


def read_bytes(path: Path) -> bytes:
    """All bytes of a file; DataError where it cannot be read or is a Git LFS pointer."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise cannot_be_read(path, error) from None
    if content.startswith(LFS):
        raise DataError(path, LFS_WORDS)
    return content


def head_of(path: Path, size: int) -> bytes:
    """So many bytes from the start of a file; none where it cannot be read, which reading tells."""
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError:
        return b""


def cannot_be_read(path: Path, error: OSError) -> DataError:
    """The system's own words for it."""
    return DataError(path, f"cannot be read ({error.strerror})")


def refuse_impostors(path: Path, content: bytes, expected: str) -> None:
    """Raise DataError for what is often found in place of a JSON file."""
    head = content[:200].lstrip()
    if not head:
        raise DataError(path, f"the file is empty; expected {expected}")
    if head.startswith(LFS):
        raise DataError(path, LFS_WORDS)
    if head.startswith(b"<"):
        raise DataError(path, f"this is a web page or XML; expected {expected}. Download it again")


def decode_json(path: Path, content: Any, type_: Any, expected: str, what: str = "") -> Any:
    """Strict JSON as a typed value; msgspec.DecodeError where it is not strict."""
    try:
        return msgspec.json.decode(content, type=type_)
    except msgspec.ValidationError as error:
        raise DataError(path, f"expected {expected}; {_place(error, what)}") from None
    except RecursionError:
        raise DataError(path, f"{TOO_DEEP}; expected {expected}") from None


def convert_json(path: Path, found: Any, type_: Any, expected: str, what: str = "") -> Any:
    """Plain values from JSON as a typed value."""
    try:
        return msgspec.convert(found, type=type_)
    except msgspec.ValidationError as error:
        raise DataError(path, f"expected {expected}; {_place(error, what)}") from None


def lenient_json(path: Path, content: bytes, expected: str) -> Any:
    """Plain values from JSON that may hold NaN; DataError says where it is broken."""
    import json

    try:
        return json.loads(content)
    except UnicodeDecodeError:
        raise DataError(path, f"this is not text; expected {expected}") from None
    except RecursionError:
        raise DataError(path, f"{TOO_DEEP}; expected {expected}") from None
    except json.JSONDecodeError as error:
        near_end = error.pos >= len(content.rstrip()) - 1 or "Unterminated" in error.msg
        cut = "the file ends in the middle of it: it was cut off, copy it again" if near_end else ""
        problem = f"broken JSON at column {error.colno}: {cut or error.msg}"
        raise DataError(path, problem, line=error.lineno) from None
    except ValueError:  # Python's word for a number of thousands of digits
        raise DataError(path, f"a number in it is too long; expected {expected}") from None


def _place(error: msgspec.ValidationError, what: str) -> str:
    """msgspec's message with its place in words: annotations[3].bbox."""
    problem, _, place = str(error).partition(" - at `$")
    place = (what + place.rstrip("`")).removeprefix(".")
    return f"{problem} at {place or 'the top'}" if "$" in str(error) else problem
