"""A terminal near and far, and one that is silent: the probe is right and leaves nothing behind."""

import os
import pty
import select
import termios
import threading
import time
from contextlib import contextmanager

import pytest

from tui.terminal import probe as terminal_probe
from tui.terminal.capabilities import (
    TerminalAnswers,
    answered,
    passthrough,
    questions,
    read_answers,
)
from tui.terminal.probe import asking

REPLY = (
    b"\x1bP>|kitty(0.41.1)\x1b\\\x1bP1$r0;48:2:1:2:3m\x1b\\\x1b[6;18;9t"
    b"\x1b]11;rgb:ffff/fafa/f0f0\x1b\\\x1b[?2026;2$y\x1b_Gi=31;OK\x1b\\\x1b[?62;4c"
)


@contextmanager
def terminal(monkeypatch, reply: bytes, delay: float):
    """A pty whose other end answers the whole question at once, a round trip later."""
    far, near = pty.openpty()
    asked = []

    def answer() -> None:
        asked.append(os.read(far, 4096))
        time.sleep(delay)
        os.write(far, reply)

    thread = threading.Thread(target=answer)
    thread.start()
    with os.fdopen(near, "r", closefd=False) as source, os.fdopen(near, "w", closefd=False) as to:
        monkeypatch.setattr("sys.__stdin__", source)
        monkeypatch.setattr("sys.__stdout__", to)
        yield far, near, asked
        thread.join()
    os.close(far)
    os.close(near)


@pytest.mark.parametrize("delay", [0.005, 0.12, 0.35])
def test_the_answers_are_right_at_any_round_trip_and_nothing_is_left(monkeypatch, delay):
    with terminal(monkeypatch, REPLY, delay) as (far, near, asked):
        before = termios.tcgetattr(near)
        with asking("auto", {}) as answering:
            time.sleep(0.1)  # imports
            begin = time.monotonic()
            graphics = answering()
            waited = time.monotonic() - begin
        assert termios.tcgetattr(near) == before
        assert not select.select([near], [], [], 0)[0]  # nothing for the shell to read
        assert not select.select([far], [], [], 0)[0]  # nothing was echoed
    assert len(asked) == 1
    assert graphics.protocol == "kitty"
    assert (graphics.cell_width, graphics.cell_height) == (9, 18)
    assert graphics.truecolor
    said = graphics.answers
    assert said == TerminalAnswers(
        "kitty(0.41.1)", True, True, True, (9, 18), True, "", True, (255, 250, 240)
    )
    assert said.light
    assert waited < max(delay - 0.1, 0) + 0.1  # the time of the imports was not lost


def test_an_import_that_fails_leaves_no_answer_for_the_shell(monkeypatch):
    with terminal(monkeypatch, REPLY, 0.05) as (far, near, _asked):
        with pytest.raises(ImportError), asking("auto", {}):
            raise ImportError
        assert termios.tcgetattr(near)[3] & termios.ECHO
        assert not select.select([far], [], [], 0.2)[0]  # an answer now would be echoed


def test_a_silent_terminal_is_waited_for_once_and_gets_cells(monkeypatch):
    monkeypatch.setattr(terminal_probe, "WAIT", 0.05)
    with terminal(monkeypatch, b"q", 0) as _, asking("auto", {}) as answering:
        graphics = answering()
        assert answering() is graphics
    assert graphics.protocol == "cells"
    assert graphics.typed == "q"
    assert not graphics.answers.complete


def test_backgrounds_are_read_in_any_precision_and_ended_either_way():
    for spec, light in (
        ("rgb:0000/0000/0000", False),
        ("rgb:ff/ff/ff", True),
        ("rgb:1/1/1", False),
    ):
        for end in ("\x1b\\", "\x07"):
            answers = read_answers(f"x\x1b]11;{spec}{end}y".encode())
            assert answers.light is light
            assert answers.typed == "xy"
    assert read_answers(b"\x1b[?2026;0$y").synchronized is False
    assert read_answers(b"").light is None


def test_through_tmux_only_a_terminal_that_draws_placeholders_is_asked():
    kitty = passthrough("\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\")
    asked = questions("kitty(0.41.1)|RGB")
    assert asked.count("a=q") == 1  # else tmux would take it for a title
    assert kitty in asked
    assert "a=q" not in questions("XTerm(398)|sixel")
    device, far = b"\x1b[?62;4c", b"\x1b_Gi=31;OK\x1b\\"
    assert not answered(device, "kitty(0.41.1)|RGB")
    assert answered(device + far, "kitty(0.41.1)|RGB")
    assert answered(device, "XTerm(398)|sixel")
    assert answered(device, None)


def test_the_console_of_linux_is_asked_only_what_it_knows():
    assert questions(None, "linux") == "\x1b[c"


@pytest.mark.parametrize(("term", "quadrants"), [("linux", False), ("xterm-256color", True)])
def test_the_font_of_the_console_of_linux_has_no_quarters(monkeypatch, term, quadrants):
    with terminal(monkeypatch, b"\x1b[?6c", 0), asking("auto", {"TERM": term}) as answering:
        assert answering().quadrants == quadrants
