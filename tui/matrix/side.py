"""What stands beside the cells of a matrix: a map of all of it, and the cell in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Size
from textual.message import Message

from engine.core.matrix import ConfusionMatrix
from engine.core.outcomes import Selection
from engine.detection.class_thresholds import ClassOptima
from tui.controls.lines import Lines
from tui.drawing.sentences import CONFUSION, cell_panel
from tui.drawing.terms import Terms
from tui.matrix.map import MatrixMap


class MatrixSide(Vertical):
    """The map has its room only where it is displayed."""

    DEFAULT_CSS = """
    MatrixSide {
        width: 34; height: 1fr; padding: 0 1; display: none;
        border-left: vkey $foreground 15%;
        & #matrix-map { height: 36%; max-height: 17; display: none; }
    }
    """

    @dataclass
    class ConfusionChosen(Message):
        """The person clicked one of the largest confusions: classes of the dataset."""

        truth: int
        predicted: int

    def __init__(self, *, plain: bool, id: str) -> None:
        super().__init__(id=id)
        self.plain = plain

    def compose(self) -> ComposeResult:
        yield MatrixMap(plain=self.plain, id="matrix-map")
        yield Lines(id="cell-panel")

    @property
    def map(self) -> MatrixMap:
        """All of the matrix, beside the part that is in sight."""
        return self.query_one(MatrixMap)

    @property
    def panel(self) -> Lines:
        """The cell under the cursor in words."""
        return self.query_one("#cell-panel", Lines)

    @property
    def room(self) -> Size:
        """What the words have; nothing while it is hidden."""
        return self.panel.content_size if self.display else Size(0, 0)

    def say(
        self,
        matrix: ConfusionMatrix,
        classes: Sequence[str],
        cell: Selection,
        images: int | None,
        optima: ClassOptima | None,
        terms: Terms,
    ) -> None:
        """The cell in as many words as there is room for; see cell_panel."""
        width, height = self.room
        panel = cell_panel(matrix, classes, cell, images, optima, terms, width, height)
        self.panel.show(list(panel.split("\n")))

    def on_click(self, event: events.Click) -> None:
        """A line of the largest confusions leads to its cell."""
        if confusion := event.style.meta.get(CONFUSION):
            self.post_message(self.ConfusionChosen(*confusion))
