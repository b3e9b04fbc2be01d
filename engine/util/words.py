"""Numbers as people read them, the same everywhere."""

from collections.abc import Sequence
from typing import Final

DASH: Final = "\N{EN DASH}"  # stands for what is undefined


def share(value: float, digits: int = 2) -> str:
    """A ratio: .47, 1.00, and a dash where it is undefined."""
    return DASH if value != value else f"{value:.{digits}f}".removeprefix("0")


def percent(part: int, whole: int) -> str:
    """A part in hundredths of a whole: 7.3 %, and a dash of nothing."""
    return f"{100 * part / whole:.1f} %" if whole else DASH


def number(count: int, noun: str, plural: str = "") -> str:
    """A count of things: 1 box, 1,204 boxes."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def a(noun: str) -> str:
    """The noun with its article: a bolt, an apple."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def listed(names: Sequence[str], few: int = 5) -> str:
    """The first few names, and how many more there are."""
    first = ", ".join(names[:few])
    return f"{first} and {len(names) - few:,} more" if len(names) > few else first
