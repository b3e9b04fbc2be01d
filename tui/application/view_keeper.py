"""A dataset as it was left: tab, sliders, order and theme, from one run to the next."""

from contextlib import suppress
from dataclasses import dataclass, replace
from math import isnan
from typing import TYPE_CHECKING, Any, Final

from textual.app import App

from tui.application.themes import ThemeKeeper

# The first frame does not wait for what is needed when a dataset is on the screen.
if TYPE_CHECKING:
    from textual.widgets import ContentSwitcher

    from engine.core.thresholds import OperatingPoint
    from tui.application.view_state import Point, ViewState
    from tui.assess.assess import AssessScreen
    from tui.feed.tab import FeedTab


COMPARE: Final = "compare"
"""A tab that is not gone back to: it would ask for the other model before anybody asked for it."""


@dataclass(frozen=True, eq=False)
class ShownDataset:
    """The dataset on show, by what knows how it is shown: also when its screen is gone."""

    screen: "AssessScreen"
    feed: "FeedTab"
    switcher: "ContentSwitcher"
    started: "OperatingPoint"  # before anything was restored

    def state(self, theme: str) -> "ViewState":
        """How it is left, in a theme of its own or in none."""
        from tui.application.view_state import ViewState

        return ViewState(
            data=str(self.screen.desk.opened.inputs.data.resolve()),
            tab=self.switcher.current or "",
            theme=theme,
            goal=self.screen.wish.goal.spec,
            order=self.feed.order,
            descending=self.feed.descending,
            started=_point(self.started),
            point=_point(self.screen.wish.point),
        )


class ViewKeeper:
    """Shows a dataset as it was left, and writes how it is left."""

    def __init__(self, app: App[Any], themes: ThemeKeeper) -> None:
        self.app = app
        self.themes = themes
        self.shown: ShownDataset | None = None

    def restore(self, screen: "AssessScreen") -> None:
        """Show the dataset of a screen as it was left; from now on it is the one on show."""
        from textual.widgets import ContentSwitcher

        from tui.application.view_state import read_view_state
        from tui.feed.tab import FeedTab

        feed, switcher = screen.query_one(FeedTab), screen.query_one(ContentSwitcher)
        self.shown = ShownDataset(screen, feed, switcher, screen.wish.point)
        before, problem = read_view_state(screen.desk.opened.inputs.data)
        if problem:
            self.app.notify(problem, severity="warning", markup=False, timeout=8)
        if before is None:
            return
        if before.theme in self.app.available_themes:
            self.app.theme = before.theme
            self.themes.put_on(before.theme)
        if restore_view(screen, before):
            self.app.notify("The sliders stand as you left them. 0: optimal confidence")

    def keep(self) -> None:
        """Write how the dataset on show is left; without a place to write it is forgotten."""
        if self.shown is None:
            return
        from tui.application.view_state import write_view_state

        state = self.shown.state(self.themes.of_dataset(self.app.theme))
        with suppress(OSError):
            write_view_state(self.shown.screen.desk.opened.inputs.data, state)


def restore_view(screen: "AssessScreen", before: "ViewState") -> bool:
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
        chosen = point.confidence != wish.point.confidence
        screen.want(replace(wish, goal=goal, point=point, moved=chosen))
    if before.tab in screen.specs and before.tab != COMPARE:
        screen.action_tab(before.tab)
    return moved


def _point(point: "OperatingPoint") -> "Point":
    from tui.application.view_state import Point

    confidence = None if isnan(point.confidence) else float(point.confidence)
    return Point(float(point.iou), confidence, point.matching, point.per_class, point.own)
