"""Openings for tests of the app: of made data, as slow and as faulty as a test wants."""

from collections.abc import Callable, Iterator
from pathlib import Path

from engine.detection.detection import Detection
from engine.opening import Event, Inputs, Opened, Stage
from engine.scoring.run.runner import Progress
from tests.making import detection

BOLT, NUT, WASHER, GEAR = range(4)
INPUTS = Inputs(data=Path("truth.json"), model=Path("parts.onnx"))


def confused() -> Detection:
    """Three images: bolts taken for nuts, nuts not detected, a gear where nothing is."""
    truths, found = [], []
    for image in range(3):
        truths += [(image, BOLT, (0, 0, 10, 10)), (image, NUT, (40, 40, 10, 10))]
        found.append((image, NUT, 0.9 - image / 10, (0, 0, 10, 10 - image)))
    truths.append((0, GEAR, (70, 70, 10, 10)))
    found += [(0, GEAR, 0.95, (70, 70, 10, 10)), (1, GEAR, 0.55, (70, 70, 10, 10))]
    found += [(2, BOLT, 0.3, (0, 0, 10, 10))]
    return detection(truths, found, images=3)


def opened(detection: Detection, **changes: object) -> Opened:
    facts = {"inputs": INPUTS, "answers": "parts.onnx", "facts": (("Model", "parts.onnx"),)}
    rest = {"warnings": (), "failures": ()}
    return Opened(assessment=detection, **{**facts, **rest, **changes})


def opener_of(*events: Event) -> Callable[[Callable[[], bool]], Iterator[Event]]:
    def opener(cancelled: Callable[[], bool]) -> Iterator[Event]:
        yield Stage("Loading parts.onnx")
        yield Progress(1, 3, 0, 12.0, 0.2, 0)
        yield from events

    return opener
