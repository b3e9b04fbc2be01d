"""The images that the terminal holds, so that what was seen before is not sent again."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

MOST: Final = 200  # images: a dozen pages of previews, some 20 MB of the terminal's 320


@dataclass
class _Held:
    key: Hashable | None  # None: another image took its place, it goes with its last user
    users: int
    made: object = None  # how, as its maker says


class PlacedPictures:
    """Images by what they show, the one used longest ago first; those in use never go.

    Each method gives the numbers of the images that the terminal may forget now.
    """

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._number_of: OrderedDict[Hashable, int] = OrderedDict()
        self._held: dict[int, _Held] = {}

    def take(self, key: Hashable) -> int | None:
        """The number of an image that is there, in use from now on; None where it is not."""
        number = self._number_of.get(key)
        if number is not None:
            self._number_of.move_to_end(key)
            self._held[number].users += 1
        return number

    def made(self, number: int) -> object:
        """How an image was made, as was said when it arrived."""
        held = self._held.get(number)
        return None if held is None else held.made

    def keep(self, key: Hashable, number: int, made: object = None) -> list[int]:
        """An image has arrived, and is in use; made says how it was made."""
        before = self._number_of.pop(key, None)
        free = []
        if before is not None and before != number:
            self._held[before].key = None
            free = self._gone_unused(before)
        self._number_of[key] = number
        self._held[number] = _Held(key, 1, made)
        return free + self._over()

    def alone(self, number: int) -> bool:
        """Whether an image is there and has one user, who may edit it."""
        held = self._held.get(number)
        return held is not None and held.users == 1

    def rename(self, number: int, key: Hashable) -> list[int]:
        """An image was edited, and shows something else now."""
        held = self._held.get(number)
        if held is None:
            return []
        if held.key is not None:
            del self._number_of[held.key]
        free, before = [], self._number_of.pop(key, None)
        if before is not None:
            self._held[before].key = None
            free = self._gone_unused(before)
        held.key = key
        self._number_of[key] = number
        return free

    def release(self, number: int) -> list[int]:
        """An image is in use once less."""
        held = self._held.get(number)
        if held is None:  # all of them were forgotten meanwhile
            return []
        held.users -= 1
        return self._gone_unused(number) + self._over()

    def forget(self) -> list[int]:
        """All of them, in use or not."""
        numbers = list(self._held)
        self._number_of.clear()
        self._held.clear()
        return numbers

    def _gone_unused(self, number: int) -> list[int]:
        held = self._held[number]
        if held.key is not None or held.users > 0:
            return []
        del self._held[number]
        return [number]

    def _over(self) -> list[int]:
        free: list[int] = []
        for key, number in list(self._number_of.items()):
            if len(self._number_of) <= self.most:
                break
            if self._held[number].users <= 0:
                del self._number_of[key], self._held[number]
                free.append(number)
        return free
