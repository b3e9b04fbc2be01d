"""Where no confidence is best the screen says why, and nothing of an optimum."""

import pytest
from textual.widgets._footer import FooterKey

from engine.core.goals import Goal
from tests.making import detection
from tests.opening import BOLT, NUT, confused
from tests.tui.assess.test_stopping import SIZE as SMALL
from tests.tui.saving.saving_point import notices
from tests.tui.waiting import settled, until
from tests.tui.walking import SIZE, app_of, words
from tui.assess.assess import AssessScreen
from tui.controls.slider import Slider
from tui.curves.pane import CurvesPane

BOX = (0, 0, 10, 10)
NO_TRUTH = detection([], [(0, BOLT, 0.9, BOX), (0, NUT, 0.4, BOX)])
NO_PREDICTIONS = detection([(0, BOLT, BOX)], [])
NO_MATCH = detection([(0, BOLT, BOX)], [(0, BOLT, 0.9, (0, 0, 10, 9)), (0, NUT, 0.4, BOX)])
WHY = {
    "truth": "no ground truth: nothing to optimise",
    "predictions": "no predictions: nothing to optimise",
}


def says_nothing_of_an_optimum(screen: AssessScreen, why: str) -> bool:
    line = words(screen, "#summary")
    return (
        why in line
        and "best" not in line
        and "moved" not in line
        and screen.query_one("#confidence", Slider).optimum is None
    )


@pytest.mark.parametrize("size", [SIZE, SMALL])
@pytest.mark.parametrize(("made", "why"), [(NO_TRUTH, "truth"), (NO_PREDICTIONS, "predictions")])
async def test_without_ground_truth_or_predictions_the_screen_says_so(made, why, size):
    async with app_of(made).run_test(size=size) as pilot:
        screen = await settled(pilot)
        assert says_nothing_of_an_optimum(screen, WHY[why])
        at = screen.wish.point.confidence
        await pilot.press("0")
        await settled(pilot)
        assert WHY[why].capitalize() in notices(pilot)
        assert screen.wish.point.confidence == at


async def test_at_an_iou_that_no_pair_reaches_nothing_is_optimal():
    why = "no match at IoU 1.00: nothing to optimise"
    async with app_of(NO_MATCH).run_test(size=SMALL) as pilot:
        screen = await settled(pilot)
        assert "= best F1" in words(screen, "#summary")
        best = screen.wish.point.confidence
        await pilot.press(*["greater_than_sign"] * 10)
        await settled(pilot)
        assert screen.wish.point.iou == 1
        assert says_nothing_of_an_optimum(screen, why)
        await pilot.press("0")
        await settled(pilot)
        assert why.capitalize().replace("iou", "IoU") in notices(pilot)
        assert screen.wish.point.confidence == best
        await pilot.press("3")
        await settled(pilot)
        view = screen.query_one(CurvesPane).view
        assert view.optimum != view.optimum
        assert view.flat[0] != view.flat[0]
        await pilot.press(*["less_than_sign"] * 3)
        await settled(pilot)
        assert "= best F1" in words(screen, "#summary")
        assert screen.query_one("#confidence", Slider).optimum == best


@pytest.mark.slow
async def test_a_limit_that_no_confidence_keeps_is_named():
    wanted = "recall@precision=0.9"
    app = app_of(NO_MATCH)
    async with app.run_test(size=(200, 40)) as pilot:
        screen = await settled(pilot)
        await pilot.press(*["greater_than_sign"] * 10)
        while screen.wish.goal != Goal.parse(wanted):
            await pilot.press("asterisk")
        await settled(pilot)
        assert says_nothing_of_an_optimum(
            screen, "no confidence has precision at least .9: nothing to optimise"
        )


async def test_where_there_is_an_optimum_the_key_is_dimmed_there_and_says_nothing():
    async with app_of(confused()).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        assert screen.assessed.no_optimum == ""
        assert screen.check_action("optimum", ()) is None
        await pilot.press("0")
        await settled(pilot)
        assert notices(pilot) == ""


async def test_the_key_back_is_dimmed_only_while_one_is_there():
    def dimmed(now: bool) -> bool:
        keys = [key for key in screen.query(FooterKey) if key.key == "0"]
        return [key.has_class("-disabled") for key in keys] == [now]

    async with app_of(confused()).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await until(pilot, lambda: dimmed(True))
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: dimmed(False))
        await pilot.press("0")
        await until(pilot, lambda: dimmed(True))
