"""One image on both sides: its boxes, or what both classifiers say of it."""

from functools import reduce
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.reactive import reactive
from textual.widgets import Static

from engine.images.cropping import union
from tui.compare.paint.side_boxes import WHOSE, Whose, side_marks
from tui.compare.paint.side_lines import SideLine, drawn_box
from tui.compare.side_box_list import SideBoxList
from tui.compare.walk import ComparedAnswersView, ComparedBoxesView
from tui.controls.bindings import in_footer, quiet, together
from tui.controls.row_list import RowList
from tui.image.image import CONFIDENCE, LEAVE, WALK, ImageScreen
from tui.image.paint.detail_words import picture_facts
from tui.image.paint.probability_lines import ProbabilityList
from tui.image.paint.probability_words import image_facts, verdict_words
from tui.image.probability_bars import ProbabilityBars
from tui.pictures.paint.drawing import Subject

ALL: frozenset[Whose] = frozenset(WHOSE)


class ComparedBoxesScreen(ImageScreen):
    """The boxes that people, A and B drew, each in lines of their own."""

    purpose = (
        "Image: the boxes of both models, and what each makes of every object. Ground truth is "
        "dashed, A has one line, B two."
    )

    CSS = """
    ComparedBoxesScreen {
        & SideBoxList { height: 1fr; }
        & #why { height: 6; color: $foreground 75%; padding: 1 0 0 0; }
        &.-narrow #why { padding: 0; height: 2; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *WALK,
        in_footer(
            "tab,down,j", "box(1)", "Next box", "Go to the next box", "compared.box", priority=True
        ),
        quiet("shift+tab,up,k", "box(-1)", "Go to the box before", "compared.box_before"),
        in_footer("A", "show('A')", "Of A", "Show or hide the boxes of A", "compared.a"),
        in_footer("B", "show('B')", "Of B", "Show or hide the boxes of B", "compared.b"),
        in_footer("g", "show('truth')", "Truth", "Show or hide the truth", "compared.truth"),
        in_footer("z", "zoom", "Zoom", "Zoom to the box, or back to the image", "compared.zoom"),
        *CONFIDENCE,
        *LEAVE,
        quiet("b", "boxes", "Show all boxes, or none", "compared.boxes"),
        *together(
            "Move the IoU threshold by .05, down or up",
            quiet("less_than_sign", "iou(-0.05)", "Move the IoU threshold down by .05", "iou.down"),
            quiet("greater_than_sign", "iou(0.05)", "Move the IoU threshold up by .05", "iou.up"),
        ),
    ]

    drawn: reactive[frozenset[Whose]] = reactive(ALL, init=False, repaint=False)
    zoomed: reactive[bool] = reactive(False, init=False, repaint=False)
    view: ComparedBoxesView | None = None

    def compose_side(self) -> ComposeResult:
        yield SideBoxList(self.source.classes)
        yield Static(id="why", markup=False)

    @property
    def boxes(self) -> SideBoxList:
        """The boxes."""
        return self.query_one(SideBoxList)

    @property
    def shown(self) -> ComparedBoxesView | None:
        return self.view

    def take(self, view: ComparedBoxesView, *, moved: bool) -> None:
        """Of the same image the box in focus stays; of another it is the one one came for."""
        before, boxes = self.view, self.boxes
        focus = view.focus
        if not moved:
            line = before.lines[boxes.cursor] if before and boxes.cursor is not None else None
            focus = _same_line(view.lines, line)
        else:
            self.set_reactive(ComparedBoxesScreen.zoomed, False)
        self.view = view
        with self.prevent(RowList.Moved):
            boxes.shown = view.lines
            boxes.cursor = focus
        self.draw()

    @on(RowList.Moved)
    def follow_list(self) -> None:
        self.draw()

    def watch_drawn(self) -> None:
        self.draw()

    def watch_zoomed(self) -> None:
        self.draw()

    def draw(self) -> None:
        """Every pane follows from the view, the box in focus and what is drawn."""
        if (view := self.view) is None:
            return
        classes, focus = self.source.classes, self.boxes.cursor
        chosen = None if focus is None else view.lines[focus]
        about = [chosen is not None and line.is_about(chosen) for line in view.lines]
        seen = [
            index
            for index, line in enumerate(view.lines)
            if line.whose in self.drawn and (line.tag != "below" or about[index])
        ]
        marks = side_marks(
            (drawn_box(view.lines[index], classes) for index in seen),
            focus=seen.index(focus) if focus in seen else None,
            beside=[place for place, index in enumerate(seen) if about[index]],
        )
        near = [line.box for line, is_near in zip(view.lines, about, strict=True) if is_near]
        around = reduce(union, near) if self.zoomed and near else None
        facts = picture_facts(view.name, view.size, len(view.lines))
        subject = Subject(view.path, around, 2.0, marks, facts=facts, size=view.size)
        hidden = [each for each in WHOSE if each not in self.drawn]
        notes = f"hidden: {', '.join(hidden)}  " if hidden else ""
        self.draw_picture(subject, *(f"{notes}{each}" for each in view.at))
        self.query_one("#why", Static).update(_why(view.lines, focus), layout=False)

    # Keys

    def action_box(self, by: int) -> None:
        """The next box."""
        self.boxes.step(by)

    def action_show(self, whose: Whose) -> None:
        """Show or hide somebody's boxes."""
        self.drawn = self.drawn ^ {whose}

    def action_boxes(self) -> None:
        """All, or none."""
        self.drawn = frozenset() if self.drawn == ALL else ALL

    def action_zoom(self) -> None:
        """To the box in focus, and back."""
        if not self.zoomed and self.boxes.cursor is None:
            self.boxes.step(1)
        self.zoomed = not self.zoomed and self.boxes.cursor is not None

    def action_iou(self, by: float) -> None:
        self.post_message(self.ThresholdMoved(iou=by))


