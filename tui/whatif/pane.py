"""The images of the What if tab, and the chosen one: its picture, its boxes or its classes."""

from pathlib import Path
from typing import Final, assert_never

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from engine.cards.operating_point import Thresholds, given
from engine.scoring.run.found import ClassProbabilities, FoundBoxes
from engine.scoring.run.store import ImageAnswer
from engine.util.visible import clean
from tui.controls.lines import Lines
from tui.controls.row_list import RowList
from tui.drawing.names import cut
from tui.image.probability_bars import ProbabilityBars
from tui.pictures.paint.drawing import Subject
from tui.pictures.picture import Picture
from tui.terminal.capabilities import Graphics
from tui.whatif.answer_lines import probabilities
from tui.whatif.example_paths import ExamplePaths
from tui.whatif.found_table import FoundTable
from tui.whatif.paint.found_lines import NONE_FOUND, FoundList, found_marks
from tui.whatif.paint.words import image_words
from tui.whatif.perturb_menu import PerturbMenu
from tui.whatif.seen_image import SeenImage
from tui.whatif.trial_list import TrialList

SIDE_BY_SIDE: Final = 2.6  # columns for each row from which two pictures stand so


class WhatIfPane(Horizontal):
    """Shows what it is given; a line in focus, or under the pointer, lights up its box."""

    DEFAULT_CSS = """
    WhatIfPane {
        height: 1fr;
        & #whatif-left { width: 42%; min-width: 36; max-width: 66; padding-right: 1; }
        & #whatif-images { height: auto; max-height: 45%; }
        & PerturbMenu { display: none; height: auto; max-height: 60%; }
        &.-perturbs PerturbMenu { display: block; }
        &.-perturbs #whatif-images { display: none; }
        & #whatif-side { height: 1fr; border-top: solid $foreground 25%; }
        & #whatif-none { display: none; height: auto; text-style: bold; color: $text-warning; }
        & #whatif-words { height: 2; }
        & #whatif-pictures { height: 1fr; }
        & #whatif-note { display: none; padding: 1 0; }
        &.-stacked #whatif-pictures { layout: vertical; }
        & .-second { display: none; }
        & .-classes { display: none; }
        &.-classifies FoundTable { display: none; }
        &.-classifies .-classes { display: block; }
        &.-classifies ProbabilityBars.-second { display: none; }
        &.-two Picture.-second { display: block; }
        &.-two.-classifies ProbabilityBars.-second { display: block; }
        &.-noted #whatif-note { display: block; }
        &.-noted #whatif-pictures { display: none; }
        &.-noted #whatif-words { display: none; }
        &.-noted #whatif-side { visibility: hidden; }
        &.-alone { layout: vertical; }
        &.-alone #whatif-left { width: 100%; max-width: 100%; height: 1; }
        &.-alone #whatif-images { height: 1; max-height: 100%; }
        &.-alone #whatif-side { display: none; }
        &.-alone #whatif-note { padding: 1 0 0 0; }
        &.-alone ExamplePaths { display: block; }
    }
    """

    def __init__(self, graphics: Graphics, dataset: Path | None = None) -> None:
        """dataset: the folder of its images, where there is a dataset."""
        super().__init__()
        self.graphics, self.dataset = graphics, dataset
        self.seen: SeenImage | None = None
        self.words = ""  # about what is done to the image
        self.hovered: int | None = None
        self.placing: tuple[int, int] = (0, 0)

    def compose(self) -> ComposeResult:
        with Vertical(id="whatif-left"):
            yield TrialList(id="whatif-images")
            yield PerturbMenu()
            with Vertical(id="whatif-side"):
                yield Static(NONE_FOUND, id="whatif-none", markup=False)
                yield FoundTable(id="whatif-found")
                yield ProbabilityBars(classes="-classes")
                yield ProbabilityBars(classes="-classes -second")
        with Vertical(id="whatif-right"):
            yield Lines(id="whatif-words")
            with Horizontal(id="whatif-pictures"):
                yield Picture(self.graphics, id="whatif-first")
                yield Picture(self.graphics, id="whatif-second")
            yield Static(id="whatif-note", markup=False)
            yield ExamplePaths(self.dataset)

    def on_mount(self) -> None:
        self.query_one("#whatif-second").add_class("-second")

    def on_resize(self) -> None:
        """Two pictures beside each other where there is room, else one below the other."""
        right = self.query_one("#whatif-right").size
        self.set_class(right.width < SIDE_BY_SIDE * right.height, "-stacked")
        if self.seen is not None:
            self._say(self.words)

    @property
    def images(self) -> TrialList:
        """The images that were scored."""
        return self.query_one("#whatif-images", TrialList)

    @property
    def table(self) -> FoundTable:
        """What was found in the chosen one."""
        return self.query_one("#whatif-found", FoundTable)

    @property
    def menu(self) -> PerturbMenu:
        """Ways to perturb the chosen image."""
        return self.query_one(PerturbMenu)

    @property
    def perturbs(self) -> bool:
        """Whether the menu stands in place of the images."""
        return self.has_class("-perturbs")

    def open_menu(self) -> None:
        """The menu in place of the images."""
        self.add_class("-perturbs")
        self.menu.focus()

    @on(PerturbMenu.Closed)
    def close_menu(self) -> None:
        """The images in place of the menu."""
        self.remove_class("-perturbs")
        self.images.focus()

    def focus_list(self) -> None:
        """To the images, or to the menu in their place."""
        (self.menu if self.perturbs else self.images).focus()

    @property
    def can_open(self) -> bool:
        """Whether Enter leads on from the images: to the boxes, or from the hint to the line."""
        return self.has_class("-noted") or self.table.display

    def note(self, text: str, *, alone: bool) -> None:
        """Words in place of a picture; alone, where there is no list beside them either."""
        self.seen = None
        self.set_class(alone, "-alone")
        self.query_one("#whatif-note", Static).update(text)
        self.add_class("-noted")

    def show(
        self,
        seen: SeenImage,
        limits: Thresholds,
        names: tuple[str, ...],
        placing: tuple[int, int],
        second: str,
    ) -> None:
        """The chosen image at the thresholds; placing is its place and of how many."""
        other = self.seen is None or seen.look.path != self.seen.look.path
        self.seen, self.placing = seen, placing
        self.remove_class("-noted", "-alone")
        self.set_class(seen.second is not None, "-two")
        found = seen.now.found
        self.set_class(isinstance(found, ClassProbabilities), "-classifies")
        match found:
            case ClassProbabilities():
                self._show_classes(seen, limits, names, other)
            case FoundBoxes():
                self._show_boxes(seen, limits, names, other)
            case _:
                assert_never(found)
        self._say(seen.words(limits, names, second))
        self.draw()

    def expect(self, path: Path) -> None:
        """An image that will be shown as soon as it is scored."""
        self.query_one("#whatif-first", Picture).expect(Subject(path))

    def place(self, placing: tuple[int, int]) -> None:
        """The same image, among more of them."""
        if self.seen is not None and placing != self.placing:
            self.placing = placing
            self._say(self.words)

    def _show_boxes(
        self, seen: SeenImage, limits: Thresholds, names: tuple[str, ...], other: bool
    ) -> None:
        table, found = self.table, seen.found(limits, names)
        with self.prevent(RowList.Moved):
            if other:
                table.to_top()
            table.shown = found
            if table.has_focus and table.cursor is None:
                table.cursor = 0
        self.query_one("#whatif-none").display = found.is_empty

    def _show_classes(
        self, seen: SeenImage, limits: Thresholds, names: tuple[str, ...], other: bool
    ) -> None:
        first, second = self.query(ProbabilityBars)
        if other:
            first.first = second.first = 0
        first.shown = probabilities(seen.now, limits, names)
        if seen.second is not None and not seen.second.failure:
            second.shown = probabilities(
                seen.second,
                given(limits.confidence, len(seen.second_names)),
                seen.second_names,
            )

    def _say(self, words: str, again: bool = True) -> None:
        self.words = words
        seen, width = self.seen, self.query_one("#whatif-words").size.width
        if seen is None:
            return
        if not width:
            # Words took their place so far: it has no size before the next frame. In a tab that
            # is not shown it has none then either, and on_resize comes when it is.
            if again:
                self.call_after_refresh(lambda: self._say(self.words, again=False))
            return
        size, timing = seen.now.size, seen.now.timing
        left, right = image_words(Path(seen.look.path).name, size, *self.placing, timing, width)
        head = Text(cut(left, width), "bold", no_wrap=True)
        if right:
            head.append(" " * (width - head.cell_len - len(right)))
            head.append(right, "not bold dim")
        self.query_one("#whatif-words", Lines).show([head, Text(clean(words), no_wrap=True)])

    def draw(self) -> None:
        """The pictures: boxes that count, and that of the line in focus."""
        seen = self.seen
        if seen is None:
            return
        focus = self.table.cursor if self.hovered is None else self.hovered
        shown = self.table.shown if not self.has_class("-classifies") else FoundList()
        if focus is not None and focus >= len(shown.lines):
            focus = None
        first = self.query_one("#whatif-first", Picture)
        first.subject = _subject(seen, seen.now, shown, focus, other=False)
        if seen.second is not None:
            second = self.query_one("#whatif-second", Picture)
            second.subject = _subject(seen, seen.second, shown, focus, other=True)

    @on(RowList.Moved, "#whatif-found")
    def light_up(self, message: RowList.Moved) -> None:
        message.stop()
        self.draw()

    @on(RowList.Hovered)
    def follow_pointer(self, message: RowList.Hovered) -> None:
        message.stop()
        if message.rows is self.table and message.index != self.hovered:
            self.hovered = message.index
            self.draw()


def _subject(
    seen: SeenImage, answer: ImageAnswer, shown: FoundList, focus: int | None, *, other: bool
) -> Subject:
    marks = found_marks(shown, focus, other=other)
    facts = clean(Path(seen.look.path).name)
    return Subject(Path(seen.shown), marks=marks, facts=facts, size=(0, 0))
