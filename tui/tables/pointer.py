"""The number that the pointer rests on in the table of metrics."""

from typing import Final

from textual import events
from textual.geometry import Offset
from textual.reactive import reactive

from tui.controls.pause import Pause
from tui.tables.paint.scene import TableCell
from tui.tables.paint.view import MetricsView
from tui.tables.window import MetricsWindow

REST: Final = 0.15  # seconds without a move before the pointer rests


class PointedWindow(MetricsWindow):
    """Tells what the pointer rests on, and draws nothing for it.

    The last act counts: who walks on with keys is not held back by a pointer left behind.
    """

    # Row of the metrics and index of the column, None where the pointer is on no number.
    pointed: reactive[TableCell | None] = reactive(None, init=False, repaint=False)

    def __init__(self, view: MetricsView | None = None, *, id: str | None = None) -> None:
        super().__init__(view, id=id)
        self._pointer: Offset | None = None
        self._rest = Pause(self, REST, self.point)

    @property
    def in_question(self) -> TableCell:
        """Row and column of the number pointed at, else of that under the cursor."""
        return self.place if self.pointed is None else self.pointed

    @property
    def question(self) -> str:
        """The name by which the number in question is explained."""
        if self.view is None:
            return ""
        row, column = self.in_question
        return self.view.question(row, self.view.columns[column])

    def point(self) -> None:
        """What is under the pointer now is what it rests on."""
        scene, pointer = self.scene, self._pointer
        self.pointed = None if scene is None or pointer is None else scene.cell_at(*pointer)

    def forget_pointer(self) -> None:
        """Until it moves again."""
        self._pointer = self.pointed = None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Of many moves only the place where they end is looked at."""
        pointer = event.get_content_offset_capture(self)
        if pointer != self._pointer:
            self._pointer = pointer
            self._rest.begin()

    def on_leave(self) -> None:
        """Back to the number under the cursor."""
        self.forget_pointer()

    def on_resize(self) -> None:
        """Another cell may be where the pointer was."""
        self.forget_pointer()

    def watch_place(self) -> None:
        """The cursor has gone elsewhere."""
        self.forget_pointer()

    def settle(self, top: bool = False) -> None:
        """Other rows may have come under the pointer, or fewer."""
        super().settle(top)
        if self.pointed is not None:
            self.point()

    def scroll_window(self, first: TableCell, cursor: TableCell | None = None) -> bool:
        """Other cells come under the pointer."""
        scrolled = super().scroll_window(first, cursor)
        if scrolled and self._pointer is not None:
            self._rest.begin()
        return scrolled
