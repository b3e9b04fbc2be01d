"""An exception that nobody foresaw: it is told in a terminal that is as it was."""

import sys
import termios

import pytest

from tests.terminal.conftest import PLACED
from tests.terminal.emulated import KITTY, Terminal
from tests.terminal.far_app import ROOT
from tests.terminal.images import kitty_images

FAILS = """
import sys
from tui import app, cli

def fail(self):
    raise ZeroDivisionError("on purpose")

app.OffdiagApp.action_next_theme = fail
cli.main()
"""


@pytest.mark.slow
def test_a_crash_leaves_nothing_behind_and_the_state_saved(tmp_path, files):
    homes = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CACHE", "STATE", "CONFIG")}
    command = [sys.executable, "-c", FAILS, "open", *files]
    environ = {**homes, "PYTHONPATH": str(ROOT)}
    terminal = Terminal(command, KITTY, (100, 30), environ, tmp_path)
    try:
        terminal.until(b"washer")
        terminal.press("a")
        terminal.until(PLACED)
        terminal.press("t")
        assert terminal.ended() == 1
        told = bytes(terminal.seen).partition(b"\x1b[?1049l")[2]
        assert b"on purpose" in told
        assert terminal.modes.changed == {}
        assert terminal.modes.keyboards == 0
        assert kitty_images(bytes(terminal.seen)).images == {}
        assert termios.tcgetattr(terminal.near) == terminal.before
    finally:
        terminal.close()
    (state,) = (tmp_path / "STATE").rglob("datasets/*.json")
    assert '"tab":"feed"' in state.read_text()
