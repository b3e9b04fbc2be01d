"""The app in a terminal of its own, an image in kitty's protocol on its screen."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import data
from tests.terminal.emulated import KITTY
from tests.terminal.far_app import FarShell, command
from tests.terminal.images import kitty_images

SHELL = ("bash", "--norc", "--noprofile", "--noediting", "-i")
PLACED = b"\x1b_Ga=p"

if sys.platform == "win32":
    collect_ignore_glob = ["*.py"]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """The options that open a few images."""
    return data.make(tmp_path)


@pytest.fixture(scope="session")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarShell]:
    """Started from a shell, at one image. Each test leaves it so; at the end nothing is left."""
    if not shutil.which("bash"):
        pytest.skip("job control needs a shell")
    folder = tmp_path_factory.mktemp("terminal")
    shell = FarShell(SHELL, KITTY, (120, 40), {"PS1": "ready> "})
    try:
        shell.run(command(folder, "open", *data.make(folder)))
        shell.until(b"washer")
        shell.press("a")
        shell.until(PLACED)
        shell.press("\r")
        shell.until(PLACED, since=len(shell.seen))
        shell.calm(0.3)
        yield shell
        shell.press("q")
        assert shell.leaks(0.1) == b""
        assert shell.modes.changed == {}
        assert shell.modes.keyboards == 0
        assert kitty_images(bytes(shell.seen)).images == {}
        assert b"Traceback" not in shell.seen
    finally:
        shell.close()
