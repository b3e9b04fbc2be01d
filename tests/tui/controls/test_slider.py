import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style
from textual import events
from textual.app import App
from textual.containers import Horizontal
from textual.widgets import Button

from engine.util.words import iou_threshold
from tui.controls.slider import Slider
from tui.drawing.track import Scale, TrackStyles, next_multiple, track

PLAIN = TrackStyles(*[Style(color="white")] * 8)
STEPS = st.sampled_from([0.01, 0.05, 0.1, 0.025])
VALUES = st.floats(0, 1)


@given(VALUES, STEPS)
def test_up_then_down_stands_on_a_multiple_of_the_step(value, step):
    up = next_multiple(value, step)
    down = next_multiple(up, -step)
    assert value < up <= value + step + 1e-9
    assert down == pytest.approx(up - step)
    assert round(down / step) * step == pytest.approx(down, abs=1e-12)


@given(VALUES, STEPS)
def test_down_goes_below_by_a_step_at_most(value, step):
    assert value - step - 1e-9 <= next_multiple(value, -step) < value


def test_the_next_multiple_of_an_uneven_value():
    assert [next_multiple(0.4127, step) for step in (0.01, -0.01, 0.05, -0.05)] == [
        0.42, 0.41, 0.45, 0.4,
    ]  # fmt: skip
    assert next_multiple(0.29, 0.01) == 0.3
    assert next_multiple(0.29, -0.01) == 0.28


def drawn(value, optimum=None, low=0.0, high=1.0, width=13):
    return track(Scale(low, high), value, optimum, width, PLAIN).plain


def test_the_knob_stands_at_the_ends_and_between():
    assert drawn(0) == "├●──────────┤"
    assert drawn(1) == "├━━━━━━━━━━●┤"
    assert drawn(0.5) == "├━━━━━●─────┤"
    assert drawn(0.75, low=0.5) == "├━━━━━●─────┤"


def test_the_optimum_is_a_mark_and_becomes_the_knob():
    assert drawn(0.5, optimum=0.8) == "├━━━━━●──◆──┤"
    assert drawn(0.8, optimum=0.8) == "├━━━━━━━━◆──┤"
    assert "◆" not in drawn(0.8001, optimum=0.8), "near the optimum is not at it"


@given(VALUES, VALUES, st.integers(3, 60))
def test_a_track_is_as_wide_as_it_is_told(value, optimum, width):
    assert len(drawn(value, optimum, width=width)) == width


@given(st.integers(2, 60), st.data())
def test_a_cell_stands_for_a_value_that_stands_for_it(width, data):
    cell = data.draw(st.integers(0, width - 1))
    scale = Scale(0.5, 1.0)
    assert scale.cell(scale.value(cell, width), width) == cell


class SliderApp(App[None]):
    CSS = "Horizontal { height: 1; } #iou { margin-left: 3; }"

    def __init__(self):
        super().__init__()
        self.posted = []
        self.bells = 0

    def compose(self):
        with Horizontal():
            yield Slider("conf", 0.4127, optimum=0.4127, hint="[ ]", id="conf")
            yield Slider(
                "IoU",
                0.5,
                minimum=0.1,
                low=0.5,
                step=0.05,
                coarse=0.1,
                write=iou_threshold,
                id="iou",
            )
        yield Button("else")

    def on_slider_changed(self, message):
        self.posted.append((message.slider.id, message.value))

    def bell(self):
        self.bells += 1

    def text(self, id):
        return self.query_one(f"#{id}", Slider).render().plain


@pytest.fixture
async def app():
    app = SliderApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.pilot = pilot
        app.conf, app.iou = app.query(Slider)
        app.conf.focus()
        yield app


async def test_two_sliders_share_a_line_of_eighty_columns(app):
    assert app.conf.region.y == app.iou.region.y == 0
    assert app.iou.region.right <= 80
    assert app.text("conf").startswith("conf ├━")
    assert app.text("conf").endswith("┤   .413 [ ]")
    assert len(app.text("conf")) == app.conf.size.width
    assert app.text("iou").endswith("─┤    .50")


async def test_arrows_go_to_multiples_and_say_so(app):
    await app.pilot.press("right", "left", "left", "shift+right", "shift+left")
    assert app.posted == [("conf", value) for value in (0.42, 0.41, 0.4, 0.45, 0.4)]


async def test_the_range_ends_where_it_ends(app):
    await app.pilot.press("end", "right", "home", "left")
    assert app.posted == [("conf", 1.0), ("conf", 0.0)]
    app.iou.value = 0.03
    assert app.iou.value == 0.1


async def test_a_value_set_from_outside_is_shown_and_not_posted(app):
    app.conf.value = 0.25
    await app.pilot.pause()
    assert app.posted == []
    assert ".250" in app.text("conf")


