"""The one way by which a command's words reach a terminal."""

import click

from engine.util.visible import visible


def tell(*lines: str, err: bool = False) -> None:
    """Lines on standard output or standard error: whatever names stand in one, it stays one.

    What would move the cursor or change a colour is written as an escape.
    """
    for line in lines or ("",):
        click.echo(visible(line), err=err)


def tell_error(error: Exception) -> None:
    """What went wrong, on standard error."""
    tell(*f"offdiag: {error}".split("\n"), err=True)
