"""A threshold chosen by eye goes into the card of a model that has no dataset."""

from dataclasses import replace

import pytest
from textual.widgets import Static
from textual.widgets._footer import FooterKey

from engine.cards.operating_point import SavedPoint, saved_point
from engine.cards.point_writer import save_point
from engine.scoring.model.onnx_file import checked_file, digest
from tests.engine.scoring.making import ANSWER, constant_answer_model, ultralytics_metadata
from tests.tui.asking import PHOTOS, asking, notices
from tests.tui.waiting import until
from tui.controls.lines import Lines
from tui.controls.path_input import PathInput
from tui.controls.slider import Slider
from tui.saving.save_point import SavePointScreen

OTHER = SavedPoint(0.41, classes={"nut": 0.2}, goal="f1", value=0.8, date="2026-11-20")


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "m.onnx"
    return constant_answer_model(path, ANSWER, batch=1, metadata=ultralytics_metadata())


async def proposed(pilot) -> str:
    """Press the key, and read what would be saved."""
    await pilot.press("w")
    await until(pilot, lambda: isinstance(pilot.app.screen, SavePointScreen))
    box = pilot.app.screen
    await until(pilot, lambda: box.proposal is not None)
    return str(box.query_one("#save-words", Static).render())


async def test_the_confidence_is_saved_as_chosen_by_hand_and_holds_from_then_on(model):
    async with asking(PHOTOS[0], model=model) as (pilot, tab):
        screen = pilot.app.screen
        assert screen.query_one(Slider).optimum is None
        await pilot.press("right_square_bracket", "right_square_bracket")
        words = await proposed(pilot)
        assert "Chosen by hand" in words
        assert str(model.with_name("m.card.toml")) in words.replace("\n", "")
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        point = saved_point(model)
        assert point.confidence == pytest.approx(0.52)
        assert point.sha256 == digest(checked_file(model).files)
        assert (point.goal, point.classes, point.dataset) == ("", {}, "")
        assert point.value != point.value
        assert point.words == "confidence .520, chosen by hand"
        assert screen.query_one(Slider).optimum == point.confidence
        await pilot.press("left_curly_bracket", "W")
        await until(pilot, lambda: screen.query_one(Slider).value == point.confidence)
        await until(pilot, lambda: set(tab.session.limits.of_class) == {point.confidence})
    async with asking(PHOTOS[0], model=model) as (pilot, _):
        assert pilot.app.screen.query_one(Slider).value == point.confidence


@pytest.mark.parametrize(
    ("sha256", "sentence"),
    [("", "The thresholds of single classes go"), ("0" * 64, "found for another model file")],
)
@pytest.mark.slow
async def test_what_it_takes_the_place_of_is_said_and_escape_keeps_that(model, sha256, sentence):
    save_point(model, replace(OTHER, sha256=sha256))
    async with asking(PHOTOS[0], model=model) as (pilot, _):
        screen = pilot.app.screen
        await pilot.press("right_square_bracket")
        assert sentence in await proposed(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
    assert saved_point(model) == replace(OTHER, sha256=sha256)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
async def test_the_screen_says_that_classes_have_thresholds_and_when_they_do_not_hold(model, size):
    save_point(model, OTHER)
    async with asking(PHOTOS[0], model=model, size=size) as (pilot, tab):
        line = pilot.app.screen.query_one("#summary", Lines)
        await until(pilot, lambda: line.plain != "")
        assert line.plain == ("confidence .410, saved on 20 November; 1 class at its own threshold")
        assert 0.2 in tab.session.limits.of_class
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: "goes back" in line.plain)
        assert line.plain.startswith("confidence .420 for all classes")
        assert line.plain.endswith("0 goes back to .410 and 1 class at its own")
        assert set(tab.session.limits.of_class) == {0.42}
        await pilot.press("0")
        await until(pilot, lambda: "saved on" in line.plain)
        assert 0.2 in tab.session.limits.of_class


async def test_at_the_saved_point_there_is_nothing_to_save_and_nothing_is_lost(model):
    save_point(model, OTHER)
    async with asking(PHOTOS[0], model=model) as (pilot, _):
        screen = pilot.app.screen
        await pilot.press("w", "w", "enter")
        await until(pilot, lambda: any("nothing to save" in each for each in notices(pilot)))
        assert pilot.app.screen is screen
    assert saved_point(model) == OTHER


@pytest.mark.slow
async def test_a_key_keeps_the_thresholds_of_classes_and_saves_the_confidence(model):
    save_point(model, OTHER)
    async with asking(PHOTOS[0], model=model) as (pilot, tab):
        screen = pilot.app.screen
        await pilot.press("right_square_bracket")
        assert "k keeps them" in await proposed(pilot)
        await pilot.press("k")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert screen.query_one("#summary", Lines).plain.endswith("1 class at its own threshold")
        assert 0.2 in tab.session.limits.of_class
    point = saved_point(model)
    assert (point.confidence, point.classes, point.goal) == (0.42, {"nut": 0.2}, "")


async def test_nothing_is_offered_to_be_kept_where_no_class_has_a_threshold(model):
    async with asking(PHOTOS[0], model=model) as (pilot, _):
        await pilot.press("right_square_bracket")
        assert "k keeps" not in await proposed(pilot)
        await pilot.press("k")
        await pilot.pause()
        assert isinstance(pilot.app.screen, SavePointScreen)
    assert saved_point(model) is None


async def test_the_key_line_tells_the_way_out_of_the_line_for_paths(model):
    async with asking(model=model, size=(200, 50)) as (pilot, tab):
        line, screen = tab.query_one(PathInput), pilot.app.screen
        await pilot.press("i")
        await until(pilot, lambda: line.has_focus)

        def told(key: str, word: str) -> bool:
            keys = [each for each in screen.query(FooterKey) if each.display]
            return any((each.key, each.description) == (key, word) for each in keys)

        await until(pilot, lambda: told("escape", "Leave"))
        await pilot.press("1", "w")
        assert line.value == "1w"
        await pilot.press("escape")
        await until(pilot, lambda: tab.pane.images.has_focus)
        assert line.value == ""
        await until(pilot, lambda: told("i", "Paths"))
        assert told("m", "Model")
        assert not told("escape", "Leave")
        await pilot.press("i")
        await until(pilot, lambda: line.has_focus)