async def test_it_knows_whether_it_stands_at_the_optimum(app):
    assert app.conf.has_class("-at-optimum")
    assert "●" not in app.text("conf")
    await app.pilot.press("right")
    assert not app.conf.at_optimum
    assert not app.conf.has_class("-at-optimum")
    app.conf.optimum = 0.42
    assert app.conf.has_class("-at-optimum")


async def test_the_track_reaches_down_when_the_value_does(app):
    knob = app.text("iou").index("●")
    app.iou.focus()
    await app.pilot.press("left")
    assert app.iou.value == 0.45
    assert app.text("iou").index("●") > knob
    await app.pilot.press("right")
    assert app.text("iou").index("●") == knob


async def test_a_typed_number_counts_when_entered(app):
    await app.pilot.press(".", "3")
    assert app.text("conf").endswith("┤ .3▏    [ ]")
    assert app.posted == []
    await app.pilot.press("5", "5", "backspace", "enter")
    assert app.posted == [("conf", 0.35)]
    assert ".350" in app.text("conf")


async def test_a_digit_begins_no_number_but_a_decimal_point_does(app):
    await app.pilot.press("3", "0")
    assert app.conf.entry is None
    await app.pilot.press(",", "3", "enter")
    assert app.posted == [("conf", 0.3)]


async def test_escape_leaves_the_value_as_it_was(app):
    await app.pilot.press("enter", "0", ",", "2", "escape")
    assert app.posted == []
    assert ".413" in app.text("conf")


@pytest.mark.parametrize("typed", ["2", "..", ".05"])
async def test_a_number_out_of_range_is_refused_with_the_range(app, typed):
    app.iou.focus()
    await app.pilot.press("enter", *typed, "enter")
    assert ".10 to 1.00" in app.text("iou")
    assert (app.posted, app.bells) == ([], 1)
    await app.pilot.press("backspace")
    assert ".10 to 1.00" not in app.text("iou")


async def test_a_letter_in_a_number_is_answered_with_what_is_expected(app):
    app.iou.focus()
    await app.pilot.press("enter", "0", "x")
    assert "type .10 to 1.00" in app.text("iou")
    assert (app.posted, app.bells) == ([], 1)
    await app.pilot.press(".", "7", "enter")
    assert app.iou.value == 0.7


async def test_typing_begun_by_a_global_key_gives_the_focus_back(app):
    button = app.query_one(Button).focus()
    await app.pilot.pause()
    app.conf.begin_edit()
    await app.pilot.press("1", "enter")
    assert app.posted == [("conf", 1.0)]
    assert app.focused is button
    app.conf.begin_edit()
    await app.pilot.press("escape")
    assert app.focused is button


async def test_who_goes_elsewhere_has_given_up_typing(app):
    await app.pilot.press("enter", "3", "tab")
    assert app.focused is app.iou
    assert ".413" in app.text("conf")
    assert app.posted == []


async def test_while_typing_keys_have_no_other_meaning(app):
    await app.pilot.press("enter", "0", "left", "home", "x", ".", "6", "enter")
    assert app.posted == [("conf", 0.6)]


async def test_a_click_takes_the_nearest_step_and_the_mark_the_optimum_itself(app):
    text = app.text("conf")
    first, last = text.index("├") + 1, text.index("┤") - 1
    await app.pilot.click(app.conf, offset=(last, 0))
    await app.pilot.click(app.conf, offset=(first, 0))
    assert app.posted == [("conf", 1.0), ("conf", 0.0)]
    await app.pilot.click(app.conf, offset=(app.text("conf").index("◆"), 0))
    assert app.posted[-1] == ("conf", 0.4127)


async def test_the_knob_can_be_dragged(app):
    text = app.text("conf")
    first = text.index("├") + 1
    down, move = [events.MouseDown], [events.MouseMove]
    await app.pilot._post_mouse_events(down, app.conf, offset=(first, 0), button=1)
    for x in range(first + 1, first + 5):
        await app.pilot._post_mouse_events(move, app.conf, offset=(x, 0), button=1)
    await app.pilot.mouse_up(app.conf, offset=(first + 4, 0))
    values = [value for _, value in app.posted]
    assert values == sorted(values)
    assert values[-1] == app.conf.value > 0.1
    await app.pilot._post_mouse_events(move, app.conf, offset=(first, 0))
    assert app.conf.value == values[-1]


async def test_a_click_on_the_number_types_it(app):
    await app.pilot.click(app.conf, offset=(app.text("conf").index(".413"), 0))
    await app.pilot.press("1", "enter")
    assert app.posted == [("conf", 1.0)]


async def test_of_many_changes_the_newest_wins(app):
    older, newer = Slider.Changed(app.conf, 0.1), Slider.Changed(app.conf, 0.2)
    assert newer.can_replace(older)
    assert not newer.can_replace(Slider.Changed(app.iou, 0.5))
