"""A file that a verb was asked to write."""

import sys
from pathlib import Path

import click


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
