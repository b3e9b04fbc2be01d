"""What works without a screen: opening with a progress bar on stderr, and the report."""

import sys
from pathlib import Path

import click
import msgspec

from engine.errors import DataError
from engine.files import write_whole
from engine.opening import Inputs, Opened, Stage, opening
from engine.report.facts import Facts, detection_facts
from engine.report.text import detection_text

DEMO = Path(__file__).resolve().parent.parent / "demo_data" / "detection"


def demo_inputs() -> Inputs:
    """The files of the demo, which come with the program."""
    return Inputs(
        model=DEMO / "model.onnx", data=DEMO / "truth.json", images=DEMO / "images", provider="cpu"
    )


def opened(inputs: Inputs) -> Opened:
    """The assessment; progress goes to stderr, and only to a terminal."""
    last: Opened | None = None
    quiet = not sys.stderr.isatty()
    with click.progressbar(
        length=1000, label="Scoring", file=sys.stderr, hidden=quiet, show_pos=False
    ) as bar:
        for event in opening(inputs):
            if isinstance(event, Opened):
                last = event
            elif isinstance(event, Stage):
                bar.label = event.words
            elif event.total:
                bar.label = f"Scoring {event.done:,}/{event.total:,}"
                bar.update(int(1000 * event.done / event.total) - bar.pos)
    if last is None:
        raise KeyboardInterrupt
    return last


def report(
    opened_: Opened, form: str, iou: float, confidence: float | None, intervals: bool
) -> str:
    """The report as text or JSON, at a confidence or, for None, at the optimal one."""
    facts = Facts.of(opened_, iou, confidence, with_intervals=intervals)
    if form == "json":
        encoded = msgspec.json.encode(detection_facts(facts))
        return msgspec.json.format(encoded, indent=1).decode() + "\n"
    return detection_text(facts)


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    try:
        write_whole(path, text.encode())
    except OSError as error:
        raise DataError(path, f"cannot be written ({error.strerror})") from None
