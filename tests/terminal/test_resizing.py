"""A storm of sizes, with pictures on the screen and a slider held: all is whole at the last one."""

import os
import random
import re
import shutil
import subprocess
import time

import pytest

from tests.terminal.conftest import PLACED
from tests.terminal.far_app import command
from tests.terminal.images import kitty_images

WITH_SLOW = "OFFDIAG_SLOW_TESTS" in os.environ
LAST = (100, 34)
STORM = 60  # sizes in a second


def sizes() -> list[tuple[int, int]]:
    rng = random.Random(3)
    return [*((rng.randint(40, 200), rng.randint(10, 60)) for _ in range(STORM)), LAST]


@pytest.mark.slow
def test_images_follow_and_none_is_left_behind(terminal):
    before = set(kitty_images(bytes(terminal.seen)).images)
    begin = time.monotonic()
    for turn, size in enumerate(sizes()):
        terminal.resize(*size)
        terminal.press("]["[turn // 10 % 2])
        while (left := begin + turn / STORM - time.monotonic()) > 0:
            terminal.read(left)
    since = len(terminal.seen)
    terminal.until(PLACED, since=since)
    terminal.calm(0.5)
    now = kitty_images(bytes(terminal.seen)).images  # and nothing of it was torn
    added = [now[number] for number in now if number not in before]
    assert max(image.columns for image in added) <= LAST[0]
    assert max(image.rows for image in added) <= LAST[1]


def test_a_size_that_came_and_went_unseen_is_drawn_over(terminal):
    """The terminal has cut off what did not fit; the app has only heard of the size it had."""
    terminal.calm(0.5)
    since = len(terminal.seen)
    columns, rows = terminal.size
    for size in ((columns - 30, rows), (columns, rows)):
        terminal.resize(*size)
    terminal.until(lambda: len(terminal.seen) > since + 5_000)
    row = re.compile(rb"\x1b\[\d+;1H")  # a whole line of the screen, from its left edge
    terminal.until(lambda: len(row.findall(terminal.seen, since)) >= rows - 2)


class Tmux:
    """A terminal that can be looked at, with nobody attached."""

    def __init__(self, socket: str, size: tuple[int, int], line: str) -> None:
        self.socket = socket
        columns, rows = map(str, size)
        self.run("-f", "/dev/null", "new-session", "-d", "-x", columns, "-y", rows, line)

    def run(self, *arguments: str) -> str:
        command = ["tmux", "-S", self.socket, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def resize(self, size: tuple[int, int]) -> None:
        columns, rows = map(str, size)
        self.run("resize-window", "-x", columns, "-y", rows)

    def keys(self, *names: str) -> None:
        self.run("send-keys", *names)

    def calm(self, quiet: float = 1.0) -> str:
        """What is on the screen, colours included, once it does not change."""
        last, since = "", time.monotonic()
        end = since + 40
        while time.monotonic() - since < quiet:
            assert time.monotonic() < end, last
            now = self.run("capture-pane", "-e", "-p")
            if now != last:
                last, since = now, time.monotonic()
            time.sleep(0.1)
        return last

    def to_detail(self) -> None:
        while "washer" not in self.calm(0.3):
            pass
        self.keys("a")
        self.calm()
        self.keys("Enter")
        self.calm()


@pytest.mark.slow
@pytest.mark.skipif(not WITH_SLOW, reason="starts the app twice and waits for calm")
@pytest.mark.skipif(not shutil.which("tmux"), reason="tmux is the judge")
def test_the_screen_is_that_of_a_fresh_start_at_the_last_size(tmp_path, files):
    screens = []
    for name, start in (("storm", (120, 40)), ("fresh", LAST)):
        tmux = Tmux(str(tmp_path / name), start, command(tmp_path / name, "open", *files))
        try:
            tmux.to_detail()
            if name == "storm":
                for turn, size in enumerate(sizes()):
                    tmux.resize(size)
                    tmux.keys("]["[turn // 10 % 2])
            tmux.keys("0")
            screens.append(tmux.calm(6.0))  # longer than any message stays
        finally:
            tmux.run("kill-server")
    assert screens[0] == screens[1]
