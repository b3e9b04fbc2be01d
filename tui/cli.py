"""The command line. Verbs import what they need, so that --help answers at once."""

import os
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

# A training repository has an engine.py of its own, which may stand first on PYTHONPATH.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import click

from tui import __version__
from tui.application.native_output import libraries_kept_quiet
from tui.commands.baselines import BaselineOptions, with_baseline_options
from tui.commands.gating import GateOptions, with_gate_options
from tui.commands.launch import has_terminal, on_terminal, with_looks_options
from tui.commands.options import (
    DATA_IF_ANY,
    DEBUG,
    DEMO_TASKS,
    FILE,
    FORCE,
    PICTURES,
    SHARED,
    STDOUT,
    DemoTask,
    check_goal,
    confidence_of,
)
from tui.commands.schema_option import SCHEMA
from tui.commands.telling import tell
from tui.commands.verbs import Verbs
from tui.commands.writing import (
    check_not_read,
    check_page,
    check_place,
    print_or_write,
    tell_failures,
)

if TYPE_CHECKING:
    from tui.application.settings import Looks

Verb = TypeVar("Verb", bound=Callable[..., Any])
WORDS = ("optimal", "top-1")  # that stand for a confidence


def shared(verb: Verb) -> Verb:
    """The options that say which files to assess."""
    for option in reversed(SHARED):
        verb = option(verb)
    return verb


def shared_without_data(verb: Verb) -> Verb:
    """The same where the model may come without ground truth."""
    for option in reversed([DATA_IF_ANY, *SHARED[1:]]):
        verb = option(verb)
    return verb


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="offdiag")
def offdiag() -> None:
    """See each error of a vision model, live in the terminal."""


@offdiag.command()
@click.option(
    "--task",
    type=click.Choice(DEMO_TASKS),
    default=DEMO_TASKS[0],
    show_default=True,
    help="Open a detector or a classifier.",
)
@click.option(
    "--compare", "compares", is_flag=True, help="Compare the model with its copy in 8 bits."
)
@with_looks_options
@DEBUG
def demo(task: DemoTask, compares: bool, looks: "Looks", debug: bool) -> None:
    """Open the demo: a small model of parts on a conveyor, and its validation set."""
    if compares:
        from tui.commands.compare import show_demo

        show_demo(task, looks)
        return

    def named(task: DemoTask) -> Callable[[], Any]:
        def inputs() -> Any:
            from tui.commands.plain import demo_inputs

            return demo_inputs(task)

        return inputs

    tasks = (task, *(other for other in DEMO_TASKS if other != task))
    _show(named(task), looks, {each: named(each) for each in tasks})


@offdiag.command(name="open")
@click.argument("model", type=FILE, required=False)
@click.argument("files", nargs=-1)
@shared_without_data
@with_looks_options
@DEBUG
def open_(
    model: Path | None, files: tuple[str, ...], looks: "Looks", debug: bool, **inputs: Any
) -> None:
    """Open a detector or a classifier on its validation set and walk its errors.

    MODEL is an ONNX file. Its predictions are kept, so that it runs over the images only
    once. Without a terminal this prints the text report.

    Without --data it opens the tab What if, where the model scores any images: FILES, and
    those whose paths one pastes there.
    """
    if inputs["data"] is None:
        from tui.commands.whatif import show_whatif

        show_whatif(model, files, looks, inputs, terminal=has_terminal())
        return
    if files:
        raise click.UsageError(
            "FILES are scored where there is no --data; with it, press 5 in the app."
        )
    check_goal(inputs["optimise"])

    def named() -> Any:
        from engine.opening import Inputs

        return Inputs(model=model, **inputs)

    _show(named, looks)


