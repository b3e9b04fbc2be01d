"""The matrix, what stands beside it, and the line below that says a cell in words."""

from collections.abc import Callable
from typing import ClassVar, Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.reactive import reactive

from engine.core.matrix import ConfusionMatrix
from engine.core.outcomes import Selection
from engine.detection.class_thresholds import ClassOptima
from tui.controls.class_filter import ClassFilter
from tui.controls.class_jump import ClassJump
from tui.controls.lines import Lines
from tui.controls.pause import Pause
from tui.drawing.sentences import cell_panel, cell_words
from tui.drawing.summaries import one_line
from tui.drawing.terms import Terms
from tui.drawing.two_classes import has_four_cells
from tui.matrix.grid import MatrixGrid
from tui.matrix.keys import PANE_BINDINGS
from tui.matrix.map import MatrixMap
from tui.matrix.paint.class_choice import MANY, ClassChoice
from tui.matrix.paint.scene import MatrixCell
from tui.matrix.paint.view import MatrixView, Mode
from tui.matrix.walk import stand
from tui.matrix.window import NO_MATRIX

FOUR_CELLS_WIDE: Final = 76  # columns
MAP_HIGH: Final = 24  # lines
PAUSE: Final = 0.2  # seconds without a key after which the panel follows


class MatrixPane(Vertical):
    """Shows one matrix; which classes, what cells say and where the cursor is, it keeps itself."""

    PANE = "Classes"
    DEFAULT_CSS = """
    MatrixPane {
        & #matrix-title { height: 1; padding: 0 1; display: none; color: $foreground 75%; }
        & #matrix-side {
            width: 34; height: 1fr; padding: 0 1; display: none;
            border-left: vkey $foreground 15%;
        }
        &.-four-cells #matrix-side { display: block; }
        & #matrix-map { height: 36%; max-height: 17; display: none; }
        & #cell-words { height: 1; padding: 0 1; background: $foreground 8%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = PANE_BINDINGS

    matrix: reactive[ConfusionMatrix | None] = reactive(None, init=False, repaint=False)
    optima: reactive[ClassOptima | None] = reactive(None, init=False, repaint=False)
    mode: reactive[Mode] = reactive[Mode]("counts", init=False, repaint=False)
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
        self.pause = Pause(self, PAUSE, self.show_panel)
        self.set_reactive(MatrixPane.choice, ClassChoice.of(len(classes)))

    def compose(self) -> ComposeResult:
        yield Lines(id="matrix-title")
        with Horizontal():
            yield from self.views()
            with Vertical(id="matrix-side"):
                yield MatrixMap(plain=self.plain, id="matrix-map")
                yield Lines(id="cell-panel")
        yield Lines(id="cell-words")

    def views(self) -> ComposeResult:
        """What shows the matrix."""
        yield MatrixGrid(plain=self.plain, id="grid")

    def on_mount(self) -> None:
        self.watch(self.grid, "place", self.show_cell, init=False)

    @property
    def grid(self) -> MatrixGrid:
        """The grid itself."""
        return self.query_one(MatrixGrid)

    @property
    def map(self) -> MatrixMap:
        """All of the matrix, beside the part that is in sight."""
        return self.query_one("#matrix-map", MatrixMap)

    def watch_matrix(self) -> None:
        self.show_matrix()

    def watch_mode(self) -> None:
        self.show_matrix()

    def watch_choice(self) -> None:
        self.show_matrix()
        self.refresh_bindings()

    def on_resize(self) -> None:
        self.make_room()
        self.show_title()
        self.show_cell()
        self.call_after_refresh(self.settle)  # when the grid knows its size too

    def settle(self) -> None:
        """What depends on how much of the matrix is in sight."""
        # Not by a class: for that the styles of all that is in here would be worked out anew.
        self.map.display = self.shows_map
        self.refresh_bindings()
        self.call_after_refresh(self.show_panel)  # the map has taken its room

    def make_room(self) -> None:
        """A matrix of four cells leaves room for what stands beside it on any usual terminal."""
        four = self.matrix is not None and has_four_cells(self.matrix, self.terms)
        self.set_class(four and self.size.width >= FOUR_CELLS_WIDE, "-four-cells")

    @property
    def shows_map(self) -> bool:
        """Whether a map helps, and leaves room for the words below it."""
        return not self.fits and self.size.height >= MAP_HIGH

    @property
    def fits(self) -> bool:
        """Whether all classes are in sight at once."""
        scene = self.grid.scene
        return scene is None or scene.layout.rows == scene.layout.columns == self.whole.classes

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

    def show_view(self) -> None:
        """The grid shows all classes on show."""
        self.grid.view = self.whole

    def show_title(self) -> None:
        """What the matrix leaves out, above it; no line where it leaves out nothing."""
        line = one_line(self.title, self.size.width - 2)
        title = self.query_one("#matrix-title", Lines)
        title.display = bool(line)
        title.show([line])

    @property
    def title(self) -> tuple[str, ...]:
        """What is hidden that nobody chose to hide, the most important first."""
        return self.choice.title

    def show_cell(self) -> None:
        """Say the cell under the cursor; the panel follows."""
        self.say_cell()
        self.pause.begin()

    def say_cell(self) -> None:
        """The cell under the cursor in words."""
        if self.matrix is None:
            return
        cell = self.grid.selection
        words = cell_words(self.matrix, self.names, cell, self.images_of(cell), self.terms)
        self.query_one("#cell-words", Lines).show([Text(words)])

    def show_panel(self) -> None:
        """What stands beside the grid; it is large, so it waits for a pause in the walking."""
        side, far = self.query_one("#cell-panel", Lines), self.map
        width, height = side.content_size
        if self.matrix is not None and self.query_one("#matrix-side").display and width:
            cell = self.grid.selection
            images = self.images_of(cell)
            panel = cell_panel(
                self.matrix, self.names, cell, images, self.optima, self.terms, width, height
            )
            side.show(list(panel.split("\n")))
            if far.display:
                far.show(self.whole, self.window, self.position)

    @property
    def window(self) -> Region:
        """What is in sight, in positions of the whole."""
        return self.grid.window

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

    def go_to(self, class_: int) -> None:
        """Put the cursor on what is right of a class, and show the class if it is hidden."""
        if not self.choice.mask[class_]:
            self.choice = self.choice.adding(class_)
        self.grid.move_to(class_, class_)

    def action_filter(self) -> None:
        def show(classes: tuple[int, ...] | None) -> None:
            if classes:
                self.choice = self.choice.choosing(classes)

        self.app.push_screen(ClassFilter(self.names, self.choice.shown.tolist()), show)

    def action_unused(self) -> None:
        self.choice = self.choice.turned()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Classes that do not occur can be shown where there are any."""
        return self.choice.can_turn if action == "unused" else True
