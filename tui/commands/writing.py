"""A file that a verb was asked to write."""

from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises DataError."""
    from engine.core.errors import DataError
    from engine.util.files import write_whole

    try:
        write_whole(path, content)
    except OSError as error:
        raise DataError(path, f"cannot be written ({error.strerror})") from None
