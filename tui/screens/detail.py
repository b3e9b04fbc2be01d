"""One image with its boxes, and the list of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Footer, Static

from engine.assessment import DetailRow
from tui.painters.box_list import BoxList, same_row
from tui.painters.crops import union
from tui.painters.detail_words import header, picture_facts, why_words
from tui.painters.drawing import Subject
from tui.painters.marks import CYCLE, Boxes, image_marks
from tui.terminal import Graphics
from tui.widgets.box_table import BoxTable
from tui.widgets.picture import Picture


@dataclass(frozen=True)
class DetailView:
    """All that is known of one image at the current thresholds."""

    name: str
    path: Path | None
    size: tuple[int, int]  # width, height in pixels; 0 where the file does not say
    rows: tuple[DetailRow, ...]
    confidence: float
    iou: float
    matching: str = ""  # how predictions were paired with ground truths, in words
    focus: int | None = None  # the row that the person came for


class DetailSource(Protocol):
    """The images that a person walks through."""

    @property
    def total(self) -> int: ...
    @property
    def words(self) -> str: ...
    @property
    def classes(self) -> tuple[str, ...]: ...
    def image(self, position: int) -> DetailView:
        """What to show at a position, 0 for the first image."""
        ...


class DetailScreen(Screen[int]):
    """Picture and list; dismissed with the position it stands at."""

    CSS = """
    DetailScreen {
        layout: vertical;
        & #header { height: 1; }
        & #panes { layout: horizontal; height: 1fr; }
        & #side { width: 44; padding-left: 1; }
        & BoxTable { max-height: 75%; }
        & #why { height: 8; color: $foreground 75%; padding: 1 0 0 0; }
        &.-narrow #panes { layout: vertical; }
        &.-narrow Picture { height: 1fr; }
        &.-narrow #side { width: 100%; height: 8; padding: 0; }
        &.-narrow BoxTable { height: 1fr; max-height: 100%; }
        &.-narrow #why { padding: 0; height: 2; }
    }
    """
    PANE = "Image"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "image(-1)", "Image", key_display="←→", id="detail.previous"),
        Binding("right,l", "image(1)", "Next image", show=False, id="detail.next"),
        Binding("tab,down,j", "box(1)", "Box", key_display="tab", id="detail.box", priority=True),
        Binding("shift+tab,up,k", "box(-1)", "Box before", show=False, id="detail.box_before"),
        Binding("z", "zoom", "Zoom", id="detail.zoom"),
        Binding("b", "boxes", "Boxes", id="detail.boxes"),
        Binding("g", "truth", "Truth", id="detail.truth"),
        Binding("p", "predictions", "Pred.", id="detail.predictions"),
        Binding("left_square_bracket", "confidence(-0.01)", "Conf", key_display="[ ]"),
        Binding("right_square_bracket", "confidence(0.01)", "Confidence up", show=False),
        Binding("left_curly_bracket", "confidence(-0.05)", "Confidence down 5", show=False),
        Binding("right_curly_bracket", "confidence(0.05)", "Confidence up 5", show=False),
        Binding("less_than_sign", "iou(-0.05)", "IoU", key_display="< >", show=False),
        Binding("greater_than_sign", "iou(0.05)", "IoU up", show=False),
        Binding("0", "optimum", "Back to optimal", show=False),
        Binding("y", "copy", "Copy path", show=False, id="detail.copy"),
        Binding("escape,backspace", "back", "Back", key_display="esc", id="detail.back"),
    ]

    view: reactive[DetailView | None] = reactive(None, init=False)
    drawn: reactive[Boxes] = reactive[Boxes](CYCLE[0], init=False)
    zoomed: reactive[bool] = reactive(False, init=False)

    @dataclass
    class ThresholdMoved(Message):
        """The person moved a threshold: by so much, or the confidence back to its optimum."""

        confidence: float = 0.0
        iou: float = 0.0
        to_optimum: bool = False

    @dataclass
    class PositionMoved(Message):
        """Another image is shown."""

        position: int

    def __init__(
        self, source: DetailSource, position: int, graphics: Graphics | None = None
    ) -> None:
        super().__init__()
        self.source = source
        self.position = position
        self.graphics = graphics or Graphics()

    def compose(self) -> ComposeResult:
        yield Static(id="header", markup=False)
        with Container(id="panes"):
            yield Picture(self.graphics)
            with Vertical(id="side"):
                yield BoxTable()
                yield Static(id="why", markup=False)
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        self.go(self.position)

    # What is shown

    def show(self, source: DetailSource) -> None:
        """The same image by another source, after a threshold moved; the box stays in focus."""
        before, index = self.view, self.query_one(BoxTable).cursor
        row = before.rows[index] if before and index is not None else None
        self.source = source
        self.position = min(self.position, source.total - 1)
        view = source.image(self.position)
        self._show_view(view, same_row(view.rows, row))

    def go(self, position: int) -> None:
        """Another image of the source."""
        if 0 <= position < self.source.total:
            self.position = position
            view = self.source.image(position)
            self.set_reactive(DetailScreen.zoomed, False)
            self._show_view(view, view.focus)
            self.post_message(self.PositionMoved(position))

    def _show_view(self, view: DetailView, focus: int | None) -> None:
        self.view = view
        table = self.query_one(BoxTable)
        with self.prevent(BoxTable.Focused):
            table.shown = BoxList(view.rows, self.source.classes, view.confidence)
            table.cursor = focus
        self._draw()

    def on_box_table_focused(self) -> None:
        self._draw()

    def watch_drawn(self) -> None:
        self._draw()

    def watch_zoomed(self) -> None:
        self._draw()

    def _draw(self) -> None:
        """Every pane follows from the view, the box in focus and what is drawn."""
        view, table = self.view, self.query_one(BoxTable)
        if view is None:
            return
        focus = table.cursor
        row = view.rows[focus] if focus is not None else None
        around = union(row.box, row.partner) if row is not None and self.zoomed else None
        marks = image_marks(table.shown, self.drawn, focus)
        facts = picture_facts(view.name, view.size, len(view.rows))
        self.query_one(Picture).subject = Subject(
            view.path, around, 2.0, marks, facts=facts, size=view.size
        )
        self.query_one("#header", Static).update(
            header(
                view.name,
                view.size,
                self.position,
                self.source.total,
                self.source.words,
                self.drawn,
                view.confidence,
                view.iou,
                self.size.width,
            ),
            layout=False,
        )
        why = why_words(view.rows, focus, view.matching)
        self.query_one("#why", Static).update(why, layout=False)

    def on_resize(self) -> None:
        self._draw()

    # Keys

    def action_image(self, by: int) -> None:
        self.go(self.position + by)

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

    def _toggle(self, becomes: dict[Boxes, Boxes], from_none: Boxes) -> None:
        self.drawn = becomes.get(self.drawn, from_none)

    def action_confidence(self, by: float) -> None:
        self.post_message(self.ThresholdMoved(confidence=by))

    def action_iou(self, by: float) -> None:
        self.post_message(self.ThresholdMoved(iou=by))

    def action_optimum(self) -> None:
        self.post_message(self.ThresholdMoved(to_optimum=True))

    def action_copy(self) -> None:
        if self.view is not None:
            path = str(self.view.path or self.view.name)
            self.app.copy_to_clipboard(path)
            self.notify(f"Copied {path}", markup=False)

    def action_back(self) -> None:
        self.dismiss(self.position)
