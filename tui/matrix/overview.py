"""A matrix seen from far, through which one walks block by block."""

from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from tui.matrix.map import MatrixMap
from tui.matrix.paint.blocks import cell_of
from tui.matrix.paint.scene import MatrixCell
from tui.matrix.walk import FAR, confusion

KEYS: Final[list[BindingType]] = [
    Binding("enter", "zoom", "Zoom", tooltip="Show the cells of the block", id="overview.zoom"),
    Binding(
        "n",
        "confusion(True)",
        "Confusion",
        tooltip="Next largest confusion",
        id="overview.next_confusion",
    ),
    Binding(
        "N",
        "confusion(False)",
        "Previous largest confusion",
        show=False,
        id="overview.last_confusion",
    ),
    Binding("up,k", "move(-1,0)", "Up", show=False, id="overview.up"),
    Binding("down,j", "move(1,0)", "Down", show=False, id="overview.down"),
    Binding("left,h", "move(0,-1)", "Left", show=False, id="overview.left"),
    Binding("right,l", "move(0,1)", "Right", show=False, id="overview.right"),
    Binding("ctrl+up,shift+up,K", "move(-10,0)", "10 up", show=False, id="overview.up_10"),
    Binding("ctrl+down,shift+down,J", "move(10,0)", "10 down", show=False, id="overview.down_10"),
    Binding("ctrl+left,shift+left,H", "move(0,-10)", "10 left", show=False, id="overview.left_10"),
    Binding(
        "ctrl+right,shift+right,L", "move(0,10)", "10 right", show=False, id="overview.right_10"
    ),
    Binding("pageup", "move(-10,0)", "Page up", show=False, id="overview.page_up"),
    Binding("pagedown", "move(10,0)", "Page down", show=False, id="overview.page_down"),
    Binding("home", f"move(0,-{FAR})", "Start of the row", show=False, id="overview.row_start"),
    Binding("end", f"move(0,{FAR})", "End of the row", show=False, id="overview.row_end"),
    Binding("g,ctrl+home", f"move(-{FAR},-{FAR})", "First block", show=False, id="overview.first"),
    Binding("G,ctrl+end", f"move({FAR},{FAR})", "Last block", show=False, id="overview.last"),
]


class MatrixOverview(MatrixMap, can_focus=True):
    """Its cursor stands on a block, and on the cell in it that matters most."""

    PANE = "Overview"
    NAMES = 22
    BINDINGS: ClassVar[list[BindingType]] = KEYS
    DEFAULT_CSS = "MatrixOverview { display: none; }"

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
            self.mark(self._marks[0], cell)

    def mark_cell(self, cell: MatrixCell) -> None:
        """Stand where somebody else walked."""
        self.set_reactive(MatrixOverview.cell, cell)

    def action_confusion(self, forward: bool) -> None:
        """Walk along the largest confusions."""
        there = confusion(self.scene.view, self.cell, forward) if self.scene else None
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
        event.prevent_default()
        if event.chain == 2:
            self.action_zoom()
