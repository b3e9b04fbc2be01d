"""Segments as they are written to the terminal, each colour only where it changes."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip


class AnsiCodes(NamedTuple):
    """What selects a style."""

    ink: str = "39"  # the terminal's own
    paper: str = "49"
    others: str = ""  # bold, underlined, ...


PLAIN: Final = AnsiCodes()


def ansi(segments: Iterable[Segment], colours: ColorSystem) -> str:
    """The segments, and a reset at the end instead of one after each."""
    written = []
    now = PLAIN
    for text, style, _ in segments:
        if not text:
            continue
        before, now = now, _codes(style, colours) if style else PLAIN
        if now != before:
            written.append(f"\x1b[{_change(before, now)}m")
        written.append(text)
    if not written:
        return ""
    return "".join(written) if now == PLAIN else "".join(written) + "\x1b[0m"


def _change(before: AnsiCodes, now: AnsiCodes) -> str:
    if now.others != before.others:
        return ";".join(("0", *filter(None, (now.others, now.ink, now.paper))))
    if now.paper == before.paper:
        return now.ink
    return now.paper if now.ink == before.ink else f"{now.ink};{now.paper}"


@lru_cache(maxsize=16_384)
def _codes(style: Style, colours: ColorSystem) -> AnsiCodes:
    ink, paper = style.color, style.bgcolor
    return AnsiCodes(
        ";".join(ink.downgrade(colours).get_ansi_codes()) if ink else PLAIN.ink,
        ";".join(paper.downgrade(colours).get_ansi_codes(False)) if paper else PLAIN.paper,
        Strip.render_ansi(style.without_color, colours),
    )
