"""A dataset as it was left: tab, sliders, order and theme, from one run to the next."""

from contextlib import suppress
from dataclasses import replace
from math import isnan
from typing import Any

from textual.widgets import ContentSwitcher

from engine.goals import Goal, GoalError
from engine.thresholds import OperatingPoint
from tui.manners import MannerlyApp
from tui.screens.assess import AssessScreen
from tui.screens.feed_tab import FeedTab
from tui.settings import Left, Point, Settings, read_left, write_left
from tui.terminal import Graphics


class RememberingApp(MannerlyApp):
    """An app that shows each dataset as it was left."""

    def __init__(self, graphics: Graphics, settings: Settings, remembers: bool) -> None:
        super().__init__(graphics, settings)
        self.remembers = remembers
        self.before_end = self.keep
        self._kept: tuple[AssessScreen, FeedTab, ContentSwitcher, OperatingPoint] | None = None
        self._own_theme = self.theme  # what nobody chose

    def on_mount(self) -> None:
        if self.graphics.answers.light and self.theme == "textual-dark":
            self.theme = "textual-light"
        self._own_theme = self.theme

    def come_back(self, screen: AssessScreen) -> None:
        """The screen as its dataset was left; from now on it is what is kept."""
        if not self.remembers or not screen.is_mounted:
            return
        self.keep()
        feed, switcher = screen.query_one(FeedTab), screen.query_one(ContentSwitcher)
        self._kept = screen, feed, switcher, screen.wish.point
        before, problem = read_left(screen.desk.opened.inputs.data)
        if problem:
            self.notify(problem, severity="warning", markup=False, timeout=12)
        if before is None:
            return
        if before.theme in self.available_themes:
            self.theme = before.theme
        if bring_back(screen, before):
            self.notify("The sliders stand as you left them. 0: optimal confidence")

    def keep(self) -> None:
        """Write how the dataset on show is left; without a place to write it is forgotten."""
        if self._kept is None:
            return
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


def bring_back(screen: AssessScreen, before: Left) -> bool:
    """Show a dataset as it was left, as far as that is still there.

    Whether the sliders stand elsewhere than a person who knows nothing of it expects.
    """
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


def _point(point: OperatingPoint) -> Point:
    confidence = None if isnan(point.confidence) else float(point.confidence)
    return Point(float(point.iou), confidence, point.matching, point.per_class, point.own)
