"""From the command line to the app on a terminal."""

import os
import sys
from collections.abc import Callable

import click

from tui.terminal import Choice, Graphics

COLOURS = {"auto": "", "truecolor": "truecolor", "256": "256", "16": "standard", "none": ""}


def _take_colours(context: click.Context, option: click.Parameter, value: str) -> str:
    """Textual reads both variables, at the latest when it is imported."""
    if value == "none":
        os.environ["NO_COLOR"] = "1"
    elif COLOURS[value]:
        os.environ.pop("NO_COLOR", None)
        os.environ["TEXTUAL_COLOR_SYSTEM"] = COLOURS[value]
    return value


COLOUR_OPTION = click.option(
    "--colour",
    "--color",
    type=click.Choice(list(COLOURS)),
    default="auto",
    show_default=True,
    expose_value=False,
    callback=_take_colours,
    help="How many colours the terminal has; 'auto' asks it.",
)


def on_terminal(pictures: Choice, run: Callable[[Graphics], int]) -> None:
    """Run the app as the terminal can show it. Ends the process where it ends badly."""
    from tui.terminal_probe import asking

    with asking(pictures) as answering:
        import tui.app  # noqa: F401  takes longer than the terminal needs to answer
        from tui.painters.redraw import use_colours

        graphics = answering()
    if graphics.truecolor and "TEXTUAL_COLOR_SYSTEM" not in os.environ:
        use_colours("truecolor")  # SSH does not forward COLORTERM
    if code := run(graphics):
        sys.exit(code)
