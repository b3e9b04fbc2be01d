"""What native libraries print stays off the screen.

onnxruntime, TensorRT and the drivers below them write to the file descriptors 1 and 2
whatever Python does with its own streams: into the picture of the app, or among the rows
of a report. So Python takes copies of both for itself, and the originals lead to a log.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TextIO

from platformdirs import user_log_path

MOST_BYTES: Final = 1_000_000  # the log begins anew when it is longer
STREAMS: Final = ("stdout", "stderr")


def log_file() -> Path:
    """Where native libraries write."""
    return user_log_path("offdiag") / "native.log"


@contextmanager
def libraries_kept_quiet(log: Path | None = None) -> Iterator[None]:
    """Python writes where it always did, everything else in the process to the log.

    Without effect where someone has taken Python's streams already.
    """
    if not all(_is_own(name, number) for number, name in enumerate(STREAMS, 1)):
        yield
        return
    before = [(getattr(sys, name), getattr(sys, f"__{name}__")) for name in STREAMS]
    target = _opened(log or log_file())
    kept = []
    for number, (stream, _) in enumerate(before, 1):
        stream.flush()
        kept.append(os.dup(number))
        os.dup2(target, number)
    os.close(target)
    for name, copy, (stream, _) in zip(STREAMS, kept, before, strict=True):
        ours = _like(stream, copy)
        setattr(sys, name, ours)
        setattr(sys, f"__{name}__", ours)  # Textual writes to these
    try:
        yield
    finally:
        for number, name, copy, streams in zip((1, 2), STREAMS, kept, before, strict=True):
            with suppress(OSError, ValueError):
                getattr(sys, f"__{name}__").flush()
            os.dup2(copy, number)
            setattr(sys, name, streams[0])
            setattr(sys, f"__{name}__", streams[1])


def _is_own(name: str, number: int) -> bool:
    """Whether Python's stream is still the one that it began with."""
    stream = getattr(sys, name)
    if stream is None or stream is not getattr(sys, f"__{name}__"):
        return False
    try:
        return bool(stream.fileno() == number)
    except (OSError, ValueError):
        return False


def _like(stream: TextIO, descriptor: int) -> TextIO:
    return open(  # lives as long as the process
        descriptor,
        "w",
        encoding=stream.encoding,
        errors=stream.errors,
        buffering=1 if stream.line_buffering else -1,
        closefd=False,
    )


def _opened(log: Path) -> int:
    """The log to write to; nowhere if it cannot be made."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.is_file() and log.stat().st_size > MOST_BYTES:
            flags |= os.O_TRUNC
        return os.open(log, flags, 0o600)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)
