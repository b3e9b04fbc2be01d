"""What was opened, how it was scored, where the thresholds come from, and what was noticed."""

from typing import Any, Final

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.assess.loading import assumed_words
from tui.assess.paint.run_facts import point_facts, run_facts
from tui.desk.assessed import Assessed
from tui.desk.desk import Desk
from tui.desk.start_point import card_of
from tui.desk.tab import Tab

RUN: Final = "run"
"""The id of the tab."""


class RunTab(Tab):
    """Facts, of which only those on the operating point follow the sliders."""

    PANE = "Run"
    purpose = (
        "Run: what was opened, how it was scored, where the thresholds come from, and what "
        "was noticed."
    )

    def __init__(self, desk: Desk[Any], other_demo: str, *, id: str) -> None:
        super().__init__(id=id)
        self.desk = desk
        self.other_demo = other_demo  # what a key switches to, in words; nothing to switch to
        self.assessed: Assessed | None = None

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="run-facts"):
            yield Static(id="run-words", markup=False)

    def follow(self, assessed: Assessed) -> None:
        self.assessed = assessed
        if self.display:
            self.show_facts()

    def on_show(self) -> None:
        self.show_facts()

    def show_facts(self) -> None:
        """Where the sliders stand, why, and what is saved; then what never changes."""
        if self.assessed is None:
            return
        desk = self.desk
        point = point_facts(
            self.assessed.made_at,
            desk.standing(self.assessed)[0],
            "" if desk.saved is None else desk.saved.words,
            card_of(desk.opened),
            desk.opened.inputs.card is not None,
            desk.start_point.notice,
        )
        if assumed := assumed_words(desk.opened.assumed):
            point.append(("Assumed", assumed))
        facts = run_facts(desk.opened, self.other_demo, point)
        self.query_one("#run-words", Static).update(facts)
