"""The rest of a path that somebody has begun to type, as the file system has it."""

import os
import re
import shlex
from dataclasses import dataclass
from typing import Final

MOST: Final = 50_000  # names that are looked at in one folder
SPECIAL: Final = re.compile(r"([\s'\"\\*?\[\]$`!&;|<>(){}#~])")


@dataclass(frozen=True)
class Completion:
    """What a line may become."""

    line: str  # with as much added as all candidates share
    candidates: tuple[str, ...] = ()  # names in the folder, sorted; a folder's ends in /
    first: str = ""  # the line with the first of them


def completed(line: str) -> Completion:
    """Complete the last path of a line, or all of the line where that is one path with blanks.

    Hidden names are candidates for who types their dot. A name that could not be shown in a
    line is none.
    """
    whole = _completed("", line, escape=False)
    if whole.candidates or not _last_path(line):
        return whole
    start = _last_path(line)
    return _completed(line[:start], line[start:], escape=True)


def _last_path(line: str) -> int:
    """Where the last path begins: after a blank that is neither quoted nor escaped."""
    start, quote, escaped = 0, "", False
    for at, letter in enumerate(line):
        if escaped:
            escaped = False
        elif letter == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if letter == quote else quote
        elif letter in ("'", '"'):
            quote = letter
        elif letter.isspace():
            start = at + 1
    return start


def _completed(before: str, typed: str, *, escape: bool) -> Completion:
    quote = typed[:1] if typed[:1] in ("'", '"') else ""
    plain = typed[1:] if quote else (re.sub(r"\\(.)", r"\1", typed) if escape else typed)
    folder, begun = os.path.split(plain)
    names = _names(os.path.expanduser(folder) or ".", begun)  # noqa: PTH111
    if not names:
        return Completion(before + typed)
    shared = os.path.commonprefix(names)  # noqa: RUF071  # letters are what is completed
    escaped = escape and not quote
    closed = quote if len(names) == 1 and not shared.endswith("/") else ""
    line, first = (
        f"{before}{quote}{_written(os.path.join(folder, name), escaped)}"  # noqa: PTH118
        for name in (shared, names[0])
    )
    return Completion(f"{line}{closed}", names, first)


def _written(path: str, escaped: bool) -> str:
    """A path as a shell reads it."""
    if not escaped:
        return path
    home = path.startswith("~")
    return "~" * home + SPECIAL.sub(r"\\\1", path[home:])


def _names(folder: str, begun: str) -> tuple[str, ...]:
    found = []
    try:
        with os.scandir(folder) as entries:
            for looked, entry in enumerate(entries):
                if looked >= MOST:
                    break
                name = entry.name
                hidden = name.startswith(".") and not begun.startswith(".")
                if name.startswith(begun) and not hidden and name.isprintable():
                    found.append(name + "/" * entry.is_dir())
    except (OSError, ValueError):
        return ()
    return tuple(sorted(found))


def joined(paths: tuple[str, ...]) -> str:
    """Paths in one line, from which pasted_paths has them again."""
    return shlex.join(paths) if len(paths) > 1 else "".join(paths)
