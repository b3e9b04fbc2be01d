"""Typing letters of names above a table: the key in, what is wanted then out."""

from typing import Final

LETTERS: Final = 40  # more are not typed


def after_key(key: str, letter: str | None, typing: bool, wanted: str) -> tuple[bool, str] | None:
    """Whether one is still typing, and what; None for a key that the table has for itself."""
    if key == "escape" and (typing or wanted):
        return False, ""
    if not typing:
        return None
    if key == "enter":
        return False, wanted
    if key == "backspace":
        return bool(wanted), wanted[:-1]
    if key == "ctrl+u":
        return True, ""
    if letter:
        return True, (wanted + letter)[:LETTERS]
    return None  # arrows walk through what is left


def after_paste(text: str, wanted: str) -> str:
    """What is wanted after letters that came at once, in one line."""
    return (wanted + " ".join(text.split()))[:LETTERS]
