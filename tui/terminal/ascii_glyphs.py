"""The program's own glyphs in ASCII, cell for cell, for terminals and fonts without the others.

Only what the program itself draws is here: a name in a person's data keeps its letters.
"""

from functools import lru_cache
from typing import Final

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_GLYPHS: Final = (
    # Lines: thin, thick, dashed, thick and dashed, thick and dotted. They tell ground truth from
    # predictions, and from those below the threshold.
    ("─╴╶╼╾▔", "-"),
    ("━╸╺═", "="),
    ("╌┄┈", "."),
    ("╍┅", "~"),
    ("│├┤▏▎▍▕▐▌", "|"),
    ("┃", "#"),
    ("║", "|"),
    ("╎┊┆", ":"),
    ("╏┇", "!"),
    ("┉┋", "'"),
    ("┌┐└┘╭╮╰╯┏┓┗┛╔╗╚╝┬┴┼╋", "+"),
    ("╱▞", "/"),  # noqa: RUF001
    ("╲▚", "\\"),
    # Parts of a cell: from below, from the left, quarters, shades.
    ("▁", "_"),
    ("▂", ","),
    ("▃", "-"),
    ("▄", "~"),
    ("▅▋▊", "="),
    ("▆▙▟", "+"),
    ("▇▛▜", "*"),
    ("█▉", "#"),
    ("▀", '"'),
    ("▘", "'"),
    ("▝", "`"),
    ("▖▗", "."),
    ("░", ":"),
    ("▒", "+"),
    ("▓", "%"),
    # Signs.
    ("·", "."),
    ("●", "O"),
    ("◆•", "*"),
    ("◇□", "o"),
    ("◈", "@"),
    ("■", "#"),
    ("✓", "v"),
    ("✗×", "x"),  # noqa: RUF001
    ("↑▲", "^"),
    ("↓▼", "v"),
    ("←⏎⌫", "<"),
    ("→▸≥", ">"),
    ("–—\N{MINUS SIGN}", "-"),  # noqa: RUF001
    ("\N{GREEK CAPITAL LETTER DELTA}", "d"),
    ("…", "~"),
    ("‘’", "'"),  # noqa: RUF001
    ("“”", '"'),
    ("²", "2"),
    ("Σ", "S"),
    ("°", "o"),
    ("🔎", "/ "),  # two cells wide
    ("\N{NO-BREAK SPACE}", " "),
)
KEYS: Final = {"⏎": "enter", "⌫": "backspace", "←": "left", "→": "right", "↑": "up", "↓": "down"}
"""Names of keys that Textual has a sign for."""

DOTS: Final = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bits of a braille letter, which is two dots across and four down."""


def _of_dots(bits: int) -> str:
    """A letter that is dark where the braille letter is."""
    left = [row for row, (bit, _) in enumerate(DOTS) if bits & bit]
    right = [row for row, (_, bit) in enumerate(DOTS) if bits & bit]
    both = left + right
    if len(both) in (0, 6, 7, 8):
        return "#" if both else " "
    if left and right and abs(rise := sum(left) / len(left) - sum(right) / len(right)) > 0.5:
        return "/" if rise > 0 else "\\"
    if max(both) - min(both) > 1:
        return "|"
    height = sum(both) / len(both)
    return "'" if height < 1 else "-" if height < 2.5 else "_" if left and right else "."


TABLE: Final[dict[int, str]] = {
    ord(glyph): seen for glyphs, seen in _GLYPHS for glyph in glyphs
} | {0x2800 + bits: _of_dots(bits) for bits in range(256)}


@lru_cache(8192)
def in_ascii(text: str) -> str:
    """The text as wide as before."""
    if text.isascii():
        return text
    # Elsewhere the sign has one cell, and no letter of ASCII says the same.
    return text.replace("≥ ", ">=").translate(TABLE)


def key_in_ascii(shown: str) -> str:
    """A key as it is called, as in left/right for two arrows."""
    if shown.isascii():
        return shown
    names = [KEYS.get(sign, in_ascii(sign)) for sign in shown]
    return ("/" if all(sign in KEYS for sign in shown) else "").join(names)


def segments_in_ascii(segments: list[Segment]) -> list[Segment]:
    """The segments with the same styles."""
    return [Segment(in_ascii(text), style, control) for text, style, control in segments]


class AsciiOnly(LineFilter):
    """Writes nothing but ASCII, and what is of other letters in a person's data."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return segments_in_ascii(segments)


ASCII_ONLY: Final = AsciiOnly()  # lines keep what a filter made of them: one for all
