"""What Prometheus is told."""

from collections.abc import Callable, Sequence
from functools import partial

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.exposition import choose_encoder

from engine.batch.judged import FailedImage, JudgedImage

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Measures:
    """Counters of one server, in a registry of its own."""

    def __init__(self, name: str, digest: str, confidence: float) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        model = Info("offdiag_model", "The model that answers", registry=registry)
        model.info({"name": name, "sha256": digest})
        gauge, counter = partial(Gauge, registry=registry), partial(Counter, registry=registry)
        histogram = partial(Histogram, registry=registry)
        gauge("offdiag_confidence_threshold", "Confidence of the operating point").set(confidence)
        self._changed = gauge(
            "offdiag_model_file_changed", "1 if another file lies where the model was loaded from"
        )
        self._queue = gauge("offdiag_queue_images", "Images that wait or are being scored")
        self._requests = counter("offdiag_requests", "Requests answered", ["route", "code"])
        self._seconds = histogram(
            "offdiag_request_seconds",
            "From the head of a request to the end of its answer",
            ["route"],
            buckets=SECONDS,
        )
        self._images = counter("offdiag_images", "Images by what came of them", ["result"])
        for result in ("scored", "failed"):
            self._images.labels(result)
        self._predictions = counter(
            "offdiag_predictions", "Predictions that count at the operating point", ["class"]
        )
        self._batch = histogram(
            "offdiag_batch_images", "Images in a call of the model", buckets=(1, 2, 4, 8, 16, 32)
        )
        self._model = histogram("offdiag_model_seconds", "A call of the model", buckets=SECONDS)

    def watch(self, images: Callable[[], int], changed: Callable[[], bool]) -> None:
        """Ask these for the length of the queue and the state of the file when scraped."""
        self._queue.set_function(images)
        self._changed.set_function(changed)

    def called(self, images: int, seconds: float) -> None:
        self._batch.observe(images)
        self._model.observe(seconds)

    def scored(self, images: Sequence[JudgedImage], names: Sequence[str]) -> None:
        for image in images:
            self._images.labels("failed" if isinstance(image, FailedImage) else "scored").inc()
            for class_ in [] if isinstance(image, FailedImage) else image.kept_classes:
                self._predictions.labels(names[class_]).inc()

    def answered(self, route: str, status: int, seconds: float) -> None:
        """A request; `route` is one of a few, whatever the client asked for."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """The metrics in the format the client accepts, and its content type."""
        encode, content_type = choose_encoder(accept)
        return encode(self.registry), content_type
