"""The confusion matrix of what was worked out last."""

from typing import Any

from textual import on
from textual.app import ComposeResult

from engine.explanation import Explanation
from tui.screens.assessed import Assessed
from tui.screens.desk import Desk
from tui.screens.tab import Tab
from tui.widgets.matrix_grid import MatrixGrid
from tui.widgets.matrix_pane import MatrixPane


class MatrixTab(Tab):
    """Follows the operating point, in sight or not: it is where everything begins."""

    def __init__(self, desk: Desk[Any], *, plain: bool, id: str) -> None:
        super().__init__(id=id)
        self.desk = desk
        self.plain = plain
        self.assessed: Assessed | None = None

    def compose(self) -> ComposeResult:
        classes = self.desk.assessment.classes
        yield MatrixPane(classes, self.desk.terms, plain=self.plain, id="matrix-pane")

    @property
    def pane(self) -> MatrixPane:
        """The matrix and what stands beside it."""
        return self.query_one(MatrixPane)

    def follow(self, assessed: Assessed) -> None:
        before, self.assessed, pane = self.assessed, assessed, self.pane
        if before is None or before.wish.point != assessed.wish.point:
            pane.set_reactive(MatrixPane.images, None)  # said with the matrix, which is another
        pane.optima = self.desk.optima(assessed)
        pane.matrix = assessed.matrix

    def follow_up(self, found: Any) -> None:
        self.pane.images = found

    def show_class(self, class_: int | None) -> None:
        if class_ is not None:
            self.pane.go_to(class_)

    @on(MatrixGrid.Opened)
    def open_feed(self, message: MatrixGrid.Opened) -> None:
        self.post_message(self.FeedWanted(message.selection))

    @property
    def explanation(self) -> Explanation | None:
        """Of the cell under the cursor."""
        if self.assessed is None:
            return None
        return self.desk.explain_cell(self.assessed, self.pane.grid.selection)
