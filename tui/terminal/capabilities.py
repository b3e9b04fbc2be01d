"""What a terminal can show: the questions, and what follows from its answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

Protocol = Literal["kitty", "sixel", "iterm", "cells", "off"]
ProtocolChoice = Literal["auto", "kitty", "sixel", "iterm", "cells", "off"]
Size = tuple[int, int]  # width, height
CHOICES: Final[tuple[ProtocolChoice, ...]] = get_args(ProtocolChoice)
COLOURS: Final = ("auto", "truecolor", "256", "16", "none")


@dataclass(frozen=True)
class TerminalAnswers:
    """What a terminal said of itself."""

    name: str = ""  # XTVERSION, such as "kitty(0.41.1)"
    sixel: bool = False
    kitty: bool = False
    truecolor: bool = False
    cell: Size | None = None  # width, height in pixels
    complete: bool = False  # the last question was answered, so nothing more will come
    typed: str = ""
    synchronized: bool = False  # it can hold back a frame until all of it is there
    background: tuple[int, int, int] | None = None  # red, green, blue, 0 to 255
    iterm: bool = False  # it speaks of iTerm2's protocol: inline images

    @property
    def light(self) -> bool | None:
        """Whether the background is nearer to white than to black; None where it is not known."""
        if self.background is None:
            return None
        red, green, blue = self.background
        return 0.299 * red + 0.587 * green + 0.114 * blue > 127.5


@dataclass(frozen=True)
class Graphics:
    """How pictures reach this terminal."""

    protocol: Protocol = "cells"
    cell_width: int = 10  # pixels
    cell_height: int = 20
    tmux: bool = False
    truecolor: bool = False  # the terminal said so itself; SSH does not forward COLORTERM
    typed: str = ""  # keys that came between the answers: the app plays them again
    answers: TerminalAnswers = field(default_factory=TerminalAnswers)
    around: str = ""  # name and features of the terminal around tmux
    ascii: bool = False  # nothing but ASCII may be written
    terminal: str = ""  # what choices are kept under; empty where none are kept
    quadrants: bool = True  # its font has quarters of a cell beside the halves


_DEVICE: Final = re.compile(rb"\x1b\[\?([\d;]*)c")
_KITTY: Final = re.compile(rb"\x1b_Gi=31;([^\x1b]*)\x1b\\")
_NAME: Final = re.compile(rb"\x1bP>\|([^\x1b]*)\x1b\\")
_SGR: Final = re.compile(rb"\x1bP[01]\$r([^\x1b]*)\x1b\\")
_CELL: Final = re.compile(rb"\x1b\[6;(\d+);(\d+)t")
_BACKGROUND: Final = re.compile(rb"\x1b\]11;rgba?:([0-9a-fA-F/]+)(?:\x07|\x1b\\)")
_MODE: Final = re.compile(rb"\x1b\[\?2026;(\d)\$y")
_CAPABLE: Final = re.compile(rb"\x1b\]1337;Capabilities=([^\x07\x1b]*)(?:\x07|\x1b\\)")
_POINTS: Final = re.compile(
    rb"\x1b\]1337;ReportCellSize=([\d.]+);([\d.]+)(?:;([\d.]+))?(?:\x07|\x1b\\)"
)
_ALL: Final = (_DEVICE, _KITTY, _NAME, _SGR, _CELL, _BACKGROUND, _MODE, _CAPABLE, _POINTS)
_KITTY_QUERY: Final = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
_QUERIES: Final = (
    "\x1b[>0q"  # name and version
    "\x1b[48;2;1;2;3m\x1bP$qm\x1b\\\x1b[0m"  # set a 24-bit colour and ask what was set
    "\x1b[16t"  # cell size in pixels
    "\x1b]11;?\x1b\\"  # background
    "\x1b[?2026$p"  # synchronized output
)
_ITERM_QUERY: Final = (
    "\x1b]1337;Capabilities\x1b\\"  # iTerm2's feature reporting
    "\x1b]1337;ReportCellSize\x1b\\"  # older, and what others answer who took over its images
)
INLINE: Final = re.compile(r"(?i)iterm2|wezterm|mintty|konsole|warp|rio|bobcat")
"""Names of terminals that draw iTerm2's inline images."""

PROGRAMS: Final = {
    "iTerm.app": "iTerm2",
    "iTerm2": "iTerm2",
    "WezTerm": "WezTerm",
    "mintty": "mintty",
    "WarpTerminal": "Warp",
    "rio": "rio",
}
"""What TERM_PROGRAM or LC_TERMINAL says, and the name of that terminal."""

_DEVICE_QUERY: Final = "\x1b[c"  # every terminal answers this one, so it ends the wait


def best(answers: TerminalAnswers, outer: str | None) -> Protocol:
    """The protocol to use.

    outer names the terminal around tmux and its features, None outside tmux. A
    tmux built with Sixel claims Sixel whatever is around it, so there only the
    features of the client count. WezTerm and Konsole answer kitty's question but
    do not know its placeholders, hence the others before kitty for all but the two
    terminals known to draw them. An inline image is a third of the same in Sixel.
    """
    name = answers.name if outer is None else outer
    if answers.kitty and draws_placeholders(name):
        return "kitty"
    if outer is None and draws_inline(answers):
        return "iterm"
    if answers.sixel and (outer is None or "sixel" in outer):
        return "sixel"
    if answers.kitty and outer is None and not name.startswith("kitty"):
        return "kitty"
    return "cells"


