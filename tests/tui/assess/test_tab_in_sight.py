"""Only the tab in sight follows at once; any other shows where the sliders stand when entered."""

import numpy as np
import pytest
from rich.console import Console
from textual.widgets import Static

from engine.cards.operating_point import SavedPoint
from tests.opening import confused
from tests.tui.classifying import sorter
from tests.tui.waiting import settled, until
from tests.tui.walking import SIZE, app_of, words
from tui.assess.assess import AssessScreen
from tui.controls.slider import Slider
from tui.desk.main import MainScreen
from tui.desk.tab import Tab
from tui.grids.grid import MatrixGrid
from tui.pictures.feed import Feed

MOVES = {
    "confidence": ["right_curly_bracket"],
    "iou": ["greater_than_sign"],
    "optimum of another goal": ["asterisk", "asterisk", "asterisk", "0"],
    "matching": ["R"],
    "saved": ["W"],
}


WALK = ("2", "3", "4", "5", "escape", "6", "escape")
TABS = {"1": "matrix", "2": "metrics", "3": "curves", "4": "feed", "5": "whatif", "6": "run"}


async def shows_the_point(pilot, screen: AssessScreen, tab: str) -> None:
    """All that a tab says is counted anew from the data, where the sliders stand."""
    point, assessed = screen.wish.point, screen.assessed
    assert assessed.wish == screen.wish
    judged = screen.desk.assessment.judged(point)
    shown = screen.tab(tab)
    assert screen.query_one("#confidence", Slider).number == f"{point.confidence:.3f}"[1:]
    assert screen.desk.standing(assessed)[-1] in words(screen, "#summary")
    if tab == "matrix":
        counts = screen.query_one(MatrixGrid).view.matrix.counts
        assert np.array_equal(counts, judged.matrix(point.confidence).counts)
        assert screen.explanation.made_at == assessed.made_at
    elif tab == "metrics":
        card, classes = judged.scorecard(point.confidence), len(screen.desk.assessment.classes)
        found = lambda: int(shown.metrics.true_positives[:classes].sum())  # noqa: E731
        await until(pilot, lambda: shown.metrics and found() == card.true_positives)
        await until(pilot, lambda: shown.pane.view.metrics is shown.metrics)
    elif tab == "curves":
        await until(pilot, lambda: shown.pane.view.point == point)
        assert shown.assessed is assessed
    elif tab == "feed":
        rows = judged.outcomes(point.confidence)
        await until(pilot, lambda: screen.query_one(Feed).view.total == len(rows))
        items = screen.query_one(Feed).view.items
        assert [item.image for item in items] == assessed.rows.image[: len(items)].tolist()
    elif tab == "whatif":
        assert shown.session.confidence == point.confidence
    else:
        console = Console(width=200)
        with console.capture() as facts:
            console.print(screen.query_one("#run-words", Static).content)
        assert assessed.made_at in facts.get()
        assert screen.desk.standing(assessed)[0] in facts.get()


async def every_tab_shows_the_point(pilot, screen: AssessScreen) -> None:
    for key in WALK:
        await pilot.press(key)
        await settled(pilot)
        tab = TABS.get(key, "matrix")
        assert screen.current == tab
        await shows_the_point(pilot, screen, tab)


@pytest.mark.slow
@pytest.mark.parametrize("move", MOVES)
async def test_every_tab_shows_where_the_sliders_were_moved_to_in_the_matrix(move):
    async with app_of(confused()).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        screen.desk.saved = SavedPoint(0.85, iou=0.6, matching="iou")
        await pilot.press("a", *WALK)  # everything in the feed, and in each something to be stale
        before = screen.wish
        await pilot.press(*MOVES[move])
        await settled(pilot)
        assert screen.wish != before
        await every_tab_shows_the_point(pilot, screen)


@pytest.mark.parametrize("key", ["2", "6", pytest.param("4", marks=pytest.mark.slow)])
async def test_the_matrix_shows_where_the_sliders_were_moved_to_in_another_tab(key):
    async with app_of(sorter()).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("a", "escape", key)  # everything in the feed
        await settled(pilot)
        await pilot.press(*["right_curly_bracket"] * 12)
        await settled(pilot)
        assert screen.wish.point.confidence == pytest.approx(0.6)
        await shows_the_point(pilot, screen, TABS[key])
        await pilot.press("escape")
        await shows_the_point(pilot, screen, "matrix")


async def test_a_class_asked_for_in_another_tab_is_shown_where_the_sliders_stand():
    async with app_of(confused()).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("3", "1", "right_curly_bracket")
        curves = screen.tab("curves")
        asked = []
        curves.show_class = lambda class_: asked.append((class_, curves.assessed))
        screen.show_class(Tab.ClassWanted("curves", 1))
        assert asked == [(1, screen.assessed)]


async def test_tabs_out_of_sight_are_told_once_that_the_point_is_gone():
    async with app_of(confused()).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        for key in ("2", "3", "1"):
            await pilot.press(key)
        told = []
        for tab in screen.tabs:
            tab.follow = lambda assessed, id=tab.id: told.append(("follows", id))
            tab.fall_behind = lambda id=tab.id: told.append(("behind", id))
        await pilot.press("right_square_bracket")
        others = {("behind", tab) for tab in ("metrics", "curves")}
        assert others <= set(told)
        assert [each for each in told if each[0] == "follows"] == [("follows", "matrix")]
        told.clear()
        await pilot.press("right_square_bracket")
        assert told == [("follows", "matrix")]
        await pilot.press("2")
        assert told[1] == ("follows", "metrics")


async def test_what_is_worked_out_of_a_point_that_is_gone_stops_in_a_tab_out_of_sight():
    async with app_of(confused()).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("2", "1")
        stopped = []
        screen.tab("metrics").workers.cancel_group = lambda node, group: stopped.append(group)
        await pilot.press("right_square_bracket")
        assert "intervals" in stopped


async def test_the_app_knows_the_main_screen_by_what_it_asks_of_it():
    async with app_of(confused()).run_test(size=SIZE) as pilot:
        assert isinstance(await settled(pilot), MainScreen)
        await pilot.press("question_mark")
        await pilot.pause()
        assert not isinstance(pilot.app.screen, MainScreen)
