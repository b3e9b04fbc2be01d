"""How far the reading of a long file is: told to whoever waits, and stopped when nobody does."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Final, TypeAlias, TypeVar

OnBytes: TypeAlias = Callable[[int], None]
"""Takes the number of further bytes that are read; raises StoppedError to end the reading."""

LOOK_UP_EVERY: Final = 0.1  # seconds
Result = TypeVar("Result")


class StoppedError(Exception):
    """Whoever wanted the file does not want it any more."""


def unwatched(more: int) -> None:
    """For a reader that nobody watches."""


@dataclass(frozen=True)
class Reading:
    """How far the reading of a file is."""

    done: int  # bytes
    total: int  # 0 for a folder


def watched(
    path: Path, read: Callable[[OnBytes], Result], cancelled: Callable[[], bool]
) -> Generator[Reading, None, Result]:
    """Says now and then how far it is, and returns what read returns.

    read works in a thread of its own. It is stopped, and StoppedError raised, when
    cancelled says so; it is stopped as well when the generator is closed or thrown at.
    Nothing is said of what takes no time.
    """
    stop, done = Event(), 0
    total = path.stat().st_size if path.is_file() else 0

    def seen(more: int) -> None:
        nonlocal done
        done += more
        if stop.is_set():
            raise StoppedError

    with ThreadPoolExecutor(max_workers=1) as thread:
        reading = thread.submit(read, seen)
        try:
            while not wait([reading], LOOK_UP_EVERY).done:
                if cancelled():
                    raise StoppedError
                yield Reading(min(done, total), total)
        finally:
            stop.set()
        return reading.result()
