"""Text that may be anything: read whole, with a sentence where it is no text."""

from pathlib import Path

from engine.core.errors import DataError
from engine.formats.parts.sniff import read_bytes


def read_text(path: Path) -> str:
    """A text file in UTF-8, with or without the mark that Windows puts before it."""
    content = read_bytes(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(path, "this is not text in UTF-8: save it as such", line=line) from None


def lines_of(path: Path) -> list[str]:
    """The lines that are not empty, without the spaces around them."""
    return [line.strip() for line in read_text(path).splitlines() if line.strip()]


def names_in(path: Path) -> tuple[str, ...]:
    """The names of classes that a file lists, one a line; empty lines at its end are none.

    Raises DataError for one between them: what comes after would be another class.
    """
    lines = [line.strip() for line in read_text(path).rstrip().splitlines()]
    if "" in lines:
        at = lines.index("") + 1
        raise DataError(path, "this line is empty: which class is it? Name it", line=at)
    return tuple(lines)


def is_number(text: str) -> bool:
    """Whether Python reads it as one."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def shown(text: str, most: int = 60) -> str:
    """A line as a sentence quotes it: not more than so many characters of it."""
    text = text.strip()
    return repr(text if len(text) <= most else f"{text[: most - 3]}...")
