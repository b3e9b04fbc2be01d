"""From one demo to the other, from inside the app."""

import pytest

from engine.classification.classification import Classification
from engine.detection.detection import Detection
from tests.opening import confused, opened, opener_of
from tests.tui.classifying import sorter
from tests.tui.waiting import settled, until
from tests.tui.walking import SIZE, app_of
from tui.app import Demo, OffdiagApp
from tui.application.commands import commands_here
from tui.assess.assess import AssessScreen

OTHER = "Open the other demo"


def demos() -> OffdiagApp:
    made = [
        Demo("detection", opener_of(opened(confused()))),
        Demo("classification", opener_of(opened(sorter()))),
    ]
    return OffdiagApp(made[0].opener, demos=made)


@pytest.mark.slow
async def test_a_key_leads_to_the_other_demo_and_back():
    app = demos()
    async with app.run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        for kind in (Classification, Detection):
            await pilot.press("D")
            await until(pilot, lambda before=screen: app.screen is not before)
            screen = await settled(pilot)
            assert isinstance(screen.desk.assessment, kind)
        assert [type(each) for each in app.screen_stack].count(AssessScreen) == 1


async def test_the_run_tab_says_so_and_the_palette_offers_it_too():
    app = demos()
    async with app.run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("6")
        await until(pilot, lambda: "classification&#160;demo" in app.export_screenshot())
        (command,) = (each for each in commands_here(screen) if each.does == OTHER)
        command.run()
        await until(pilot, lambda: app.screen is not screen)
        screen = await settled(pilot)
        assert isinstance(screen.desk.assessment, Classification)


async def test_outside_a_demo_there_is_no_other():
    app = app_of()
    async with app.run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        assert not [each for each in commands_here(screen) if each.does == OTHER]
        await pilot.press("D")
        assert await settled(pilot) is screen
