"""The first thing on the screen waits for nothing that it does not show."""

import sys
from pathlib import Path

import pytest

from tests.terminal.emulated import KITTY, Terminal

ROOT = Path(__file__).resolve().parents[2]

# Each takes from 3 to 60 ms of what a person waits for.
NOT_YET = (
    "PIL",
    "duckdb",
    "engine.opening",
    "engine.core.thresholds",
    "msgspec",
    "numpy",
    "onnxruntime",
    "textual_image",
    "tomlkit",
    "tomllib",
    "tui.commands.doctor",
    "tui.assess.desks",
    "tui.commands.plain",
    "tui.commands.score",
    "tui.assess.assess",
    "tui.assess.loading",
    "tui.matrix",
    "yaml",
)
ENDS = """
import sys
from tui import app, cli

def tell(self):
    self.exit(0, message=" ".join(name for name in sys.modules if "." not in name or
                                  name.startswith(("tui.", "engine."))))

app.OffdiagApp.begin = tell
cli.main()
"""


@pytest.mark.parametrize("arguments", [["demo"], ["open", "model.onnx"]])
def test_until_the_first_frame_nothing_is_imported_that_can_wait(tmp_path, arguments):
    homes = {f"XDG_{name}_HOME": str(tmp_path) for name in ("CACHE", "STATE", "CONFIG")}
    command = [sys.executable, "-c", ENDS, *arguments]
    terminal = Terminal(command, KITTY, (300, 60), {**homes, "PYTHONPATH": str(ROOT)}, tmp_path)
    try:
        assert terminal.ended() == 0, terminal.last_words()
        before, _, after = bytes(terminal.seen).partition(b"\x1b[?1049l")
        assert b"Starting" in before
        imported = set(after.decode().split())
    finally:
        terminal.close()
    assert {"tui.app", "textual", "tui.commands.verbs"} <= imported  # the list is one
    assert not imported & set(NOT_YET)
