"""What the terminal can show, asked once before Textual starts."""

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

Protocol = Literal["kitty", "sixel", "cells", "off"]
Choice = Literal["auto", "kitty", "sixel", "cells", "off"]
CHOICES: Final[tuple[str, ...]] = get_args(Choice)

WAIT: Final = 2.0  # seconds for an answer: a far link needs 0.4, a terminal that is silent is rare
TMUX_WAIT: Final = (
    1.0  # seconds more for the terminal around tmux, only where it is known to answer
)


@dataclass(frozen=True)
class Graphics:
    """How pictures reach this terminal."""

    protocol: Protocol = "cells"
    cell_width: int = 10  # pixels
    cell_height: int = 20
    tmux: bool = False
    truecolor: bool = False  # the terminal said so itself; SSH does not forward COLORTERM
    typed: str = ""  # keys that came between the answers: the app plays them again


@dataclass(frozen=True)
class Answers:
    """What a terminal said of itself."""

    name: str = ""  # XTVERSION, such as "kitty(0.41.1)"
    sixel: bool = False
    kitty: bool = False
    truecolor: bool = False
    cell: tuple[int, int] | None = None  # width, height in pixels
    complete: bool = False  # the last question was answered, so nothing more will come
    typed: str = ""


Ask = Callable[[str, Callable[[bytes], bool], float], bytes]

_DEVICE: Final = re.compile(rb"\x1b\[\?([\d;]*)c")
_KITTY: Final = re.compile(rb"\x1b_Gi=31;([^\x1b]*)\x1b\\")
_NAME: Final = re.compile(rb"\x1bP>\|([^\x1b]*)\x1b\\")
_SGR: Final = re.compile(rb"\x1bP[01]\$r([^\x1b]*)\x1b\\")
_CELL: Final = re.compile(rb"\x1b\[6;(\d+);(\d+)t")
_KITTY_QUERY: Final = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
_QUERIES: Final = (
    "\x1b[>0q"  # name and version
    "\x1b[48;2;1;2;3m\x1bP$qm\x1b\\\x1b[0m"  # set a 24-bit colour and ask what was set
    "\x1b[16t"  # cell size in pixels
)
_DEVICE_QUERY: Final = "\x1b[c"  # every terminal answers this one, so it ends the wait


def detect(choice: Choice = "auto", environ: Mapping[str, str] = os.environ) -> Graphics:
    """How to show pictures: as asked for, or the best this terminal is known to do."""
    tmux = bool(environ.get("TMUX"))
    if not (
        sys.__stdin__ and sys.__stdin__.isatty() and sys.__stdout__ and sys.__stdout__.isatty()
    ):
        return Graphics("cells" if choice == "auto" else choice, tmux=tmux)
    outer = _outside_tmux() if tmux else ""
    answers = _asked(_ask_terminal, outer if tmux else None)
    width, height = answers.cell or _cell_size_by_ioctl() or (10, 20)
    protocol = choice if choice != "auto" else best(answers, outer if tmux else None)
    return Graphics(protocol, width, height, tmux, answers.truecolor, answers.typed)


def best(answers: Answers, outer: str | None) -> Protocol:
    """The protocol to use.

    outer names the terminal around tmux and its features, None outside tmux. A
    tmux built with Sixel claims Sixel whatever is around it, so there only the
    features of the client count. WezTerm and Konsole answer kitty's question but
    do not know its placeholders, hence Sixel before kitty for all but the two
    terminals known to draw them.
    """
    name = answers.name if outer is None else outer
    if answers.kitty and _draws_placeholders(name):
        return "kitty"
    if answers.sixel and (outer is None or "sixel" in outer):
        return "sixel"
    if answers.kitty and outer is None and not name.startswith("kitty"):
        return "kitty"
    return "cells"


def read_answers(reply: bytes) -> Answers:
    """The answers in what the terminal sent; the rest was typed by a person."""
    device = _DEVICE.search(reply)
    kitty = _KITTY.search(reply)
    name = _NAME.search(reply)
    sgr = _SGR.search(reply)
    cell = _CELL.search(reply)
    typed = reply
    for pattern in (_DEVICE, _KITTY, _NAME, _SGR, _CELL):
        typed = pattern.sub(b"", typed)
    return Answers(
        name=name[1].decode("ascii", "replace") if name else "",
        sixel=bool(device and b"4" in device[1].split(b";")),
        kitty=bool(kitty and kitty[1] == b"OK"),
        truecolor=bool(sgr and re.search(rb"48[:;]2[:;]+1[:;]2[:;]3", sgr[1])),
        cell=(int(cell[2]), int(cell[1])) if cell and int(cell[1]) and int(cell[2]) else None,
        complete=device is not None,
        typed=typed.decode("utf-8", "replace"),
    )


def _asked(ask: Ask, outer: str | None) -> Answers:
    """One write with every question; in tmux a second for the terminal around it."""
    query = _QUERIES + ("" if outer is not None else _KITTY_QUERY) + _DEVICE_QUERY
    answers = read_answers(ask(query, lambda reply: bool(_DEVICE.search(reply)), WAIT))
    if outer and answers.complete and _draws_placeholders(outer):
        reply = ask(passthrough(_KITTY_QUERY), lambda reply: bool(_KITTY.search(reply)), TMUX_WAIT)
        around = read_answers(reply)
        answers = replace(answers, kitty=around.kitty, typed=answers.typed + around.typed)
    return answers


def passthrough(sequence: str) -> str:
    """The sequence so that tmux hands it on to the terminal around it."""
    return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def _draws_placeholders(name: str) -> bool:
    """kitty since 0.28 and Ghostty draw images at unicode placeholders."""
    if name.lower().startswith("ghostty"):
        return True
    version = re.match(r"kitty\((\d+)\.(\d+)", name)
    return bool(version and (int(version[1]), int(version[2])) >= (0, 28))


def _outside_tmux() -> str:
    """The name and the features of the terminal around tmux, empty where tmux does not say."""
    command = ["tmux", "display-message", "-p", "#{client_termtype}|#{client_termfeatures}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=2, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()


def _ask_terminal(query: str, complete: Callable[[bytes], bool], wait: float) -> bytes:
    """Everything the terminal sends until the answer is complete, with echo off."""
    import termios
    import tty

    assert sys.__stdin__ is not None
    assert sys.__stdout__ is not None
    source, target = sys.__stdin__.fileno(), sys.__stdout__.fileno()
    before = termios.tcgetattr(source)
    reply = b""
    try:
        tty.setcbreak(source, termios.TCSANOW)
        os.write(target, query.encode())
        end = time.monotonic() + wait
        while not complete(reply) and (left := end - time.monotonic()) > 0:
            if select.select([source], [], [], left)[0]:
                received = os.read(source, 4096)
                if not received:  # the terminal hung up
                    break
                reply += received
    finally:
        termios.tcsetattr(source, termios.TCSANOW, before)
    return reply


def _cell_size_by_ioctl() -> tuple[int, int] | None:
    """Width and height of a cell in pixels, where the terminal told the kernel."""
    import fcntl
    import struct
    import termios

    assert sys.__stdout__ is not None
    try:
        answer = fcntl.ioctl(sys.__stdout__.fileno(), termios.TIOCGWINSZ, bytes(8))
    except OSError:
        return None
    rows, columns, width, height = struct.unpack("HHHH", answer)
    if not (rows and columns and width >= columns and height >= rows):
        return None
    return width // columns, height // rows
