"""One image, whatever the kind of task: the frame that each kind's detail fills."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from tui.controls.bindings import in_footer, quiet, together
from tui.controls.key_line import KeyLine
from tui.drawing.title_line import title_line
from tui.pictures.paint.drawing import Subject
from tui.pictures.picture import Picture
from tui.terminal.capabilities import Graphics


@dataclass(frozen=True, eq=False)
class ImageView:
    """What is known of one image whatever the kind of task."""

    name: str
    path: Path | None
    size: tuple[int, int]  # width, height in pixels; 0 where the file does not say


WALK: Final[tuple[BindingType, ...]] = (
    *together(
        "Go to the image before or to the next one",
        in_footer("left,h", "image(-1)", "Image", "Go to the image before", "detail.previous"),
        quiet("right,l", "image(1)", "Go to the next image", "detail.next"),
    ),
)
CONFIDENCE: Final[tuple[BindingType, ...]] = (
    *together(
        "Move the confidence by .01, down or up",
        in_footer(
            "left_square_bracket",
            "confidence(-0.01)",
            "Confidence",
            "Move the confidence down by .01",
            "confidence.down",
        ),
        quiet(
            "right_square_bracket",
            "confidence(0.01)",
            "Move the confidence up by .01",
            "confidence.up",
        ),
    ),
    *together(
        "Move the confidence by .05, down or up",
        quiet(
            "left_curly_bracket",
            "confidence(-0.05)",
            "Move the confidence down by .05",
            "confidence.down_5",
        ),
        quiet(
            "right_curly_bracket",
            "confidence(0.05)",
            "Move the confidence up by .05",
            "confidence.up_5",
        ),
    ),
    quiet(
        "0",
        "optimum",
        "Set the confidence back to the optimal one, best for the goal",
        "confidence.optimum",
    ),
)
LEAVE: Final[tuple[BindingType, ...]] = (
    in_footer("escape,backspace", "back", "Back", "Go back, to the same place", "detail.back"),
    quiet("y", "copy", "Copy the path of the image", "detail.copy"),
)
"""The keys of every detail, in the order of the footer: a kind's own stand between them."""


class ImageSource(Protocol):
    """The images that a person walks through."""

    @property
    def total(self) -> int: ...
    @property
    def words(self) -> str: ...
    @property
    def classes(self) -> tuple[str, ...]: ...
    def image(self, position: int) -> Any:
        """What to show at a position, 0 for the first image: a view of the screen's own kind."""
        ...


class ImageScreen(Screen[int]):
    """Picture and facts; dismissed with the position it stands at."""

    DEFAULT_CSS = """
    ImageScreen {
        layout: vertical;
        & #header { height: 1; padding: 0 1; }
        & #panes { layout: horizontal; height: 1fr; padding: 0 1; }
        & #side { width: 44; padding-left: 1; }
        &.-narrow #panes { layout: vertical; }
        &.-narrow Picture { height: 1fr; }
        &.-narrow #side { width: 100%; height: 8; padding: 0; }
    }
    """
    PANE = "Image"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  as Textual declares it

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
        self, source: ImageSource, position: int, graphics: Graphics | None = None
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
                yield from self.compose_side()
        yield KeyLine()

    def compose_side(self) -> ComposeResult:
        """What stands beside the picture."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self.go(self.position)

    def on_resize(self) -> None:
        self.draw()

    # What is shown

    def show(self, source: ImageSource) -> None:
        """The same image by another source, after a threshold moved."""
        self.source = source
        self.position = min(self.position, source.total - 1)
        self.take(source.image(self.position), moved=False)

    def go(self, position: int) -> None:
        """Another image of the source."""
        if 0 <= position < self.source.total:
            self.position = position
            self.take(self.source.image(position), moved=True)
            self.post_message(self.PositionMoved(position))

    def take(self, view: Any, *, moved: bool) -> None:
        """Show a view: of another image where moved, else of the same one."""
        raise NotImplementedError

    def draw(self) -> None:
        """Every pane follows from the view."""
        raise NotImplementedError

    @property
    def shown(self) -> ImageView | None:
        """The image on show."""
        raise NotImplementedError

    def draw_picture(self, subject: Subject, *at_right: str) -> None:
        """The picture, and the line above: at its right the longest of these that fits."""
        view = self.shown
        if view is None:
            return
        self.query_one(Picture).subject = subject
        line = title_line(
            view.name,
            view.size,
            self.position,
            self.source.total,
            self.source.words,
            at_right,
            self.size.width - 2,
        )
        self.query_one("#header", Static).update(line, layout=False)

    # Keys

    def action_image(self, by: int) -> None:
        self.go(self.position + by)

    def action_confidence(self, by: float) -> None:
        self.post_message(self.ThresholdMoved(confidence=by))

    def action_optimum(self) -> None:
        self.post_message(self.ThresholdMoved(to_optimum=True))

    def action_copy(self) -> None:
        if self.shown is not None:
            path = str(self.shown.path or self.shown.name)
            self.app.copy_to_clipboard(path)
            self.notify(f"Copied {path}", markup=False)

    def action_back(self) -> None:
        self.dismiss(self.position)
