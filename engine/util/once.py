"""Work on a frozen value that is done once, and forgotten together with the value."""

from collections.abc import Callable
from threading import Lock, RLock
from typing import Any, Generic, Self, TypeVar, overload
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


class once(Generic[Result]):  # noqa: N801  stands where functools.cached_property does
    """A property for long work that several threads may ask for: one does it, the others wait.

    functools.cached_property holds one lock for all objects up to Python 3.11, and none
    from 3.12 on.
    """

    def __init__(self, work: Callable[[Any], Result]) -> None:
        self.work = work
        self.guard = Lock()
        self.__doc__ = work.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, value: None, owner: type) -> Self: ...
    @overload
    def __get__(self, value: object, owner: type) -> Result: ...
    def __get__(self, value: object | None, owner: type) -> Self | Result:
        if value is None:
            return self
        known = value.__dict__
        with self.guard:
            busy = known.setdefault(f"_working_on_{self.name}", RLock())
        with busy:
            if self.name not in known:
                known[self.name] = self.work(value)
        result: Result = known[self.name]  # looked up there from now on
        return result
