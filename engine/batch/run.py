"""A scoring run: images in, an output that is whole at any moment out."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any, Final, TypeAlias

from engine.batch.counts import BatchCounts, Done, WaitingImage
from engine.batch.encoders import Encoder, encoder
from engine.batch.inputs import InputError, named_images
from engine.batch.job import FEW, Finished, Job, complete, header_of, journal_file, remove_journal
from engine.batch.journal import Journal
from engine.batch.judged import FailedImage, JudgedImage, judged
from engine.batch.pictures import draw_judged
from engine.batch.run_file import differences, run_file, write_run_file
from engine.batch.sinks import Sink, Stream, sink, unfinished
from engine.cards.operating_point import name_of
from engine.core.errors import DataError
from engine.images.pixels import UNKNOWN_SIZE
from engine.scoring.run.pipeline import PORTION, Pipeline
from engine.scoring.run.runner import RATE_OVER, Progress
from engine.scoring.run.store import ImageAnswer, ImageFile
from engine.util.cores import available_cores

LISTED: Final = 1000  # images read from the list together, about
EVERYTHING: Final = 1 << 62  # images
KEPT_EVERY: Final = 1.0  # seconds between two entries in the journal: what a kill can cost


BatchEvent: TypeAlias = Progress | Finished


def score_images(
    job: Job,
    now: Callable[[], str],
    *,
    stdin: IO[bytes] | None = None,
    stdout: IO[bytes] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[BatchEvent]:
    """Progress as it happens, and last Finished; nothing after a cancellation.

    `now` tells the date for the run file. What is done stays done, whenever the process
    ends: see `check_places` for what is to be checked before. Raises InputError,
    ModelError, DataError and StoreError; BrokenPipeError when the reader of standard
    output has gone.
    """
    header, encode, out = header_of(job), encoder(job.wanted), job.request.out
    if (finished := complete(job.request, header)) is not None:
        yield finished
        return
    target: Sink
    if out is not None:
        target, journal = (
            sink(out, job.wanted, encode),
            Journal(journal_file(out), anew=job.request.force),
        )
    elif stdout is not None:
        target, journal = Stream(stdout, job.wanted, encode), Journal(None)
    else:
        raise InputError("there is no standard output to write to")
    run = _Run(job, journal, target, encode, cancelled)
    try:
        yield from run.events(header | {"started": now()}, now, stdin)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise DataError(out or Path("-"), f"cannot be written: {error.strerror}") from None
    finally:
        target.close()
        to_resume = not run.ended and journal.begun
        journal.close()
        if out is not None and not to_resume:
            remove_journal(out)


class _Run:
    """One run under way: what is counted, and what is written but not yet noted."""

    def __init__(
        self,
        job: Job,
        journal: Journal,
        target: Sink,
        encode: Encoder,
        cancelled: Callable[[], bool],
    ) -> None:
        self.job, self.request, self.journal = job, job.request, journal
        self.target, self.encode, self.cancelled = target, encode, cancelled
        self.counts = BatchCounts()
        self.unnoted: list[Done] = []
        self.between = True  # two portions: all that is written can be noted
        self.ended = False

    def events(
        self, header: dict[str, Any], now: Callable[[], str], stdin: IO[bytes] | None
    ) -> Iterator[BatchEvent]:
        """See score_images."""
        self._begin(header, stdin)
        if self.request.draw is not None:
            self.request.draw.mkdir(exist_ok=True)
        done, total = self.counts.images, self.journal.total()
        yield Progress(done, total, self.counts.failed, 0.0, float("nan"), done)
        noted = time.monotonic()
        recent = deque([(noted, done)], maxlen=RATE_OVER + 1)
        try:
            for progress in self._scored(total, done, recent):
                if time.monotonic() - noted >= KEPT_EVERY:
                    self._note()
                    noted = time.monotonic()
                yield progress
        finally:
            if self.between and self.unnoted:
                self._note()
        if self.counts.images < total:
            return
        self.journal.finish()
        self.target.finish()
        if self.request.out is not None:
            facts = {**self.job.facts, **self.journal.header, "finished": now()}
            write_run_file(self.request.out, facts, self.journal)
        failures = [pair for pair, _ in zip(self.journal.failures(), range(FEW), strict=False)]
        self.ended = True
        yield Finished(self.counts, tuple(failures))

    def _begin(self, header: dict[str, Any], stdin: IO[bytes] | None) -> None:
        request = self.request
        if not (request.resume and self.journal.begun):
            targets = request.draw is not None or request.format == "yolo"
            named = named_images(request.inputs, stdin)
            self.journal.begin(header, named, request.shard, targets)
            if request.out is not None:
                run_file(request.out).unlink(missing_ok=True)  # it told of what was there before
        elif other := differences(header, self.journal.header):
            raise InputError(
                f"{request.out} was begun with another choice of {other}: "
                "give the same, or start again with --force"
            )
        self.counts = self.journal.counts
        in_place = self.journal.finished and not (request.out and unfinished(request.out).exists())
        if not (in_place and request.format in ("coco", "parquet")):
            self.target.begin(self.journal.offset)

    def _scored(
        self, total: int, resumed: int, recent: deque[tuple[float, int]]
    ) -> Iterator[Progress]:
        drawers = ThreadPoolExecutor(available_cores(), "draw") if self.request.draw else None
        try:
            for waiting in self.journal.waiting(self._at_once()):
                files = [ImageFile(each.path, 0, 0, UNKNOWN_SIZE) for each in waiting]
                images = iter(waiting)
                source = self.job.source or Pipeline(self.job.scorer, self.cancelled)
                portions = source.answers(files)
                try:
                    for portion in portions:
                        self._take([next(images) for _ in portion], portion, drawers)
                        done = self.counts.images
                        recent.append((time.monotonic(), done))
                        spent = max(recent[-1][0] - recent[0][0], 1e-9)
                        rate = (done - recent[0][1]) / spent
                        left = (total - done) / rate if rate else float("nan")
                        yield Progress(done, total, self.counts.failed, rate, left, resumed)
                        if self.cancelled():
                            return
                finally:
                    portions.close()
                if self.cancelled():
                    return
        finally:
            if drawers is not None:
                drawers.shutdown()

    def _at_once(self) -> int:
        """A whole number of portions, so that a resumed run forms the same batches.

        On an accelerator the last bits of an answer may depend on the place in a batch.
        """
        if self.job.source is not None:
            return EVERYTHING  # it sees for itself how much it takes at once
        portion = self.job.scorer.batch * PORTION  # or several of them
        return portion * max(1, LISTED // portion)

    def _take(
        self, images: Sequence[WaitingImage], answers: Sequence[ImageAnswer], drawers: Any
    ) -> None:
        found = [
            self._judged(image.path, answer) for image, answer in zip(images, answers, strict=True)
        ]
        if drawers is not None and self.request.draw is not None:
            draw, names = self.request.draw, self.job.scorer.class_names
            jobs = [
                drawers.submit(draw_judged, draw, image.name, each, names)
                for image, each in zip(images, found, strict=True)
            ]
            for job in jobs:
                job.result()
        self.between = False
        for image, each in zip(images, found, strict=True):
            part, rows = self.encode.part(each)
            failed = isinstance(each, FailedImage)
            length = self.target.write(image, part, rows, failed)
            reason = each.reason if isinstance(each, FailedImage) else ""
            self.unnoted.append(Done(image.position, length, reason))
            self._count(each)
        self.between = True

    def _judged(self, path: str, answer: ImageAnswer) -> JudgedImage:
        """What came of an image; one without an id has no place among results with ids."""
        ids = self.job.wanted.ids
        if ids is not None and not answer.failure and ids.image(path) is None:
            return FailedImage(path, ids.why_not(path))
        return judged(path, answer, self.job.thresholds)

    def _count(self, image: JudgedImage) -> None:
        counts, names = self.counts, self.job.scorer.class_names
        counts.images += 1
        if isinstance(image, FailedImage):
            counts.failed += 1
            return
        kept = image.kept_classes
        counts.kept += len(kept)
        counts.dropped += image.asked - len(kept)
        counts.silent += not kept
        counts.by_class.update(name_of(names, class_) for class_ in kept)

    def _note(self) -> None:
        self.between = False
        self.journal.keep(self.unnoted, self.counts, self.target.flush())
        self.unnoted = []
        self.between = True
