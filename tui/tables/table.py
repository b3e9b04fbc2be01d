"""A table of metrics that one walks through, sorts and filters by keys or mouse."""

from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.binding import BindingType
from textual.message import Message

from tui.tables.keys import BINDINGS
from tui.tables.paint.layout import HEADING
from tui.tables.paint.scene import ALL_ROW
from tui.tables.paint.view import DATASET_ORDER
from tui.tables.pointer import PointedWindow

FAR: Final = 1 << 30
WHEEL: Final = 3
LETTERS: Final = 40  # more are not typed


class MetricsTable(PointedWindow):
    """What it shows is one frozen view; what a person does, it posts.

    A class is an index into the classes of the view, None stands for all classes.
    """

    BINDINGS: ClassVar[list[BindingType]] = BINDINGS
    PANE = "Metrics"

    @dataclass
    class RowOpened(Message):
        """The person wants the images of a row."""

        class_: int | None

    @dataclass
    class MatrixAsked(Message):
        """The person wants the row in the matrix."""

        class_: int | None

    @dataclass
    class CurveAsked(Message):
        """The person wants the curve of the row."""

        class_: int | None

    @dataclass
    class ExportAsked(Message):
        """The person wants the table in a file."""

    @dataclass
    class ExplanationAsked(Message):
        """The person wants to know how a number came to be."""

        metric: str
        row: int  # of the metrics; the last is that of all classes

    def action_move(self, rows: int, columns: int) -> None:
        """Walk."""
        if self.scene:
            self.walk(self.scene.step(self.cursor, rows, columns))

    def action_page(self, direction: int) -> None:
        """Walk as many rows as are in sight, but one."""
        if self.scene:
            self.action_move(direction * max(self.scene.layout.rows - 1, 1), 0)

    def action_ends(self, rows: int, columns: int) -> None:
        """Walk to the first or last row or column."""
        self.action_move(rows * FAR, columns * FAR)

    def action_sort(self) -> None:
        """Sort by the cursor's column, or turn the order round."""
        self._sort_by(self.cursor[1])

    def _sort_by(self, index: int) -> None:
        """Words have no order."""
        if self.scene and self.scene.layout.columns[index].kind != "words":
            self.order = self.order.then(self.scene.layout.columns[index])

    def action_dataset_order(self) -> None:
        """As the dataset has it."""
        self.order = DATASET_ORDER

    def action_filter(self) -> None:
        """Type letters of names."""
        self.typing = self.scene is not None

    def action_open(self) -> None:
        """Ask for the images of the row."""
        if self.scene:
            self.post_message(self.RowOpened(self.class_))

    def action_matrix(self) -> None:
        """Ask for the row in the matrix."""
        if self.scene:
            self.post_message(self.MatrixAsked(self.class_))

    def action_curve(self) -> None:
        """Ask for the curve of the row."""
        if self.scene:
            self.post_message(self.CurveAsked(self.class_))

    def action_export(self) -> None:
        """Ask for a file."""
        if self.scene:
            self.post_message(self.ExportAsked())

    def action_explain(self) -> None:
        """Ask how the number in question came to be."""
        if self.scene:
            self.post_message(self.ExplanationAsked(self.question, self.in_question[0]))

    def on_key(self, event: events.Key) -> None:
        """While names are filtered letters are letters; escape shows all classes again."""
        letter = event.character if event.is_printable else None
        if event.key == "escape" and (self.typing or self.wanted):
            self.typing, self.wanted = False, ""
        elif not self.typing:
            return
        elif event.key == "enter":
            self.typing = False
        elif event.key == "backspace":
            self.typing, self.wanted = bool(self.wanted), self.wanted[:-1]
        elif event.key == "ctrl+u":
            self.wanted = ""
        elif letter:
            self.wanted = (self.wanted + letter)[:LETTERS]
        else:
            return  # arrows walk through what is left
        event.stop()
        event.prevent_default()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """The footer does not offer letters as keys while they are typed."""
        return self.typing and character is not None and character.isprintable()

    def on_paste(self, event: events.Paste) -> None:
        """Letters may come at once."""
        if self.typing:
            event.stop()
            self.wanted = (self.wanted + " ".join(event.text.split()))[:LETTERS]

    def on_blur(self) -> None:
        """Who goes elsewhere has given up typing; the filter stays."""
        self.typing = False

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Choose the cell, or the row of a name; sort by a heading."""
        scene, (x, y) = self.scene, event.get_content_offset_capture(self)
        if scene is None or event.button != 1:
            return
        column, position = scene.layout.column_at(scene.first[1], x), scene.position_at(y)
        if y < HEADING and column == -1:
            self.action_dataset_order()
        elif y < HEADING and column is not None:
            self.walk((self.cursor[0], column))
            self._sort_by(column)
        elif position is not None and column is not None:
            self.walk((position, self.cursor[1] if column < 0 else column))

    def on_click(self, event: events.Click) -> None:
        """A double click opens what a single one chose."""
        scene, (_, y) = self.scene, event.get_content_offset_capture(self)
        if event.chain == 2 and scene is not None and scene.position_at(y) is not None:
            self.action_open()

    def _wheel(self, event: events.MouseEvent, direction: int) -> None:
        """Scroll, sideways with shift; at the end the wheel is left to what is around."""
        if self.scene is None:
            return
        row, column = self.scene.first
        if event.shift or event.ctrl:
            column += direction
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

    def move_to(self, class_: int | None, column: int | None = None) -> None:
        """Put the cursor on the row of a class, all classes shown if the filter hides it."""
        if self.scene is None:
            return
        if class_ is not None and class_ not in self.scene.rows:
            self.wanted = ""
        there = self.scene.rows.tolist()
        position = there.index(class_) if class_ in there else ALL_ROW
        self.walk((position, self.cursor[1] if column is None else column))
