"""A terminal for tests: a pty whose far end answers as a terminal of a kind does, and remembers.

What a program does to a terminal is in what it wrote: modes, images, frames. Nothing here draws.
"""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

CELL = (10, 20)  # width and height in pixels


@dataclass(frozen=True)
class Kind:
    """What a terminal answers, by what it is asked; TERM is what it calls itself."""

    term: str
    answers: tuple[tuple[bytes, bytes], ...]
    keyboard: bool = False  # it knows kitty's keyboard protocol

    def key(self, letter: str, *, ctrl: bool = False, enhanced: bool = False) -> bytes:
        """What a key sends, in kitty's way where the program asked for it."""
        if self.keyboard and enhanced:
            return f"\x1b[{ord(letter)};{5 if ctrl else 1}u".encode()
        return bytes([ord(letter.upper()) - 64]) if ctrl else letter.encode()


_EVERY = (
    (rb"\x1b\[0?c", b"\x1b[?62;22c"),
    (rb"\x1b\[6n", b"\x1b[1;1R"),
    (rb"\x1b\[16t", f"\x1b[6;{CELL[1]};{CELL[0]}t".encode()),
    (rb"\x1b\]11;\?(?:\x07|\x1b\\)", b"\x1b]11;rgb:1010/1010/1010\x1b\\"),
    (rb"\x1bP\$qm\x1b\\", b"\x1bP1$r0;48:2:1:2:3m\x1b\\"),
)
KITTY = Kind(
    "xterm-kitty",
    (
        *_EVERY,
        (rb"\x1b\[>0?q", b"\x1bP>|kitty(0.41.1)\x1b\\"),
        (rb"\x1b_Gi=31,[^\x1b]*a=q[^\x1b]*\x1b\\", b"\x1b_Gi=31;OK\x1b\\"),
        (rb"\x1b\[\?2026\$p", b"\x1b[?2026;2$y"),
        (rb"\x1b\[\?2048\$p", b"\x1b[?2048;2$y"),
    ),
    keyboard=True,
)
XTERM = Kind(
    "xterm-256color",
    (
        (rb"\x1b\[0?c", b"\x1b[?64;1;2;4;6;9;15;16;17;18;21;22;28c"),
        *_EVERY[1:],
        (rb"\x1b\[>0?q", b"\x1bP>|XTerm(398)\x1b\\"),
        (rb"\x1b\[\?2026\$p", b"\x1b[?2026;0$y"),
        (rb"\x1b\[\?2048\$p", b"\x1b[?2048;0$y"),
    ),
)
PLAIN = Kind(
    "xterm-256color",
    ((rb"\x1b\[0?c", b"\x1b[?6c"), (rb"\x1b\[6n", b"\x1b[1;1R"), _EVERY[3]),
)
KINDS: Mapping[str, Kind] = {"kitty": KITTY, "xterm": XTERM, "plain": PLAIN}

LONGEST_QUESTION = 64  # bytes: one may arrive in two parts


@dataclass
class Modes:
    """What is switched on in the terminal, from everything that was written to it."""

    private: dict[int, bool] = field(default_factory=dict)  # DECSET and DECRST by number
    keyboards: int = 0  # kitty's keyboard protocol: pushed and not popped

    @property
    def changed(self) -> dict[int, bool]:
        """What is not as a shell has it: line wrap and cursor on, the rest off."""
        return {n: on for n, on in self.private.items() if on is not (n in (7, 25))}


_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_PUSH = re.compile(rb"\x1b\[>\d+u")
_POP = re.compile(rb"\x1b\[<\d*u")


def modes_after(seen: bytes) -> Modes:
    """The modes once all of it is written."""
    modes = Modes()
    for match in _MODE.finditer(seen):
        for number in match[1].split(b";"):
            modes.private[int(number)] = match[2] == b"h"
    modes.keyboards = len(_PUSH.findall(seen)) - len(_POP.findall(seen))
    return modes


