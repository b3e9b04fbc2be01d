"""Textual's partial redraw, without the cells left of what changed.

Textual 8.2.8 sends a dirty region from the left edge of its widget up to the
region's right edge (Textualize/textual#5625): a cursor move at the right of a wide
matrix costs 3 kB where 170 bytes do. Drop this module once a release crops on both
sides; tests/tui/test_matrix_redraw.py tells, for it compares the bytes with and without.
"""

from rich.console import Console
from textual._compositor import ChopsUpdate


def changed_cells(self: ChopsUpdate, console: Console) -> str:
    """The escape sequences that repaint the spans of an update, and nothing beside them."""
    sequences = []
    for y, left, right in self.spans:
        for end, (start, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
            if strip is None or start >= right or end <= left:
                continue
            first, last = max(start, left), min(end, right)
            whole = first == start and last == end
            seen = strip if whole else strip.crop(first - start, last - start)
            sequences.append(f"\x1b[{y + 1};{first + 1}H{seen.render(console)}")
    return "".join(sequences)


def apply() -> None:
    """Use it in this process. To call it twice changes nothing."""
    ChopsUpdate.render_segments = changed_cells  # type: ignore[method-assign]
