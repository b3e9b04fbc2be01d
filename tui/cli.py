"""The command line. Verbs import what they need, so that --help answers at once."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

# A training repository has an engine.py of its own, which may stand first on PYTHONPATH.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import click

from tui import __version__

Verb = TypeVar("Verb", bound=Callable[..., Any])

FILE = click.Path(path_type=Path)
PICTURES = click.Choice(["auto", "kitty", "sixel", "cells", "off"])

SHARED = [
    click.option("--data", type=FILE, required=True, help="Ground truth: a COCO JSON file."),
    click.option("--images", type=FILE, help="Folder of the images, if not beside the data."),
    click.option("--predictions", type=FILE, help="COCO results to assess instead of a model."),
    click.option("--card", type=FILE, help="Model card, if it is not MODEL.card.toml."),
    click.option("--data-format", type=click.Choice(["coco"]), help="Read --data as this format."),
    click.option(
        "--matching",
        type=click.Choice(["class-first", "agnostic", "iou"]),
        default="class-first",
        show_default=True,
        help="How predictions are paired with ground truths.",
    ),
    click.option(
        "--optimise",
        default="f1",
        show_default=True,
        help="What the optimal confidence is best for: f1, f0.5, f2, precision, recall, "
        "recall@precision=.9, recall@fp-per-image=1.",
    ),
    click.option(
        "--strict-coco",
        is_flag=True,
        help="Average precision with pycocotools' slips, such as annotation id 0 never matching.",
    ),
    click.option(
        "--provider",
        type=click.Choice(["auto", "cpu", "cuda"]),
        default="auto",
        show_default=True,
        help="Where the model runs.",
    ),
]
PICTURES_OPTION = click.option(
    "--pictures",
    type=PICTURES,
    default="auto",
    show_default=True,
    help="How the terminal draws pictures.",
)
DEBUG = click.option("--debug", is_flag=True, help="Show the traceback of an error.")


def shared(verb: Verb) -> Verb:
    """The options that say which files to assess."""
    for option in reversed(SHARED):
        verb = option(verb)
    return verb


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="offdiag")
def offdiag() -> None:
    """See each error of a vision model, live in the terminal."""


@offdiag.command()
@PICTURES_OPTION
@DEBUG
def demo(pictures: str, debug: bool) -> None:
    """Open the demo: a small detector of parts on a conveyor, and its validation set."""
    from tui.plain import demo_inputs

    _show(demo_inputs(), pictures)


@offdiag.command(name="open")
@click.argument("model", type=FILE, required=False)
@shared
@PICTURES_OPTION
@DEBUG
def open_(model: Path | None, pictures: str, debug: bool, **files: Any) -> None:
    """Open a detector on its validation set and walk its errors.

    MODEL is an ONNX file. Its predictions are kept, so that it runs over the images only
    once. Without a terminal this prints the text report.
    """
    from engine.opening import Inputs

    _show(_checked(Inputs(model=model, **files)), pictures)


@offdiag.command()
@click.argument("model", type=FILE, required=False)
@shared
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--out", type=FILE, help="Write to this file instead of standard output.")
@click.option(
    "--iou", type=click.FloatRange(0.1, 1), default=0.5, show_default=True, help="IoU threshold."
)
@click.option(
    "--confidence",
    default="optimal",
    show_default=True,
    help="Confidence threshold from 0 to 1, or 'optimal': the best one for --optimise.",
)
@click.option("--intervals", is_flag=True, help="Add 95 % intervals, by bootstrap over images.")
@DEBUG
def report(
    model: Path | None,
    form: str,
    out: Path | None,
    iou: float,
    confidence: str,
    intervals: bool,
    debug: bool,
    **files: Any,
) -> None:
    """Print counts, precision, recall and the confusion matrix at an operating point."""
    from engine.opening import Inputs
    from tui import plain

    wanted = None if confidence == "optimal" else _confidence(confidence)
    inputs = _checked(Inputs(model=model, **files))
    text = plain.report(plain.opened(inputs), form, iou, wanted, intervals)
    if out is None:
        click.echo(text, nl=False)
    else:
        plain.write(out, text)


def main() -> None:
    """Run a verb; what goes wrong is one sentence on stderr, and 2 or 130 the exit code."""
    try:
        code = offdiag(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted. What was scored is kept.", err=True)
        code = 130
    except BrokenPipeError:
        # The reader has gone; point stdout elsewhere so that closing it stays quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        if not _is_for_people(error) or "--debug" in sys.argv:
            raise
        click.echo(f"offdiag: {error}", err=True)
        code = 2
    sys.exit(code if isinstance(code, int) else 0)


def _is_for_people(error: Exception) -> bool:
    from engine.errors import EngineError

    return isinstance(error, EngineError)


def _show(inputs: Any, pictures: Any) -> None:
    """The app on a terminal, the text report without one."""
    if _has_terminal():
        from tui.terminal import detect

        graphics = detect(pictures)
        if graphics.truecolor:
            # SSH does not forward COLORTERM, and Textual decides when it is imported.
            os.environ.setdefault("TEXTUAL_COLOR_SYSTEM", "truecolor")
        from tui.app import run

        code = run(inputs, graphics)
        if code:
            sys.exit(code)
        return
    from tui import plain

    click.echo(plain.report(plain.opened(inputs), "text", 0.5, None, False), nl=False)


def _checked(inputs: Any) -> Any:
    """The inputs, after a goal that nobody knows has been refused: before any work is done."""
    from engine.goals import Goal

    Goal.parse(inputs.optimise)
    return inputs


def _has_terminal() -> bool:
    known = os.environ.get("TERM", "") not in ("", "dumb")
    return known and sys.stdin.isatty() and sys.stdout.isatty()


def _confidence(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise click.BadParameter(
            f"{text!r} is neither 'optimal' nor a number from 0 to 1.", param_hint="--confidence"
        )
    return value


if __name__ == "__main__":
    main()
