"""Through a real sshd, over a line that is far and slow: all is right there, and ends well."""

import os
import re
import time

import pytest

from tests.benchmarks.over_ssh import SAID, found, running
from tests.terminal.conftest import PLACED
from tests.terminal.emulated import KINDS, KITTY
from tests.terminal.far_app import command, far_shell
from tests.terminal.images import kitty_images
from tests.terminal.line import Line
from tests.terminal.sshd import sshd, why_not

WITH_SLOW = "OFFDIAG_SLOW_TESTS" in os.environ
pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "all is there")

RIGHT = {
    "kitty": ("kitty(0.41.1)", "kitty", "10x20 pixels", "yes", "#101010, dark"),
    "xterm": ("XTerm(398)", "sixel", "10x20 pixels", "yes", "#101010, dark"),
    "plain": (
        "not said",
        "cells",
        "10x20 pixels, not said by the terminal",
        "no",
        "#101010, dark",
    ),
}
WIDE = re.compile(rb"\x1b_Ga=p,[^\x1b]*c=(?:[4-9]\d|1\d\d),")  # no preview
FRAME = b"\x1b[?2026h"
LAST_FRAMES = 4  # after a release: one on its way, the newest, and what waits for calm


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with sshd(tmp_path_factory.mktemp("sshd")) as listening:
        yield listening


@pytest.mark.parametrize(
    ("kind", "trip"),
    [
        pytest.param(
            kind,
            trip,
            marks=pytest.mark.skipif(
                not WITH_SLOW and (kind, trip) != ("kitty", 0.35),
                reason="the others are slow",
            ),
        )
        for kind in RIGHT
        for trip in (0.005, 0.12, 0.35)
    ],
)
def test_the_probe_is_right_at_any_distance_and_nothing_leaks(server, tmp_path, kind, trip):
    line = Line(trip, 1e6)
    with far_shell(server, line, KINDS[kind], (100, 30)) as shell:
        shell.run(command(tmp_path, "doctor"))
        shell.until(b"log of native code")
        said = found(shell)
        assert tuple(said[name] for name in SAID) == RIGHT[kind]
        assert said["COLORTERM"] == "not set"
        assert said["SSH_CONNECTION"] == "set"
        assert shell.leaks(trip + 0.1) == b""


def test_pictures_arrive_a_held_key_stops_and_a_cut_line_leaves_nothing(server, files, tmp_path):
    line = Line(0.3, 1e7)
    with far_shell(server, line, KITTY, (100, 30)) as shell:
        shell.run(command(tmp_path, "open", *files))
        shell.until(b"washer")
        shell.press("a")
        shell.until(PLACED)
        shell.press("\r")
        shell.until(WIDE)
        shell.calm(0.5)
        shown = kitty_images(bytes(shell.seen)).images
        widest = max(shown.values(), key=lambda image: image.columns)
        assert widest.image.size[0] > 200  # of 320: not more is sent than there is
        shape = widest.columns * 10 / (widest.rows * 20)
        assert shape == pytest.approx(320 / 240, rel=0.1)

        held = len(shell.seen)
        released = shell.hold("]", 1.0)
        shell.calm(0.6)
        before = next(end for at, end in reversed(shell.arrivals) if at <= released)
        frames = [shell.seen.count(FRAME, held, before), shell.seen.count(FRAME, before)]
        assert 2 <= frames[0] < 20, "of 30 keys: what was not shown in time is left out"
        assert 1 <= frames[1] <= LAST_FRAMES

        shell.press("]")
        shell.calm(0.04)
        shell.press("z", ctrl=True)  # comes while the answer to the frame is still far
        assert shell.leaks(0.5) == b""
        back = len(shell.seen)
        shell.run("fg")
        shell.until(PLACED, since=back)

        shell.process.kill()
        end = time.monotonic() + 20
        while running(str(tmp_path)):
            assert time.monotonic() < end
            time.sleep(0.02)
    (state,) = (tmp_path / "STATE").rglob("datasets/*.json")
    assert '"tab":"feed"' in state.read_text()


@pytest.mark.slow
@pytest.mark.skipif(not WITH_SLOW, reason="measures, and wants a machine that is calm")
@pytest.mark.parametrize(("line", "most"), [(Line(0.15, 1e6), 0.4), (Line(0.04, 1e7), 0.08)])
def test_a_held_slider_stops_soon_after_the_key(server, files, tmp_path, line, most):
    with far_shell(server, line, KITTY, (120, 40)) as shell:
        shell.run(command(tmp_path, "open", *files))
        shell.until(b"washer")
        shell.calm(2.0)
        lags = []
        for key in "][][":
            lags.append(shell.lags(shell.hold(key, 2.0))[0])
            shell.calm(1.0)
    assert min(lags) <= most
