"""One image with its boxes, and the list of them."""

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.reactive import reactive
from textual.widgets import Static

from engine.core.assessment import DetailRow
from engine.images.cropping import union
from tui.controls.bindings import in_footer, quiet, together
from tui.image.box_table import BoxTable
from tui.image.image import CONFIDENCE, LEAVE, WALK, ImageScreen, ImageView
from tui.image.paint.detail_words import picture_facts, thresholds, why_words
from tui.pictures.paint.box_list import BoxList, same_row
from tui.pictures.paint.drawing import Subject
from tui.pictures.paint.drawn_boxes import CYCLE, BoxesShown, image_marks


@dataclass(frozen=True)
class DetailView(ImageView):
    """All that is known of one image at the current thresholds."""

    rows: tuple[DetailRow, ...]
    confidence: float
    iou: float
    matching: str = ""  # how predictions were paired with ground truths, in words
    focus: int | None = None  # the row that the person came for
    own: bool = False  # each class has a confidence of its own instead


class DetailScreen(ImageScreen):
    """Picture and list of boxes."""

    purpose = (
        "Image: what the model found in it, what is there, and why each box counts as it does."
    )

    CSS = """
    DetailScreen {
        & BoxTable { max-height: 75%; }
        & #why { height: 8; color: $foreground 75%; padding: 1 0 0 0; }
        &.-narrow BoxTable { height: 1fr; max-height: 100%; }
        &.-narrow #why { padding: 0; height: 2; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *WALK,
        in_footer(
            "tab,down,j", "box(1)", "Next box", "Go to the next box", "detail.box", priority=True
        ),
        quiet("shift+tab,up,k", "box(-1)", "Go to the box before", "detail.box_before"),
        in_footer("z", "zoom", "Zoom", "Zoom to the box, or back to the image", "detail.zoom"),
        in_footer("b", "boxes", "Boxes", "Show all boxes, one kind, or none", "detail.boxes"),
        *CONFIDENCE,
        *LEAVE,
        quiet("g", "truth", "Show or hide the ground truth", "detail.truth"),
        quiet("p", "predictions", "Show or hide the predictions", "detail.predictions"),
        *together(
            "Move the IoU threshold by .05, down or up",
            quiet("less_than_sign", "iou(-0.05)", "Move the IoU threshold down by .05", "iou.down"),
            quiet("greater_than_sign", "iou(0.05)", "Move the IoU threshold up by .05", "iou.up"),
        ),
    ]

    view: reactive[DetailView | None] = reactive(None, init=False, repaint=False)
    drawn: reactive[BoxesShown] = reactive[BoxesShown](CYCLE[0], init=False, repaint=False)
    zoomed: reactive[bool] = reactive(False, init=False, repaint=False)

    def compose_side(self) -> ComposeResult:
        yield BoxTable()
        yield Static(id="why", markup=False)

    # What is shown

    @property
    def shown(self) -> DetailView | None:
        return self.view

    def take(self, view: DetailView, *, moved: bool) -> None:
        """Of the same image the box in focus stays; of another it is the one one came for."""
        before, table = self.view, self.query_one(BoxTable)
        focus = view.focus
        if not moved:
            row = before.rows[table.cursor] if before and table.cursor is not None else None
            focus = same_row(view.rows, row)
        else:
            self.set_reactive(DetailScreen.zoomed, False)
        self.view = view
        with self.prevent(BoxTable.Focused):
            table.shown = BoxList(view.rows, self.source.classes, view.confidence, view.own)
            table.cursor = focus
        self.draw()

    def on_box_table_focused(self) -> None:
        self.draw()

    def watch_drawn(self) -> None:
        self.draw()

    def watch_zoomed(self) -> None:
        self.draw()

    def draw(self) -> None:
        """Every pane follows from the view, the box in focus and what is drawn."""
        view, table = self.view, self.query_one(BoxTable)
        if view is None:
            return
        focus = table.cursor
        row = view.rows[focus] if focus is not None else None
        around = union(row.box, row.partner) if row is not None and self.zoomed else None
        marks = image_marks(table.shown, self.drawn, focus)
        facts = picture_facts(view.name, view.size, len(view.rows))
        subject = Subject(view.path, around, 2.0, marks, facts=facts, size=view.size)
        self.draw_picture(subject, *thresholds(self.drawn, view.confidence, view.iou))
        why = why_words(view.rows, focus, view.matching)
        self.query_one("#why", Static).update(why, layout=False)

    # Keys

    def action_box(self, by: int) -> None:
        self.query_one(BoxTable).step(by)

    def action_zoom(self) -> None:
        if not self.zoomed and self.query_one(BoxTable).cursor is None:
            self.query_one(BoxTable).step(1)
        self.zoomed = not self.zoomed and self.query_one(BoxTable).cursor is not None

    def action_boxes(self) -> None:
        self.drawn = CYCLE[(CYCLE.index(self.drawn) + 1) % len(CYCLE)]

    def action_truth(self) -> None:
        self._toggle({CYCLE[0]: CYCLE[2], CYCLE[2]: CYCLE[0], CYCLE[1]: CYCLE[3]}, CYCLE[1])

    def action_predictions(self) -> None:
        self._toggle({CYCLE[0]: CYCLE[1], CYCLE[1]: CYCLE[0], CYCLE[2]: CYCLE[3]}, CYCLE[2])

    def _toggle(self, becomes: dict[BoxesShown, BoxesShown], from_none: BoxesShown) -> None:
        self.drawn = becomes.get(self.drawn, from_none)

    def action_iou(self, by: float) -> None:
        self.post_message(self.ThresholdMoved(iou=by))
