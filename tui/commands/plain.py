"""What works without a screen: opening with a progress bar on stderr, and the report."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, assert_never

import click
import msgspec
from platformdirs import user_data_path

from engine.cards.operating_point import PointError, change_words, model_digest, saved_point
from engine.cards.point_writer import save_point
from engine.core.thresholds import WantedConfidence
from engine.opening import Inputs, Opened, Stage, opening
from engine.probing.running import Trying
from engine.report.baseline.against import AgainstBaseline
from engine.report.baseline.facts import baseline_facts
from engine.report.baseline.lines import baseline_table, baseline_text
from engine.report.error_types import error_types_table
from engine.report.extra_table import ExtraTable
from engine.report.facts import ReportFacts
from engine.report.making import ReportMaking
from engine.report.reporting import Report, reported
from engine.scoring.card import card_beside
from engine.scoring.run.runner import Progress
from engine.util.progress import Reading
from engine.util.visible import visible, visible_json
from engine.util.words import threshold
from tui import __version__
from tui.commands.baselines import BaselineRun
from tui.commands.options import DemoTask
from tui.commands.said_command import said_command
from tui.commands.telling import tell

if TYPE_CHECKING:
    from engine.report.gates.limits import ReportLimits
    from engine.report.gates.verdicts import JudgedLimit

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


@dataclass(frozen=True)
class ReportDocument:
    """What is printed, and what became of limits and baseline, with what was assessed in words."""

    text: str
    judged: "tuple[JudgedLimit, ...]"
    suite: str  # model or predictions, and data
    properties: Mapping[str, str]  # where it was judged
    failures: tuple[str, ...]  # of the test against a baseline, in sentences


@dataclass(frozen=True)
class ReportAsked:
    """Which report somebody wants."""

    form: str = "text"
    iou: float = 0.5
    confidence: WantedConfidence = None  # where its kind begins
    with_intervals: bool = False
    with_error_types: bool = False
    save: bool = False  # its operating point, into the card of the model


def report(
    opened_: Opened,
    asked: ReportAsked,
    made_by: ReportMaking | None = None,
    limits: "ReportLimits | None" = None,
    baseline: BaselineRun | None = None,
) -> ReportDocument:
    """The report that is asked for; where it saves its operating point, stderr tells.

    Raises LimitError for a limit that this report does not have.
    """
    if limits is not None:
        limits = limits.of(opened_.assessment)
    made = reported(
        opened_,
        asked.iou,
        asked.confidence,
        with_intervals=asked.with_intervals,
        with_error_types=asked.with_error_types,
    )
    if asked.save and opened_.inputs.model is not None:
        tell(*saved(opened_.inputs.model, opened_, made), err=True)
    values = made.values() if asked.form == "json" or limits is not None else {}
    judged: tuple[JudgedLimit, ...] = ()
    if limits is not None:
        # Who asks for no limit does not wait for these.
        from engine.report.gates.verdicts import judged_limits

        judged = judged_limits(limits, made.facts, values)
        values["gates"] = [each.values for each in judged]
    found: AgainstBaseline | None = None
    failures: tuple[str, ...] = ()
    if baseline is not None:
        found, failures = baseline.tested(made, opened_.assessment.dataset)
        if found is not None:
            values["baseline"] = baseline_facts(found, failures)
    extra = _extra_tables(made, judged, found)
    forms: Mapping[str, Callable[[], str]] = {
        "text": lambda: made.text() + ("" if found is None else baseline_text(found)),
        "json": lambda: as_json(values),
        "md": lambda: made.markdown(extra),
        "html": lambda: made.html(made_by or ReportMaking(), extra),
    }
    suite = f"{opened_.answers} on {opened_.assessment.dataset.source.name}"
    return ReportDocument(forms[asked.form](), judged, suite, _properties(values), failures)


def _extra_tables(
    made: Report, judged: "tuple[JudgedLimit, ...]", found: AgainstBaseline | None
) -> tuple[ExtraTable, ...]:
    """What was asked for besides, for Markdown and HTML."""
    tables = []
    if judged:
        from engine.report.gates.table import limits_table

        tables.append(limits_table(judged))
    if found is not None:
        tables.append(baseline_table(found))
    if isinstance(made.facts, ReportFacts) and made.facts.error_types is not None:
        tables.append(error_types_table(made.facts.error_types))
    return tuple(tables)


def _properties(values: Mapping[str, Any]) -> Mapping[str, str]:
    """Task, images and operating point, without what is counted there."""
    point = values.get("operating_point", {})
    told = {"task": values.get("task"), "images": values.get("images"), **point}
    left_out = ("precision", "recall", "f1", "answers")
    return {key: str(told[key]) for key in told if key not in left_out and told[key] is not None}


def making(pictures: int) -> ReportMaking:
    """How the report of the command that runs comes about."""
    return ReportMaking(said_command(click.get_current_context()), __version__, pictures)


def as_json(values: Mapping[str, Any]) -> str:
    """Values as a document that a terminal may show."""
    encoded = msgspec.json.encode(values)
    return visible_json(msgspec.json.format(encoded, indent=1).decode()) + "\n"


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
