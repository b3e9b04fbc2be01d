"""A dataset as it was left: tab, sliders, order and theme, from one run to the next."""

from contextlib import suppress
from dataclasses import replace
from math import isnan
from typing import TYPE_CHECKING, Any

from tui.application.settings import NEVER, Looks, Settings
from tui.application.terminal_app import MannerlyApp
from tui.terminal.capabilities import Graphics

# The first frame does not wait for what is needed when a dataset is on the screen.
if TYPE_CHECKING:
    from textual.widgets import ContentSwitcher

    from engine.core.thresholds import OperatingPoint
    from tui.application.view_state import Left, Point
    from tui.assess.assess import AssessScreen
    from tui.feed.tab import FeedTab


class RememberingApp(MannerlyApp):
    """An app that shows each dataset as it was left."""

    def __init__(self, graphics: Graphics, settings: Settings, remembers: bool) -> None:
        super().__init__(graphics, settings)
        self.remembers = remembers
        self.before_end = self.keep
        self._kept: tuple[AssessScreen, FeedTab, ContentSwitcher, OperatingPoint] | None = None
        self._own_theme = self.theme  # without what a dataset was left in
        self._seen_theme = self.theme  # what the app itself has put on

    def on_mount(self) -> None:
        self.theme = self._own_theme = self._seen_theme = self._first_theme()

    def _first_theme(self) -> str:
        """The one that was chosen in such a terminal or in the config file."""
        chosen = self.settings.looks.theme
        if chosen in self.available_themes:
            return chosen
        if chosen:
            self.notify(f"There is no theme '{chosen}': t goes through those there are.")
        return self.plain_theme

    @property
    def plain_theme(self) -> str:
        """What suits the background where nobody chose."""
        return "textual-light" if self.graphics.answers.light else "textual-dark"

    @property
    def themes(self) -> list[str]:
        """All there are: what suits the background, its opposite, the others by name."""
        light_and_dark = {"textual-light", "textual-dark"}
        first = sorted(light_and_dark, key=lambda name: name != self.plain_theme)
        others = set(self.available_themes) - light_and_dark
        # Those in the terminal's own colours can promise nothing of how they look.
        return first + sorted(others, key=lambda name: (self.available_themes[name].ansi, name))

    def come_back(self, screen: "AssessScreen") -> None:
        """The screen as its dataset was left; from now on it is what is kept."""
        if not self.remembers or not screen.is_mounted:
            return
        from textual.widgets import ContentSwitcher

        from tui.application.view_state import read_left
        from tui.feed.tab import FeedTab

        self.keep()
        feed, switcher = screen.query_one(FeedTab), screen.query_one(ContentSwitcher)
        self._kept = screen, feed, switcher, screen.wish.point
        before, problem = read_left(screen.desk.opened.inputs.data)
        if problem:
            self.notify(problem, severity="warning", markup=False, timeout=8)
        if before is None:
            return
        if before.theme in self.available_themes:
            self.theme = self._seen_theme = before.theme
        if bring_back(screen, before):
            self.notify("The sliders stand as you left them. 0: optimal confidence")

    def keep(self) -> None:
        """Write how the dataset on show is left; without a place to write it is forgotten."""
        self.keep_theme()
        if self._kept is None:
            return
        from tui.application.view_state import Left, write_left

        screen, feed, switcher, started = self._kept
        data = screen.desk.opened.inputs.data
        state = Left(
            data=str(data.resolve()),
            tab=switcher.current or "",
            theme="" if self.theme == self._own_theme else self.theme,
            goal=screen.wish.goal.spec,
            order=feed.order,
            descending=feed.descending,
            started=_point(started),
            point=_point(screen.wish.point),
        )
        with suppress(OSError):
            write_left(data, state)

    def keep_theme(self) -> None:
        """Write which theme was chosen, for whatever is opened next in such a terminal."""
        if self.theme == self._seen_theme or not self.graphics.terminal:
            return
        from tui.application.looks import keep_looks

        self._seen_theme = self.theme
        chosen = NEVER if self.theme == self.plain_theme else self.theme
        with suppress(OSError):
            keep_looks(self.graphics.terminal, Looks(theme=chosen))


def bring_back(screen: "AssessScreen", before: "Left") -> bool:
    """Show a dataset as it was left, as far as that is still there.

    Whether the sliders stand elsewhere than a person who knows nothing of it expects.
    """
    from engine.core.goals import Goal, GoalError
    from tui.feed.tab import FeedTab

    feed = screen.query_one(FeedTab)
    if before.order in [order.name for order in screen.desk.orders]:
        feed.order, feed.descending = before.order, before.descending
    moved = False
    if before.point is not None and before.started == _point(screen.wish.point):
        wish = screen.wish
        changes: dict[str, Any] = {"iou": before.point.iou, "per_class": before.point.per_class}
        # As they were left, they belong to the goal that was left with them.
        if len(before.point.own) in (0, len(screen.desk.assessment.classes)):
            changes["own"] = before.point.own
        if before.point.confidence is not None:
            changes["confidence"] = before.point.confidence
        try:
            goal = Goal.parse(before.goal) if before.goal else wish.goal
            point = replace(wish.point, matching=before.point.matching, **changes)
        except GoalError:
            goal, point = wish.goal, wish.point
        moved = point != wish.point
        screen.want(replace(wish, goal=goal, point=point))
    if before.tab in screen.specs:
        screen.action_tab(before.tab)
    return moved


def _point(point: "OperatingPoint") -> "Point":
    from tui.application.view_state import Point

    confidence = None if isnan(point.confidence) else float(point.confidence)
    return Point(float(point.iou), confidence, point.matching, point.per_class, point.own)
