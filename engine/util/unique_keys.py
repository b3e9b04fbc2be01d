"""Keys that stand twice in a file: readers take the last of them without a word."""

import ast
from collections.abc import Hashable, Iterable
from typing import Any


class RepeatedKeyError(ValueError):
    """A key that stands twice where each has one meaning."""

    def __init__(self, key: Hashable) -> None:
        super().__init__(f"the key {key!r} stands twice")
        self.key = key


def unique_keys(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    """The pairs as a dictionary: `object_pairs_hook` of `json.loads`. Raises RepeatedKeyError."""
    found: dict[Any, Any] = {}
    for key, value in pairs:
        if key in found:
            raise RepeatedKeyError(key)
        found[key] = value
    return found


def refuse_repeated_keys(literal: str) -> None:
    """Raise RepeatedKeyError for a dictionary in a Python literal, as `ast` reads it."""
    for node in ast.walk(ast.parse(literal, mode="eval")):
        if isinstance(node, ast.Dict):
            plain = [key.value for key in node.keys if isinstance(key, ast.Constant)]
            unique_keys((key, None) for key in plain)
