"""Numbers as people read them, the same everywhere."""

import math
from collections.abc import Sequence
from typing import Final

DASH: Final = "\N{EN DASH}"  # stands for what is undefined
MOST_DIGITS: Final = 7


def share(value: float, digits: int = 2) -> str:
    """A ratio: .47, 1.00, and a dash where it is undefined."""
    return DASH if value != value else f"{value:.{digits}f}".removeprefix("0")


def change(value: float, digits: int = 3) -> str:
    """A difference of ratios with its sign: +.021, -.300; a dash where it is undefined."""
    if value != value or not value:
        return share(value, digits)
    text = f"{value:+.{digits}f}"
    return text.replace("0.", ".", 1) if abs(value) < 1 else text


def told_apart(value: float, *beside: float, digits: int = 3) -> str:
    """A ratio with so many digits, and more where it would look like another one beside it.

    Differences below the seventh digit are not written.
    """
    others = [other for other in beside if other != value]
    for each in range(digits, MOST_DIGITS + 1):
        text = share(value, each)
        if all(share(other, each) != text for other in others):
            return text
    return share(value, digits)


def threshold(value: float, *beside: float) -> str:
    """A confidence that predictions have to reach: .487, .500.

    It has more digits only where it would look like another one that is shown beside it, or
    like 0 or 1 and is neither.
    """
    return told_apart(value, 0.0, 1.0, *beside)


def iou_threshold(value: float, *beside: float) -> str:
    """An overlap that pairs have to reach: .50, and .475 where two digits do not say it."""
    return told_apart(value, round(value, 2), *beside, digits=2)


def shortest(value: float) -> str:
    """A number as short as it can be written: .9, 2, .125."""
    text = str(float(value)).removesuffix(".0")
    return text[1:] if text.startswith("0.") else text


def json_number(value: float) -> float | None:
    """A number as JSON can say it: undefined is null."""
    return None if math.isnan(value) else float(value)


def percent(part: int, whole: int) -> str:
    """A part in hundredths of a whole: 7.3 %, and a dash of nothing."""
    return f"{100 * part / whole:.1f} %" if whole else DASH


def number(count: int, noun: str, plural: str = "") -> str:
    """A count of things: 1 box, 1,204 boxes."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def be(count: int) -> str:
    """The verb after so many of something: 1 of 5 boxes is, 3 of 5 boxes are."""
    return "is" if count == 1 else "are"


def a(noun: str) -> str:
    """The noun with its article: a bolt, an apple."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def listed(names: Sequence[str], few: int = 5) -> str:
    """The first few names, and how many more there are."""
    first = ", ".join(names[:few])
    return f"{first} and {len(names) - few:,} more" if len(names) > few else first
