"""A terminal as a grid of cells: what each of them shows, of text and of pictures over it."""

import math
import re
from typing import Final

from rich.cells import cell_len

CELL: Final = (10, 20)  # pixels, as in tests.tui.showing
PLACEHOLDER: Final = "\U0010eeee"  # a cell of a picture of kitty's
_SEQUENCE: Final = re.compile(
    r"\x1b\[(?P<csi>[0-9;?=>]*[ -/]*)(?P<final>[@-~])"
    r"|\x1bP(?P<sixel>[^\x1b]*)\x1b\\"
    r"|\x1b\](?P<osc>[^\x1b\x07]*)(?:\x1b\\|\x07)"
    r"|\x1b_(?P<kitty>[^\x1b]*)\x1b\\"
    r"|\x1b[78=>c]"
)
_RASTER: Final = re.compile(r'"1;1;(\d+);(\d+)')
_ITERM: Final = re.compile(r"1337;File=.*width=(\d+)\D*;height=(\d+)")


class GridTerminal:
    """Text over a picture takes the picture away there, and the other way round."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], str] = {}  # text, or the picture that is seen
        self.at = (0, 0)
        self.pictures = 0

    def read(self, written: str) -> None:
        """Everything that was written, in order."""
        start = 0
        for found in _SEQUENCE.finditer(written):
            self._print(written[start : found.start()])
            self._take(found)
            start = found.end()
        self._print(written[start:])

    def shows(self, x: int, y: int, columns: int, rows: int) -> set[str]:
        """What is seen in a region: characters, or names of pictures."""
        return {
            self.cells.get((column, row), "")
            for row in range(y, y + rows)
            for column in range(x, x + columns)
        }

    def _print(self, text: str) -> None:
        for character in text:
            wide = 1 if character == PLACEHOLDER else cell_len(character)
            if character >= " " and wide:  # what takes no cell stands on the one before
                x, y = self.at
                self.cells[x, y] = character
                self.at = x + wide, y

    def _take(self, found: re.Match[str]) -> None:
        x, y = self.at
        if found["final"]:
            numbers = [int(part) if part.isdigit() else 0 for part in found["csi"].split(";")]
            if found["final"] == "H":
                row, column = (*numbers, 0)[:2]
                self.at = max(column - 1, 0), max(row - 1, 0)
            elif found["final"] == "C":
                self.at = x + max(numbers[0], 1), y
        elif found["sixel"] and (size := _RASTER.search(found["sixel"])):
            wide, tall = int(size[1]), int(size[2])
            self._picture(math.ceil(wide / CELL[0]), math.ceil(tall / CELL[1]))
        elif found["osc"] and (size := _ITERM.search(found["osc"])):
            self._picture(int(size[1]), int(size[2]))

    def _picture(self, columns: int, rows: int) -> None:
        self.pictures += 1
        x, y = self.at
        for row in range(y, y + rows):
            for column in range(x, x + columns):
                self.cells[column, row] = f"picture {self.pictures}"
