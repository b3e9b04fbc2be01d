"""ctrl+z gives the terminal to the shell as it was, fg brings the same screen back."""

import os
import re
import signal
import termios
from pathlib import Path

from tests.terminal.conftest import PLACED
from tests.terminal.emulated import KITTY, XTERM
from tests.terminal.far_app import PROMPT, FarShell
from tests.terminal.images import kitty_images, sixel_sizes

PLACEHOLDER = "\U0010eeee".encode()
SIXEL = re.compile(rb"\x1bP[\d;]*q.*?\x1b\\", re.DOTALL)


def placed(terminal: FarShell) -> set[int]:
    return set(kitty_images(bytes(terminal.seen)).images)


def test_the_shell_has_its_terminal_and_fg_brings_all_of_it_back(terminal):
    before, images = len(terminal.seen), placed(terminal)
    assert images
    terminal.press("z", ctrl=True)
    terminal.until(lambda: terminal.seen.endswith(PROMPT) and len(terminal.seen) > before)
    assert terminal.modes.changed == {}
    assert terminal.modes.keyboards == 0
    assert placed(terminal) == set()
    flags = termios.tcgetattr(terminal.near)[3]
    assert flags & termios.ECHO
    assert flags & termios.ICANON
    assert terminal.leaks(0.1) == b""

    back = len(terminal.seen)
    terminal.send("fg\r")
    terminal.until(PLACED, since=back)
    terminal.until(lambda: terminal.seen.count(PLACEHOLDER, back) > 100)
    assert terminal.mode(1049)
    assert b"washer" in terminal.seen[back:]
    assert not placed(terminal) & images  # the terminal dropped those with its screen
    assert keys_are_read(terminal)


def test_to_a_terminal_that_is_attached_later_pictures_come_in_its_own_way(terminal):
    """As when a tmux session is taken over from another machine: ctrl+l asks again."""
    terminal.calm(0.2)
    terminal.kind = XTERM
    anew = len(terminal.seen)
    terminal.send(b"\x0c")
    terminal.until(SIXEL, since=anew)
    assert sixel_sizes(bytes(terminal.seen[anew:]))
    assert placed(terminal) == set()
    assert keys_are_read(terminal)

    terminal.kind = KITTY
    again = len(terminal.seen)
    terminal.send(b"\x0c")
    terminal.until(PLACED, since=again)
    assert placed(terminal)


def test_stopped_by_others_and_continued_it_has_its_terminal_again(terminal):
    terminal.calm(0.2)
    children = Path(f"/proc/{terminal.process.pid}/task/{terminal.process.pid}/children")
    (app,) = map(int, children.read_text().split())
    stopped = len(terminal.seen)
    os.kill(app, signal.SIGSTOP)  # which nothing can handle: the shell takes the terminal
    terminal.until(lambda: terminal.seen.endswith(PROMPT))
    terminal.send("fg\r")
    terminal.until(PLACED, since=stopped)
    terminal.until(b"washer", since=stopped)
    assert terminal.modes.keyboards == 1
    assert keys_are_read(terminal)


def keys_are_read(terminal: FarShell) -> bool:
    """Whether a key draws something, and none is echoed."""
    terminal.calm(0.2)
    since = len(terminal.seen)
    terminal.press("]")
    terminal.until(lambda: len(terminal.seen) > since + 100)
    return b"^[" not in terminal.seen[since:]
