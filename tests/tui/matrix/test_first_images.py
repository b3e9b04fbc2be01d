"""Beside a wide matrix: the first images of the cell under the cursor."""

import pytest
from textual.pilot import Pilot

from engine.core.outcomes import Selection
from tests.opening import confused, opened, opener_of
from tests.tui.classifying import NUT, sorter
from tests.tui.waiting import settled, until
from tui.app import OffdiagApp
from tui.assess.assess import AssessScreen
from tui.feed.tab import FeedTab
from tui.grids.grid import MatrixGrid
from tui.matrix import tab as matrix_tab
from tui.matrix.first_images import FirstImages
from tui.matrix.tab import MatrixTab
from tui.pictures.feed import Feed
from tui.terminal.capabilities import Graphics

WIDE, TALL = 200, 60


def app_of(made, protocol="cells") -> OffdiagApp:
    return OffdiagApp(opener_of(opened(made)), Graphics(protocol, 10, 20))


def seen(screen: AssessScreen) -> list[str]:
    return [item.name for item in screen.query_one(FirstImages).view.items]


async def at(pilot: Pilot, screen: AssessScreen, truth: int, predicted: int) -> None:
    screen.query_one(MatrixGrid).move_to(truth, predicted)
    await pilot.pause()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("made", "cells"), [(confused, ((0, 1), (3, 3))), (sorter, ((0, 1), (2, 0)))]
)
async def test_they_are_those_of_the_feed_that_enter_opens(made, cells):
    async with app_of(made()).run_test(size=(WIDE, TALL)) as pilot:
        screen = await settled(pilot)
        page = screen.query_one(FirstImages)
        assert page.region.right == WIDE
        for truth, predicted in cells:
            await at(pilot, screen, truth, predicted)
            rows = int(screen.assessed.matrix.counts[truth, predicted])
            assert rows > 0
            await until(pilot, lambda n=rows: len(seen(screen)) == n)
            shown = [picture for picture in page.pictures if picture.display]
            assert [picture.subject.facts for picture in shown] == seen(screen)
            await pilot.press("enter")
            await until(pilot, lambda: screen.query_one(Feed).view.items)
            feed = screen.query_one(Feed).view
            assert [i.captions(30) for i in feed.items] == [i.captions(30) for i in page.view.items]
            assert screen.query_one(FeedTab).selection == Selection(truth, predicted)
            await pilot.press("1")
            await settled(pilot)


@pytest.mark.slow
async def test_they_follow_when_the_cursor_rests_and_not_while_it_walks(monkeypatch):
    monkeypatch.setattr(matrix_tab, "PAUSE", 0.8)
    asked = []
    async with app_of(confused()).run_test(size=(WIDE, TALL)) as pilot:
        screen = await settled(pilot)
        tab = screen.query_one(MatrixTab)
        await at(pilot, screen, 0, NUT)
        await until(pilot, lambda: len(seen(screen)) == 2)
        look = tab.look_up
        monkeypatch.setattr(tab, "look_up", lambda *wish: asked.append(wish[1]) or look(*wish))
        await pilot.press(*["right", "left"] * 6, "right")
        await until(pilot, lambda: asked)
        assert asked == [Selection(0, 2)]
        await until(pilot, lambda: seen(screen) == [])


@pytest.mark.slow
async def test_another_threshold_brings_others():
    async with app_of(confused()).run_test(size=(WIDE, TALL)) as pilot:
        screen = await settled(pilot)
        await at(pilot, screen, 0, NUT)
        await until(pilot, lambda: len(seen(screen)) == 2)
        screen.want_point(confidence=0.85)
        await until(pilot, lambda: len(seen(screen)) == 1)


@pytest.mark.slow
@pytest.mark.parametrize(("width", "protocol"), [(160, "cells"), (WIDE, "off")])
async def test_without_room_or_pictures_there_are_none_and_nothing_is_worked_out(
    width, protocol, monkeypatch
):
    def fail(*_: object) -> None:
        raise AssertionError("worked out for nobody")

    monkeypatch.setattr(MatrixTab, "look_up", fail)
    async with app_of(confused(), protocol).run_test(size=(width, TALL)) as pilot:
        screen = await settled(pilot)
        await pilot.press("right", "down", "n")
        screen.query_one(MatrixTab).look_soon()
        await pilot.pause(2 * matrix_tab.PAUSE)
        assert not screen.query_one(FirstImages).display
        assert screen.query_one("#matrix-pane").region.right == width


@pytest.mark.slow
async def test_a_click_on_one_opens_the_feed_of_the_cell():
    async with app_of(confused()).run_test(size=(WIDE, TALL)) as pilot:
        screen = await settled(pilot)
        await at(pilot, screen, 0, NUT)
        await until(pilot, lambda: len(seen(screen)) == 2)
        await pilot.click(FirstImages, offset=(5, 10))
        await until(pilot, lambda: screen.current == "feed")
        assert screen.query_one(FeedTab).selection == Selection(0, NUT)
