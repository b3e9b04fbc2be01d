"""What follows from what a terminal says of itself."""

import pytest

from tui.terminal import probe as terminal_probe
from tui.terminal.capabilities import (
    Graphics,
    TerminalAnswers,
    best,
    edits_images,
    forgets_pictures,
    read_answers,
)

DEVICE = b"\x1b[?62;4;22c"


def test_answers_are_read_and_typed_keys_are_kept():
    reply = (
        b"a\x1bP>|kitty(0.41.1)\x1b\\\x1bP1$r0;48:2:1:2:3m\x1b\\b\x1b[6;18;9t"
        b"\x1b_Gi=31;OK\x1b\\c\x1b[?62;c"
    )
    answers = read_answers(reply)
    assert answers == TerminalAnswers("kitty(0.41.1)", False, True, True, (9, 18), True, "abc")
    assert read_answers(DEVICE).sixel
    assert not read_answers(b"").complete


@pytest.mark.parametrize(
    ("answers", "outer", "protocol"),
    [
        (TerminalAnswers("kitty(0.41.1)", kitty=True), None, "kitty"),
        (TerminalAnswers("kitty(0.26.5)", kitty=True), None, "cells"),
        (TerminalAnswers("ghostty 1.2", kitty=True), None, "kitty"),
        (TerminalAnswers("WezTerm 2024", kitty=True, sixel=True), None, "iterm"),
        (TerminalAnswers("XTerm(398)", sixel=True), None, "sixel"),
        (TerminalAnswers("tmux 3.5a", sixel=True), "kitty(0.41.1)|RGB,title", "cells"),
        (TerminalAnswers("tmux 3.5a", sixel=True, kitty=True), "kitty(0.41.1)|RGB", "kitty"),
        (TerminalAnswers("tmux 3.5a", sixel=True), "XTerm(398)|RGB,sixel", "sixel"),
        (TerminalAnswers("tmux 3.5a", sixel=True), "", "cells"),
        (TerminalAnswers(), None, "cells"),
    ],
)
def test_the_protocol_is_the_best_the_terminal_is_known_to_do(answers, outer, protocol):
    assert best(answers, outer) == protocol


def test_without_a_terminal_nothing_is_asked(monkeypatch):
    monkeypatch.setattr("sys.__stdin__", None)
    assert terminal_probe.detect("auto", {}).protocol == "cells"
    assert terminal_probe.detect("off", {"TMUX": "x"}) == Graphics("off", tmux=True)


@pytest.mark.parametrize(
    ("graphics", "edits", "forgets"),
    [
        (Graphics("kitty", answers=TerminalAnswers("kitty(0.41.1)")), True, False),
        (Graphics("kitty", answers=TerminalAnswers("ghostty 1.2")), False, False),
        (
            Graphics(
                "kitty", tmux=True, answers=TerminalAnswers("tmux 3.5a"), around="kitty(0.41.1)"
            ),
            True,
            True,
        ),
        (
            Graphics("kitty", tmux=True, answers=TerminalAnswers("tmux 3.5a"), around="ghostty"),
            False,
            True,
        ),
        (Graphics("sixel", answers=TerminalAnswers("XTerm(398)")), False, True),
        (Graphics("sixel", answers=TerminalAnswers("foot(1.16)")), False, False),
    ],
)
def test_what_is_done_with_parts_of_pictures_depends_on_the_terminal(graphics, edits, forgets):
    assert (edits_images(graphics), forgets_pictures(graphics)) == (edits, forgets)
