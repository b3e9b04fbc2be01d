"""Three ways to look at a matrix that does not fit: its cells, all from far, one class's own."""

from dataclasses import dataclass, replace
from typing import ClassVar, Final, Literal

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.reactive import reactive
from textual.widget import Widget

from engine.core.outcomes import Selection
from tui.controls.lines import Lines
from tui.controls.pause import Pause
from tui.matrix.map import MatrixMap
from tui.matrix.overview import MatrixOverview
from tui.matrix.paint.blocks import block_words, cell_of, overview_title
from tui.matrix.paint.class_choice import MANY
from tui.matrix.paint.neighbourhood import Neighbourhood, middle_of, neighbourhood
from tui.matrix.paint.scene import MatrixCell
from tui.matrix.pane import MatrixPane

MatrixDisplay = Literal["cells", "overview", "neighbourhood"]
LOOKS: Final[tuple[MatrixDisplay, ...]] = ("cells", "overview", "neighbourhood")
WIDE: Final = 110  # columns: from here on a map stands beside the cells
REST: Final = 0.4  # seconds without a step of a slider after which partners are chosen anew


@dataclass(frozen=True)
class CursorPlace:
    """Where somebody was among the cells."""

    cell: Selection
    first: MatrixCell  # row and column in sight


class MatrixLooks(MatrixPane):
    """The cursor is one in all of them: what stands beside the matrix follows it as ever."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("z", "look(1)", "Map", tooltip="Overview, neighbourhood, cells", id="matrix.look"),
        Binding(
            "Z", "look(-1)", "Neighbourhood, overview, cells", show=False, id="matrix.look_back"
        ),
        Binding(
            "escape,backspace", "cells", "Back to the same cell", show=False, id="matrix.cells"
        ),
    ]

    look: reactive[MatrixDisplay] = reactive[MatrixDisplay]("cells", init=False, repaint=False)
    near: Neighbourhood | None = None
    begins = True  # until it is known how much is in sight
    left = CursorPlace(Selection(0, 0), (0, 0))

    def views(self) -> ComposeResult:
        yield from super().views()
        yield MatrixOverview(plain=self.plain, id="overview")

    def on_mount(self) -> None:
        self.rest = Pause(self, REST, self.choose_near)
        self.watch(self.overview, "cell", self.follow_overview, init=False)

    def on_resize(self) -> None:
        self.call_after_refresh(self.choose_near)

    @property
    def overview(self) -> MatrixOverview:
        """The matrix from far."""
        return self.query_one(MatrixOverview)

    @property
    def in_focus(self) -> Widget:
        """What the keys are for."""
        return self.overview if self.look == "overview" else self.grid

    @property
    def fits(self) -> bool:
        return self.look == "cells" and super().fits

    @property
    def shows_map(self) -> bool:
        return self.look != "overview" and super().shows_map

    @property
    def window(self) -> Region:
        return super().window if self.look != "neighbourhood" else Region()

    # From one look to another

    def action_look(self, step: int) -> None:
        """The next or previous look."""
        there = LOOKS[(LOOKS.index(self.look) + step) % len(LOOKS)]
        if there == "neighbourhood" and middle_of(self.grid.selection) is None:
            there = LOOKS[(LOOKS.index(there) + step) % len(LOOKS)]
        self.turn_to(there)

    def action_cells(self) -> None:
        """Back to where one was among the cells."""
        place = self.left
        self.turn_to("cells")
        if place.cell.truth is not None and place.cell.predicted is not None:
            self.grid.move_to(place.cell.truth, place.cell.predicted)
        self.grid.scroll_near(place.first)

    @on(MatrixOverview.Zoomed)
    def zoom(self) -> None:
        """The cells of a block."""
        self.turn_to("cells")

    def turn_to(self, look: MatrixDisplay) -> None:
        """Look this way, the cursor on the same cell."""
        if self.look == "cells":
            first = self.grid.scene.first if self.grid.scene else (0, 0)
            self.left = CursorPlace(self.grid.selection, first)
        class_ = middle_of(self.grid.selection)
        if look == "neighbourhood" and class_ is not None:
            self.near = self.neighbourhood_of(class_)
        self.look = look

    def watch_look(self) -> None:
        had_focus, shown = self.has_focus_within, self.in_focus
        hidden = self.grid if shown is self.overview else self.overview
        with self.app.batch_update():  # one frame for all of it
            shown.display = True
            if had_focus:  # while both are there: else it would go elsewhere in between
                self.screen.set_focus(shown)
            hidden.display = False
            self.map.display = self.shows_map
            self.show_matrix()
            if self.look == "cells":
                self.grid.scroll_near(self.left.first)
        self.call_after_refresh(self.settle)

    def settle(self) -> None:
        narrow = self.begins and 0 < self.size.width < WIDE
        if narrow and self.whole.classes > MANY and not self.fits:
            self.begins = False
            self.turn_to("overview")  # where nothing stands beside the few cells in sight
            return
        self.begins = self.begins and not self.size.width
        super().settle()

    @on(MatrixMap.Chosen)
    def go_to_block(self, message: MatrixMap.Chosen) -> None:
        """A click on the map leads to the largest error there."""
        row, column = cell_of(self.whole, message.rows, message.columns)
        classes = self.whole.class_at
        self.grid.move_to(int(classes[row]), int(classes[column]))

    # The overview

    @on(MatrixOverview.Fitted)
    def say_block(self) -> None:
        """It knows its size, and so what a block is."""
        self.show_title()
        self.say_cell()

    def follow_overview(self, cell: MatrixCell) -> None:
        """The cursor of the cells is where that of the blocks is."""
        self.grid.walk(cell)
        self.overview.mark(self.grid.window, cell)

    def show_view(self) -> None:
        near = self.near
        if self.look == "neighbourhood" and near is not None:
            self.grid.view = replace(self.whole, shown=near.shown, order="")
            self.rest.begin()
            return
        super().show_view()
        if self.look == "overview":
            self.overview.mark_cell(self.grid.cursor)
            self.overview.show(self.whole, self.grid.window, self.grid.cursor)

    def say_cell(self) -> None:
        scene = self.overview.scene
        if self.look != "overview" or scene is None:
            super().say_cell()
            return
        line = self.query_one("#cell-words", Lines)
        width = line.content_size.width
        line.show([Text(block_words(scene.view, scene.far, scene.cursor, self.terms, width))])

    @property
    def title(self) -> tuple[str, ...]:
        if self.look == "overview":
            scene = self.overview.scene
            return overview_title(self.whole, None if scene is None else scene.far)
        if self.look == "neighbourhood" and self.near is not None:
            return self.near.title(self.whole)
        return super().title

    # The neighbourhood

    def neighbourhood_of(self, class_: int) -> Neighbourhood:
        """Of a class, as much as fits below the line that says so."""
        width, height = self.grid.room
        return neighbourhood(self.whole, class_, width, height - (not self.title))

    def choose_near(self) -> None:
        """The worst partners at this operating point: they stay while a slider is moved."""
        if self.look != "neighbourhood" or self.near is None or self.matrix is None:
            return
        near = self.neighbourhood_of(self.near.class_)
        if near.shown.tolist() != self.near.shown.tolist():
            self.near = near
            self.show_matrix()

    def go_to(self, class_: int) -> None:
        if self.look == "neighbourhood" and self.near is not None:
            if class_ not in self.near.shown:
                self.near = self.neighbourhood_of(class_)
                self.show_matrix()
            self.grid.move_to(class_, class_)
            return
        super().go_to(class_)
        self.overview.cell = self.grid.cursor

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is something else to look at where not everything is in sight."""
        if action == "look":
            return not self.fits
        if action == "cells":
            return self.look != "cells"
        return super().check_action(action, parameters)
