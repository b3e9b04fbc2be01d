"""The matrix, what stands beside it, and the line below that says a cell in words."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Literal

import numpy as np
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.reactive import reactive
from textual.widget import Widget

from engine.core.matrix import ConfusionMatrix
from engine.core.outcomes import Selection
from engine.detection.class_thresholds import ClassOptima
from tui.controls.class_filter import ClassFilter
from tui.controls.class_jump import ClassJump
from tui.controls.lines import Lines
from tui.controls.pause import Pause
from tui.drawing.names import cut
from tui.drawing.sentences import cell_words
from tui.drawing.summaries import one_line
from tui.drawing.terms import Terms
from tui.drawing.two_classes import has_four_cells
from tui.grids.grid import NO_MATRIX, MatrixGrid
from tui.grids.paint.scene import MatrixCell
from tui.grids.paint.view import MatrixView, Mode
from tui.grids.walk import stand
from tui.matrix.keys import PANE_BINDINGS
from tui.matrix.map import MatrixMap
from tui.matrix.overview import MatrixOverview
from tui.matrix.paint.blocks import block_words, cell_of, overview_title
from tui.matrix.paint.class_choice import MANY, ClassChoice
from tui.matrix.paint.neighbourhood import Neighbourhood, middle_of, neighbourhood
from tui.matrix.side import MatrixSide

MatrixDisplay = Literal["cells", "overview", "neighbourhood"]
DISPLAYS: Final[tuple[MatrixDisplay, ...]] = ("cells", "overview", "neighbourhood")
FOUR_CELLS_WIDE: Final = 76  # columns
WIDE: Final = 110  # columns: from here on a map stands beside the cells
MAP_HIGH: Final = 24  # lines
PAUSE: Final = 0.2  # seconds without a key after which the panel follows
REST: Final = 0.4  # seconds without a step of a slider after which partners are chosen anew


@dataclass(frozen=True)
class CursorPlace:
    """Where somebody was among the cells."""

    cell: Selection
    first: MatrixCell  # row and column in sight


class MatrixPane(Vertical):
    """Shows one matrix; which classes, what cells say and where the cursor is, it keeps itself.

    One that does not fit is looked at in three ways: its cells, all of it from far, or one
    class among those it is confused with. The cursor is one in all of them.
    """

    PANE = "Classes"
    DEFAULT_CSS = """
    MatrixPane {
        & #matrix-title { height: 1; padding: 0 1; display: none; color: $foreground 75%; }
        &.-four-cells #matrix-side { display: block; }
        & #cell-words { height: 1; padding: 0 1; background: $foreground 8%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = PANE_BINDINGS

    matrix: reactive[ConfusionMatrix | None] = reactive(None, init=False, repaint=False)
    optima: reactive[ClassOptima | None] = reactive(None, init=False, repaint=False)
    mode: reactive[Mode] = reactive[Mode]("counts", init=False, repaint=False)
    look: reactive[MatrixDisplay] = reactive[MatrixDisplay]("cells", init=False, repaint=False)
    choice: reactive[ClassChoice] = reactive(ClassChoice.of(0), init=False, repaint=False)

    def __init__(
        self, classes: tuple[str, ...], terms: Terms, *, plain: bool = False, id: str
    ) -> None:
        super().__init__(id=id)
        self.names = classes
        self.terms = terms
        self.plain = plain
        self.images_of: Callable[[Selection], int | None] = lambda _: None  # behind a cell
        self.whole = NO_MATRIX  # the view of all classes on show
        self.near: Neighbourhood | None = None
        self.begins = True  # until it is known how much is in sight
        self.left = CursorPlace(Selection(0, 0), (0, 0))
        self.pause = Pause(self, PAUSE, self.show_panel)
        self.rest = Pause(self, REST, self.choose_near)
        self.set_reactive(MatrixPane.choice, ClassChoice.of(len(classes)))

    def compose(self) -> ComposeResult:
        yield Lines(id="matrix-title")
        with Horizontal():
            yield MatrixGrid(plain=self.plain, id="grid")
            yield MatrixOverview(plain=self.plain, id="overview")
            yield MatrixSide(plain=self.plain, id="matrix-side")
        yield Lines(id="cell-words")

    def on_mount(self) -> None:
        self.watch(self.overview, "cell", self.follow_overview, init=False)
        self.watch(self.grid, "place", self.show_cell, init=False)

    @property
    def grid(self) -> MatrixGrid:
        """The grid itself."""
        return self.query_one(MatrixGrid)

    @property
    def overview(self) -> MatrixOverview:
        """The matrix from far."""
        return self.query_one(MatrixOverview)

    @property
    def side(self) -> MatrixSide:
        """What stands beside them where there is room."""
        return self.query_one(MatrixSide)

    @property
    def in_focus(self) -> Widget:
        """What the keys are for."""
        return self.overview if self.look == "overview" else self.grid

    def watch_choice(self) -> None:
        self.show_matrix()
        self.refresh_bindings()

    def on_resize(self) -> None:
        self.call_after_refresh(self.choose_near)
        self.make_room()
        self.show_title()
        self.show_cell()
        self.call_after_refresh(self.settle)  # when the grid knows its size too

    def settle(self) -> None:
        """What depends on how much of the matrix is in sight."""
        narrow = self.begins and 0 < self.size.width < WIDE
        if narrow and self.whole.classes > MANY and not self.fits:
            self.begins = False
            self.turn_to("overview")  # where nothing stands beside the few cells in sight
            return
        self.begins = self.begins and not self.size.width
        # Not by a class: for that the styles of all that is in here would be worked out anew.
        self.side.map.display = self.shows_map
        self.refresh_bindings()
        self.call_after_refresh(self.show_panel)  # the map has taken its room

    def make_room(self) -> None:
        """A matrix of four cells leaves room for what stands beside it on any usual terminal."""
        four = self.matrix is not None and has_four_cells(self.matrix, self.terms)
        self.set_class(four and self.size.width >= FOUR_CELLS_WIDE, "-four-cells")

    @property
    def shows_map(self) -> bool:
        """Whether a map helps, and leaves room for the words below it."""
        return self.look != "overview" and not self.fits and self.size.height >= MAP_HIGH

    @property
    def fits(self) -> bool:
        """Whether all classes are in sight at once."""
        scene, total = self.grid.scene, self.whole.classes
        whole = scene is None or scene.layout.rows == scene.layout.columns == total
        return self.look == "cells" and whole

    def show_matrix(self) -> None:
        """The grid and the words follow from the matrix, the mode and the classes shown."""
        if self.matrix is None:
            return
        begins = not self.whole.names
        self.make_room()
        choice = self.choice.meeting(self.matrix)
        self.set_reactive(MatrixPane.choice, choice)
        self.whole = MatrixView(
            self.names,
            self.matrix,
            choice.shown,
            self.mode,
            choice.note,
            self.matrix.extra_row or None,
            self.matrix.extra_column or None,
        )
        if begins and self.whole.classes > MANY:  # what to look at first, where one sees little
            for truth, predicted in self.matrix.confusions(1).tolist():
                self.grid.move_to(truth, predicted)
        self.show_view()
        self.show_title()
        self.say_cell()
        self.show_panel()  # what a slider moved is there at once, whole

    watch_matrix = watch_mode = show_matrix

    def show_view(self) -> None:
        """All classes on show, or those around one."""
        near = self.near
        if self.look == "neighbourhood" and near is not None:
            self.grid.view = replace(self.whole, shown=near.shown, order="")
            self.rest.begin()
            return
        self.grid.view = self.whole
        if self.look == "overview":
            self.overview.mark_cell(self.grid.cursor)
            self.overview.show(self.whole, self.grid.window, self.grid.cursor)

    def show_title(self) -> None:
        """What the matrix leaves out, above it; no line where it leaves out nothing."""
        line = one_line(self.title, self.size.width - 2)
        title = self.query_one("#matrix-title", Lines)
        title.display = bool(line)
        title.show([line])

    @property
    def title(self) -> tuple[str, ...]:
        """What is hidden that nobody chose to hide, the most important first."""
        if self.look == "overview":
            scene = self.overview.scene
            return overview_title(self.whole, None if scene is None else scene.far)
        if self.look == "neighbourhood" and self.near is not None:
            return self.near.title(self.whole)
        return self.choice.title

    def show_cell(self) -> None:
        """Say the cell under the cursor; the panel follows."""
        self.say_cell()
        self.pause.begin()

    def say_cell(self) -> None:
        """What is chosen, or the block under the cursor, in words."""
        if self.matrix is None:
            return
        line, scene = self.query_one("#cell-words", Lines), self.overview.scene
        opened = self.grid.opened is not None
        if self.look == "overview" and scene is not None and not opened:
            width = line.content_size.width
            words = block_words(scene.view, scene.far, scene.cursor, self.terms, width)
        else:
            chosen = self.grid.chosen
            images = None if opened else self.images_of(chosen)
            words = cell_words(self.matrix, self.names, chosen, images, self.terms)
        line.show([Text(cut(words, line.content_size.width))])

    def show_panel(self) -> None:
        """What stands beside the grid; it is large, so it waits for a pause in the walking."""
        side, cell = self.side, self.grid.selection
        if self.matrix is not None and side.room.width:
            images, optima = self.images_of(cell), self.optima
            side.say(self.matrix, self.names, cell, images, optima, self.terms)
            if side.map.display:
                side.map.show(self.whole, self.window, self.position)

    @property
    def window(self) -> Region:
        """What is in sight, in positions of the whole; nothing where classes stand elsewhere."""
        return self.grid.window if self.look != "neighbourhood" else Region()

    @property
    def position(self) -> MatrixCell:
        """Where the cell under the cursor stands in the whole."""
        return stand(self.whole, self.grid.truth, self.grid.predicted, (0, 0))

    @on(MatrixGrid.ModeChanged)
    def change_mode(self, message: MatrixGrid.ModeChanged) -> None:
        self.mode = message.mode

    def action_jump(self) -> None:
        def jump(class_: int | None) -> None:
            if class_ is not None:
                self.go_to(class_)

        self.app.push_screen(ClassJump(self.names), jump)

    @on(MatrixSide.ConfusionChosen)
    def go_to_confusion(self, message: MatrixSide.ConfusionChosen) -> None:
        self.go_to(message.truth, message.predicted)

    def go_to(self, class_: int, predicted: int | None = None) -> None:
        """Put the cursor on what is right of a class, or on what is taken for another one.

        Classes that are hidden are shown.
        """
        seen = class_ if predicted is None else predicted
        if self.look == "neighbourhood" and self.near is not None:
            if not np.isin((class_, seen), self.near.shown).all():
                self.near = self.neighbourhood_of(class_)
                self.show_matrix()
            if seen in self.near.shown:
                self.grid.move_to(class_, seen)
                return
            self.turn_to("cells")
        for hidden in {class_, seen}:
            if not self.choice.mask[hidden]:
                self.choice = self.choice.adding(hidden)
        self.grid.move_to(class_, seen)
        self.overview.cell = self.grid.cursor

    def action_filter(self) -> None:
        def show(classes: tuple[int, ...] | None) -> None:
            if classes:
                self.choice = self.choice.choosing(classes)

        self.app.push_screen(ClassFilter(self.names, self.choice.shown.tolist()), show)

    def action_unused(self) -> None:
        self.choice = self.choice.turned()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is something else to look at where not everything is in sight."""
        if action == "look":
            return not self.fits
        if action == "cells":
            return self.look != "cells"
        return self.choice.can_turn if action == "unused" else True

    # From one look to another

    def action_look(self, step: int) -> None:
        """The next or previous look."""
        there = DISPLAYS[(DISPLAYS.index(self.look) + step) % len(DISPLAYS)]
        if there == "neighbourhood" and middle_of(self.grid.selection) is None:
            there = DISPLAYS[(DISPLAYS.index(there) + step) % len(DISPLAYS)]
        self.turn_to(there)

    def action_cells(self) -> None:
        """Back to where one was among the cells."""
        self.turn_to("cells")
        place = self.left
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
            self.side.map.display = self.shows_map
            self.show_matrix()
            if self.look == "cells":
                self.grid.scroll_near(self.left.first)
        self.call_after_refresh(self.settle)

    def on_descendant_focus(self) -> None:
        if self.screen.focused in (self.grid, self.overview):  # perhaps hidden meanwhile
            self.in_focus.focus()

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