class ComparedAnswersScreen(ImageScreen):
    """The probabilities that A and B give to the classes."""

    purpose = "Image: how probable both models take each class to be, and which one is true."

    CSS = """
    ComparedAnswersScreen {
        & #side { width: 40%; min-width: 46; max-width: 76; }
        & .said { height: auto; max-height: 3; }
        & #compared-said-b { margin-top: 1; }
        &.-narrow #side { height: 60%; min-height: 10; width: 100%; max-width: 100%; }
        &.-narrow #compared-said-b { margin-top: 0; }
        &.-narrow .said { max-height: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *WALK,
        in_footer("down,j", "scroll(1)", "Scroll", "Scroll the classes down", "compared.down"),
        quiet("up,k", "scroll(-1)", "Scroll the classes up", "compared.up"),
        in_footer("g", "truth", "Truth", "Go to the true class on both sides", "compared.truth"),
        *CONFIDENCE,
        *LEAVE,
    ]

    view: ComparedAnswersView | None = None

    def compose_side(self) -> ComposeResult:
        for letter in ("a", "b"):
            yield Static(id=f"compared-said-{letter}", classes="said", markup=False)
            yield ProbabilityBars(id=f"compared-bars-{letter}")

    @property
    def shown(self) -> ComparedAnswersView | None:
        return self.view

    def take(self, view: ComparedAnswersView, *, moved: bool) -> None:
        """Of the same image the same classes stay in sight."""
        self.view = view
        for bars, detail, at in zip(self.bars, view.details, view.confidences, strict=True):
            bars.shown = ProbabilityList.of(detail, self.source.classes, at)
            if moved:
                bars.first = 0
        self.draw()

    @property
    def bars(self) -> tuple[ProbabilityBars, ProbabilityBars]:
        """Those of A and of B."""
        a, b = self.query(ProbabilityBars)
        return a, b

    def draw(self) -> None:
        """Picture, line above and both verdicts follow from the view."""
        if (view := self.view) is None:
            return
        classes = self.source.classes
        facts = image_facts(view.name, view.size, view.details[0], classes)
        subject = Subject(view.path, labels=False, facts=facts, size=view.size)
        self.draw_picture(subject, *view.at)
        for letter, detail in zip("ab", view.details, strict=True):
            said = Text.assemble((f"{letter.upper()}  ", "bold"), verdict_words(detail, classes))
            self.query_one(f"#compared-said-{letter}", Static).update(said)

    # Keys

    def action_scroll(self, by: int) -> None:
        """Both lists."""
        for bars in self.bars:
            bars.scroll_lines(by)

    def action_truth(self) -> None:
        """The true class in both lists."""
        for bars in self.bars:
            if bars.shown is not None:
                bars.bring(bars.shown.truth_line)


def _same_line(lines: tuple[SideLine, ...], before: SideLine | None) -> int | None:
    """The line of the same box as before."""
    if before is None:
        return None
    known = before.whose, before.row
    return next((i for i, line in enumerate(lines) if (line.whose, line.row) == known), None)


def _why(lines: tuple[SideLine, ...], focus: int | None) -> Text:
    """What became of the box in focus, or how many there are of each."""
    if not lines:
        return Text("No boxes in this image: no ground truth, none of A and none of B.")
    if focus is None:
        counts = (f"{sum(line.whose == each for line in lines)} of {each}" for each in WHOSE)
        return Text(f"{', '.join(counts)}. Tab walks through the boxes.")
    line = lines[focus]
    verdict, colon, reason = line.why.partition(":")
    letter = "" if line.whose == "truth" else f"{line.whose}  "
    return Text.assemble((f"{letter}{verdict}{colon}", "bold"), reason)
