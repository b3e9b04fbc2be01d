"""The answers about many images: the newest in memory, the rest in a file, all within reach."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

from engine.core.errors import StoreError
from engine.images.pixels import UNKNOWN_SIZE
from engine.scoring.run.found import FoundBoxes
from engine.scoring.run.store import ImageAnswer, ImageFile, Store, StoredAnswers
from engine.util.timing import Latency, Timing

IN_MEMORY: Final = 1024  # answers; each may hold hundreds of boxes
LOST: Final = "its answer was lost with the temporary folder; score it again"
READ_LAST: Final = 512  # answers from the file that stay at hand
MEASURED: Final = 10_000  # images that the latency is told of, the newest


class Results:
    """Answers by their place, in the order in which their images came first.

    One thread may add while others read. An image that is scored again keeps its
    place. Answers beyond `in_memory` go to an SQLite file in `folder`, so that memory
    grows by a path an image and no more.
    """

    def __init__(self, folder: Path, in_memory: int = IN_MEMORY) -> None:
        self.folder, self.in_memory = folder, in_memory
        self.failed = 0
        self.added = 0  # answers so far, those that took the place of another too
        self._files: list[ImageFile] = []
        self._place: dict[str, int] = {}
        self._failures: set[int] = set()
        self._near: OrderedDict[int, ImageAnswer] = OrderedDict()
        self._read_last: OrderedDict[int, ImageAnswer] = OrderedDict()
        self._timings: OrderedDict[int, Timing] = OrderedDict()
        self._lock = threading.Lock()
        self._reading = threading.Lock()
        self._open = ExitStack()
        self._writer: StoredAnswers | None = None
        self._reader: StoredAnswers | None = None

    def __len__(self) -> int:
        return len(self._files)

    def place_of(self, path: str) -> int | None:
        return self._place.get(path)

    def path(self, place: int) -> str:
        return self._files[place].path

    def add(self, answers: Iterable[ImageAnswer]) -> None:
        """Take answers. Raises `StoreError` when there is no room for them."""
        with self._lock:
            for answer in answers:
                place = self._place.setdefault(answer.file.path, len(self._files))
                if place == len(self._files):
                    self._files.append(answer.file)
                else:
                    self._files[place] = answer.file
                self._note(place, answer)
                self._near[place] = answer
                self._near.move_to_end(place)
                self._read_last.pop(place, None)
                self.added += 1
            oldest = list(islice(self._near.items(), max(len(self._near) - self.in_memory, 0)))
        if oldest:  # written while the reader need not wait, and only then let go
            self._far().keep([answer for _, answer in oldest])
            with self._lock:
                for place, _ in oldest:
                    del self._near[place]

    def at_hand(self, places: Iterable[int]) -> dict[int, ImageAnswer]:
        """The answers in memory, of these places: reads no file."""
        with self._lock:
            found = {at: self._near.get(at) or self._read_last.get(at) for at in places}
        return {place: answer for place, answer in found.items() if answer is not None}

    def fetch(self, places: Sequence[int]) -> None:
        """Have these answers at hand; one that cannot be read is there as a failure."""
        with self._lock:
            files = {place: self._files[place] for place in places}
        try:
            answers = self.at(list(files))
        except StoreError:
            answers = [_lost(file) for file in files.values()]
        with self._lock:
            for (place, file), answer in zip(files.items(), answers, strict=True):
                if self._files[place] is file:  # else it was scored again meanwhile
                    self._read_last[place] = answer
                    self._read_last.move_to_end(place)
            while len(self._read_last) > max(READ_LAST, len(files)):
                self._read_last.popitem(last=False)

    def at(self, places: Sequence[int]) -> list[ImageAnswer]:
        """The answers at these places, from the file where need be. Raises `StoreError`."""
        with self._lock:
            near = [self._near.get(place) for place in places]
            far = [place for place, answer in zip(places, near, strict=True) if answer is None]
            files = [self._files[place] for place in far]
            timings = [self._timings.get(place) for place in far]
        fetched = (
            replace(answer, timing=timing)
            for answer, timing in zip(self._read(files), timings, strict=True)
        )
        return [answer if answer is not None else next(fetched) for answer in near]

    def all(self, together: int = 256) -> Iterable[ImageAnswer]:
        """Every answer in order, few in memory at a time."""
        for start in range(0, len(self), together):
            yield from self.at(range(start, min(start + together, len(self))))

    @property
    def latency(self) -> Latency:
        """How long the newest images took."""
        with self._lock:
            return Latency.of(tuple(self._timings.values()))

    def close(self) -> None:
        with self._reading:
            self._reader = None
            self._open.close()

    def _note(self, place: int, answer: ImageAnswer) -> None:
        (self._failures.add if answer.failure else self._failures.discard)(place)
        self.failed = len(self._failures)
        self._timings.pop(place, None)
        if answer.timing is not None:
            self._timings[place] = answer.timing
            if len(self._timings) > MEASURED:
                self._timings.popitem(last=False)

    def _far(self) -> StoredAnswers:
        if self._writer is None:
            store = Store(self.folder / "results.sqlite")
            self._writer = self._open.enter_context(store.opened("results"))
            self._reader = self._open.enter_context(store.opened("results"))
        return self._writer

    def _read(self, files: Sequence[ImageFile]) -> list[ImageAnswer]:
        if not files:
            return []
        with self._reading:
            kept = [None] * len(files) if self._reader is None else self._reader.of(files)
        return [answer or _lost(file) for file, answer in zip(files, kept, strict=True)]


def _lost(file: ImageFile) -> ImageAnswer:
    return ImageAnswer(file, UNKNOWN_SIZE, False, FoundBoxes.nothing(), LOST)
