"""Whatever ends the app, the terminal is left as it was and the dataset as it is."""

import contextlib
import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time

import pytest

from tests.cli.test_command import RESULTS, ROOT, TRUTH

PLAIN = (
    b"\x1b[?1049l",
    b"\x1b[?1003l",
    b"\x1b[?2004l",
    b"\x1b[?25h",
)  # screen, mouse, paste, cursor

METRICS = b"AP of all classes"  # what the tab explains first, as one piece
COMMAND = ("open", "--data", "truth.json", "--predictions", "results.json")


class Session:
    """The app in a pty, its first device question answered."""

    def __init__(self, folder, command=COMMAND):
        (folder / "truth.json").write_text(json.dumps(TRUTH))
        (folder / "results.json").write_text(json.dumps(RESULTS))
        self.far, self.near = pty.openpty()
        fcntl.ioctl(self.near, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        homes = {f"XDG_{name}_HOME": str(folder / name) for name in ("CACHE", "STATE", "CONFIG")}
        self.before = termios.tcgetattr(self.near)
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "tui" / "cli.py"), *command],
            cwd=folder,
            env={**os.environ, **homes, "TERM": "xterm-256color"},
            stdin=self.near,
            stdout=self.near,
            stderr=self.near,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        self.seen = b""

    def until(self, wanted: bytes, seconds=40.0):
        end = time.monotonic() + seconds
        while wanted not in self.seen:
            assert time.monotonic() < end, self.seen[-2000:]
            self.read(0.1)

    def read(self, seconds):
        if select.select([self.far], [], [], seconds)[0]:
            with contextlib.suppress(OSError):
                piece = os.read(self.far, 65536)
                self.seen += piece
                if b"\x1b[c" in piece:
                    os.write(self.far, b"\x1b[?62;22c")
                for _ in range(piece.count(b"\x1b[6n")):
                    os.write(self.far, b"\x1b[1;1R")

    def end(self):
        end = time.monotonic() + 40
        while self.process.poll() is None and time.monotonic() < end:
            self.read(0.05)
        while select.select([self.far], [], [], 0.05)[0]:
            before = len(self.seen)
            self.read(0)
            if len(self.seen) == before:
                break
        return self.process.wait(20)


@pytest.fixture
def session(tmp_path):
    yield from open_and_closed(Session(tmp_path))


@pytest.fixture
def tables(tmp_path):
    (tmp_path / "labels.csv").write_text("image,class\n1.jpg,cat\n2.jpg,dog\n")
    (tmp_path / "found.csv").write_text("image,cat,dog\n1.jpg,.9,.1\n2.jpg,.4,.6\n")
    command = ("open", "--data", "labels.csv", "--predictions", "found.csv")
    yield from open_and_closed(Session(tmp_path, command))


def open_and_closed(made):
    yield made
    if made.process.poll() is None:
        made.process.kill()
        made.process.wait()
    os.close(made.far)
    with contextlib.suppress(OSError):
        os.close(made.near)


def left(tmp_path):
    (path,) = (tmp_path / "STATE").rglob("datasets/*.json")
    return json.loads(path.read_text())


@pytest.mark.slow
def test_a_signal_ends_it_in_good_order_and_what_was_left_is_kept(session, tmp_path):
    session.until(b"bolt")
    os.write(session.far, b"2")
    session.until(METRICS)
    session.process.send_signal(signal.SIGTERM)
    assert session.end() == 128 + signal.SIGTERM
    for code in PLAIN:
        assert code in session.seen
    assert termios.tcgetattr(session.near) == session.before
    assert b"Ended by SIGTERM" in session.seen
    assert b"Traceback" not in session.seen
    assert not select.select([session.near], [], [], 0)[0]  # no answer is typed into the shell
    assert left(tmp_path)["tab"] == "metrics"


@pytest.mark.slow
def test_a_line_that_hangs_up_ends_it_too(session, tmp_path):
    session.until(b"bolt")
    os.write(session.far, b"2")
    session.until(METRICS)
    session.process.send_signal(signal.SIGHUP)
    # Nobody reads any more, as when the connection is gone.
    assert session.process.wait(20) == 128 + signal.SIGHUP
    assert left(tmp_path)["tab"] == "metrics"


@pytest.mark.slow
def test_nothing_is_said_in_the_shell_after_tables_were_read(tables):
    tables.until(b"dog")
    os.write(tables.far, b"q")
    assert tables.end() == 0
    assert tables.seen.rpartition(b"\x1b[?1049l")[2].count(b"\n") == 0, tables.seen[-500:]
