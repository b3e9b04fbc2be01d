"""Images through a model as fast as it goes: decode, run and finish at the same time.

    decode threads --> a buffer of one portion --> run threads --> finish threads --> caller

The buffers are few and used again, so memory does not grow with the number of
images. Portions come out in the order of the images.
"""

import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any, Final, TypeAlias

from engine.images.pixels import ReadImage, UnreadableImage, read_image
from engine.scoring.model.providers import CPU
from engine.scoring.model.session import Outputs, Stopped
from engine.scoring.run.calls import (
    Buffer,
    PlacedOrUnreadable,
    answer_of,
    call_model,
    decode,
    failed,
    new_buffer,
)
from engine.scoring.run.resize import PlacedImage
from engine.scoring.run.scorer import Scorer
from engine.scoring.run.store import ImageAnswer, ImageFile
from engine.util.cores import available_cores
from engine.util.timing import Timing, timed

PORTION: Final = 4  # images that are kept in one transaction, where a call takes fewer
CALLS_ON_CPU: Final = 4  # at most: each keeps the memory of a whole run
CALLS_ON_DEVICE: Final = 2
MOST_FINISHERS: Final = 4
SPARE_BUFFERS: Final = 2  # filled while the runs use theirs
UNTAKEN: Final = 2  # portions that may wait for the caller
HEARTBEAT: Final = 0.05  # seconds between two looks at `cancelled`
LAST_WAIT: Final = 0.3  # seconds that runs get to end after a stop


Finishing: TypeAlias = deque[Future[list[ImageAnswer]]]
RunningBatches: TypeAlias = deque[tuple[Buffer, Future[Future[list[ImageAnswer]]]]]


@dataclass(frozen=True)
class Threads:
    """How many work on each step."""

    decode: int
    run: int
    finish: int


def threads_for(scorer: Scorer) -> Threads:
    """How the cores are shared by the steps; whoever waits for another leaves its core to it.

    On a processor the threads of one call rarely keep all cores busy, so several calls
    run at once; a device takes one call after the other, and the next is ready by then.
    """
    cores = available_cores()
    calls = min(max(2, cores), CALLS_ON_CPU) if scorer.provider == CPU else CALLS_ON_DEVICE
    return Threads(cores, calls, max(1, min(cores // 4, MOST_FINISHERS)))


@dataclass(frozen=True, eq=False)
class Pipeline:
    """The threads and buffers of one scoring run."""

    scorer: Scorer
    cancelled: Callable[[], bool]
    together: int = PORTION  # images that come out together, where a call takes fewer
    read: ReadImage = read_image
    stopping: Event = field(default_factory=Event)

    def answers(self, files: Sequence[ImageFile]) -> Generator[list[ImageAnswer], None, None]:
        """Score the files, portion after portion; ends early when cancelled.

        Closing the iterator ends the calls under way.
        """
        threads = threads_for(self.scorer)
        portion = self.scorer.batch * max(1, self.together // self.scorer.batch)
        buffers = [
            new_buffer(self.scorer, min(portion, len(files)))
            for _ in range(min(threads.run + SPARE_BUFFERS, -(-len(files) // portion)))
        ]
        running: RunningBatches = deque()
        finishing: Finishing = deque()
        decoders = ThreadPoolExecutor(threads.decode, "score-decode")
        runners = ThreadPoolExecutor(threads.run, "score-run")
        finishers = ThreadPoolExecutor(threads.finish, "score-finish")
        try:
            for start in range(0, len(files), portion):
                if not buffers and not self._free(running, finishing, buffers):
                    return
                buffer = buffers.pop()
                some = files[start : start + portion]
                decoding = [
                    decoders.submit(
                        timed,
                        partial(
                            decode, self.scorer, Path(file.path), file.dataset_size, slot, self.read
                        ),
                    )
                    for file, slot in zip(some, buffer, strict=False)
                ]
                run = runners.submit(self._run, some, buffer, decoding, finishers)
                running.append((buffer, run))
                # Work for all threads is handed out before the caller takes its time.
                while finishing and (len(finishing) > UNTAKEN or finishing[0].done()):
                    if not self._done(finishing[0]):
                        return
                    yield finishing.popleft().result()
            while running or finishing:
                if not finishing and not self._free(running, finishing, buffers):
                    return
                if not self._done(finishing[0]):
                    return
                yield finishing.popleft().result()
        finally:
            self._end([run for _, run in running], (decoders, runners, finishers))

    def _free(self, running: RunningBatches, finishing: Finishing, buffers: list[Buffer]) -> bool:
        """Wait for the oldest run, whose buffer is free then; False when cancelled first."""
        buffer, run = running[0]
        if not self._done(run):
            return False
        running.popleft()
        buffers.append(buffer)
        finishing.append(run.result())
        return True

    def _done(self, future: Future[Any]) -> bool:
        while not future.done():
            if self.cancelled():
                return False
            wait([future], HEARTBEAT, FIRST_COMPLETED)
        return True

    def _run(
        self,
        files: Sequence[ImageFile],
        buffer: Buffer,
        decoding: Sequence[Future[tuple[PlacedOrUnreadable, float]]],
        finishers: ThreadPoolExecutor,
    ) -> Future[list[ImageAnswer]]:
        read = [future.result() for future in decoding]
        decoded = [image for image, _ in read]
        batch = self.scorer.batch
        calls: list[tuple[Outputs | None, float]] = []
        for start in range(0, len(files), batch):
            if self.stopping.is_set():
                raise Stopped
            here = decoded[start : start + batch]
            last = start + (batch if self.scorer.fixed_batch else len(here))
            if worth := sum(isinstance(image, PlacedImage) for image in here):
                outputs, spent = timed(partial(call_model, self.scorer, buffer[start:last], here))
                calls.append((outputs, spent / worth))
            else:
                calls.append((None, 0.0))
        return finishers.submit(self._finish, files, read, calls)

    def _finish(
        self,
        files: Sequence[ImageFile],
        read: Sequence[tuple[PlacedOrUnreadable, float]],
        calls: Sequence[tuple[Outputs | None, float]],
    ) -> list[ImageAnswer]:
        answers = []
        for index, (file, (image, reading)) in enumerate(zip(files, read, strict=True)):
            call, row = divmod(index, self.scorer.batch)
            outputs, inference = calls[call]
            if isinstance(image, UnreadableImage) or outputs is None:
                answers.append(failed(file, image))
                continue
            own = tuple(part[row] for part in outputs)
            answer, post = timed(partial(answer_of, self.scorer, file, image, own))
            answers.append(replace(answer, timing=Timing(reading, inference, post)))
        return answers

    def _end(self, runs: Sequence[Future[Any]], pools: Sequence[ThreadPoolExecutor]) -> None:
        self.stopping.set()
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)
        until = time.monotonic() + LAST_WAIT
        # A call may begin between a stop and the next, so stop until none is left.
        while not all(run.done() for run in runs) and time.monotonic() < until:
            self.scorer.stop()
            wait(runs, HEARTBEAT)
