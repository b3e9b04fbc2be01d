"""A document that a verb was asked to print or to write, and the exit code that goes with it."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from tui.commands.telling import tell


def check_place(out: Path, what: str = "the report") -> None:
    """DataError where a file could not be written: told before a model runs for an hour."""
    from engine.core.errors import DataError

    if out.is_dir():
        raise DataError(out, "is a folder: name a file in it")
    if not out.absolute().parent.is_dir():
        raise DataError(out.parent, f"there is no such folder for {what}: make it first")
    if not os.access(out.absolute().parent, os.W_OK):
        raise DataError(out, "cannot be written: its folder is not yours to write to")


def check_not_read(written: Mapping[str, Path | None], read: Iterable[Path | None]) -> None:
    """UsageError where an output, by its option, is one of the inputs or of the other outputs."""
    taken = {os.path.realpath(path): "an input" for path in read if path is not None}
    for option, path in written.items():
        if path is None:
            continue
        place = os.path.realpath(path)
        if place in taken:
            raise click.UsageError(f"{option} and {taken[place]} are the same file: {path}")
        if path.is_file() or not path.exists():  # two may go to one device
            taken[place] = option


def end(text: str, failures: Sequence[str], out: Path | None) -> None:
    """Print the document or write it; end with 1 where something fails."""
    print_or_write(text, out)
    if failures:
        tell_failures(failures)
        sys.exit(1)


def print_or_write(text: str, out: Path | None) -> None:
    """The document on standard output, or in a file. Raises DataError."""
    if out is None:
        click.echo(text, nl=False)
    else:
        write(out, text.encode())


def tell_failures(failures: Sequence[str]) -> None:
    """What fails, in sentences on standard error."""
    for said in failures:
        tell(f"offdiag: {said}", err=True)


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises DataError."""
    from engine.core.errors import DataError
    from engine.util.files import write_whole

    try:
        write_whole(path, content)
    except OSError as error:
        raise DataError(path, f"cannot be written ({error.strerror})") from None


def check_page(form: str, out: Path | None, force: bool) -> None:
    """Refuse to show a page of html on a terminal, or to write one over a file that is there.

    Raises UsageError and DataError, before a model runs for an hour.
    """
    if form != "html":
        return
    if out is None and sys.stdout.isatty():
        raise click.UsageError(
            "--format html is a page for a browser, not for a terminal: name a file with --out, "
            "or pipe it."
        )
    if out is not None and out.is_file() and not force:
        from engine.core.errors import DataError

        raise DataError(out, "is there already: name another file, or add --force")
