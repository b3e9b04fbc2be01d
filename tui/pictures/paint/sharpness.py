"""How sharp a picture is sent: what the size of its place and the speed of the line allow."""

from dataclasses import dataclass
from typing import Final

from tui.terminal.capabilities import Protocol

SLOW: Final = 250_000.0  # bytes/s, 2 Mbit/s: below it pictures are coarser
PATIENCE: Final = 1.0  # seconds that a picture may take on a slow line
PER_CELL: Final = 26.0  # bytes for kitty: 39 kB for 60 by 25 cells, and 6 for placeholders
PER_CELL_OVER: Final = 90.0  # bytes of what is written over cells, which fills them
LEAST: Final = 3_000  # bytes that any picture may have


@dataclass(frozen=True)
class Sharpness:
    """What the pixels of a picture are cut down to."""

    colours: int  # of the photo; its boxes have their own besides
    cell_width: float = 0.0  # pixels for the width of a cell, where the terminal scales


@dataclass(frozen=True)
class Allowance:
    """What may be tried, the sharpest first, and how much may be sent."""

    choices: tuple[Sharpness, ...]
    enough: float  # bytes: what is larger is tried again, coarser
    most: float = float("inf")  # bytes: what is larger at its coarsest is not sent at all


_KITTY: Final = (
    Sharpness(128, 5.0),
    Sharpness(64, 5.0),
    Sharpness(64, 4.0),
    Sharpness(48, 3.2),
    Sharpness(32, 2.5),
)
_OVER_CELLS: Final = (Sharpness(64), Sharpness(32), Sharpness(16))


def is_slow(rate: float | None) -> bool:
    """Whether the line takes so little that pictures have to be coarse; not where unknown."""
    return rate is not None and rate < SLOW


def allowance(protocol: Protocol, columns: int, rows: int, rate: float | None) -> Allowance:
    """What to try for a picture of so many cells; rate is the line's in bytes/s, None: unknown."""
    slow = is_slow(rate)
    in_time = PATIENCE * rate if slow and rate is not None else float("inf")
    if protocol == "kitty":
        enough = max(PER_CELL * columns * rows, LEAST)
        return Allowance(_KITTY[2:] if slow else _KITTY, min(enough, in_time))
    enough = max(PER_CELL_OVER * columns * rows, LEAST)
    choices = _OVER_CELLS[1:] if slow else _OVER_CELLS[:2]
    return Allowance(choices, min(enough, in_time), in_time)


def in_all_colours(truecolor: bool, rate: float | None) -> bool:
    """Whether cells are worth a second time in 24-bit colours, at three times the bytes."""
    return truecolor and not is_slow(rate)
