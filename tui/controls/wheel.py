"""The mouse wheel over a window on rows and columns."""

from typing import Final

from textual import events

WHEEL: Final = 3  # rows

Turn = events.MouseScrollDown | events.MouseScrollUp


def scrolled_by(event: Turn, first: tuple[int, int], columns: int = WHEEL) -> tuple[int, int]:
    """The first row and column after a turn of the wheel: sideways with shift or control."""
    direction = 1 if isinstance(event, events.MouseScrollDown) else -1
    row, column = first
    if event.shift or event.ctrl:
        return row, column + direction * columns
    return row + direction * WHEEL, column
