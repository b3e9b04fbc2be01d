"""What all routes share: the model, the queue, and the way an image takes through them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from engine.batch.judged import FailedImage, JudgedImage, ScoredImage
from engine.cards.operating_point import Thresholds
from engine.core.errors import EngineError
from engine.images.pixels import UploadedFile
from engine.scoring.card import Task
from engine.scoring.model.session import Stopped
from engine.scoring.run.scorer import Scorer
from engine.serving.bodies import Guest, Memory
from engine.serving.limits import Limits, Refusal, full
from engine.serving.measures import Measures
from engine.serving.model_queue import ModelQueue, QueueFull
from engine.serving.watched import WatchedFiles

Result = TypeVar("Result")

LONGEST_SENTENCE: Final = 1000  # characters; what a client sent may be quoted in it


@dataclass(frozen=True, eq=False)
class Served:
    """A model as it is served."""

    name: str  # in the routes of the Open Inference Protocol
    scorer: Scorer
    thresholds: Thresholds
    card: Path  # whether or not there is one
    version: str  # of Offdiag
    limits: Limits
    tokens: tuple[bytes, ...] = ()  # empty: whoever reaches the server may ask

    @property
    def task(self) -> Task:
        """Whether it detects or classifies."""
        return self.scorer.card.task


@dataclass(frozen=True, eq=False)
class Service:
    """A served model at work."""

    served: Served
    queue: ModelQueue
    watched: WatchedFiles
    measures: Measures
    memory: Memory

    @classmethod
    def begin(cls, served: Served) -> "Service":
        """Start the threads; `end` stops them."""
        measures = Measures(served.name, served.scorer.digest, served.thresholds.confidence)
        queue = ModelQueue(served.scorer, served.thresholds, served.limits.queue, measures.called)
        watched = WatchedFiles(served.scorer.model, served.scorer.digest, served.card)
        watched.start()
        measures.watch(lambda: queue.images, lambda: watched.model_changed)
        return cls(served, queue, watched, measures, Memory(served.limits.bytes_at_once))

    def end(self, *, at_once: bool = False) -> None:
        """Finish what was taken, or drop it, and stop."""
        self.queue.close(at_once=at_once)
        self.watched.stop()

    def echo(self) -> dict[str, Any]:
        """What every answer says of its origin."""
        served = self.served
        return {
            "operating_point": served.thresholds.told(served.scorer.class_names)
            | {"source": served.thresholds.source},
            "model": {"name": served.name, "sha256": served.scorer.digest},
            "warnings": [*served.thresholds.notes, *self.watched.warnings],
        }

    def check_room(self, images: int = 1) -> None:
        """Refuse with 429 before anything is received that could not be scored."""
        if self.queue.images + images > self.served.limits.queue:
            raise full(self.queue.retry_after)

    async def judged(
        self, request: Request, guest: Guest, images: Sequence[tuple[str, bytes]]
    ) -> list[JudgedImage]:
        """Each image's answer. The client's leaving takes them out of the queue.

        Raises Refusal: 413 for too many, 422 for none, 429, 503; ClientDisconnect.
        """
        limits = self.served.limits
        if not images:
            raise Refusal(422, "there is no image in the request: send one at least")
        if len(images) > limits.images:
            raise Refusal(413, f"more than {limits.images} images: send them in several requests")
        uploads = [(name, UploadedFile(content, limits.pixels)) for name, content in images]
        try:
            futures = self.queue.put(uploads)
        except QueueFull:
            if len(images) > limits.queue:
                raise Refusal(413, f"send no more than {limits.queue} images at once") from None
            raise full(self.queue.retry_after) from None
        waiting = asyncio.gather(*map(asyncio.wrap_future, futures))
        try:
            async with asyncio.timeout(limits.seconds):
                answers = await unless_gone(request, waiting)
        except TimeoutError:
            raise Refusal(
                503,
                f"the model did not answer within {limits.seconds:g} s: try again later",
                {"Retry-After": str(self.queue.retry_after)},
            ) from None
        except EngineError as error:
            raise Refusal(500, str(error)) from None
        except (asyncio.CancelledError, Stopped):
            raise Refusal(503, "the server is stopping: ask another one") from None
        self.measures.scored(answers, self.served.scorer.class_names)
        return answers


async def unless_gone(request: Request, waiting: "asyncio.Future[Result]") -> Result:
    """The result, or ClientDisconnect as soon as the client leaves."""
    leaving = asyncio.ensure_future(_left(request))
    both: set[asyncio.Future[Any]] = {waiting, leaving}
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            raise ClientDisconnect
        return waiting.result()
    finally:
        leaving.cancel()
        waiting.cancel()


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def off_loop(work: Any, content: bytes) -> Any:
    """Work on a body; a big one in a thread, so that others are answered meanwhile."""
    if len(content) < 1 << 20:
        return work(content)
    return await asyncio.to_thread(work, content)


def reply(content: Mapping[str, Any] | Sequence[Any], status: int = 200) -> Response:
    """JSON, with every number as the model gave it."""
    return Response(msgspec.json.encode(content), status, media_type="application/json")


def told(refusal: Refusal) -> Response:
    """A refusal as the client gets it."""
    response = reply({"error": str(refusal)[:LONGEST_SENTENCE]}, refusal.status)
    response.headers.update(refusal.headers)
    return response


def unless_failed(image: JudgedImage) -> ScoredImage:
    """The image, or Refusal with 422 if it could not be scored."""
    if isinstance(image, FailedImage):
        raise Refusal(422, f"{image.path} cannot be scored: {image.reason}")
    return image
