"""A threshold chosen by eye goes into the card of a model that has no dataset."""

from dataclasses import replace

import pytest
from textual.widgets import Static
from textual.widgets._footer import FooterKey

from engine.cards.operating_point import SavedPoint, saved_point
from engine.cards.point_writer import save_point
from engine.scoring.model.onnx_file import checked_file, digest
from tests.engine.scoring.making import ANSWER, constant_answer_model, ultralytics_metadata
from tests.tui.asking import PHOTOS, asking
from tests.tui.waiting import until
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
async def test_what_it_takes_the_place_of_is_said_and_escape_keeps_that(model, sha256, sentence):
    save_point(model, replace(OTHER, sha256=sha256))
    async with asking(PHOTOS[0], model=model) as (pilot, _):
        screen = pilot.app.screen
        assert sentence in await proposed(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
    assert saved_point(model) == replace(OTHER, sha256=sha256)


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
