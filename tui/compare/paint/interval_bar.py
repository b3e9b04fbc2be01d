"""An interval of a difference as a line around zero."""

from typing import Final

LEAST: Final = 7  # cells: less shows nothing
ZERO: Final = "\N{BOX DRAWINGS LIGHT VERTICAL}"
CROSSED: Final = "┼"
ENDS: Final = "├┤"
LINE: Final = "─"
POINT: Final = "◆"
TRACK: Final = "·"


def interval_bar(low: float, high: float, delta: float, reach: float, width: int) -> str:
    """From -reach at the left end to reach at the right, with a mark at zero.

    Without an interval only zero and the difference; without room or a difference nothing.
    """
    width -= 1 - width % 2  # so that zero is in the middle of a cell
    if width < LEAST or delta != delta or not reach > 0:
        return ""

    def place(value: float) -> int:
        return round((min(max(value / reach, -1.0), 1.0) + 1) / 2 * (width - 1))

    cells = [TRACK] * width
    cells[width // 2] = ZERO
    if low == low:
        first, last = place(low), place(high)
        for x in range(first, last + 1):
            cells[x] = CROSSED if x == width // 2 else LINE
        cells[first], cells[last] = ENDS
    cells[place(delta)] = POINT
    return "".join(cells)
