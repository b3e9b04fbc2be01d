"""Paths out of what a person typed, pasted or dropped into the terminal.

Terminals write a dropped file in their own ways: quoted, with backslashes, as a file://
address, or as it is, blanks and all. What the file system knows decides between them.
"""

import glob
import os
import re
import shlex
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath
from typing import Final
from urllib.parse import unquote, urlsplit

from engine.batch.inputs import fixed_part

Exists = Callable[[str], bool]

QUOTES: Final = {"'": "'", '"': '"', "\u2018": "\u2019", "\u201c": "\u201d"}
ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
ABSOLUTE: Final = re.compile(r"/|~|file:|[A-Za-z]:[\\/]|\\\\")
WINDOWS: Final = re.compile(r"[A-Za-z]:[\\/]|\\\\")
LINES: Final = re.compile(r"\r\n|\n|\r")


def there(path: str) -> bool:
    """Whether a path names something here, or is a pattern below a folder that is here."""
    try:
        if os.path.lexists(path):
            return True
        if path.startswith("@") and len(path) > 1:  # a list of paths
            return os.path.lexists(path[1:])
        return glob.has_magic(path) and os.path.isdir(fixed_part(path) or ".")  # noqa: PTH112
    except (OSError, ValueError):  # too long a name, a NUL
        return False


def pasted_paths(text: str, exists: Exists = there) -> tuple[str, ...]:
    """The paths and patterns in a text, in its order; those that name nothing here too.

    The whole text is tried as one path first, so that blanks and even line breaks in a
    name need no quotes. Then each line is one path, or several as a shell splits them,
    whichever names something here.
    """
    text = text.replace("\0", "")
    if not text.strip():
        return ()
    for whole in (text, text.strip("\r\n"), text.strip()):
        if (path := _spelled(whole, exists)) is not None:
            return (path,)
    lines = [line.strip() for line in LINES.split(text) if line.strip()]
    listed = any(line.startswith("file:") for line in lines)
    return tuple(
        path
        for line in lines
        if not (listed and line.startswith("#"))  # a comment of text/uri-list
        for path in _of_line(line, exists)
    )


def _of_line(line: str, exists: Exists) -> Sequence[str]:
    """One path, or several."""
    if (whole := _spelled(line, exists)) is not None:
        return [whole]
    parts = _split(line)
    known = [_spelled(part, exists) for part in parts]
    if any(path is not None for path in known):
        pairs = zip(parts, known, strict=True)
        return [part if path is None else path for part, path in pairs]
    # None is here. Blanks part several paths only where each looks like a whole one.
    if WINDOWS.match(_bare(line)) and len(WINDOWS.findall(line)) == 1:
        return [_bare(line)]
    if len(parts) > 1 and all(ABSOLUTE.match(part) for part in parts):
        return [_plain(part) for part in parts]
    quoted = line[0] in QUOTES or "\\" in line
    return [_plain(parts[0] if quoted and len(parts) == 1 else line)]


def _split(line: str) -> list[str]:
    """As a shell splits it; at blanks where quotes do not close."""
    try:
        return shlex.split(line) or [line]
    except ValueError:
        return line.split()


def _spelled(text: str, exists: Exists) -> str | None:
    """The spelling of a path under which something is there."""
    return next((each for each in dict.fromkeys(_spellings(text)) if exists(each)), None)


def _spellings(text: str) -> Iterator[str]:
    """What a text may mean as one path, the most literal first."""
    for each in (text, _bare(text), ESCAPED.sub(r"\1", _bare(text))):
        if not each:
            continue
        yield each
        yield os.path.expanduser(each)  # noqa: PTH111  # a Path would drop "./"
        yield _plain(each)
        if "%" in each:
            yield unquote(each, errors="surrogateescape")
        for form in ("NFC", "NFD"):  # a Mac and other systems spell accents differently
            yield unicodedata.normalize(form, _plain(each))


def _plain(text: str) -> str:
    """The path behind a file:// address; any other text as it is."""
    if not text.lower().startswith("file:"):
        return text
    try:
        path = unquote(urlsplit(text).path, errors="surrogateescape")
    except ValueError:
        return text
    return path[1:] if re.match(r"/[A-Za-z]:/", path) else path or text


def _bare(text: str) -> str:
    """Without the quotes around it."""
    return text[1:-1] if len(text) > 2 and QUOTES.get(text[0]) == text[-1] else text


def copy_line(path: str, host: str, folder: str) -> str:
    """What to type on the machine that has the file, to copy it here."""
    if WINDOWS.match(path):
        source = f'"{path}"'
    else:
        tilde = path.startswith("~/")  # which a shell expands only outside quotes
        source = f"~/{shlex.quote(path[2:])}" if tilde else shlex.quote(path)
    return f"scp -r {source} {shlex.quote(f'{host}:{folder}')}"


def from_elsewhere(path: str) -> bool:
    """Whether a path that is not here looks like one of another machine, not like a slip."""
    if WINDOWS.match(path):
        return True
    if not path.startswith(("/", "~")):
        return False
    return not glob.has_magic(path) and PurePath(path).name != ""
