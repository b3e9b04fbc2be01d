"""The matrix, what stands beside it, and the line below that says a cell in words."""

from typing import ClassVar, Final

import numpy as np
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive

from engine.arrays import Counts
from engine.goals import ClassOptima
from engine.matrix import ConfusionMatrix
from engine.outcomes import Selection
from tui.painters.matrix_view import MatrixView, Mode
from tui.painters.sentences import cell_panel, cell_words
from tui.painters.terms import Terms
from tui.painters.two_classes import has_four_cells
from tui.widgets.class_filter import ClassFilter
from tui.widgets.class_jump import ClassJump
from tui.widgets.lines import Lines
from tui.widgets.matrix_grid import MatrixGrid
from tui.widgets.pause import Pause

FOUR_CELLS_WIDE: Final = 76  # columns
PAUSE: Final = 0.2  # seconds without a key after which the panel follows


class MatrixPane(Vertical):
    """Shows one matrix; which classes, what cells say and where the cursor is, it keeps itself."""

    PANE = "Classes"
    DEFAULT_CSS = """
    MatrixPane {
        & #cell-panel {
            width: 34; height: 1fr; padding: 0 1; display: none;
            border-left: vkey $foreground 15%;
        }
        &.-four-cells #cell-panel { display: block; }
        & #cell-words { height: 1; padding: 0 1; background: $foreground 8%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash", "jump", "Class", tooltip="Jump to a class", key_display="/", id="matrix.jump"
        ),
        Binding("f", "filter", "Filter classes", show=False, id="matrix.filter"),
    ]

    matrix: reactive[ConfusionMatrix | None] = reactive(None, init=False, repaint=False)
    images: reactive[Counts | None] = reactive(None, init=False, repaint=False, always_update=True)
    optima: reactive[ClassOptima | None] = reactive(None, init=False, repaint=False)
    mode: reactive[Mode] = reactive[Mode]("counts", init=False, repaint=False)
    shown: reactive[tuple[int, ...]] = reactive((), init=False, repaint=False)

    def __init__(
        self, classes: tuple[str, ...], terms: Terms, *, plain: bool = False, id: str
    ) -> None:
        super().__init__(id=id)
        self.names = classes
        self.terms = terms
        self.plain = plain
        self.pause = Pause(self, PAUSE, self.show_panel)
        self.set_reactive(MatrixPane.shown, tuple(range(len(classes))))

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield MatrixGrid(plain=self.plain, id="grid")
            yield Lines(id="cell-panel")
        yield Lines(id="cell-words")

    def on_mount(self) -> None:
        self.watch(self.grid, "place", self.show_cell, init=False)

    @property
    def grid(self) -> MatrixGrid:
        """The grid itself."""
        return self.query_one(MatrixGrid)

    def watch_matrix(self) -> None:
        self.show_matrix()

    def watch_mode(self) -> None:
        self.show_matrix()

    def watch_shown(self) -> None:
        self.show_matrix()

    def watch_images(self) -> None:
        self.show_cell()

    def on_resize(self) -> None:
        self.make_room()
        self.show_cell()

    def make_room(self) -> None:
        """A matrix of four cells leaves room for what stands beside it on any usual terminal."""
        four = self.matrix is not None and has_four_cells(self.matrix, self.terms)
        self.set_class(four and self.size.width >= FOUR_CELLS_WIDE, "-four-cells")

    def show_matrix(self) -> None:
        """The grid and the words follow from the matrix, the mode and the classes shown."""
        if self.matrix is None:
            return
        self.make_room()
        hidden = len(self.names) - len(self.shown)
        self.grid.view = MatrixView(
            self.names,
            self.matrix,
            np.array(self.shown, np.intp),
            self.mode,
            f"{hidden} classes hidden" if hidden else "",
            self.matrix.extra_row or None,
            self.matrix.extra_column or None,
        )
        self.show_cell()

    def show_cell(self) -> None:
        """Say the cell under the cursor."""
        if self.matrix is None:
            return
        cell = self.grid.selection
        images = self.images_of(cell)
        words = cell_words(self.matrix, self.names, cell, images, self.terms)
        self.query_one("#cell-words", Lines).show([Text(words)])
        self.pause.begin()

    def images_of(self, cell: Selection) -> int | None:
        """In how many images a cell counts something; None while that is not known."""
        if self.images is None or cell.truth is None or cell.predicted is None:
            return None
        return int(self.images[cell.truth, cell.predicted])

    def show_panel(self) -> None:
        """What stands beside the grid; it is large, so it waits for a pause in the walking."""
        side = self.query_one("#cell-panel", Lines)
        width = side.content_size.width
        if self.matrix is not None and side.display and width:
            cell = self.grid.selection
            images = self.images_of(cell)
            panel = cell_panel(
                self.matrix, self.names, cell, images, self.optima, self.terms, width
            )
            side.show(list(panel.split("\n")))

    @on(MatrixGrid.ModeChanged)
    def change_mode(self, message: MatrixGrid.ModeChanged) -> None:
        self.mode = message.mode

    def action_jump(self) -> None:
        def jump(class_: int | None) -> None:
            if class_ is not None:
                self.go_to(class_)

        self.app.push_screen(ClassJump(self.names), jump)

    def go_to(self, class_: int) -> None:
        """Put the cursor on what is right of a class, and show the class if it is hidden."""
        if class_ not in self.shown:
            self.shown = tuple(sorted((*self.shown, class_)))
        self.grid.move_to(class_, class_)

    def action_filter(self) -> None:
        def show(classes: tuple[int, ...] | None) -> None:
            if classes:
                self.shown = classes

        self.app.push_screen(ClassFilter(self.names, self.shown), show)

    def select(self, selection: Selection) -> None:
        """Put the cursor on a cell."""
        if selection.truth is not None and selection.predicted is not None:
            self.grid.move_to(selection.truth, selection.predicted)
