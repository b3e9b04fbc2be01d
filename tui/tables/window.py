"""A window on a table of metrics, and the cursor in it."""

from dataclasses import replace
from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.drawing.names import cut
from tui.tables.paint.layout import HEADING, fit
from tui.tables.paint.lines import TableInk, paint
from tui.tables.paint.scene import ALL_ROW, TableCell, TableScene
from tui.tables.paint.view import DATASET_ORDER, MetricsView, Order, TableColumn, filtered, rows

START: TableCell = (ALL_ROW, 0)


class MetricsWindow(Widget, can_focus=True):
    """As much of the table as there is room for.

    Names, headings and the row of all stay in sight; two rules part them from the rest and
    are its scroll bars. A change sends only the cells that look different. The cursor stays
    on its row when numbers, order or filter change.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"metrics--{part}" for part in TableInk.__dataclass_fields__ if part != "blank"
    }
    DEFAULT_CSS = """
    MetricsWindow {
        width: 1fr; height: 1fr; background: $background; color: $foreground;
        & > .metrics--number { color: $foreground 85%; }
        & > .metrics--quiet { color: $foreground 35%; }
        & > .metrics--bar { color: $primary 45%; }
        & > .metrics--name { color: $foreground 75%; }
        & > .metrics--all { color: $foreground; text-style: bold; }
        & > .metrics--never { color: $foreground 75%; text-style: italic; }
        & > .metrics--few { color: $text-warning; }
        & > .metrics--corner { color: $foreground 75%; }
        & > .metrics--group { color: $foreground 18%; }
        & > .metrics--heading { color: $foreground 75%; }
        & > .metrics--crosshair {
            background: $foreground 18%; color: $foreground; text-style: bold;
        }
        & > .metrics--rule { color: $foreground 22%; }
        & > .metrics--thumb { color: $foreground 60%; }
        & > .metrics--cursor { background: $foreground 65%; color: $background; text-style: bold; }
        &:focus > .metrics--cursor { background: $foreground; color: $background; }
        &:ansi > .metrics--cursor { text-style: reverse bold; }
    }
    """

    view: reactive[MetricsView | None] = reactive(None, init=False, repaint=False)
    order: reactive[Order] = reactive(DATASET_ORDER, init=False, repaint=False)
    wanted: reactive[str] = reactive("", init=False, repaint=False)
    typing: reactive[bool] = reactive(False, init=False, repaint=False)
    # Row of the metrics and index of the column under the cursor. Who watches it draws in
    # the same frame as the cursor itself.
    place: reactive[TableCell] = reactive((0, 0), init=False, repaint=False)

    def __init__(self, view: MetricsView | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.scene: TableScene | None = None
        self._ink: TableInk | None = None
        self._row: int | None = None  # the cursor's row of the metrics; None on that of all
        self.set_reactive(MetricsWindow.view, view)

    @property
    def cursor(self) -> TableCell:
        """The position of the cursor's row and column."""
        return self.scene.cursor if self.scene else START

    @property
    def column(self) -> TableColumn | None:
        """The column under the cursor."""
        return self.view.columns[self.cursor[1]] if self.view else None

    @property
    def class_(self) -> int | None:
        """The class under the cursor, None for all classes."""
        return None if self._row is None or self.view is None else self.view.class_of(self._row)

    @property
    def shown(self) -> tuple[str, ...]:
        """Names of the rows that the filter leaves, in the order in which they stand."""
        scene = self.scene
        return tuple(scene.view.classes[row] for row in scene.rows.tolist()) if scene else ()

    def settle(self, top: bool = False) -> None:
        """Work out the scene again; only cells that look different are sent."""
        before = self.scene
        self._work_out(top)
        after = self.scene
        if before is None or after is None or not after.same_frame(before):
            self.refresh()
        elif regions := after.changed_since(before):
            self.refresh(*regions)

    def watch_view(self) -> None:
        self.settle()

    def watch_order(self) -> None:
        """Who stands on a row sees the head of the list."""
        if self._row is not None:
            self._stand_at_head()
        self.settle(top=True)

    def watch_wanted(self) -> None:
        """The cursor goes to the first row that is left, unless its own is."""
        left = filtered(self.view.classes, self.wanted) if self.view else ()
        if self.wanted and self._row not in left:
            self._stand_at_head()
        self.settle(top=True)

    def _stand_at_head(self) -> None:
        there = rows(self.view, self.order, self.wanted).tolist() if self.view else []
        self._row = there[0] if there else None

    def watch_typing(self) -> None:
        if self.scene is not None:
            self.scene = replace(self.scene, typing=self.typing)
            self.refresh(Region(0, 0, self.scene.layout.gutter, HEADING))

    def on_resize(self) -> None:
        """Another size is another layout."""
        self._work_out()
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
            return paint(self.scene, self._ink, y)
        text = "The table needs more room" if self.view else "No numbers yet"
        middle = y == (self.size.height - 1) // 2
        width = self.size.width
        line = cut(text if middle else "", width).center(width)
        return Strip([Segment(line, self._ink.corner)])

    def _look_up_ink(self) -> TableInk:
        styles = {part[9:]: self.get_component_rich_style(part) for part in self.COMPONENT_CLASSES}
        return TableInk(blank=self.rich_style, **styles)

    def _work_out(self, top: bool = False) -> None:
        """The scene of this view at this size, the cursor on the same row and column."""
        before, view = self.scene, self.view
        layout = fit(view, *self.size) if view else None
        if view is None or layout is None:
            self.scene = None
            return
        there = rows(view, self.order, self.wanted)
        column = min(before.cursor[1] if before else self.place[1], len(view.columns) - 1)
        nowhere = ALL_ROW if view.pinned or not len(there) else 0
        found = there.tolist().index(self._row) if self._row in there else nowhere
        cursor = (found, column)
        first = (0 if top or before is None else before.first[0], before.first[1] if before else 0)
        scene = TableScene(view, layout, there, first, cursor, self.order, self.wanted, self.typing)
        scene = replace(scene, first=scene.within(first))
        if before is None or top or (before.layout, before.cursor) != (layout, cursor):
            # Who has scrolled away from the cursor else stays there.
            scene = replace(scene, first=scene.showing(cursor))
        self.scene = scene
        self._stand()

    def walk(self, cursor: TableCell) -> None:
        """The cursor goes to a cell, and the window after it."""
        before = self.scene
        if before is None or cursor == before.cursor:
            return
        first = before.showing(cursor)
        if first == before.first:
            self.scene = replace(before, cursor=cursor)
            self.refresh(*before.cursor_regions(cursor), *self.scene.cursor_regions(before.cursor))
        else:
            self.scroll_window(first, cursor)
        self._stand()

    def scroll_window(self, first: TableCell, cursor: TableCell | None = None) -> bool:
        """Other rows and columns come into sight; False where there are none."""
        before = self.scene
        if before is None:
            return False
        place = before.within(first)
        if place == before.first:
            return False
        self.scene = replace(before, first=place, cursor=cursor or before.cursor)
        self.refresh()
        return True

    def _stand(self) -> None:
        """The cursor's row is that of its position."""
        if (scene := self.scene) is not None:
            row = scene.row(scene.cursor[0])
            self._row = None if row == scene.view.everything else row
            self.place = (row, scene.cursor[1])
