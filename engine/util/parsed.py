"""Numbers and JSON out of text that may be anything."""

from typing import Final

import msgspec

MOST_DIGITS: Final = 300  # beyond these float64 ends; Python itself refuses 4,300
NO_JSON: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""All that msgspec raises for text that is no JSON, is no UTF-8 or is nested too deep."""


def whole_number(text: str) -> int | None:
    """The number that plain decimal digits write, None for any other text and for too many."""
    plain = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    return int(text) if plain else None
