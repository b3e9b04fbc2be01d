"""What Markdown is made of: names as they stand, tables, what unfolds, and its room."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from engine.util.visible import visible

SPECIAL: Final = re.compile(r"([\\`*_\[\]<>|~$#@!&])")
MOST_BYTES: Final = 60_000
"""A comment on a merge request has room for 65,536 letters."""
SHARES: Final = (1.0, 0.5, 0.2, 0.04, 0.0)
"""How much of the longest tables is tried, until all fits."""
CUT: Final = "The longest parts are cut so that this fits a merge request; --format json has all."


def fitting(written: Callable[[float], str]) -> str:
    """The first that has room; written makes it with such a part of its longest tables."""
    text = ""
    for room in SHARES:
        text = written(room) + ("" if room == 1 else f"\n{CUT}\n")
        if len(text.encode()) <= MOST_BYTES:
            return text
    whole = text.encode()[: MOST_BYTES - len(CUT) - 20].decode(errors="ignore")
    open_ones = whole.count("<details>") - whole.count("</details>")
    return f"{whole[: whole.rfind(chr(10)) + 1]}\n{'</details>' * open_ones}\n\n{CUT}\n"


def escaped(text: str) -> str:
    """Text that Markdown shows as it stands, on one line."""
    return SPECIAL.sub(r"\\\1", visible(text))


def details(summary: str, body: str) -> str:
    """What unfolds under a line of our own words."""
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The first column to the left, the others to the right."""
    lines = [head, ["---", *("---:" for _ in head[1:])]]
    body = [[escaped(cell) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in (*lines, *body))
