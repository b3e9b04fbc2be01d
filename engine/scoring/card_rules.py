"""What a value in a model card may be: one small check for each kind of value.

A check returns the value as the card keeps it, or raises `ValueError` that says
what is allowed.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, TypeVar

CardCheck = Callable[[object], Any]
Value = TypeVar("Value")


def key(check: CardCheck, default: Value) -> Value:
    """A dataclass field that a card may set, with the check of its value."""
    kept: Value = field(default=default, metadata={"check": check})
    return kept


def one_of(*allowed: object) -> CardCheck:
    """One of a few words or numbers."""

    def check(value: object) -> object:
        if isinstance(value, bool) or value not in allowed:
            raise ValueError("one of " + ", ".join(repr(choice) for choice in allowed))
        return value

    return check


def text(value: object) -> str:
    """Any string."""
    if not isinstance(value, str):
        raise ValueError('a string such as "images"')
    return value


def sha256(value: object) -> str:
    """A digest in hexadecimal, or nothing."""
    if not isinstance(value, str) or not re.fullmatch(r"([0-9a-fA-F]{64})?", value):
        raise ValueError("64 hexadecimal digits, as `sha256sum` prints them")
    return value.lower()


def flag(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def whole(least: int, most: int) -> CardCheck:
    """A whole number between two others, both allowed."""

    def check(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return value

    return check


def number(least: float, most: float) -> CardCheck:
    """A number between two others, both allowed."""

    def check(value: object) -> float:
        if not _is_number(value) or not least <= float(value) <= most:  # type: ignore[arg-type]
            raise ValueError(f"a number from {least:g} to {most:g}")
        return float(value)  # type: ignore[arg-type]

    return check


def scale(value: object) -> float:
    """A factor for pixels: any number but zero."""
    if not _is_number(value) or value == 0:
        raise ValueError("a number other than 0, such as 1.0 or 0.00392156862745098")
    return float(value)  # type: ignore[arg-type]


def channels(*, above_zero: bool) -> CardCheck:
    """One number for each colour channel."""

    def check(value: object) -> tuple[float, ...]:
        listed = value if isinstance(value, list) else []
        fine = [_is_number(item) and (item > 0 or not above_zero) for item in listed]
        if len(fine) not in (1, 3) or not all(fine):
            raise ValueError(
                "a list of 3 numbers, one for each channel"
                + (", each above 0" if above_zero else "")
            )
        return tuple(float(item) for item in listed)

    return check


def size(value: object) -> tuple[int, int]:
    """Height and width in pixels."""
    sides = value if isinstance(value, list) else []
    # bool is a kind of int, and no size.
    if len(sides) != 2 or not all(type(side) is int and 0 < side <= 65536 for side in sides):
        raise ValueError("[height, width] in whole pixels, such as [640, 640]")
    return sides[0], sides[1]


def names(value: object) -> tuple[str, ...] | None:
    """Class names in the order of the model; None for an empty list."""
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValueError('a list of strings such as ["bolt", "nut"]')
    return tuple(value) or None


def texts(value: object) -> tuple[str, ...]:
    """Names of several outputs, in an order."""
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValueError('a list of strings such as ["cls_8", "cls_16"]')
    return tuple(value)


def numbers(value: object) -> tuple[float, ...]:
    """A list of numbers above 0."""
    listed = value if isinstance(value, list) else [0]
    if not all(_is_number(item) and item > 0 for item in listed):
        raise ValueError("a list of numbers above 0")
    return tuple(float(item) for item in listed)


def renaming(value: object) -> Mapping[str, str]:
    """Model class names to dataset class names."""
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value.values()):
        raise ValueError('names in pairs such as { bolt = "Bolt" }')
    return dict(value)


def anything(value: object) -> object:
    """A value that another part of the program checks."""
    return value


def _is_number(value: object) -> bool:
    try:
        return (
            not isinstance(value, bool) and isinstance(value, int | float) and math.isfinite(value)
        )
    except OverflowError:  # an integer of more digits than a float has room for
        return False
