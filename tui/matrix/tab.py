"""The confusion matrix of what was worked out last."""

from dataclasses import dataclass, replace
from typing import Any, Final

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.worker import Worker, WorkerState, get_current_worker

from engine.core.explanation import Explanation
from engine.core.outcomes import Selection
from tui.controls.pause import Pause
from tui.desk.assessed import Assessed
from tui.desk.desk import Desk
from tui.desk.pages import first_images
from tui.desk.tab import Tab
from tui.drawing.sentences import cell_explanation
from tui.grids.grid import MatrixGrid
from tui.matrix.first_images import FirstImages
from tui.matrix.pane import MatrixPane
from tui.pictures.paint.previews import FeedView
from tui.terminal.capabilities import Graphics

ROOM_FOR_IMAGES: Final = 170  # columns
PAUSE: Final = 0.12  # seconds without a key after which the first images follow


class MatrixTab(Tab):
    """Follows the operating point while it is in sight."""

    purpose = (
        "Matrix: which classes the model takes for which. A row is a class of the ground "
        "truth, a column a class that was predicted; a cell leads to its images."
    )

    DEFAULT_CSS = """
    MatrixTab {
        & MatrixPane { width: 1fr; }
        & FirstImages { width: 24%; max-width: 64; display: none; }
        &.-roomy FirstImages { display: block; }
    }
    """

    @dataclass
    class Looked(Message):
        """The first images of a cell."""

        assessed: Assessed
        cell: Selection
        view: FeedView

    def __init__(self, desk: Desk[Any], graphics: Graphics, *, plain: bool, id: str) -> None:
        super().__init__(id=id)
        self.desk = desk
        self.graphics = graphics
        self.plain = plain
        self.assessed: Assessed | None = None
        self.pause = Pause(self, PAUSE, self.look)

    def compose(self) -> ComposeResult:
        classes = self.desk.assessment.classes
        with Horizontal():
            yield MatrixPane(classes, self.desk.terms, plain=self.plain, id="matrix-pane")
            yield FirstImages(self.graphics, id="first-images")

    def on_mount(self) -> None:
        self.watch(self.pane.grid, "place", self.look_soon, init=False)

    def on_resize(self) -> None:
        shows = self.graphics.protocol != "off" and self.size.width >= ROOM_FOR_IMAGES
        self.set_class(shows, "-roomy")
        self.look_soon()

    @property
    def pane(self) -> MatrixPane:
        """The matrix and what stands beside it."""
        return self.query_one(MatrixPane)

    def follow(self, assessed: Assessed) -> None:
        self.assessed, pane = assessed, self.pane
        pane.images_of = assessed.images_of
        pane.optima = assessed.optima
        pane.matrix = assessed.matrix
        self.look_soon()

    def entered(self) -> None:
        self.pane.in_focus.focus()
        self.look_soon()

    # The first images of the cell under the cursor

    @property
    def images(self) -> FirstImages:
        """What shows them."""
        return self.query_one(FirstImages)

    def look_soon(self) -> None:
        """When the cursor rests: nothing is worked out, drawn or sent while it walks."""
        if self.display and self.has_class("-roomy"):
            self.images.interrupt()
            self.pause.begin()

    def look(self) -> None:
        """Work out the first images of the cell."""
        if self.assessed is not None and self.is_attached:
            self.look_up(self.assessed, self.pane.grid.selection, self.images.room)

    @work(thread=True, group="first-images", exclusive=True, exit_on_error=False)
    def look_up(self, assessed: Assessed, cell: Selection, room: int) -> None:
        wish = replace(assessed.wish, selection=cell, order=self.desk.orders[0].name)
        found = assessed.for_wish(replace(wish, descending=True))
        if not get_current_worker().is_cancelled:
            view = first_images(self.desk, found, room)
            self.post_message(self.Looked(assessed, cell, view))

    @on(Looked)
    def show_first_images(self, message: Looked) -> None:
        if message.assessed is self.assessed and message.cell == self.pane.grid.selection:
            self.images.view = message.view
            self.images.resume()  # where it is the same as before

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """An error that nobody foresaw must not pass in silence."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            raise event.worker.error

    @on(FirstImages.Asked)
    def open_first_images(self) -> None:
        self.post_message(self.FeedWanted(self.pane.grid.selection))

    @property
    def feed_selection(self) -> Selection:
        """The cell under the cursor, or the row, column or matrix opened since it moved."""
        return self.pane.grid.chosen

    def feed_opened(self, selection: Selection) -> None:
        pane = self.pane
        pane.grid.choose(selection)
        pane.overview.cell = pane.grid.cursor
        pane.say_cell()

    def show_class(self, class_: int | None) -> None:
        if class_ is not None:
            self.pane.go_to(class_)

    @on(MatrixGrid.Opened)
    def open_feed(self, message: MatrixGrid.Opened) -> None:
        self.post_message(self.FeedWanted(message.selection))

    @property
    def explanation(self) -> Explanation | None:
        """Of the cell under the cursor."""
        if (assessed := self.assessed) is None:
            return None
        cell, desk = self.pane.grid.selection, self.desk
        return cell_explanation(
            assessed.matrix, desk.assessment.classes, cell, desk.terms, assessed.made_at
        )
