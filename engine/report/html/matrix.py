"""A confusion matrix as a table with heat colours."""

from typing import Final

import numpy as np

from engine.core.arrays import NOTHING, Counts, Indices
from engine.core.matrix import ConfusionMatrix
from engine.plots.heat import Tones, change_tones, count_tones
from engine.report.html.blocks import TableBlock, TableCell
from engine.report.matrix_text import most_confused

CLASSES_SHOWN: Final = 30
CORNER: Final = "truth ↓ · predicted →"


def matrix_table(matrix: ConfusionMatrix, classes: tuple[str, ...]) -> TableBlock:
    """Counts; of many classes those that are confused most."""
    shown = most_confused(matrix, CLASSES_SHOWN)
    part = _part(len(shown), len(classes))
    rows, columns = _lines(shown, matrix.extra_row), _lines(shown, matrix.extra_column)
    counts = matrix.counts
    right = np.eye(len(counts), dtype=np.bool_)
    right[NOTHING, NOTHING] = False
    most = (int(np.where(right, counts, 0).max()), int(np.where(right, 0, counts).max()))
    tones = count_tones(counts, right, *most)
    return TableBlock(
        caption=f"How often a ground truth of each row is predicted as each column{part}. "
        "Right answers are blue, on the diagonal; errors are orange, the stronger the more.",
        head=(CORNER, *_names(columns, classes, matrix.extra_column)),
        rows=_rows(rows, columns, _names(rows, classes, matrix.extra_row), counts, tones),
        note=f"Ignored on crowds: {matrix.ignored:,}." if matrix.ignored else "",
        matrix=True,
    )


def delta_table(
    delta: Counts, classes: tuple[str, ...], extra_row: str, extra_column: str
) -> TableBlock:
    """B less A; of many classes those in which most changed."""
    change = np.abs(delta)
    moved = (change.sum(axis=0) + change.sum(axis=1))[:-1]
    order = np.argsort(-moved, kind="stable")[:CLASSES_SHOWN]
    shown = np.sort(order)
    rows, columns = _lines(shown, extra_row), _lines(shown, extra_column)
    right = np.eye(len(delta), dtype=np.bool_)
    tones = change_tones(delta, right, int(change.max(initial=0)))
    names = _names(rows, classes, extra_row)
    return TableBlock(
        caption="The matrix of B less that of A"
        f"{_part(len(shown), len(classes), 'in which most changed')}. Blue is for the better: "
        "more right answers, or fewer errors. Orange is for the worse.",
        head=(CORNER, *_names(columns, classes, extra_column)),
        rows=_rows(rows, columns, names, delta, tones, signed=True),
        matrix=True,
    )


def _part(shown: int, every: int, which: str = "confused most") -> str:
    return "" if shown == every else f": the {shown} of {every:,} classes {which}"


def _lines(shown: Indices, extra: str) -> list[int]:
    return [*shown.tolist(), *([NOTHING] if extra else [])]


def _names(lines: list[int], classes: tuple[str, ...], extra: str) -> tuple[str, ...]:
    return tuple(extra if line == NOTHING else classes[line] for line in lines)


def _rows(
    rows: list[int],
    columns: list[int],
    names: tuple[str, ...],
    counts: Counts,
    tones: Tones,
    *,
    signed: bool = False,
) -> tuple[tuple[TableCell, ...], ...]:
    def cell(row: int, column: int) -> TableCell:
        count = int(counts[row, column])
        if not count:
            diagonal = " h0" if row == column != NOTHING and not signed else ""
            return TableCell("\N{MIDDLE DOT}", look=f"zero{diagonal}")
        return TableCell(f"{count:+,}" if signed else f"{count:,}", look=f"h{tones[row, column]}")

    return tuple(
        (TableCell(name), *(cell(row, column) for column in columns))
        for row, name in zip(rows, names, strict=True)
    )
