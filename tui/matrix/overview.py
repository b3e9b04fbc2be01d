"""A matrix seen from far, through which one walks block by block."""

from typing import ClassVar, Final

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive

from tui.controls.bindings import in_footer, quiet, together, walking
from tui.grids.keys import confusions
from tui.grids.paint.scene import MatrixCell
from tui.grids.walk import FAR, along
from tui.matrix.block_view import MatrixBlocks
from tui.matrix.paint.blocks import cell_of

KEYS: Final[list[BindingType]] = [
    in_footer("enter", "zoom", "Cells", "Show the cells of the block", "overview.zoom"),
    *confusions("overview"),
    *walking("overview"),
    *together(
        "Walk a page up or down",
        quiet("pageup", "move(-10,0)", "Walk a page up", "overview.page_up"),
        quiet("pagedown", "move(10,0)", "Walk a page down", "overview.page_down"),
    ),
    *together(
        "Go to an end of the row",
        quiet("home", f"move(0,-{FAR})", "Go to the start of the row", "overview.row_start"),
        quiet("end", f"move(0,{FAR})", "Go to the end of the row", "overview.row_end"),
    ),
    *together(
        "Go to the first or the last block",
        quiet("g,ctrl+home", f"move(-{FAR},-{FAR})", "Go to the first block", "overview.first"),
        quiet("G,ctrl+end", f"move({FAR},{FAR})", "Go to the last block", "overview.last"),
    ),
]


class MatrixOverview(MatrixBlocks, can_focus=True):
    """Its cursor stands on a block, and on the cell in it that matters most."""

    PANE = "Overview"
    NAMES = 22
    BINDINGS: ClassVar[list[BindingType]] = KEYS
    DEFAULT_CSS = "MatrixOverview { display: none; margin: 0 1; }"

    cell = reactive((0, 0), init=False, repaint=False)  # position of row and column

    class Zoomed(Message):
        """The person wants to see the cells at the cursor."""

    class Fitted(Message):
        """It is another size, and holds other blocks."""

    def on_resize(self) -> None:
        self.post_message(self.Fitted())

    def action_move(self, rows: int, columns: int) -> None:
        """Walk by blocks."""
        if (scene := self.scene) is None:
            return
        (row, column), (last_row, last_column) = scene.cursor, (n - 1 for n in scene.far.shape)
        there = min(max(row + rows, 0), last_row), min(max(column + columns, 0), last_column)
        if there != scene.cursor:
            self.walk(there)

    def walk(self, block: MatrixCell) -> None:
        """Stand on a block."""
        if (scene := self.scene) is not None:
            far = scene.far
            cell = cell_of(scene.view, far.rows_of(block[0]), far.columns_of(block[1]))
            if far.block_of(*cell) == scene.cursor:  # where end row and end column would meet
                return
            self.cell = cell

    def watch_cell(self, cell: MatrixCell) -> None:
        """The cursor is on its block."""
        if self.scene is not None:
            self.mark(self.marked_window, cell)

    def mark_cell(self, cell: MatrixCell) -> None:
        """Stand where somebody else walked."""
        self.set_reactive(MatrixOverview.cell, cell)

    def action_confusion(self, forward: bool) -> None:
        """Walk along the largest confusions."""
        there = along(self.scene.view.confusions, self.cell, forward) if self.scene else None
        if there is not None:
            self.cell = there

    def action_zoom(self) -> None:
        """Ask for the cells."""
        if self.scene is not None:
            self.post_message(self.Zoomed())

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Stand on the block under the pointer."""
        x, y = event.get_content_offset_capture(self)
        block = self.scene.block_at(x, y) if self.scene is not None else None
        if block is not None:
            self.walk(block)

    def on_click(self, event: events.Click) -> None:
        """A double click shows the cells."""
        if event.chain == 2:
            self.action_zoom()
