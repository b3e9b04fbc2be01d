"""A table of numbers that one walks through, sorts and filters by keys or mouse."""

from dataclasses import dataclass, replace
from typing import ClassVar, Final

from textual import events, on
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.controls.wheel import Turn, scrolled_by
from tui.drawing.heat import palette
from tui.tables.name_filter import after_key, after_paste
from tui.tables.paint.layout import HEADING, fit
from tui.tables.paint.lines import PARTS, TableInk, note, paint
from tui.tables.paint.scene import ALL_ROW, TableCell, TableScene
from tui.tables.paint.view import DATASET_ORDER, MetricsView, Order, TableColumn, filtered, rows
from tui.tables.pointer import RestingPointer

START: Final[TableCell] = (ALL_ROW, 0)
FAR: Final = 1 << 30


class WalkedTable(Widget, can_focus=True):
    """What it shows is one frozen view; what a person does, it posts.

    Names, headings and the row of all stay in sight; two rules part them from the rest and
    are its scroll bars. A change sends only the cells that look different. The cursor stays
    on its row when numbers, order or filter change. A class is an index into the classes of
    the view, None stands for all classes.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"metrics--{part}" for part in PARTS}
    DEFAULT_CSS = """
    WalkedTable {
        width: 1fr; height: 1fr; background: $background; color: $foreground;
        & > .metrics--number { color: $foreground 85%; }
        & > .metrics--quiet { color: $foreground 35%; }
        & > .metrics--bar { color: $primary 45%; }
        & > .metrics--name { color: $foreground 75%; }
        & > .metrics--all { color: $foreground; text-style: bold; }
        & > .metrics--never { color: $foreground 75%; text-style: italic; }
        & > .metrics--few { color: $text-warning; }
        & > .metrics--better { color: $text-success; text-style: bold; }
        & > .metrics--worse { color: $text-error; text-style: bold; }
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

    view: reactive[MetricsView | None] = reactive(None, init=False, repaint=False)
    order: reactive[Order] = reactive(DATASET_ORDER, init=False, repaint=False)
    wanted: reactive[str] = reactive("", init=False, repaint=False)
    typing: reactive[bool] = reactive(False, init=False, repaint=False)
    # Row of the metrics and index of the column under the cursor. Who watches it draws in
    # the same frame as the cursor itself.
    place: reactive[TableCell] = reactive((0, 0), init=False, repaint=False)
    # Row of the metrics and index of the column that the pointer rests on, None where it is
    # on no number. The last act counts: who walks on is not held back by a pointer left behind.
    pointed: reactive[TableCell | None] = reactive(None, init=False, repaint=False)
    scene: reactive[TableScene | None] = reactive(None, init=False, repaint=False)  # in sight

    def __init__(
        self,
        view: MetricsView | None = None,
        order: Order = DATASET_ORDER,
        *,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.pointer = RestingPointer(self, self.point)
        self._ink: TableInk | None = None
        self._row: int | None = None  # the cursor's row of the metrics; None on that of all
        self.set_reactive(WalkedTable.view, view)
        self.set_reactive(WalkedTable.order, order)

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
        if self.pointed is not None:  # other rows may be under the pointer, or fewer
            self.point()

    def watch_view(self) -> None:
        self.settle()

    def watch_order(self) -> None:
        """Who stands on a row sees the head of the list."""
        if self._row is not None:
            self.stand_at_head()
        self.settle(top=True)

    def watch_wanted(self) -> None:
        """The cursor goes to the first row that is left, unless its own is."""
        left = filtered(self.view.classes, self.wanted) if self.view else ()
        if self.wanted and self._row not in left:
            self.stand_at_head()
        self.settle(top=True)

    def stand_at_head(self) -> None:
        """The cursor goes to the first row in this order, drawn when the table is."""
        there = rows(self.view, self.order, self.wanted).tolist() if self.view else []
        self._row = there[0] if there else None

    def watch_typing(self) -> None:
        if self.scene is not None:
            self.scene = replace(self.scene, typing=self.typing)
            self.refresh(Region(0, 0, self.scene.layout.gutter, HEADING))

    def on_resize(self) -> None:
        """Another size is another layout, and another cell where the pointer was."""
        self.forget_pointer()
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
        return note(text if middle else "", self._ink, self.size.width)

    def _look_up_ink(self) -> TableInk:
        styles = {part[9:]: self.get_component_rich_style(part) for part in self.COMPONENT_CLASSES}
        app, background = self.app, self.background_colors[1]
        colours = palette(background, self.styles.color, app.no_color, app.current_theme.dark)
        return TableInk(blank=self.rich_style, heat=colours.right, **styles)

    def _work_out(self, top: bool = False) -> None:
        """The scene of this view at this size, the cursor on the same row and column."""
        before, view = self.scene, self.view
        layout = fit(view, *self.size) if view else None
        if view is None or layout is None:
            self.scene = None
            return
        column = before.cursor[1] if before else self.place[1]
        scene = TableScene.of(
            view, layout, self.order, self.wanted, self.typing, (self._row, column)
        )
        self.scene = scene.scrolled_as(before, top)
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
        self.pointer.passed_over()
        return True

    def _stand(self) -> None:
        """The cursor's row is that of its position."""
        if (scene := self.scene) is not None:
            row = scene.row(scene.cursor[0])
            self._row = None if row == scene.view.everything else row
            self.place = (row, scene.cursor[1])

    # The pointer

    def point(self) -> None:
        """What is under the pointer now is what it rests on."""
        scene, at = self.scene, self.pointer.at
        self.pointed = None if scene is None or at is None else scene.cell_at(*at)

    def forget_pointer(self) -> None:
        """Until it moves again."""
        self.pointer.at = self.pointed = None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self.pointer.move(event.get_content_offset_capture(self))

    def on_leave(self) -> None:
        self.forget_pointer()

    def watch_place(self) -> None:
        self.forget_pointer()

    # Keys

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
        if self.scene and self.scene.layout.columns[index].is_sortable:
            self.order = self.order.then(self.scene.layout.columns[index])

    def action_dataset_order(self) -> None:
        """As the dataset has it."""
        self.order = DATASET_ORDER

    def action_filter(self) -> None:
        """Type letters of names."""
        self.typing = self.scene is not None

    def action_open(self) -> None:
        if self.scene:
            self.post_message(self.RowOpened(self.class_))

    def action_matrix(self) -> None:
        if self.scene:
            self.post_message(self.MatrixAsked(self.class_))

    def action_curve(self) -> None:
        if self.scene:
            self.post_message(self.CurveAsked(self.class_))

    def action_export(self) -> None:
        if self.scene:
            self.post_message(self.ExportAsked())

    def action_explain(self) -> None:
        if self.scene:
            self.post_message(self.ExplanationAsked(self.question, self.in_question[0]))

    # The filter

    def on_key(self, event: events.Key) -> None:
        """While names are filtered letters are letters; escape shows all classes again."""
        letter = event.character if event.is_printable else None
        after = after_key(event.key, letter, self.typing, self.wanted)
        if after is not None:
            self.typing, self.wanted = after
            event.stop()
            event.prevent_default()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """The footer does not offer letters as keys while they are typed."""
        return self.typing and character is not None and character.isprintable()

    def on_paste(self, event: events.Paste) -> None:
        """Letters may come at once."""
        if self.typing:
            event.stop()
            self.wanted = after_paste(event.text, self.wanted)

    def on_blur(self) -> None:
        """Who goes elsewhere has given up typing; the filter stays."""
        self.typing = False

    # The mouse

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

    @on(events.MouseScrollDown)
    @on(events.MouseScrollUp)
    def scroll(self, event: Turn) -> None:
        """Down or up, sideways with shift; at the end the wheel is left to what is around."""
        scene = self.scene
        if scene and self.scroll_window(scrolled_by(event, scene.first, columns=1)):
            event.stop()
            event.prevent_default()

    def move_to(self, class_: int | None, column: int | None = None) -> None:
        """Put the cursor on the row of a class, all classes shown if the filter hides it."""
        if self.scene is None:
            return
        if class_ is not None and class_ not in self.scene.rows:
            self.wanted = ""
        there = self.scene.rows.tolist()
        position = there.index(class_) if class_ in there else ALL_ROW
        self.walk((position, self.cursor[1] if column is None else column))
