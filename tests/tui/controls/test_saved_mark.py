"""What is saved, beside the optimum on a slider's track."""

import pytest
from rich.style import Style
from textual.app import App

from tui.controls.slider import Slider
from tui.drawing.track import Scale, TrackStyles, track

PLAIN = TrackStyles(*[Style(color="white")] * 8)


@pytest.mark.parametrize(
    ("value", "optimum", "saved", "line"),
    [
        (0.5, 0.8, 0.2, "├━━◇━━●──◆──┤"),
        (0.2, 0.8, 0.2, "├━━◇─────◆──┤"),
        (0.5, 0.8, 0.8, "├━━━━━●──◈──┤"),
        (0.8, 0.8, 0.8, "├━━━━━━━━◈──┤"),
        (0.8, 0.8, 0.1, "├━◇━━━━━━◆──┤"),
        (0.8, 0.8, 0.81, "├━━━━━━━━◆──┤"),
        (0.5, None, 0.2, "├━━◇━━●─────┤"),
    ],
)
def test_the_saved_value_has_a_mark_of_its_own(value, optimum, saved, line):
    assert track(Scale(0, 1), value, optimum, 13, PLAIN, saved).plain == line


class OneSlider(App[None]):
    def compose(self):
        yield Slider("conf", 0.5, id="conf")


async def test_a_click_on_the_mark_chooses_the_saved_value_to_the_last_digit():
    app = OneSlider()
    async with app.run_test(size=(60, 3)) as pilot:
        slider = app.query_one(Slider)
        slider.saved = 0.7123456
        await pilot.pause()
        await pilot.click(slider, offset=(slider.render().plain.index("◇"), 0))
        assert slider.value == 0.7123456
