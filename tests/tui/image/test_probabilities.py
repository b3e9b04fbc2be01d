"""The detail of a classifier's image, driven by keys."""

import numpy as np
import pytest
from textual import events

from engine.core.arrays import NOTHING
from tests.making_classes import classification
from tests.tui.classifying import NUT, sorter
from tests.tui.waiting import settled, until
from tests.tui.walking import SIZE, app_of
from tui.image.probabilities import ProbabilityScreen
from tui.image.probability_bars import ProbabilityBars


async def test_the_threshold_moved_in_the_detail_withholds_the_answer_and_keeps_the_image():
    async with app_of(sorter()).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("n", "enter")
        await settled(pilot)
        await pilot.press("right", "enter")
        detail = await settled(pilot, ProbabilityScreen)
        assert detail.view.detail.predicted == NUT
        await pilot.press(*["right_curly_bracket"] * 13)
        await until(pilot, lambda: detail.view.confidence == pytest.approx(0.65))
        assert (detail.view.name, detail.view.detail.predicted) == ("000001.jpg", NOTHING)
        assert str(detail.query_one("#verdict").render()).startswith("No answer: nut comes first")
        assert detail.query_one(ProbabilityBars).shown.mark(0) == "withheld"
        assert screen.assessed.wish.point.confidence == detail.view.confidence


async def test_a_thousand_probabilities_scroll_by_keys_and_wheel():
    value = np.linspace(1, 0.001, 1000)[None, :] / 500
    names = tuple(f"class {index:03}" for index in range(1000))
    app = app_of(classification([700], value, classes=names))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("a")
        await settled(pilot)
        await pilot.press("enter")
        detail = await settled(pilot, ProbabilityScreen)
        bars = detail.query_one(ProbabilityBars)

        def lines():
            return [bars.render_line(y).text for y in range(1, bars.size.height)]

        def heading():
            return bars.render_line(0).text

        assert "class 000" in lines()[0]
        assert heading().split()[:2] == ["#", "class"]
        await pilot.press("down", "down", "up")
        assert "class 001" in lines()[0]
        await pilot.press("pagedown")
        assert bars.first == bars.room
        assert f"{bars.first + 1}\N{EN DASH}{bars.first + bars.room} of 1,000" in heading()
        await pilot.press("end")
        assert "class 999" in lines()[-1]
        await pilot.press("g")
        assert any("class 700" in line and "truth" in line for line in lines())
        await pilot.press("p")
        assert "class 000" in lines()[0]
        wheel = events.MouseScrollDown(bars, 1, 1, 0, 0, 0, False, False, False)
        bars.post_message(wheel)
        await until(pilot, lambda: bars.first == 3)
