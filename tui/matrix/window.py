"""A window on a confusion matrix, and the cursor in it."""

from dataclasses import replace
from typing import ClassVar

import numpy as np
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from engine.core.matrix import ConfusionMatrix
from engine.core.outcomes import Selection
from tui.drawing.heat import palette
from tui.matrix.paint.layout import MatrixLayout, fit
from tui.matrix.paint.lines import MatrixInk, note, paint
from tui.matrix.paint.scene import (
    MatrixCell,
    MatrixScene,
    changed_regions,
    cursor_regions,
    first_around,
    scrolled_regions,
)
from tui.matrix.paint.view import MatrixView
from tui.matrix.walk import stand

NO_MATRIX = MatrixView((), ConfusionMatrix(np.zeros((1, 1), np.int64)), np.empty(0, np.intp))


class MatrixWindow(Widget, can_focus=True):
    """As much of a matrix as there is room for.

    Row names, headings, the end column and the end row stay in sight; two rules part
    them from the rest and are its scroll bars. A change sends only the cells that look
    different.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"matrix--{part}"
        for part in ("name", "end-name", "crosshair", "corner", "rule", "thumb", "cursor")
    }
    DEFAULT_CSS = """
    MatrixWindow {
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
        self.scene: MatrixScene | None = None
        self._ink: MatrixInk | None = None
        self.room = Size(0, 0)  # what there was last: hidden, a widget has none
        self.set_reactive(MatrixWindow.view, view)

    @property
    def cursor(self) -> MatrixCell:
        """The position of the cursor's row and column among those on show."""
        return self.scene.cursor if self.scene else (0, 0)

    @property
    def selection(self) -> Selection:
        """What the cell under the cursor counts."""
        return Selection(self.truth, self.predicted)

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
            self.set_reactive(MatrixWindow.place, (truth, predicted))
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
        nearest = before.cursor if before else (0, 0)
        cursor = stand(self.view, self.truth, self.predicted, nearest)
        if before is not None and (layout, cursor) == (before.layout, before.cursor):
            first = before.first  # someone who scrolled away from the cursor stays there
        else:
            first = self._first_showing(layout, cursor, before.first if before else (0, 0))
        self.scene = MatrixScene.of(self.view, layout, first, cursor)
        self._stand_at(cursor)

    def _first_showing(
        self, layout: MatrixLayout, cursor: MatrixCell, first: MatrixCell
    ) -> MatrixCell:
        total = self.view.classes
        return (
            first_around(cursor[0], first[0], layout.rows, total),
            first_around(cursor[1], first[1], layout.columns, total),
        )

    def walk(self, cursor: MatrixCell) -> None:
        """The cursor goes to a cell, and the window after it."""
        before = self.scene
        if before is None or cursor == before.cursor:
            return
        first = self._first_showing(before.layout, cursor, before.first)
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
            self.scroll_window(self._first_showing(self.scene.layout, self.scene.cursor, first))

    def _stand_at(self, cursor: MatrixCell) -> None:
        """The cursor's classes are those of its position."""
        classes = self.view.class_at
        truth, predicted = int(classes[cursor[0]]), int(classes[cursor[1]])
        if (truth, predicted) != (self.truth, self.predicted):
            self.truth, self.predicted = truth, predicted
            self.place = (truth, predicted)
