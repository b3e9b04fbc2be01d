"""A few images through a model in every way that is worth trying."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from threading import Event

from engine.images.pixels import DecodedImage, Size, UnreadableImage, read_image
from engine.opening import Stage
from engine.probing.ranking import VariantRanking
from engine.probing.variants import Variant
from engine.scoring.card import changed
from engine.scoring.heads.candidates import NotANumber
from engine.scoring.model.session import Outputs, Stopped
from engine.scoring.run.calls import call_model, new_buffer
from engine.scoring.run.found import ImagePredictions
from engine.scoring.run.pipeline import HEARTBEAT, LAST_WAIT, threads_for
from engine.scoring.run.resize import PlacedImage, fit_of, laid_out
from engine.scoring.run.scorer import Scorer
from engine.scoring.run.store import ImageFile

TriedImages = tuple[ImagePredictions | None, ...]
"""What each variant says of one image; None where it says nothing that is a number."""


@dataclass(frozen=True)
class Trying:
    """How far a probe is."""

    done: int  # runs of the model on one image
    total: int


ProbeEvent = Stage | Trying | VariantRanking
"""What a probe tells while it runs; the last is what it found."""


@dataclass(frozen=True, eq=False)
class Trial:
    """One image and what came of it."""

    index: int  # in the list of files
    tried: TriedImages | None  # None for an image that cannot be read
    reason: str = ""  # why it cannot


@dataclass(frozen=True, eq=False)
class Trials:
    """A model, the ways to feed it, and the threads that try them."""

    scorer: Scorer
    variants: Sequence[Variant]
    cancelled: Callable[[], bool]
    stopping: Event = field(default_factory=Event)
    runs: list[int] = field(default_factory=list)  # variants tried, in any order

    def of(self, files: Sequence[ImageFile]) -> Iterator[Trying | Trial]:
        """Each file decoded once and run in all ways; ends early when cancelled.

        Closing the iterator ends the calls under way. Raises `ModelError`.
        """
        total = len(files) * len(self.variants)
        yield Trying(0, total)
        pool = ThreadPoolExecutor(threads_for(self.scorer).run, "probe")
        waiting = [pool.submit(self._try, index, file) for index, file in enumerate(files)]
        told = 0
        try:
            for trial in waiting:
                while not trial.done():
                    if self.cancelled():
                        return
                    wait([trial], HEARTBEAT)
                    if told != (told := len(self.runs)):
                        yield Trying(told, total)
                yield trial.result()
            yield Trying(total, total)
        finally:
            self._end(pool, waiting)

    @cached_property
    def scorers(self) -> tuple[Scorer, ...]:
        """One for each variant: the same model with another card."""
        return tuple(
            replace(self.scorer, card=changed(self.scorer.card, variant.values))
            for variant in self.variants
        )

    def _try(self, index: int, file: ImageFile) -> Trial:
        try:
            decoded = self._decoded(file)
        except UnreadableImage as reason:
            self.runs.extend([index] * len(self.variants))
            return Trial(index, None, str(reason))
        found: list[ImagePredictions | None] = []
        batch = self.scorer.batch
        for start in range(0, len(self.scorers), batch):
            if self.stopping.is_set():
                raise Stopped
            some = self.scorers[start : start + batch]
            found += self._called(some, decoded)
            self.runs.extend([index] * len(some))
        return Trial(index, tuple(found))

    def _called(
        self, some: Sequence[Scorer], decoded: DecodedImage
    ) -> list[ImagePredictions | None]:
        """The variants of one image share a call, as images do elsewhere."""
        buffer = new_buffer(self.scorer, len(some))
        own_size = not self.scorer.card.input.size
        placed: list[PlacedImage | UnreadableImage] = []
        for scorer, slot in zip(some, buffer, strict=False):
            try:
                placed.append(laid_out(decoded, scorer.card.input, None if own_size else slot))
            except UnreadableImage as reason:  # too big for this way of resizing
                placed.append(reason)
        if not any(isinstance(each, PlacedImage) for each in placed):
            return [None] * len(some)
        last = len(buffer) if self.scorer.fixed_batch else len(some)
        outputs = call_model(self.scorer, buffer[:last], placed)
        return [
            _found(scorer, tuple(part[row] for part in outputs), each)
            for row, (scorer, each) in enumerate(zip(some, placed, strict=True))
        ]

    def _decoded(self, file: ImageFile) -> DecodedImage:
        inputs = [scorer.card.input for scorer in self.scorers]

        def enough(image: Size) -> Size:
            sizes = [fit_of(image, each).resized for each in inputs]
            return max(width for width, _ in sizes), max(height for _, height in sizes)

        averages = all(each.antialias for each in inputs)
        gray = inputs[0].color == "GRAY"
        return read_image(
            Path(file.path), file.dataset_size, enough=enough if averages else None, gray=gray
        )

    def _end(self, pool: ThreadPoolExecutor, waiting: Sequence[Future[Trial]]) -> None:
        self.stopping.set()
        pool.shutdown(wait=False, cancel_futures=True)
        # A call may begin between a stop and the next, so stop until none is left.
        for _ in range(round(LAST_WAIT / HEARTBEAT)):
            if all(trial.done() for trial in waiting):
                return
            self.scorer.stop()
            wait(waiting, HEARTBEAT)


def _found(
    scorer: Scorer, outputs: Outputs, placed: PlacedImage | UnreadableImage
) -> ImagePredictions | None:
    if not isinstance(placed, PlacedImage):
        return None
    try:
        return scorer.found(outputs, placed.fit)
    except NotANumber:
        return None
