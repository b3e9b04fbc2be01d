"""The app at the other end of an ssh connection, started from a shell as a person does."""

import os
import re
import shlex
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.terminal.emulated import Kind, Terminal
from tests.terminal.line import Line, relay
from tests.terminal.sshd import Server

ROOT = Path(__file__).resolve().parents[2]
PROMPT = b"ready> "
SHELL = f"cd /; exec env PS1='{PROMPT.decode()}' bash --norc --noprofile --noediting -i"
SLIDERS = re.compile(rb"\x1b\[2;\d+H")  # writes to their row


def command(folder: Path, *arguments: str, environ: Mapping[str, str] | None = None) -> str:
    """The app's command for a shell, with homes of its own."""
    homes = {f"XDG_{name}_HOME": str(folder / name) for name in ("CACHE", "STATE", "CONFIG")}
    keep = {k: v for k, v in os.environ.items() if k.startswith("PYTHON")}
    variables = {**keep, **homes, **(environ or {})}
    parts = [f"{name}={value}" for name, value in variables.items()]
    return shlex.join(["env", *parts, sys.executable, str(ROOT / "tui" / "cli.py"), *arguments])


class FarShell(Terminal):
    """A shell behind a line."""

    def run(self, line: str) -> None:
        """Type a command and let the shell have it."""
        self.until(lambda: self.seen.endswith(PROMPT))
        self.send(line + "\r")

    def leaks(self, wait: float) -> bytes:
        """What the shell was given that nobody typed, once the app has gone."""
        self.until(lambda: self.seen.endswith(PROMPT))
        self.calm(wait)
        since = len(self.seen)
        self.send("echo who$((3 + 4))\r")
        self.until(b"who7\r\n" + PROMPT, since=since)
        said = bytes(self.seen[self.seen.rindex(PROMPT, 0, since) :])
        return said.replace(PROMPT + b"echo who$((3 + 4))\r\nwho7\r\n" + PROMPT, b"")

    def hold(self, key: str, seconds: float, rate: float = 30.0) -> float:
        """Keep a key down; when it was let go."""
        end = time.monotonic() + seconds
        due = time.monotonic()
        while due < end:
            self.press(key)
            due += 1 / rate
            while (left := due - time.monotonic()) > 0:
                self.read(left)
        return time.monotonic()

    def lags(self, released: float) -> tuple[float, float]:
        """Seconds from the release to the last change of a slider, and to the last byte."""
        late = [at for at, _ in self.arrivals if at > released]
        return self._last_slider(released) - released, (late[-1] if late else released) - released

    def _last_slider(self, released: float) -> float:
        begins, last = 0, released
        for at, end in self.arrivals:
            if at > released and SLIDERS.search(self.seen, max(begins - 8, 0), end):
                last = at
            begins = end
        return last


@contextmanager
def far_shell(server: Server, line: Line, kind: Kind, size: tuple[int, int]) -> Iterator[FarShell]:
    """A shell at the end of a line, in a terminal of a kind."""
    with relay(line, server.port, server.host) as port:
        shell = FarShell(server.command(SHELL, port), kind, size)
        try:
            yield shell
        finally:
            shell.close()
