"""From the command line to the app on a terminal."""

import gc
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tui.terminal.capabilities import CHOICES, COLOURS, Graphics

if TYPE_CHECKING:
    from tui.application.settings import Looks

Verb = TypeVar("Verb", bound=Callable[..., Any])

SYSTEMS = {"truecolor": "truecolor", "256": "256", "16": "standard"}
"""What Textual calls a number of colours."""

OPTIONS = (
    click.option(
        "--pictures",
        type=click.Choice(CHOICES),
        help="How the terminal draws pictures. Kept for terminals of this name; 'auto' forgets it "
        "and takes the best there is.",
    ),
    click.option(
        "--colour",
        "--color",
        type=click.Choice(COLOURS),
        help="How many colours the terminal has. Kept too; 'auto' forgets it and asks.",
    ),
    click.option(
        "--ascii/--no-ascii",
        default=None,
        help="Draw with nothing but ASCII; names in your data keep their letters. Kept too.",
    ),
)


def with_looks_options(verb: Verb) -> Verb:
    """The options that say how the app looks; the verb gets them as `looks`."""

    @wraps(verb)
    def with_options(*arguments: Any, pictures: Any, colour: Any, ascii: Any, **others: Any) -> Any:
        from tui.application.settings import Looks  # who only asks for help need not wait for it

        looks = Looks(pictures, colour or "", ascii)
        return verb(*arguments, looks=looks, **others)

    for option in reversed(OPTIONS):
        with_options = option(with_options)
    return with_options  # type: ignore[return-value]


def _way_or_count(
    context: click.Context, option: click.Parameter, value: str | None
) -> str | int | None:
    """A way to draw pictures on the terminal, or how many a page of html has."""
    if value is None or value in CHOICES:
        return value
    if value.isdecimal():
        return int(value)
    ways = ", ".join(map(repr, CHOICES))
    raise click.BadParameter(f"{value!r} is neither a number nor one of {ways}.")


def with_looks_options_and_count(verb: Verb) -> Verb:
    """The same for a verb whose report has pictures: their number is `picture_count`, or None."""

    @wraps(verb)
    def with_count(*arguments: Any, pictures: Any, colour: Any, ascii: Any, **others: Any) -> Any:
        from tui.application.settings import Looks

        count = pictures if isinstance(pictures, int) else None
        looks = Looks(None if count is not None else pictures, colour or "", ascii)
        return verb(*arguments, looks=looks, picture_count=count, **others)

    both = click.option(
        "--pictures",
        metavar=f"[N|{'|'.join(CHOICES)}]",
        callback=_way_or_count,
        shell_complete=lambda *asked: [way for way in CHOICES if way.startswith(asked[2])],
        help="How many pictures a page of html has, at most. Otherwise how the terminal draws "
        "pictures, kept for terminals of this name; 'auto' forgets it and takes the best there is.",
    )
    for option in reversed((both, *OPTIONS[1:])):
        with_count = option(with_count)
    return with_count  # type: ignore[return-value]


def has_terminal() -> bool:
    """Whether the app can be shown: the terminal can be drawn on, and its keys read."""
    known = os.environ.get("TERM", "") not in ("", "dumb")
    return known and sys.stdin.isatty() and sys.stdout.isatty()


def on_terminal(chosen: "Looks", run: Callable[[Graphics], int]) -> None:
    """Run the app as the terminal can show it. Ends the process where it ends badly."""
    from tui.terminal.probe import asking

    # What a worker draws a moment after the key need not wait for a sixtieth of a second; no
    # frame goes before the terminal has shown the one before. Textual reads it at its import.
    os.environ.setdefault("TEXTUAL_FPS", "120")
    gc.disable()  # until the first frame: what is imported stays, to look through it is for nothing
    with asking() as answering:
        import tui.commands.running  # noqa: F401  takes longer than the terminal needs to answer
        from tui.application.looks import keep_looks, terminal_name, with_looks

        graphics = answering()
    terminal = terminal_name(graphics)
    graphics, looks = with_looks(graphics, chosen, terminal)
    with suppress(OSError):
        keep_looks(terminal, chosen)
    take_colours(looks.colour, graphics)
    if code := run(graphics):
        sys.exit(code)


def take_colours(colour: str, graphics: Graphics) -> None:
    """Let apps made from now on have the colours that were chosen, or that the terminal has."""
    from tui.terminal.textual_patches import use_colours

    if colour == "none":
        os.environ["NO_COLOR"] = "1"
    elif colour in SYSTEMS:
        os.environ.pop("NO_COLOR", None)
        use_colours(SYSTEMS[colour])
    elif graphics.truecolor and "TEXTUAL_COLOR_SYSTEM" not in os.environ:
        use_colours("truecolor")  # SSH does not forward COLORTERM
