"""The confusion matrix as a grid that one walks through by keys or mouse."""

from dataclasses import dataclass, replace
from typing import ClassVar, Final, Literal

import numpy as np
from textual import events, on
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from engine.core.arrays import Indices
from engine.core.matrix import ConfusionMatrix
from engine.core.outcomes import Selection
from tui.controls.wheel import Turn, scrolled_by
from tui.drawing.heat import palette
from tui.grids.keys import BINDINGS
from tui.grids.paint.layout import fit
from tui.grids.paint.lines import MatrixInk, note, paint
from tui.grids.paint.scene import (
    MatrixCell,
    MatrixScene,
    changed_regions,
    cursor_regions,
    first_with_cursor,
    scrolled_regions,
)
from tui.grids.paint.view import MODES, MatrixView, Mode
from tui.grids.walk import FAR, along, stand, step

NO_MATRIX: Final = MatrixView((), ConfusionMatrix(np.zeros((1, 1), np.int64)), np.empty(0, np.intp))


class MatrixGrid(Widget, can_focus=True):
    """What it shows is one frozen view; what a person does, it posts.

    There is as much of a matrix as there is room for. Row names, headings, the end column and
    the end row stay in sight; two rules part them from the rest and are its scroll bars. A
    change sends only the cells that look different.
    """

    PANE = "Matrix"
    BINDINGS: ClassVar[list[BindingType]] = BINDINGS
    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"matrix--{part}"
        for part in ("name", "end-name", "crosshair", "corner", "rule", "thumb", "cursor")
    }
    DEFAULT_CSS = """
    MatrixGrid {
        width: 1fr; height: 1fr; background: $background; color: $foreground;
        & > .matrix--name { color: $foreground 75%; }
        & > .matrix--end-name { color: $foreground 75%; text-style: italic; }
        & > .matrix--crosshair {
            background: $foreground 18%; color: $foreground; text-style: bold;
        }
        & > .matrix--corner { color: $foreground 75%; }
        & > .matrix--rule { color: $foreground 22%; }
        & > .matrix--thumb { color: $foreground 60%; }
        & > .matrix--cursor { background: $foreground 65%; color: $background; text-style: bold; }
        &:focus > .matrix--cursor { background: $foreground; color: $background; }
        &:ansi > .matrix--cursor { text-style: reverse bold; }
    }
    """

    @dataclass
    class Opened(Message):
        """The person wants to see what a cell, a row, a column or the matrix counts."""

        selection: Selection

    @dataclass
    class ModeChanged(Message):
        """The person wants cells to say something else."""

        mode: Mode

    view = reactive(NO_MATRIX, init=False, repaint=False)
    # Where the cursor stands: class indices of the dataset, or NOTHING. Watched, so that all
    # that follows is drawn in the same frame: a message would be one frame later.
    place = reactive((0, 0), init=False, repaint=False)

    def __init__(
        self, view: MatrixView = NO_MATRIX, *, plain: bool = False, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.plain = plain
        self.truth = self.predicted = 0
        self.opened: Selection | None = None  # other than the cell, since the cursor moved
        self._held: Literal["", "rows", "columns"] = ""  # the scroll bar that the mouse has hold of
        self.scene: MatrixScene | None = None
        self._ink: MatrixInk | None = None
        self.room = Size(0, 0)  # what there was last: hidden, a widget has none
        self.set_reactive(MatrixGrid.view, view)

    @property
    def cursor(self) -> MatrixCell:
        """The position of the cursor's row and column among those on show."""
        return self.scene.cursor if self.scene else (0, 0)

    @property
    def selection(self) -> Selection:
        """What the cell under the cursor counts."""
        return Selection(self.truth, self.predicted)

    @property
    def chosen(self) -> Selection:
        """The cell under the cursor, or the row, column or matrix opened since it moved."""
        return self.opened or self.selection

    def choose(self, selection: Selection) -> None:
        """Something was opened, here or elsewhere: the cursor comes as near to it as it can."""
        truth, predicted = selection.truth, selection.predicted
        self.move_to(
            self.truth if truth is None else truth,
            self.predicted if predicted is None else predicted,
        )
        self.opened = None if selection == self.selection else selection

    @property
    def window(self) -> Region:
        """Columns (x) and rows (y) in sight, in positions on show."""
        if (scene := self.scene) is None:
            return Region()
        layout = scene.layout
        return Region(scene.first_column, scene.first_row, layout.columns, layout.rows)

    def move_to(self, truth: int, predicted: int) -> None:
        """Put the cursor on these classes, or near them where they are not on show."""
        if self.scene is None:
            self.truth, self.predicted = truth, predicted
            self.set_reactive(MatrixGrid.place, (truth, predicted))
        else:
            self.walk(stand(self.view, truth, predicted, self.cursor))

    def watch_view(self) -> None:
        """Everything follows from the view; only cells that look different are sent."""
        before = self.scene
        self._settle()
        after = self.scene
        if before is None or after is None or not after.same_frame(before):
            self.refresh()
        elif regions := changed_regions(after, after.block.changed_since(before.block)):
            self.refresh(*regions)

    def on_resize(self) -> None:
        """Another size is another layout."""
        self.room = self.size
        self._settle()
        self.refresh()

    def notify_style_update(self) -> None:
        """Theme or focus changed: the styles are looked up again when they are needed."""
        super().notify_style_update()
        self._ink = None

    def render_line(self, y: int) -> Strip:
        """One line of the widget."""
        if self._ink is None:
            self._ink = self._look_up_ink()
        if self.scene is not None:
            return paint(self.scene, self._ink, y, self.size.width)
        text = "The matrix needs more room"
        if not self.view.classes:
            text = "No class is shown" if self.view.names else "No classes"
        middle = y == (self.size.height - 1) // 2
        return note(text if middle else "", self._ink, self.size.width)

    def _look_up_ink(self) -> MatrixInk:
        _, background = self.background_colors
        parts = sorted(self.COMPONENT_CLASSES)
        styles = {part[8:].replace("-", "_"): self.get_component_rich_style(part) for part in parts}
        colours = palette(background, self.styles.color, self.plain, self.app.current_theme.dark)
        return MatrixInk(blank=self.rich_style, palette=colours, **styles)

    def _settle(self) -> None:
        """Work out the scene of this view at this size, the cursor on the same classes."""
        before = self.scene
        layout = fit(self.view, *self.room) if self.view.classes else None
        if layout is None:
            self.scene = None
            return
        cursor = stand(self.view, self.truth, self.predicted, self.cursor)
        first = before.first if before is not None else (0, 0)
        if before is None or (layout, cursor) != (before.layout, before.cursor):
            # Someone who scrolled away from the cursor else stays there.
            first = first_with_cursor(layout, cursor, first, self.view.classes)
        self.scene = MatrixScene.of(self.view, layout, first, cursor)
        self._stand_at(cursor)

    def walk(self, cursor: MatrixCell) -> None:
        """The cursor goes to a cell, and the window after it."""
        before = self.scene
        if before is None or cursor == before.cursor:
            return
        first = first_with_cursor(before.layout, cursor, before.first, self.view.classes)
        if first == before.first:
            self.scene = replace(before, cursor=cursor)
            self.refresh(
                *cursor_regions(before, cursor), *cursor_regions(self.scene, before.cursor)
            )
        else:
            self.scroll_window(first, cursor)
        self._stand_at(cursor)

    def scroll_window(self, first: MatrixCell, cursor: MatrixCell | None = None) -> bool:
        """Other rows and columns come into sight; False where there are none."""
        before = self.scene
        if before is None:
            return False
        after = MatrixScene.of(self.view, before.layout, first, cursor or before.cursor)
        if after.first == before.first:
            return False
        self.scene = after
        self.refresh(*scrolled_regions(before, after))
        return True

    def scroll_near(self, first: MatrixCell) -> None:
        """From there on, or as little away from it as brings the cursor into sight."""
        if self.scene is not None:
            layout, cursor = self.scene.layout, self.scene.cursor
            self.scroll_window(first_with_cursor(layout, cursor, first, self.view.classes))

    def _stand_at(self, cursor: MatrixCell) -> None:
        """The cursor's classes are those of its position."""
        classes = self.view.class_at
        truth, predicted = int(classes[cursor[0]]), int(classes[cursor[1]])
        if (truth, predicted) != (self.truth, self.predicted):
            self.truth, self.predicted, self.opened = truth, predicted, None
            self.place = (truth, predicted)

    # Keys

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
        self._walk_along(self.view.confusions, forward)

    def action_end_error(self, forward: bool) -> None:
        """Walk along what was not detected and what is not an object, the largest first."""
        self._walk_along(self.view.at_ends, forward)

    def _walk_along(self, cells: Indices, forward: bool) -> None:
        there = along(cells, self.cursor, forward) if self.scene else None
        if there is not None:
            self.walk(there)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A difference of counts is no share of anything; a classifier may have no ends."""
        if action == "end_error":
            return len(self.view.at_ends) > 0
        return action != "mode" or not self.view.signed

    def action_mode(self) -> None:
        """Ask for the next of counts, row % and column %."""
        following = MODES.index(self.view.mode) + 1
        self.post_message(self.ModeChanged(MODES[following % len(MODES)]))

    def _open(self, selection: Selection) -> None:
        if self.scene:
            self.post_message(self.Opened(selection))

    def action_open_cell(self) -> None:
        self._open(self.selection)

    def action_open_row(self) -> None:
        self._open(Selection(truth=self.truth))

    def action_open_column(self) -> None:
        self._open(Selection(predicted=self.predicted))

    def action_open_all(self) -> None:
        self._open(Selection())

    # The mouse

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
        if (scene := self.scene) is not None and self._held:
            x, y = event.get_content_offset_capture(self)
            self.scroll_window(scene.first_at_bar(self._held, x, y))

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

    @on(events.MouseScrollDown)
    @on(events.MouseScrollUp)
    def scroll(self, event: Turn) -> None:
        """Down or up, sideways with shift; at the end the wheel is left to what is around."""
        if self.scene and self.scroll_window(scrolled_by(event, self.scene.first)):
            event.stop()
            event.prevent_default()
