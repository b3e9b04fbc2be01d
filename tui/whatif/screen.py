"""A model without a dataset: nothing to assess, but images to score on the go."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from math import nan
from typing import ClassVar, Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen

from engine.cards.binding import bound_to
from engine.cards.operating_point import SavedPoint, Thresholds, applied, point_of, stale_words
from engine.core.errors import EngineError
from engine.scoring.card import card_beside
from engine.util.visible import visible
from tui.controls.key_line import KeyLine
from tui.controls.lines import Lines
from tui.controls.slider import Slider
from tui.controls.tab_bar import INPUT_ASSUMED, TabBar
from tui.controls.too_small import TooSmall
from tui.desk.assess_keys import BINDINGS
from tui.desk.model_source import ModelSource
from tui.desk.tab import Surroundings
from tui.drawing.names import cut
from tui.drawing.standing import saved_point_words
from tui.drawing.summaries import fitting
from tui.saving.point_saver import tell_saved, write_point
from tui.saving.save_point import PointInFile, SavePointScreen
from tui.saving.saving_by_hand import proposal_by_hand
from tui.whatif.seen_image import given_for
from tui.whatif.tab import WhatIfTab

UNTIL_OPEN: Final = 0.5  # the confidence on the slider before the model says where it begins
WITHOUT_DATA: Final = ("app.focus", "confidence", "optimum", "type('confidence')", "save")


def _works_here(binding: BindingType) -> bool:
    """Whether a key of the assessment needs no dataset."""
    return isinstance(binding, Binding) and binding.action.startswith(WITHOUT_DATA)


class WhatIfScreen(Screen[None]):
    """The What if tab alone, with a confidence of its own: the saved one to begin with."""

    CSS_PATH = "../app.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012  as Textual has it
    BINDINGS: ClassVar[list[BindingType]] = [each for each in BINDINGS if _works_here(each)]
    PANE = "Threshold"

    @dataclass
    class GivenUp(Message):
        """The model cannot be opened."""

        problem: str

    def __init__(self, source: ModelSource, files: tuple[str, ...], around: Surroundings) -> None:
        super().__init__()
        self.source, self.files, self.around = source, files, around
        self.saved: Thresholds | None = None  # what holds where the slider stands at them
        self.in_card: SavedPoint | None = None  # for this model file or for another

    def compose(self) -> ComposeResult:
        name = visible(self.source.path.name) if self.source.path is not None else ""
        yield TabBar(name, "no dataset", [("whatif", "5", "What if")])
        yield Lines(id="summary")
        with Horizontal(id="sliders"):
            yield Slider("conf", UNTIL_OPEN, id="confidence")
        yield WhatIfTab(self.source, self.around.graphics, id="whatif")
        yield KeyLine()
        yield TooSmall()

    def on_mount(self) -> None:
        self.show_standing()
        self.tab.pane.images.focus()
        self.tab.entered()
        if self.files:
            self.tab.begin(*self.files)

    @property
    def tab(self) -> WhatIfTab:
        """Where everything happens."""
        return self.query_one(WhatIfTab)

    @property
    def slider(self) -> Slider:
        """The confidence."""
        return self.query_one(Slider)

    @on(WhatIfTab.Unusable)
    def give_up(self, message: WhatIfTab.Unusable) -> None:
        self.post_message(self.GivenUp(message.problem))

    @on(WhatIfTab.Ready)
    def begin(self) -> None:
        """Start at the saved confidence; without one a classifier answers every image."""
        scorer = self.tab.session.models.first
        assert scorer is not None
        place = self.source.card or card_beside(scorer.model)
        start, saved = scorer.kind.starts_at, nan
        try:
            point = self.in_card = point_of(scorer.card, place)
            changes = point.changes(scorer.digest, bound_to(scorer.card)) if point else ()
            if changes:
                told = stale_words(place, changes)
                self.notify(told, severity="warning", markup=False)
            elif point is not None:
                names = scorer.class_names
                self.saved = applied(point, scorer.model, scorer.digest, names, scorer.card)
                start = saved = point.confidence
        except EngineError as error:
            self.notify(visible(str(error)), severity="warning", markup=False)
        self.query_one(TabBar).mark = INPUT_ASSUMED if scorer.assumed else ""
        self.slider.value = start
        self.slider.optimum = None if saved != saved else saved
        self.follow()

    def follow(self) -> None:
        """Everything follows from the slider; where it is saved, each class has its own."""
        tab = self.tab
        if self.saved is not None and self.slider.at_optimum:
            tab.take_limits(given_for(self.saved, len(tab.session.models.names)))
        else:
            tab.set_limits(self.slider.value)
        self.show_standing()

    def show_standing(self) -> None:
        """Where the slider stands beside what is saved; no line where nothing is."""
        line, point = self.query_one("#summary", Lines), self.in_card
        line.display = self.saved is not None and point is not None
        if self.saved is not None and point is not None:
            words = saved_point_words(
                self.slider.value, point.confidence, len(point.classes), point.date, date.today()
            )
            line.show([Text(cut(fitting(words, self.size.width - 2), self.size.width - 2))])

    def on_resize(self) -> None:
        self.show_standing()

    @on(Slider.Changed)
    def move_slider(self) -> None:
        self.follow()

    def action_confidence(self, step: float) -> None:
        self.slider.value = self.slider.next_value(step)
        self.follow()

    def action_type(self, slider: str) -> None:
        self.slider.begin_edit()

    def action_optimum(self) -> None:
        """Back to the saved confidence."""
        if self.slider.optimum is not None:
            self.slider.value = self.slider.optimum
            self.follow()

    action_saved = action_optimum

    def action_save(self) -> None:
        """Ask whether to save the confidence, with what that changes."""
        scorer = self.tab.session.models.first
        if scorer is None:
            return
        if self.saved is not None and self.slider.at_optimum:
            self.notify("The slider stands at the saved point: there is nothing to save.")
            return
        card = self.source.card or card_beside(scorer.model)
        bound = bound_to(scorer.card)
        propose = partial(
            proposal_by_hand, self.slider.value, scorer.digest, bound, card, self.in_card
        )
        write = partial(write_point, scorer.model, self.source.card)
        self.app.push_screen(SavePointScreen(propose, write), self.take_saved)

    def take_saved(self, kept: PointInFile | None) -> None:
        """The screen stands where it begins from now on."""
        scorer = self.tab.session.models.first
        if kept is None or scorer is None:
            return
        point = self.in_card = kept.point
        self.saved = applied(point, scorer.model, scorer.digest, scorer.class_names, scorer.card)
        self.slider.optimum = self.slider.value = point.confidence
        self.follow()
        self.refresh_bindings()
        tell_saved(self, kept, named=self.source.card is not None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing is saved before the model is open; only what is saved can be gone back to."""
        if action == "save" and self.is_mounted:
            return None if self.tab.session.models.first is None else True
        if action in ("optimum", "saved") and self.is_mounted:
            return None if self.slider.optimum is None or self.slider.at_optimum else True
        return True
