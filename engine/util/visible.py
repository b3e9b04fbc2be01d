"""Names and sentences as a terminal can show them: what would move the cursor is escaped."""

import csv
import io
import re
from functools import lru_cache
from typing import Final

_CONTROLS: Final = re.compile("[\x7f-\x9f]")  # JSON lets them through, and terminals obey some


@lru_cache(8192)
def visible(text: str) -> str:
    r"""The text on one line: `two\nlines \x1b[31m.png`; bytes that are no text as `\xff`."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else _escape(letter) for letter in text)


@lru_cache(4096)
def clean(name: str) -> str:
    """The name on one line: a line break or a tab in a class name would break the picture."""
    line = "".join(letter if letter.isprintable() else " " for letter in name).strip()
    return line or "?" * bool(name)


def visible_json(text: str) -> str:
    """The same values in JSON without a character that a terminal would obey."""
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def visible_csv(lines: str) -> str:
    """Whole lines of CSV with each cell on one line."""
    text = io.StringIO()
    rows = csv.reader(io.StringIO(lines, newline=""))
    csv.writer(text, lineterminator="\n").writerows([map(visible, row) for row in rows])
    return text.getvalue()


def _escape(letter: str) -> str:
    number = ord(letter)
    if 0xDC80 <= number <= 0xDCFF:  # how Python holds a byte of a name that is not UTF-8
        return f"\\x{number - 0xDC00:02x}"
    return letter.encode("unicode_escape").decode("ascii")