class Terminal:
    """Runs a command, in a session of its own with the pty as its terminal."""

    def __init__(
        self,
        command: Sequence[str],
        kind: Kind = PLAIN,
        size: tuple[int, int] = (120, 40),
        environ: Mapping[str, str] | None = None,
        folder: str | os.PathLike[str] | None = None,
    ) -> None:
        self.kind = kind
        self.seen = bytearray()
        self.arrivals: list[tuple[float, int]] = []  # when, and how much there was then
        self._answered = 0
        self.far, self.near = pty.openpty()
        self.resize(*size)
        self.before = termios.tcgetattr(self.near)
        inherited = {k: v for k, v in os.environ.items() if k not in FOREIGN}
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            list(command),
            cwd=folder,
            env={**inherited, "TERM": kind.term, **(environ or {})},
            stdin=self.near,
            stdout=self.near,
            stderr=self.near,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )

    def resize(self, columns: int, rows: int) -> None:
        """Another size, said as the terminal says it: by the kernel, in band if asked to."""
        self.size = columns, rows
        pixels = columns * CELL[0], rows * CELL[1]
        fcntl.ioctl(self.near, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, *pixels))
        if self.mode(2048):
            self._say_size()

    @property
    def modes(self) -> Modes:
        """What is on now."""
        return modes_after(bytes(self.seen))

    def mode(self, number: int) -> bool:
        """Whether a private mode is on."""
        code = str(number).encode()
        on, off = (self.seen.rfind(b"\x1b[?" + code + end) for end in (b"h", b"l"))
        return on > off

    def send(self, data: bytes | str) -> None:
        os.write(self.far, data.encode() if isinstance(data, str) else data)

    def press(self, letters: str, *, ctrl: bool = False) -> None:
        """Keys, as this terminal sends them in the mode it is in."""
        enhanced = self.modes.keyboards > 0
        for letter in letters:
            self.send(self.kind.key(letter, ctrl=ctrl, enhanced=enhanced))

    def read(self, seconds: float) -> bool:
        """Waits for output at most so long, takes it and answers it; whether there was any."""
        if not select.select([self.far], [], [], max(seconds, 0))[0]:
            return False
        try:
            piece = os.read(self.far, 65536)
        except OSError:
            return False
        self.seen += piece
        self.arrivals.append((time.monotonic(), len(self.seen)))
        self._answer()
        return bool(piece)

    def until(
        self,
        wanted: bytes | re.Pattern[bytes] | Callable[[], bool],
        seconds: float = 40.0,
        since: int = 0,
    ) -> None:
        """Until something is written after a position, or is true."""
        if isinstance(wanted, bytes):
            wanted = re.compile(re.escape(wanted))
        end = time.monotonic() + seconds
        while not (wanted() if callable(wanted) else wanted.search(self.seen, since)):
            assert time.monotonic() < end, self.last_words()
            self.read(0.05)

    def last_words(self) -> str:
        """The last of what was written, without colours and places: for who wonders why."""
        text = re.sub(
            rb"\x1b(?:\[[\d;:?<>=]*[ -/]*[@-~]|[PG_\]].*?(?:\x1b\\|\x07))", b" ", self.seen[-9000:]
        )
        return " ".join(text.decode(errors="replace").split())[-900:]

    def calm(self, quiet: float, seconds: float = 40.0) -> None:
        """Until nothing was written for so long."""
        last = time.monotonic()
        end = last + seconds
        while time.monotonic() - last < quiet and time.monotonic() < end:
            if self.read(quiet / 4):
                last = time.monotonic()

    def ended(self, seconds: float = 40.0) -> int:
        """The exit code, when all is read."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            self.read(0.02)
        while self.read(0.05):
            pass
        return self.process.wait(1)

    def close(self) -> None:
        """Whatever still runs ends."""
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.kill()
            self.process.wait()
        for descriptor in (self.far, self.near):
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _answer(self) -> None:
        """Answers what was asked, in the order of the questions."""
        found = [
            (match.end(), answer)
            for pattern, answer in (*self.kind.answers, (rb"\x1b\[\?2048h", b""))
            for match in re.compile(pattern).finditer(self.seen, self._answered)
        ]
        for end, answer in sorted(found):
            self._answered = end
            self.send(answer) if answer else self._say_size()
        self._answered = max(self._answered, len(self.seen) - LONGEST_QUESTION)

    def _say_size(self) -> None:
        columns, rows = self.size
        self.send(f"\x1b[48;{rows};{columns};{rows * CELL[1]};{columns * CELL[0]}t")


# What the terminal that runs the tests says of itself must not reach the program.
FOREIGN = {
    "COLORTERM",
    "LC_TERMINAL",
    "NO_COLOR",
    "TERM_PROGRAM",
    "TEXTUAL_COLOR_SYSTEM",
    "TMUX",
    "KITTY_WINDOW_ID",
}
