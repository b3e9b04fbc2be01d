"""A map beside a matrix that does not fit: where its errors are, and which part is in sight."""

from dataclasses import dataclass

from textual import events
from textual.message import Message

from tui.matrix.block_view import MatrixBlocks


class MatrixMap(MatrixBlocks):
    """It has no names and no cursor of its own; a click leads to a block."""

    NAMES = 0

    @dataclass
    class Chosen(Message):
        """The person clicked a block: positions of its rows and columns."""

        rows: range
        columns: range

    def on_click(self, event: events.Click) -> None:
        """Say which block it was."""
        x, y = event.get_content_offset_capture(self)
        scene = self.scene
        block = scene.block_at(x, y) if scene is not None else None
        if scene is not None and block is not None:
            far = scene.far
            self.post_message(self.Chosen(far.rows_of(block[0]), far.columns_of(block[1])))
