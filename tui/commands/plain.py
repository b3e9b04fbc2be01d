"""What works without a screen: opening with a progress bar on stderr, and the report."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from math import isnan
from pathlib import Path
from typing import Any, TypeVar, assert_never

import click
import msgspec
from platformdirs import user_data_path

from engine.cards.operating_point import PointError, change_words, model_digest, saved_point
from engine.cards.point_writer import save_point
from engine.core.errors import DataError
from engine.core.thresholds import WantedConfidence
from engine.opening import Inputs, Opened, Stage, opening
from engine.probing.running import Trying
from engine.report.reporting import Report, reported
from engine.scoring.card import card_beside
from engine.scoring.run.runner import Progress
from engine.util.progress import Reading
from engine.util.visible import visible, visible_json
from engine.util.words import threshold
from tui import __version__
from tui.commands.options import DemoTask
from tui.commands.telling import tell

Result = TypeVar("Result")
DEMOS = Path(__file__).resolve().parents[2] / "demo_data"


def demo_inputs(task: DemoTask = "detection") -> Inputs:
    """The files of the demo of a task, which come with the program; its card is the user's own.

    The folder of the card is made, so that a card can be: without one, only saving is refused.
    """
    folder, cards = DEMOS / task, user_data_path("offdiag") / "demo" / task
    with suppress(OSError):
        cards.mkdir(parents=True, exist_ok=True)
    model, images = folder / "model.onnx", folder / "images"
    own = Inputs(
        model=model,
        data=images,
        card=cards / card_beside(model).name,
        card_may_be_missing=True,
        provider="cpu",
    )
    match task:
        case "detection":
            return replace(own, data=folder / "truth.json", images=images)
        case "classification":
            return own
        case _:
            assert_never(task)


def opened(inputs: Inputs) -> Opened:
    """The assessment; progress goes to stderr, and only to a terminal."""
    return last_of(opening(inputs), Opened)


def last_of(events: Iterator[Any], kind: type[Result]) -> Result:
    """What an opening ends in; its progress goes to stderr, and only to a terminal."""
    last: Result | None = None
    quiet = not sys.stderr.isatty()
    with click.progressbar(
        length=1000, label="Scoring", file=sys.stderr, hidden=quiet, show_pos=False
    ) as bar:
        for event in events:
            if isinstance(event, kind):
                last = event
            elif isinstance(event, Stage):
                bar.label = visible(event.words)
            elif isinstance(event, Reading | Trying):
                bar.update(int(1000 * event.done / max(event.total, 1)) - bar.pos)
            elif isinstance(event, Progress) and event.total:
                bar.label = f"Scoring {event.done:,}/{event.total:,}"
                bar.update(int(1000 * event.done / event.total) - bar.pos)
    if last is None:
        raise KeyboardInterrupt
    return last


def report(
    opened_: Opened,
    form: str,
    iou: float,
    confidence: WantedConfidence,
    intervals: bool,
    save: bool = False,
    error_types: bool = False,
) -> str:
    """The report as text or JSON, at a confidence, for None where its kind begins.

    With save its operating point goes into the card of the model, which stderr tells.
    """
    made = reported(
        opened_, iou, confidence, with_intervals=intervals, with_error_types=error_types
    )
    if save and opened_.inputs.model is not None:
        tell(*saved(opened_.inputs.model, opened_, made), err=True)
    return as_json(made.values()) if form == "json" else made.text()


def as_json(values: Mapping[str, Any]) -> str:
    """Values as a document that a terminal may show."""
    encoded = msgspec.json.encode(values)
    return visible_json(msgspec.json.format(encoded, indent=1).decode()) + "\n"


def check_place(out: Path) -> None:
    """DataError where a report could not be written: told before a model runs for an hour."""
    if out.is_dir():
        raise DataError(out, "is a folder: name a file in it")
    if not out.absolute().parent.is_dir():
        raise DataError(out.parent, "there is no such folder for the report: make it first")
    if not os.access(out.absolute().parent, os.W_OK):
        raise DataError(out, "cannot be written: its folder is not yours to write to")


def saved(model: Path, opened_: Opened, made: Report) -> list[str]:
    """Save the operating point of a report, and say in lines what was saved and what it changes."""
    before = saved_point(model, opened_.inputs.card)
    point = replace(
        made.point(),
        sha256=opened_.digest or model_digest(model),
        made_with=opened_.made_with,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        offdiag=__version__,
    )
    if isnan(point.confidence):
        raise PointError(model, "there is no best confidence to save: give one with --confidence")
    place = save_point(model, point, opened_.inputs.card)
    told = [f"Saved in {place}: {point.words}."]
    if before is not None and not before.classes and before.confidence != point.confidence:
        change = change_words(made.scorecard(before.confidence), made.scorecard(point.confidence))
        told.append(f"From confidence {threshold(before.confidence, point.confidence)}: {change}.")
    return told
