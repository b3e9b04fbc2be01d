"""What compare does without a screen: opening both sides, and the document on them."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import click

from engine.compare.comparison import Comparison, compared
from engine.compare.gates import GateError, Gates
from engine.compare.numbers import ComparedNumbers, compared_numbers, numbers_without_intervals
from engine.compare.points import WantedPoint, saved_notes, side_point
from engine.compare.sides import CompareInputs, Sides, opening_sides
from engine.core.goals import Goal
from engine.report.comparison import ComparisonFacts, comparison_facts
from engine.report.comparison_markdown import comparison_markdown
from engine.report.comparison_text import comparison_text
from engine.report.making import NOT_SAID, ReportMaking
from tui.commands.compare import SAMPLES
from tui.commands.options import DemoTask
from tui.commands.plain import as_json, demo_inputs, last_of


def _page(facts: ComparisonFacts, making: ReportMaking) -> str:
    # A library for templates comes with it, which the other forms need not wait for.
    from engine.report.html.comparison_page import comparison_page
    from engine.report.html.page import html_page

    return html_page(comparison_page(facts, making))


FORMS: Final[Mapping[str, Callable[[ComparisonFacts, ReportMaking], str]]] = {
    "text": lambda facts, _: comparison_text(facts),
    "json": lambda facts, _: as_json(comparison_facts(facts)),
    "md": lambda facts, _: comparison_markdown(facts),
    "html": _page,
}


@dataclass(frozen=True)
class ComparedDocument:
    """What is printed, and what fails, in sentences."""

    text: str
    failures: tuple[str, ...]


def compared_document(
    inputs: CompareInputs,
    form: str,
    iou: float = 0.5,
    confidence: WantedPoint = None,
    samples: int = SAMPLES,
    fail_on: Sequence[str] = (),
    making: ReportMaking = NOT_SAID,
) -> ComparedDocument:
    """A document on both sides in a form of FORMS; progress goes to stderr.

    Gates are read before anything else, and need samples where they ask for certainty.
    Raises EngineError.
    """
    gates = Gates.parse(fail_on)
    if gates.needs_certainty and not samples:
        raise GateError("--fail-on worse needs resamples of the images: leave --samples away")
    sides = last_of(opening_sides(inputs), Sides)
    comparison = comparison_at(sides, inputs, iou, confidence)
    numbers = numbers_of(comparison, samples)
    notes = (
        *saved_notes(sides.a, comparison.a),
        *saved_notes(sides.b, comparison.b),
    )
    text = FORMS[form](ComparisonFacts(comparison, numbers, notes), making)
    return ComparedDocument(text, gates.failures(comparison, numbers))


def demo_sides(task: DemoTask) -> CompareInputs:
    """The model of the demo, and the same in 8 bits."""
    common = demo_inputs(task)
    assert common.model is not None
    return CompareInputs(common.model, common.model.with_name("model_int8.onnx"), common)


def comparison_at(
    sides: Sides, inputs: CompareInputs, iou: float, confidence: WantedPoint
) -> Comparison:
    """Each side at its point."""
    goal, matching = Goal.parse(inputs.common.optimise), inputs.common.matching
    a, b = (side_point(side, iou, matching, goal, confidence) for side in (sides.a, sides.b))
    return compared(sides, a, b)


def numbers_of(comparison: Comparison, samples: int) -> ComparedNumbers:
    """All numbers of both sides, with intervals from so many samples."""
    sides = comparison.sides
    named = (
        sides.a.judged(comparison.a.point),
        comparison.a.point,
        sides.b.judged(comparison.b.point),
        comparison.b.point,
    )
    numbers = numbers_without_intervals(*named)
    if not samples:
        return numbers
    quiet = not sys.stderr.isatty()
    with click.progressbar(
        length=samples, label="Resampling images", file=sys.stderr, hidden=quiet, show_pos=False
    ) as bar:
        for numbers in compared_numbers(*named, samples=samples):
            bar.update(numbers.samples - bar.pos)
    return numbers
