"""Asking the terminal what it can show: once and in one write, before Textual starts."""

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from tui.terminal.capabilities import (
    Graphics,
    Protocol,
    ProtocolChoice,
    TerminalAnswers,
    answered,
    best,
    has_quadrants,
    named_by,
    questions,
    read_answers,
)

WAIT: Final = 2.0  # seconds for an answer: a far link needs 0.4, a terminal that is silent is rare

Answering = Callable[[], Graphics]
"""Waits for what the terminal has not answered yet."""


@contextmanager
def asking(
    choice: ProtocolChoice = "auto", environ: Mapping[str, str] = os.environ
) -> Iterator[Answering]:
    """Asks at once; what it gives waits for the answers, so that imports fit in between.

    Until the end of the context keys are not echoed, and whatever happens in it the
    terminal is left as it was.
    """
    tmux = bool(environ.get("TMUX"))
    if not (
        sys.__stdin__ and sys.__stdin__.isatty() and sys.__stdout__ and sys.__stdout__.isatty()
    ):
        yield lambda: Graphics("cells" if choice == "auto" else choice, tmux=tmux)
        return
    import termios
    import tty

    source, target = sys.__stdin__.fileno(), sys.__stdout__.fileno()
    outer = outside_tmux() if tmux else None
    before = termios.tcgetattr(source)
    found: list[Graphics] = []

    def answering() -> Graphics:
        if not found:
            answers = _reply(source, asked, outer)
            if not answers.name and outer is None:
                answers = replace(answers, name=named_by(environ))
            quadrants = has_quadrants(environ.get("TERM", ""))
            found.append(replace(graphics_of(answers, choice, outer), quadrants=quadrants))
        return found[0]

    try:
        tty.setcbreak(source, termios.TCSANOW)
        asked = time.monotonic()
        os.write(target, questions(outer, environ.get("TERM", "")).encode())
        try:
            yield answering
        finally:
            answering()  # what nobody reads would be typed into the shell
    finally:
        termios.tcsetattr(source, termios.TCSANOW, before)


def detect(choice: ProtocolChoice = "auto", environ: Mapping[str, str] = os.environ) -> Graphics:
    """How to show pictures: as asked for, or the best this terminal is known to do."""
    with asking(choice, environ) as answering:
        return answering()


def graphics_of(answers: TerminalAnswers, choice: ProtocolChoice, outer: str | None) -> Graphics:
    """What follows from the answers; outer is None outside tmux."""
    width, height = answers.cell or _cell_size_by_ioctl() or (10, 20)
    return Graphics(
        protocol_of(choice, answers, outer),
        width,
        height,
        outer is not None,
        answers.truecolor,
        answers.typed,
        answers,
        outer or "",
    )


def protocol_of(
    choice: ProtocolChoice, answers: TerminalAnswers, outer: str | None, ascii: bool = False
) -> Protocol:
    """The protocol that was asked for, or the best, as far as it can be.

    tmux does not know where an inline image stands, and would not draw it again. What
    kitty draws its images at is not ASCII.
    """
    protocol = choice if choice != "auto" else best(answers, outer)
    if protocol == "kitty" and ascii:
        others = replace(answers, kitty=False)
        protocol = best(others, outer) if choice == "auto" else "cells"
    return "cells" if protocol == "iterm" and outer is not None else protocol


def outside_tmux() -> str:
    """The name and the features of the terminal around tmux, empty where tmux does not say."""
    command = ["tmux", "display-message", "-p", "#{client_termtype}|#{client_termfeatures}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=2, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()


def _reply(source: int, asked: float, outer: str | None) -> TerminalAnswers:
    """Everything the terminal sent since it was asked, until the answer is complete."""
    reply = b""
    while not answered(reply, outer):
        # What came during the imports lies there to be read, however long they took.
        left = max(asked + WAIT - time.monotonic(), 0)
        if not select.select([source], [], [], left)[0]:
            break
        received = os.read(source, 4096)
        if not received:  # the terminal hung up
            break
        reply += received
    return read_answers(reply)


def _cell_size_by_ioctl() -> tuple[int, int] | None:
    """Width and height of a cell in pixels, where the terminal told the kernel."""
    import fcntl
    import struct
    import termios

    assert sys.__stdout__ is not None
    try:
        answer = fcntl.ioctl(sys.__stdout__.fileno(), termios.TIOCGWINSZ, bytes(8))
    except OSError:
        return None
    rows, columns, width, height = struct.unpack("HHHH", answer)
    if not (rows and columns and width >= columns and height >= rows):
        return None
    return width // columns, height // rows
