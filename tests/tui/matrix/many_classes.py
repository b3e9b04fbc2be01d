"""A matrix of many classes in an app of its own, as it stands in the matrix tab."""

import numpy as np
from textual.app import App

from engine.core.arrays import NOTHING
from engine.core.matrix import ConfusionMatrix
from tui.controls.lines import Lines
from tui.drawing.terms import BOXES, IMAGES
from tui.matrix.map import MatrixMap
from tui.matrix.overview import MatrixOverview
from tui.matrix.pane import MatrixPane

CLASSES = 120
UNUSED = range(100, 110)  # without ground truth and predictions
FAR = (90, 20)  # the largest confusion


def confusing(classifier=False, scale=1) -> ConfusionMatrix:
    """Class 5 is taken for all from 6 to 45, the later the more often; 90 for 20 most of all."""
    counts = np.zeros((CLASSES + 1, CLASSES + 1), np.int64)
    counts[range(CLASSES), range(CLASSES)] = 100
    counts[5, 6:46] = np.arange(1, 41)
    counts[7, 5] = 30
    counts[FAR] = 77
    if not classifier:
        counts[:-1, NOTHING], counts[NOTHING, :-1] = 40, 10
    counts[UNUSED] = counts[:, UNUSED] = 0
    ends = ("", "") if classifier else ("Not an object", "Not detected")
    return ConfusionMatrix(counts * scale, 0, *ends)


class ManyApp(App[None]):
    """Says what its parts say."""

    CSS = """
    Screen.-wide #matrix-side { display: block; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012

    def __init__(self, matrix=None, classifier=False, plain=False):
        super().__init__()
        self.opening = confusing(classifier) if matrix is None else matrix
        names = tuple(f"kind {index}" for index in range(self.opening.classes))
        terms = IMAGES if classifier else BOXES
        self.pane = MatrixPane(names, terms, plain=plain, id="pane")
        self.opened = []

    def compose(self):
        yield self.pane

    def on_mount(self):
        self.pane.matrix = self.opening
        self.pane.grid.focus()

    def on_matrix_grid_opened(self, message):
        self.opened.append(message.selection)

    @property
    def grid(self):
        return self.pane.grid

    @property
    def overview(self):
        return self.pane.query_one(MatrixOverview)

    @property
    def map(self):
        return self.pane.query_one("#matrix-map", MatrixMap)

    @property
    def heading(self):
        return self.words("matrix-title") if self.pane.query_one("#matrix-title").display else ""

    @property
    def says(self):
        return self.words("cell-words")

    def words(self, id):
        return self.pane.query_one(f"#{id}", Lines).plain

    @property
    def cell(self):
        return self.grid.truth, self.grid.predicted