def read_answers(reply: bytes) -> TerminalAnswers:
    """The answers in what the terminal sent; the rest was typed by a person."""
    device, kitty, name, sgr, cell, background, mode, capable, points = (
        pattern.search(reply) for pattern in _ALL
    )
    typed = reply
    for pattern in _ALL:
        typed = pattern.sub(b"", typed)
    return TerminalAnswers(
        name=name[1].decode("ascii", "replace") if name else "",
        sixel=bool(device and b"4" in device[1].split(b";")),
        kitty=bool(kitty and kitty[1] == b"OK"),
        truecolor=bool(sgr and re.search(rb"48[:;]2[:;]+1[:;]2[:;]3", sgr[1])),
        cell=_cell(cell, points),
        complete=device is not None,
        typed=typed.decode("utf-8", "replace"),
        synchronized=bool(mode and mode[1] in b"12"),
        background=_rgb(background[1]) if background else None,
        iterm=bool(_has_files(capable[1]) if capable else points),
    )


def _has_files(capabilities: bytes) -> bool:
    """Whether iTerm2's list of features has F: a capital, small letters and a number each."""
    return b"F" in re.findall(rb"[A-Z][a-z]*", capabilities)


def _cell(pixels: "re.Match[bytes] | None", points: "re.Match[bytes] | None") -> Size | None:
    """The cell in pixels; iTerm2 says it in points, and how many pixels there are in one."""
    if pixels and int(pixels[1]) and int(pixels[2]):
        return int(pixels[2]), int(pixels[1])
    if points is None:
        return None
    try:
        height, width, scale = (float(part or 1) for part in points.groups())
    except ValueError:
        return None
    return (round(width * scale), round(height * scale)) if min(width, height) >= 1 else None


def _rgb(spec: bytes) -> tuple[int, int, int] | None:
    """X11's `rgb:RRRR/GGGG/BBBB`, one to four digits a channel."""
    channels = [round(255 * int(part, 16) / (16 ** len(part) - 1)) for part in spec.split(b"/")]
    return (channels[0], channels[1], channels[2]) if len(channels) in (3, 4) else None


def questions(outer: str | None, term: str = "") -> str:
    """Every question, as one write. outer is None outside tmux.

    tmux takes kitty's question for a title, so there it goes to the terminal around it,
    where that one is known to answer. The console of Linux is asked only what every
    terminal answers: it has nothing of the rest.
    """
    if term == "linux":
        return _DEVICE_QUERY
    if outer is None:
        return _ITERM_QUERY + _QUERIES + _KITTY_QUERY + _DEVICE_QUERY
    around = passthrough(_KITTY_QUERY) if draws_placeholders(outer) else ""
    return around + _QUERIES + _DEVICE_QUERY


def answered(reply: bytes, outer: str | None) -> bool:
    """Whether nothing more will come."""
    around = bool(outer) and draws_placeholders(outer or "")
    return bool(_DEVICE.search(reply)) and (not around or bool(_KITTY.search(reply)))


def passthrough(sequence: str) -> str:
    """The sequence so that tmux hands it on to the terminal around it."""
    return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def edits_images(graphics: Graphics) -> bool:
    """Whether parts of an image can be sent anew: kitty does so, Ghostty knows no frames."""
    return (graphics.around if graphics.tmux else graphics.answers.name).startswith("kitty(")


def forgets_pictures(graphics: Graphics) -> bool:
    """Whether only the last pictures that were written are kept: xterm holds 16, tmux 20."""
    return graphics.tmux or graphics.answers.name.startswith("XTerm")


def draws_placeholders(name: str) -> bool:
    """kitty since 0.28 and Ghostty draw images at unicode placeholders."""
    if name.lower().startswith("ghostty"):
        return True
    version = re.match(r"kitty\((\d+)\.(\d+)", name)
    return bool(version and (int(version[1]), int(version[2])) >= (0, 28))


def has_quadrants(term: str) -> bool:
    """Whether the font has quarters of a cell: that of the console of Linux has halves alone.

    term is what TERM says.
    """
    return term.partition("-")[0] != "linux"


def draws_inline(answers: TerminalAnswers) -> bool:
    """Whether a terminal draws iTerm2's inline images.

    xterm.js, which is VS Code's, does so where it has Sixel: both come in one addon.
    """
    if answers.name.startswith("xterm.js"):
        return answers.sixel
    return answers.iterm or bool(INLINE.match(answers.name))


def named_by(environ: Mapping[str, str]) -> str:
    """The terminal as the environment has it, empty where it is none of those that we know.

    LC_TERMINAL comes along over SSH. Both are inherited by whatever is started in a
    terminal, another terminal too: so only one that did not say its name is called this.
    """
    names = (environ.get("LC_TERMINAL", ""), environ.get("TERM_PROGRAM", ""))
    return next((PROGRAMS[name] for name in names if name in PROGRAMS), "")
