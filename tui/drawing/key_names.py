"""Names of keys that belong together, in few cells."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

ARROWS: Final = "↑↓←→"


def together(names: Sequence[str]) -> str:
    """`←→`, `[ ]`, `pgup/pgdn`, `shift+↑↓`: what they have in common is said once."""
    names = list(dict.fromkeys(filter(None, names)))
    held = {_held(name) for name in names}
    if len(names) > 1 and len(held) == 1 and (key := held.pop()):
        return key + together([name.removeprefix(key) for name in names])
    if all(name in ARROWS for name in names):
        return "".join(sorted(names, key=ARROWS.index))
    return (" " if all(len(each) == 1 for each in names) else "/").join(names)


def in_turn(names: Sequence[Sequence[str]]) -> str:
    """The first names of all keys, then their second ones: `↑↓  k j`."""
    return "  ".join(filter(None, map(together, zip_longest(*names, fillvalue=""))))


def _held(name: str) -> str:
    """What is held down meanwhile, as its name begins; nothing where nothing is."""
    if name.startswith("^") and len(name) > 1:
        return "^"
    first, plus, rest = name.rpartition("+")
    return first + plus if rest else ""
