"""A model without a dataset, from the command line on."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.text import Text

from engine.cards.operating_point import SavedPoint
from engine.cards.point_writer import save_point
from engine.opening import Inputs
from engine.scoring.model.onnx_file import checked_file, digest
from tests.engine.scoring.making import ANSWER, constant_answer_model, ultralytics_metadata
from tests.opening import INPUTS
from tests.tui.asking import (
    CLASSIFIER,
    CROPS,
    MODEL,
    PHOTOS,
    asking,
    ended,
    models,
    noted,
    opened,
    results,
    seen,
    told,
    typed,
)
from tests.tui.assess.test_speed import ATTEMPTS, BLOCKED, UNIT, unit_of_work
from tests.tui.heartbeat import heartbeat
from tests.tui.waiting import settled, until
from tests.tui.walking import app_of
from tui.app import OffdiagApp, WhatIf
from tui.cli import offdiag
from tui.controls.lines import Lines
from tui.controls.slider import Slider
from tui.controls.tab_bar import TabBar
from tui.desk.model_source import ModelSource
from tui.whatif.pane import WhatIfPane


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "m.onnx"
    return constant_answer_model(path, ANSWER, batch=1, metadata=ultralytics_metadata())


def save(model, confidence, **changes):
    sha256 = digest(checked_file(model).files)
    save_point(model, replace(SavedPoint(confidence, sha256=sha256), **changes))


async def test_files_given_as_arguments_are_scored_at_once_and_there_is_no_matrix():
    async with asking(PHOTOS[0]) as (pilot, tab):
        assert [name for name, *_ in pilot.app.screen.query_one(TabBar).tabs] == ["whatif"]
        assert seen(tab).look.path == str(PHOTOS[0])
        assert models(tab).names[:2] == ("bolt", "screw")
        assert pilot.app.screen.query_one(Slider).value == 0.5


async def test_a_classifier_begins_with_every_image_answered():
    async with asking(CROPS[0], model=CLASSIFIER) as (pilot, tab):
        assert pilot.app.screen.query_one(Slider).value == 0
        assert tab.pane.images.rows[0].lead == ""


async def test_it_begins_at_the_saved_point_and_goes_back_to_it(model):
    save(model, 0.41, classes={"nut": 0.2})
    async with asking(PHOTOS[0], model=model) as (pilot, tab):
        slider = pilot.app.screen.query_one(Slider)
        assert (slider.value, slider.optimum) == (0.41, 0.41)
        assert tab.session.limits.of_class.tolist() == [0.41, 0.2]
        await pilot.press("right_square_bracket")
        await until(
            pilot, lambda: tab.session.limits.of_class.tolist() == pytest.approx([0.42, 0.42])
        )
        assert slider.value == pytest.approx(0.42)
        await pilot.press("0")
        await until(pilot, lambda: tab.session.limits.of_class.tolist() == [0.41, 0.2])


async def test_a_point_of_another_model_is_not_used_and_said(model):
    save(model, 0.41, sha256="0" * 64)
    async with asking(PHOTOS[0], model=model) as (pilot, _):
        assert pilot.app.screen.query_one(Slider).value == 0.5
        assert any("has changed since" in each.message for each in pilot.app._notifications)


async def test_a_model_that_cannot_be_opened_ends_the_app_with_its_reason(tmp_path):
    (tmp_path / "bad.onnx").write_bytes(b"<html>")
    source = ModelSource(tmp_path / "bad.onnx", None, "cpu")
    app = OffdiagApp(None, whatif=WhatIf(source))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.return_code is not None)
    assert app.return_code == 2


@pytest.mark.slow
async def test_without_a_model_one_can_be_opened_here(tmp_path):
    inputs = Inputs(data=tmp_path / "truth.json", predictions=Path("results.json"))
    async with app_of(inputs=inputs).run_test(size=(120, 40)) as pilot:
        screen = await settled(pilot)
        await pilot.press("5")
        tab = screen.tab("whatif")
        assert "There is no model here" in noted(tab)
        tab.session.open(MODEL, second=False)
        tab.show()
        await opened(pilot)
        assert "Score images with model.onnx on CPU" in noted(tab)


@pytest.mark.slow
async def test_a_model_that_is_gone_is_told_in_the_tab():
    async with app_of(inputs=INPUTS).run_test(size=(120, 40)) as pilot:
        screen = await settled(pilot)
        await pilot.press("5")
        await until(pilot, lambda: "m opens another model" in noted(screen.tab("whatif")))


def refused(*arguments):
    result = CliRunner().invoke(offdiag, ["open", *map(str, arguments)])
    assert result.exit_code == 2
    return result.output


def test_the_command_says_what_is_missing():
    assert "Name a MODEL.onnx" in refused()
    assert "--images goes with --data" in refused(MODEL, "--images", "x")
    assert "offdiag score" in refused(MODEL)
    assert "press 5" in refused(MODEL, "a.jpg", "--data", "truth.json")


@pytest.mark.slow
async def test_five_hundred_images_leave_the_matrix_alive(tmp_path):
    """Tried again if need be: what blocks the loop blocks it each time, a busy machine does not."""
    for number in range(500):
        (tmp_path / f"{number}.jpg").hardlink_to(PHOTOS[number % len(PHOTOS)])
    longest = []
    while len(longest) < ATTEMPTS and min(longest, default=BLOCKED) >= BLOCKED:
        before, turn, after = unit_of_work(), await longest_turn(tmp_path), unit_of_work()
        longest.append(turn / max(1.0, before / UNIT, after / UNIT))
    assert min(longest) < BLOCKED, longest


@pytest.mark.slow
async def test_an_image_that_is_placed_while_another_tab_is_shown_waits_for_its_own(monkeypatch):
    inputs = Inputs(data=Path("truth.json"), model=MODEL, provider="cpu")
    say, said_times = WhatIfPane._say, []

    def counted(*arguments, **options):
        said_times.append(arguments)
        say(*arguments, **options)

    async with app_of(inputs=inputs).run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("5")
        tab = await opened(pilot)
        await typed(pilot, tab, str(PHOTOS[0]))
        await pilot.press("1")
        monkeypatch.setattr(WhatIfPane, "_say", counted)
        tab.pane.place((1, 7))
        await pilot.pause(0.1)
        assert len(said_times) <= 2
        tab.query_one("#whatif-words", Lines).show([Text(), Text()])
        await pilot.press("5")
        await until(pilot, lambda: PHOTOS[0].name in told(tab))


async def longest_turn(folder):
    """Seconds of processor time of the longest turn of the loop while images are scored."""
    inputs = Inputs(data=folder / "truth.json", model=MODEL, provider="cpu")
    async with app_of(inputs=inputs).run_test(size=(120, 40)) as pilot:
        screen = await settled(pilot)
        await pilot.press("5")
        tab = await opened(pilot)
        tab.begin(str(folder))
        await until(pilot, lambda: len(results(tab)) > 0)
        tab.pane.images.focus()
        await pilot.pause(0.1)
        async with heartbeat() as beats:
            begun = len(results(tab))
            for keys in (
                ["down", "down", "5"],
                ["1", "down", "n"],
                ["left_curly_bracket"] * 3,
            ):
                await pilot.press(*keys)
                await settled(pilot)
            assert screen.current == "matrix"
            await until(pilot, lambda: len(results(tab)) > begun)
        await pilot.press("5", "right_square_bracket", "pagedown")
        await pilot.pause()
        assert "ms" in told(tab) or noted(tab)
        await pilot.press("home")
        tab.action_stop()
        await ended(pilot, tab)
    return max(beats)
