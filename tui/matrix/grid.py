"""The confusion matrix as a grid that one walks through by keys or mouse."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import events
from textual.binding import BindingType
from textual.message import Message

from engine.core.outcomes import Selection
from tui.matrix.keys import BINDINGS
from tui.matrix.paint.view import MODES, Mode
from tui.matrix.walk import FAR, confusion, step
from tui.matrix.window import MatrixWindow

WHEEL = 3


class MatrixGrid(MatrixWindow):
    """What it shows is one frozen view; what a person does, it posts."""

    BINDINGS: ClassVar[list[BindingType]] = BINDINGS
    PANE = "Matrix"

    _held: Literal["", "rows", "columns"] = ""  # the scroll bar that the mouse has hold of

    @dataclass
    class Opened(Message):
        """The person wants to see what a cell, a row, a column or the matrix counts."""

        selection: Selection

    @dataclass
    class ModeChanged(Message):
        """The person wants cells to say something else."""

        mode: Mode

    def action_move(self, rows: int, columns: int) -> None:
        """Walk."""
        if self.scene:
            self.walk(step(self.view, self.cursor, rows, columns))

    def action_page(self, direction: int) -> None:
        """Walk as many rows as are in sight, but one."""
        if self.scene:
            self.action_move(direction * max(self.scene.layout.rows - 1, 1), 0)

    def action_ends(self, rows: int, columns: int) -> None:
        """Walk to the ends of the row, or of the matrix."""
        self.action_move(rows * FAR, columns * FAR)

    def action_confusion(self, forward: bool) -> None:
        """Walk along the largest confusions."""
        there = confusion(self.view, self.cursor, forward) if self.scene else None
        if there is not None:
            self.walk(there)

    def action_mode(self) -> None:
        """Ask for the next of counts, row % and column %."""
        following = MODES.index(self.view.mode) + 1
        self.post_message(self.ModeChanged(MODES[following % len(MODES)]))

    def _open(self, selection: Selection) -> None:
        if self.scene:
            self.post_message(self.Opened(selection))

    def action_open_cell(self) -> None:
        """Ask for what the cell counts."""
        self._open(self.selection)

    def action_open_row(self) -> None:
        """Ask for what the cursor's row counts."""
        self._open(Selection(truth=self.truth))

    def action_open_column(self) -> None:
        """Ask for what the cursor's column counts."""
        self._open(Selection(predicted=self.predicted))

    def action_open_all(self) -> None:
        """Ask for everything."""
        self._open(Selection())

    def _slots_at(self, event: events.MouseEvent) -> tuple[int | None, int | None]:
        """Row and column in sight under the pointer; -1 over a name, None over neither."""
        offset = event.get_content_offset_capture(self)
        if self.scene is None:
            return None, None
        layout = self.scene.layout
        return layout.row_slot(offset.y), layout.column_slot(offset.x)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Choose the cell, or the row or column of a name; take hold of a scroll bar."""
        row, column = self._slots_at(event)
        if self.scene is None or event.button != 1:
            return
        if row is None or column is None:
            self._held = "rows" if column is None else "columns"
            self.capture_mouse()
            self._drag(event)
        elif row >= 0 or column >= 0:
            at = self.scene
            there = (
                at.cursor[0] if row < 0 else at.row_at(row),
                at.cursor[1] if column < 0 else at.column_at(column),
            )
            self.walk(step(self.view, there, 0, 0))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Pull the scroll bar along."""
        if self._held:
            self._drag(event)

    def on_mouse_up(self) -> None:
        """Let go of the scroll bar."""
        if self._held:
            self._held = ""
            self.release_mouse()

    def _drag(self, event: events.MouseEvent) -> None:
        if (scene := self.scene) is None:
            return
        layout, (x, y) = scene.layout, event.get_content_offset_capture(self)
        row, column = scene.first
        if self._held == "rows":
            place = (y - layout.heading) / max(layout.rows * layout.row - 1, 1)
            row = round(place * (self.view.classes - layout.rows))
        else:
            place = (x - layout.gutter) / max(layout.columns * layout.cell - 1, 1)
            column = round(place * (self.view.classes - layout.columns))
        self.scroll_window((row, column))

    def on_click(self, event: events.Click) -> None:
        """A double click opens what a single one chose."""
        if event.chain != 2 or self.scene is None:
            return
        row, column = self._slots_at(event)
        if row is None or column is None:
            return
        if row >= 0 and column >= 0:
            self.action_open_cell()
        elif row >= 0:
            self.action_open_row()
        elif column >= 0:
            self.action_open_column()

    def _wheel(self, event: events.MouseEvent, direction: int) -> None:
        """Scroll, sideways with shift; at the end the wheel is left to what is around."""
        if self.scene is None:
            return
        row, column = self.scene.first
        if event.shift or event.ctrl:
            column += direction * WHEEL
        else:
            row += direction * WHEEL
        if self.scroll_window((row, column)):
            event.stop()
            event.prevent_default()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Down, or to the right with shift."""
        self._wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Up, or to the left with shift."""
        self._wheel(event, -1)
