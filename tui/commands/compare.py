"""The verb compare: two models, or two files of predictions, on the same images."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tui.commands.launch import has_terminal, on_terminal, with_looks_options_and_count
from tui.commands.options import (
    CARD,
    DATA,
    DATA_IF_ANY,
    DEBUG,
    FILE,
    FORCE,
    PICTURES,
    PREDICTIONS,
    SHARED,
    DemoTask,
    check_goal,
    confidence_of,
)
from tui.commands.schema_option import SCHEMA
from tui.commands.writing import check_not_read, check_page, check_place, end

if TYPE_CHECKING:
    from engine.compare.sides import CompareInputs
    from tui.application.settings import Looks
    from tui.terminal.capabilities import Graphics

Verb = TypeVar("Verb", bound=Callable[..., Any])
WORDS = ("optimal", "saved", "top-1")  # that stand for a confidence
SAMPLES = 1000  # engine.compare.numbers has it; a test holds the two equal


def _shared(verb: Verb) -> Verb:
    """The options of a report that hold for both sides."""
    of_one_model = (DATA, PREDICTIONS, CARD)
    kept = [DATA_IF_ANY, *(option for option in SHARED if option not in of_one_model)]
    for option in reversed(kept):
        verb = option(verb)
    return verb


@click.command()
@click.argument("a", type=FILE)
@click.argument("b", type=FILE)
@click.argument("files", nargs=-1)
@_shared
@click.option("--card-a", type=FILE, help="Model card of A, if it is not A.card.toml.")
@click.option("--card-b", type=FILE, help="Model card of B, if it is not B.card.toml.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "md", "html"]),
    help="Print this instead of opening the app; md fits a merge request, html is one page with "
    "pictures.",
)
@click.option("--out", type=FILE, help="Write to this file instead of standard output.")
@FORCE
@click.option(
    "--iou", type=click.FloatRange(0.1, 1), default=0.5, show_default=True, help="IoU threshold."
)
@click.option(
    "--confidence",
    help="Confidence threshold of both from 0 to 1; 'optimal', each side's own best one for "
    "--optimise, where detectors begin; 'saved', each side's operating point in its card; or "
    "'top-1', an answer for every image, where classifiers begin. Without labels a number, or the "
    "saved point of A, else of B, else .25.",
)
@click.option(
    "--samples",
    type=click.IntRange(0),
    default=SAMPLES,
    show_default=True,
    help="Resamples of the images for the 95 % intervals; 0 for none.",
)
@click.option(
    "--fail-on",
    multiple=True,
    metavar="GATE",
    help="End with 1 if B is worse for certain: 'worse' looks at AP and F1 (accuracy of "
    "classifiers), 'worse=recall' at another number, 'worse=recall[bolt]' at one of a class, "
    "'worse=classes' at all classes; or if more is broken: 'broken=0'. Without labels "
    "'other': B is not A but for rounding. May be given several times.",
)
@with_looks_options_and_count
@SCHEMA
@DEBUG
def compare(
    a: Path,
    b: Path,
    files: tuple[str, ...],
    form: str | None,
    out: Path | None,
    force: bool,
    picture_count: int | None,
    looks: "Looks",
    debug: bool,
    **options: Any,
) -> None:
    """Compare model or predictions B with A: object by object, and how certain it is.

    A and B are each an ONNX model or a file of predictions in any format. With --data each
    object is both right, fixed, broken or both wrong, and every number has the interval of
    its difference. Without a terminal, or with --format, --out or --fail-on, this prints it.

    Without --data this checks an export: do A and B agree on FILES, which are images as for
    `offdiag score`, and if not, why? Nobody needs to have labelled them.
    """
    check_page(form or "text", out, force)
    if out is not None:
        check_place(out)
        check_not_read(
            {"--out": out}, (a, b, options["data"], options["card_a"], options["card_b"])
        )
    pictures = PICTURES if picture_count is None else picture_count
    named = _Named(a, b, pictures=pictures, **options)
    if options["data"] is None:
        end(*named.checked(files, form or "text"), out)
        return
    if files:
        raise click.UsageError(
            "FILES are compared where there is no --data; with it, name their folder with --images."
        )
    check_goal(options["optimise"])
    if form is None and out is None and not named.fail_on and has_terminal():
        show(named.inputs, looks, iou=named.iou, confidence=named.confidence)
        return
    end(*named.document(form or "text"), out)


def show(
    inputs: "Callable[[], CompareInputs]",
    looks: "Looks",
    *,
    iou: float = 0.5,
    confidence: Any = None,
) -> None:
    """Open the app on both sides, each at its point."""

    def run(graphics: "Graphics") -> int:
        from tui.commands.running import run_compare

        return run_compare(inputs, graphics, iou, confidence)

    on_terminal(looks, run)


def show_demo(task: DemoTask, looks: "Looks") -> None:
    """The demo's model beside its copy in 8 bits: in the app, without a terminal as text."""

    def inputs() -> "CompareInputs":
        from tui.commands.comparing import demo_sides

        return demo_sides(task)

    if has_terminal():
        show(inputs, looks)
        return
    from tui.commands.comparing import compared_document

    click.echo(compared_document(inputs(), "text").text, nl=False)


class _Named:
    """What was named on the command line, without an import of the engine."""

    def __init__(
        self,
        a: Path,
        b: Path,
        *,
        card_a: Path | None,
        card_b: Path | None,
        iou: float,
        confidence: str | None,
        samples: int,
        fail_on: tuple[str, ...],
        pictures: int,
        **common: Any,
    ) -> None:
        self.a, self.b, self.cards, self.common = a, b, (card_a, card_b), common
        self.iou, self.samples, self.fail_on = iou, samples, fail_on
        self.pictures = pictures
        self.confidence: Any = confidence
        if confidence is not None and confidence not in WORDS:
            self.confidence = confidence_of(confidence, *WORDS)

    def inputs(self) -> "CompareInputs":
        """For the engine."""
        from engine.compare.sides import CompareInputs
        from engine.opening import Inputs

        return CompareInputs(self.a, self.b, Inputs(**self.common), *self.cards)

    def document(self, form: str) -> tuple[str, tuple[str, ...]]:
        """What is printed, and the gates that fail."""
        from tui.commands.comparing import compared_document
        from tui.commands.plain import making

        made = compared_document(
            self.inputs(),
            form,
            self.iou,
            self.confidence,
            self.samples,
            self.fail_on,
            making(self.pictures),
        )
        return made.text, made.failures

    def checked(self, files: tuple[str, ...], form: str) -> tuple[str, tuple[str, ...]]:
        """The same without labels: of the images in files, else in --images."""
        folder = self.common["images"]
        if not (paths := files or ((str(folder),) if folder is not None else ())):
            raise click.UsageError(
                "Name the ground truth with --data, or images without labels: their files, "
                "folders or patterns."
            )
        if isinstance(self.confidence, str) and self.confidence != "saved":
            raise click.UsageError(
                f"--confidence {self.confidence} needs labels: name them with --data, or give a "
                "number."
            )
        from tui.commands.export_check import checked_document
        from tui.commands.plain import making

        given = None if self.confidence == "saved" else self.confidence
        made = checked_document(
            self.inputs(),
            paths,
            form,
            given,
            self.fail_on,
            sys.stdin.buffer,
            making(self.pictures),
        )
        return made.text, made.failures
