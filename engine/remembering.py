"""Work on a frozen value that is done once, and forgotten together with the value."""

from collections.abc import Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

Value = TypeVar("Value")
Result = TypeVar("Result")


def remembered(work: Callable[[Value], Result]) -> Callable[[Value], Result]:
    """The same function, which looks up what it has worked out before.

    A value is known by its identity, so it must be frozen, and the result must not hold
    the value, or neither would ever be forgotten.
    """
    known: WeakKeyDictionary[Value, Result] = WeakKeyDictionary()

    def look_up(value: Value) -> Result:
        if (result := known.get(value)) is None:
            result = known[value] = work(value)
        return result

    return look_up
