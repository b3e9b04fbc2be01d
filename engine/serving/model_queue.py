"""One queue in front of the model: images of all requests, in the order they came.

    requests --> queue --> lanes: collect a batch, decode it, wait for the model, finish

While the model is busy a batch grows; while it is idle a batch waits a few
milliseconds for company. A lane has one buffer, so what is decoded ahead is bounded.
"""

import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from threading import Condition, Lock, Thread
from typing import Final

from engine.batch.judged import JudgedImage, judged
from engine.cards.operating_point import Thresholds
from engine.images.pixels import UNKNOWN_SIZE, UnreadableImage, UploadedFile
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
from engine.scoring.run.pipeline import SPARE_BUFFERS, threads_for
from engine.scoring.run.resize import PlacedImage
from engine.scoring.run.scorer import Scorer
from engine.scoring.run.store import ImageAnswer, ImageFile

WINDOW: Final = 0.003  # seconds that a batch waits for company
HEARTBEAT: Final = 0.05  # seconds between two stops of the model
RATE_OVER: Final = 64  # images that the speed is an average of
LONGEST_WAIT: Final = 60  # seconds that a client is asked to wait at most


class QueueFull(Exception):  # noqa: N818  # nothing went wrong
    """There is no room for these images now."""


@dataclass(frozen=True, eq=False)
class QueuedImage:
    """An image in the queue; its future may be cancelled until a lane takes it."""

    name: str
    upload: UploadedFile
    future: "Future[JudgedImage]" = field(default_factory=Future)


class ModelQueue:
    """The queue and the threads behind it; begins at once, ends with `close`.

    `observe` hears of each call of the model: its images and its seconds. It is called
    from the lanes.
    """

    def __init__(
        self,
        scorer: Scorer,
        thresholds: Thresholds,
        room: int,
        observe: Callable[[int, float], None] = lambda images, seconds: None,
    ) -> None:
        self.scorer, self.thresholds, self.room, self.observe = scorer, thresholds, room, observe
        threads = threads_for(scorer)
        self._at_once = threads.run  # calls of the model
        self._decoders = ThreadPoolExecutor(threads.decode, "serve-decode")
        self._changed = Condition()
        self._collecting = Lock()  # one lane after the other, so that batches are not split
        self._waiting: deque[QueuedImage] = deque()
        self._taken = 0  # images that wait or are being scored
        self._running = 0  # calls of the model
        self._closing = False  # no more are taken
        self._stopping = False  # and those that are there are dropped
        self._ended: deque[float] = deque([time.monotonic()], maxlen=RATE_OVER)
        lanes = range(threads.run + SPARE_BUFFERS)
        self._lanes = [Thread(target=self._lane, name=f"lane-{i}", daemon=True) for i in lanes]
        for lane in self._lanes:
            lane.start()

    @property
    def images(self) -> int:
        """How many wait or are being scored."""
        return self._taken

    @property
    def retry_after(self) -> int:
        """Whole seconds after which there should be room, from the speed of late."""
        with self._changed:
            spent = max(time.monotonic() - self._ended[0], 1e-3)
            rate = max(len(self._ended) - 1, 1) / spent
            return min(max(math.ceil(self._taken / rate / 2), 1), LONGEST_WAIT)

    def put(self, uploads: Sequence[tuple[str, UploadedFile]]) -> list["Future[JudgedImage]"]:
        """Queue the images of a request, all of them or, with QueueFull, none.

        The futures raise what the model raises, `ModelError` above all.
        """
        images = [QueuedImage(name, upload) for name, upload in uploads]
        with self._changed:
            if self._closing or self._taken + len(images) > self.room:
                raise QueueFull
            self._taken += len(images)
            self._waiting.extend(images)
            self._changed.notify_all()
        return [image.future for image in images]

    def close(self, *, at_once: bool = False) -> None:
        """Finish what was taken, or with `at_once` drop it, and end the threads."""
        with self._changed:
            self._closing = True
            if at_once:
                while self._waiting:
                    self._waiting.popleft().future.cancel()
                    self._taken -= 1
                self._stopping = True
            self._changed.notify_all()
        for lane in self._lanes:
            while lane.is_alive():
                # A call may begin between a stop and the next, so stop until none is left.
                if at_once:
                    self.scorer.stop()
                lane.join(HEARTBEAT if at_once else None)
        self._decoders.shutdown()

    def _lane(self) -> None:
        buffer = new_buffer(self.scorer, self.scorer.batch)
        while True:
            with self._collecting:
                images, decoding = self._collected(buffer)
            if not images:
                return
            try:
                self._run(images, decoding, buffer)
            except Exception as error:  # noqa: BLE001  # told to those who wait; the lane goes on
                for image in images:
                    if not image.future.done():
                        # Its traceback would keep the images of this call alive.
                        image.future.set_exception(error.with_traceback(None))
            finally:
                with self._changed:
                    self._taken -= len(images)
                    self._ended.extend([time.monotonic()] * len(images))
                    self._changed.notify_all()

    def _collected(
        self, buffer: Buffer
    ) -> tuple[list[QueuedImage], list["Future[PlacedOrUnreadable]"]]:
        """The images of the next call, which are being decoded; none when it is over."""
        images: list[QueuedImage] = []
        decoding: list[Future[PlacedOrUnreadable]] = []
        until = math.inf
        with self._changed:
            while True:
                while self._waiting and len(images) < self.scorer.batch:
                    image = self._waiting.popleft()
                    if not image.future.set_running_or_notify_cancel():
                        self._taken -= 1  # its client has gone
                        continue
                    until = min(until, time.monotonic() + WINDOW)
                    slot = buffer[len(images)]
                    work = partial(decode, self.scorer, image.upload, UNKNOWN_SIZE, slot)
                    decoding.append(self._decoders.submit(work))
                    images.append(image)
                if len(images) == self.scorer.batch or self._closing:
                    return images, decoding
                left = None
                if images and self._running < self._at_once:
                    left = until - time.monotonic()
                    if left <= 0:
                        return images, decoding
                self._changed.wait(left)

    def _run(
        self,
        images: Sequence[QueuedImage],
        decoding: Sequence["Future[PlacedOrUnreadable]"],
        buffer: Buffer,
    ) -> None:
        decoded = [future.result() for future in decoding]
        outputs: Outputs | None = None
        if any(isinstance(image, PlacedImage) for image in decoded):
            last = self.scorer.batch if self.scorer.fixed_batch else len(images)
            outputs = self._called(buffer[:last], decoded)
        for row, (image, where) in enumerate(zip(images, decoded, strict=True)):
            own = None if outputs is None else tuple(part[row] for part in outputs)
            answer = self._answer(image.name, where, own)
            image.future.set_result(judged(image.name, answer, self.thresholds))

    def _called(self, buffer: Buffer, decoded: Sequence[PlacedOrUnreadable]) -> Outputs:
        with self._changed:
            self._changed.wait_for(lambda: self._running < self._at_once)
            if self._stopping:
                raise Stopped
            self._running += 1
        began = time.perf_counter()
        try:
            return call_model(self.scorer, buffer, decoded)
        finally:
            self.observe(len(decoded), time.perf_counter() - began)
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def _answer(self, name: str, image: PlacedOrUnreadable, outputs: Outputs | None) -> ImageAnswer:
        file = ImageFile(name, 0, 0, UNKNOWN_SIZE)
        if isinstance(image, UnreadableImage) or outputs is None:
            return failed(file, image)
        return answer_of(self.scorer, file, image, outputs)
