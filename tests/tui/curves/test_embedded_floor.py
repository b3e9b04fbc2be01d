"""Where a model drops low confidences by itself, slider and curve stop there and say so."""

import pytest

from tests.opening import confused, opened, opener_of
from tests.tui.waiting import settled, until
from tui.app import OffdiagApp
from tui.curves.detector_tab import DetectorCurvesTab


@pytest.mark.parametrize("floor", [0.25, 0.0])
@pytest.mark.slow
async def test_the_slider_and_the_curve_end_where_the_model_does(floor):
    app = OffdiagApp(opener_of(opened(confused(), floor=floor)))
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await settled(pilot)
        slider = screen.slider("confidence")
        assert (slider.minimum, slider.low) == (floor, floor)
        await pilot.press(*["left_curly_bracket"] * 25)
        await settled(pilot)
        assert slider.value == pytest.approx(floor)
        assert screen.wish.point.confidence >= floor
        await pilot.press("3")
        tab = screen.query_one(DetectorCurvesTab)
        await until(pilot, lambda: bool(tab.pane.view.curves))
        assert tab.pane.view.cut == ("cut: the model is silent below .250 " if floor else "")
