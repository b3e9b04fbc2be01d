"""One image with the probabilities of all classes."""

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.reactive import reactive
from textual.widgets import Static

from engine.core.assessment import ProbabilityDetail
from tui.controls.bindings import in_footer, quiet, together
from tui.image.image import CONFIDENCE, LEAVE, WALK, ImageScreen, ImageView
from tui.image.paint.probability_lines import ProbabilityList
from tui.image.paint.probability_words import image_facts, threshold_words, verdict_words
from tui.image.probability_bars import ProbabilityBars
from tui.pictures.paint.drawing import Subject


@dataclass(frozen=True, eq=False)
class ProbabilityView(ImageView):
    """All that is known of one image at the current threshold."""

    detail: ProbabilityDetail
    confidence: float


class ProbabilityScreen(ImageScreen):
    """Picture, verdict and bars."""

    purpose = "Image: how probable the model takes each class to be, and which one is true."

    CSS = """
    ProbabilityScreen {
        & #side { width: 40%; min-width: 46; max-width: 76; }
        & #verdict { height: auto; max-height: 6; padding-bottom: 1; }
        &.-narrow #side { height: 50%; min-height: 9; width: 100%; max-width: 100%; }
        &.-narrow #verdict { max-height: 3; padding: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *WALK,
        *together(
            "Scroll the classes",
            in_footer("up,k", "scroll(-1)", "Scroll", "Scroll the classes up", "detail.up"),
            quiet("down,j", "scroll(1)", "Scroll the classes down", "detail.down"),
        ),
        in_footer("g", "truth", "True class", "Go to the true class", "detail.truth"),
        in_footer(
            "p", "end(False)", "Top class", "Go to the most probable class", "detail.predictions"
        ),
        *CONFIDENCE,
        *LEAVE,
        *together(
            "Scroll the classes by a page",
            quiet("pageup", "page(-1)", "Scroll a page up", "detail.page_up"),
            quiet("pagedown", "page(1)", "Scroll a page down", "detail.page_down"),
        ),
        *together(
            "Go to the first or the last class",
            quiet("home", "end(False)", "Go to the first class", "detail.first"),
            quiet("end", "end(True)", "Go to the last class", "detail.last"),
        ),
    ]

    view: reactive[ProbabilityView | None] = reactive(None, init=False, repaint=False)

    def compose_side(self) -> ComposeResult:
        yield Static(id="verdict", markup=False)
        yield ProbabilityBars()

    @property
    def shown(self) -> ProbabilityView | None:
        return self.view

    @property
    def bars(self) -> ProbabilityBars:
        """The probabilities."""
        return self.query_one(ProbabilityBars)

    def take(self, view: ProbabilityView, *, moved: bool) -> None:
        """Of the same image the same classes stay in sight."""
        self.view = view
        self.bars.shown = ProbabilityList.of(view.detail, self.source.classes, view.confidence)
        if moved:
            self.bars.first = 0
        self.draw()

    def draw(self) -> None:
        """Picture, line above and verdict follow from the view."""
        view = self.view
        if view is None:
            return
        facts = image_facts(view.name, view.size, view.detail, self.source.classes)
        subject = Subject(view.path, labels=False, facts=facts, size=view.size)
        self.draw_picture(subject, threshold_words(view.confidence))
        words = verdict_words(view.detail, self.source.classes)
        self.query_one("#verdict", Static).update(words)

    # Keys

    def action_scroll(self, by: int) -> None:
        self.bars.scroll_lines(by)

    def action_page(self, by: int) -> None:
        self.bars.page(by)

    def action_end(self, last: bool) -> None:
        self.bars.first = len(self.bars.shown or ()) if last else 0

    def action_truth(self) -> None:
        if self.bars.shown is not None:
            self.bars.bring(self.bars.shown.truth_line)