@offdiag.command()
@click.argument("model", type=FILE, required=False)
@shared
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "md", "html"]),
    default="text",
    show_default=True,
    help="md fits a merge request; html is one page with pictures and curves.",
)
@click.option("--out", type=FILE, help="Write to this file instead of '-', standard output.")
@FORCE
@click.option(
    "--pictures",
    type=click.IntRange(0),
    default=PICTURES,
    show_default=True,
    help="Pictures of the largest errors in a page of html, at most.",
)
@click.option(
    "--iou", type=click.FloatRange(0.1, 1), default=0.5, show_default=True, help="IoU threshold."
)
@click.option(
    "--confidence",
    help="Confidence threshold from 0 to 1; 'optimal', the best one for --optimise, where a "
    "detector begins; or 'top-1', an answer for every image, where a classifier begins.",
)
@click.option("--intervals", is_flag=True, help="Add 95 % intervals, by bootstrap over images.")
@click.option(
    "--error-types",
    is_flag=True,
    help="Add TIDE's error types of a detector, and the average precision that each costs.",
)
@click.option("--save", is_flag=True, help="Save the operating point in the model's card.")
@with_gate_options
@SCHEMA
@with_baseline_options
@DEBUG
def report(
    model: Path | None,
    form: str,
    out: Path | None,
    force: bool,
    pictures: int,
    iou: float,
    confidence: str | None,
    intervals: bool,
    error_types: bool,
    save: bool,
    gate: GateOptions,
    baseline: BaselineOptions,
    debug: bool,
    **files: Any,
) -> None:
    """Print counts, precision, recall and the confusion matrix at an operating point.

    With limits it ends with 1 where one is not kept, and stderr says what became of each. A page of
    html is one file that needs no other: `--format html --out report.html`.
    """
    from engine.opening import Inputs
    from tui.commands import plain

    wanted: Any = confidence
    if confidence is not None and confidence not in WORDS:
        wanted = confidence_of(confidence, *WORDS)
    file = None if out == STDOUT else out
    check_page(form, file, force)
    if file is not None:
        check_place(file)
    check_goal(files["optimise"])
    limits = gate.limits(file, with_intervals=intervals)
    baseline.check(file, force=force)
    inputs = Inputs(model=model, **files)
    read = (model, inputs.data, inputs.predictions, inputs.card)  # a baseline may move on
    outputs = {"--out": file, "--junit": gate.junit, "--write-baseline": baseline.written}
    check_not_read(outputs, read)
    if save and model is None:
        raise click.UsageError("--save needs MODEL: its card keeps the operating point.")
    run = baseline.opened()
    asked = plain.ReportAsked(form, iou, wanted, intervals, error_types, save)
    made = plain.report(plain.opened(inputs), asked, plain.making(pictures), limits, run)
    print_or_write(made.text, file)
    broken = gate.fail(made.judged, made.suite, made.properties)
    tell_failures(made.failures)
    if broken or made.failures:
        sys.exit(1)


def main() -> None:
    """Run a verb; what goes wrong is one sentence on stderr, and 2 or 130 the exit code."""
    with libraries_kept_quiet():
        _main()


def _main() -> None:
    try:
        code = offdiag(standalone_mode=False)
    except click.ClickException as error:
        said = StringIO()
        error.show(said)
        tell(*said.getvalue().splitlines(), err=True)
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        tell("Interrupted. What was scored is kept.", err=True)
        code = 130
    except BrokenPipeError:
        # The reader has gone; point stdout elsewhere so that closing it stays quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        if not _is_for_people(error) or "--debug" in sys.argv:
            raise
        tell(*f"offdiag: {_sentence(error)}".split("\n"), err=True)
        code = 2
    sys.exit(code if isinstance(code, int) else 0)


def _is_for_people(error: Exception) -> bool:
    from engine.core.errors import EngineError

    forbidden = isinstance(error, PermissionError) and error.filename is not None
    return forbidden or isinstance(error, EngineError)


def _sentence(error: Exception) -> str:
    if isinstance(error, PermissionError):
        return f"{os.fsdecode(error.filename)}: this account may not use it: ask for permission"
    return str(error)


def _show(named: Any, looks: "Looks", demos: Any = None) -> None:
    """The app on a terminal, the text report without one; demos are those it can switch to."""
    if has_terminal():
        on_terminal(looks, lambda graphics: _run(named, graphics, demos))
        return
    from tui.commands import plain

    click.echo(plain.report(plain.opened(named()), plain.ReportAsked()).text, nl=False)


def _run(named: Any, graphics: Any, demos: Any) -> int:
    from tui.commands.running import run

    return run(named, graphics, demos)


if __name__ == "__main__":
    main()
