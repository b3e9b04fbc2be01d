"""Images through a model as fast as it goes: decode, run and finish at the same time.

    decode pool --> a buffer of one portion --> run threads --> finish thread --> caller

The buffers are few and used again, so memory does not grow with the number of
images. Portions come out in the order of the images.
"""

import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.pixels import UNKNOWN_SIZE, UnreadableImage
from engine.scoring.heads import NotANumber
from engine.scoring.resize import Placed, place
from engine.scoring.scorer import Scorer
from engine.scoring.session import Outputs, Stopped, available_cores
from engine.scoring.store import Answer, Found, ImageFile

Buffer: TypeAlias = NDArray[Any]  # [portion, 3, height, width] or as the card's layout says
Decoded: TypeAlias = "Placed | UnreadableImage"

PORTION: Final = 4  # images that are kept in one transaction, where a call takes fewer
HEARTBEAT: Final = 0.05  # seconds between two looks at `cancelled`
LAST_WAIT: Final = 0.4  # seconds that runs get to end after a stop


@dataclass(frozen=True, eq=False)
class Pipeline:
    """The threads and buffers of one scoring run."""

    scorer: Scorer
    cancelled: Callable[[], bool]
    stopping: Event = field(default_factory=Event)

    def answers(self, files: Sequence[ImageFile]) -> Generator[list[Answer], None, None]:
        """Score the files, portion after portion; ends early when cancelled.

        Closing the iterator ends the calls under way.
        """
        cores = available_cores()
        on_cpu = self.scorer.provider == "CPU"
        at_once = 2 if self.scorer.batch == 1 else 1
        portion = self.scorer.batch * max(1, PORTION // self.scorer.batch)
        buffers = [self._buffer(min(portion, len(files))) for _ in range(at_once + 2)]
        pending: deque[tuple[Buffer, Future[Future[list[Answer]]]]] = deque()
        decoders = ThreadPoolExecutor(max(1, cores // 2 if on_cpu else cores - 1), "decode")
        runners = ThreadPoolExecutor(at_once, "run")
        finisher = ThreadPoolExecutor(1, "finish")
        try:
            for start in range(0, len(files), portion):
                if not buffers:
                    finished = self._next(pending, buffers)
                    if finished is None:
                        return
                    yield finished
                buffer = buffers.pop()
                some = files[start : start + portion]
                decoded = [
                    decoders.submit(self._decode, file, slot)
                    for file, slot in zip(some, buffer, strict=False)
                ]
                pending.append((buffer, runners.submit(self._run, some, buffer, decoded, finisher)))
            while pending:
                finished = self._next(pending, buffers)
                if finished is None:
                    return
                yield finished
        finally:
            self._end([run for _, run in pending], (decoders, runners, finisher))

    def _buffer(self, images: int) -> Buffer:
        fed = self.scorer.card.input
        channels = 1 if fed.color == "GRAY" else 3
        image = (channels, *fed.size) if fed.layout == "NCHW" else (*fed.size, channels)
        calls = -(-images // self.scorer.batch)
        return np.zeros((calls * self.scorer.batch, *image), fed.dtype)

    def _next(
        self,
        pending: deque[tuple[Buffer, Future[Future[list[Answer]]]]],
        buffers: list[Buffer],
    ) -> list[Answer] | None:
        """The oldest portion, once it is finished; None when cancelled first."""
        buffer, run = pending[0]
        if not self._done(run) or not self._done(finish := run.result()):
            return None
        pending.popleft()
        buffers.append(buffer)
        return finish.result()

    def _done(self, future: Future[Any]) -> bool:
        while not future.done():
            if self.cancelled():
                return False
            wait([future], HEARTBEAT, FIRST_COMPLETED)
        return True

    def _decode(self, file: ImageFile, slot: NDArray[Any]) -> Decoded:
        try:
            return place(Path(file.path), file.dataset_size, self.scorer.card.input, slot)
        except UnreadableImage as reason:
            return reason

    def _run(
        self,
        files: Sequence[ImageFile],
        buffer: Buffer,
        decoding: Sequence[Future[Decoded]],
        finisher: ThreadPoolExecutor,
    ) -> Future[list[Answer]]:
        decoded = [future.result() for future in decoding]
        batch = self.scorer.batch
        calls: list[Outputs | None] = []
        for start in range(0, len(files), batch):
            if self.stopping.is_set():
                raise Stopped
            here = decoded[start : start + batch]
            last = start + (batch if self.scorer.fixed_batch else len(here))
            worth = any(isinstance(image, Placed) for image in here)
            calls.append(self.scorer.detector(buffer[start:last]) if worth else None)
        return finisher.submit(self._finish, files, decoded, calls)

    def _finish(
        self,
        files: Sequence[ImageFile],
        decoded: Sequence[Decoded],
        calls: Sequence[Outputs | None],
    ) -> list[Answer]:
        answers = []
        for index, (file, image) in enumerate(zip(files, decoded, strict=True)):
            call, row = divmod(index, self.scorer.batch)
            outputs = calls[call]
            if isinstance(image, UnreadableImage) or outputs is None:
                answers.append(_failed(file, image))
            else:
                answers.append(self._answer(file, image, tuple(part[row] for part in outputs)))
        return answers

    def _answer(self, file: ImageFile, image: Placed, outputs: Outputs) -> Answer:
        try:
            found = self.scorer.found(outputs, image.fit)
        except NotANumber as reason:
            return Answer(file, image.fit.image, image.turnable, Found.nothing(), str(reason))
        return Answer(file, image.fit.image, image.turnable, found)

    def _end(self, runs: Sequence[Future[Any]], pools: Sequence[ThreadPoolExecutor]) -> None:
        self.stopping.set()
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)
        until = time.monotonic() + LAST_WAIT
        # A call may begin between a stop and the next, so stop until none is left.
        while not all(run.done() for run in runs) and time.monotonic() < until:
            self.scorer.stop()
            wait(runs, HEARTBEAT)


def _failed(file: ImageFile, image: Decoded) -> Answer:
    may_pass = isinstance(image, UnreadableImage) and image.may_pass
    return Answer(file, UNKNOWN_SIZE, False, Found.nothing(), str(image), may_pass)
