"""What if before the first image, and what stands above it."""

import pytest
from PIL import Image
from textual import events

from engine.opening import Inputs
from tests.tui.asking import MODEL, PHOTOS, asking, ended, entries, noted, opened, seen
from tests.tui.waiting import settled, until
from tests.tui.walking import app_of, words
from tui.controls.path_input import PathInput
from tui.controls.slider import Slider
from tui.whatif.example_paths import ExamplePaths


@pytest.mark.slow
async def test_without_ground_truth_there_are_no_figures_of_it_and_no_iou(tmp_path):
    inputs = Inputs(data=tmp_path / "truth.json", model=MODEL, provider="cpu")
    async with app_of(inputs=inputs).run_test(size=(120, 40)) as pilot:
        screen = await settled(pilot)
        iou, point = screen.query_one("#iou", Slider), screen.wish.point
        assert "F1 ." in words(screen, "#summary")
        await pilot.press("5")
        await settled(pilot)
        standing = screen.desk.standing(screen.assessed)[0]
        assert words(screen, "#summary") == standing
        assert not iou.display
        await pilot.press("greater_than_sign", "comma")
        await settled(pilot)
        assert screen.wish.point == point
        assert screen.focused is not iou
        await pilot.press("right_square_bracket")
        await settled(pilot)
        assert words(screen, "#summary") == screen.desk.standing(screen.assessed)[0] != standing
        await pilot.press("1")
        await settled(pilot)
        assert iou.display
        assert "F1 ." in words(screen, "#summary")


async def test_the_room_is_used_to_say_what_to_do_and_up_brings_paths(tmp_path, monkeypatch):
    (tmp_path / "shots").mkdir()
    Image.new("RGB", (64, 48)).save(tmp_path / "shots" / "a.png")
    monkeypatch.chdir(tmp_path)
    for size in ((80, 24), (120, 40)):
        async with asking(size=size) as (pilot, tab):
            examples = tab.query_one(ExamplePaths)
            await until(pilot, lambda tab=tab: bool(tab.query_one(PathInput).lines))
            assert tab.pane.query_one("#whatif-note").size.width > size[0] - 10
            assert examples.region.bottom <= tab.region.bottom
            assert "shots/" in str(examples.render())
            for said in ("a file", "a folder", "a pattern", "a list", "Press i"):
                assert said in noted(tab)
            await pilot.press("i", "x", "up")
            line = tab.query_one(PathInput)
            assert line.value == "shots/"
            await pilot.press("up")  # there is none before
            assert line.value == "shots/"
            await pilot.press("down")
            assert line.value == "x"
            await pilot.press("up", "enter")
            await until(pilot, lambda tab=tab: len(entries(tab)) == 1)
            await ended(pilot, tab)
            assert not tab.pane.has_class("-alone")
            assert not examples.display
            assert seen(tab).look.path.endswith("shots/a.png")


async def test_what_was_scored_before_is_a_key_away():
    async with asking() as (pilot, tab):
        line = tab.query_one(PathInput)
        for photo in PHOTOS[:2]:
            line.focus()
            line.value = str(photo)
            await pilot.pause()
            await pilot.press("enter")
        await pilot.press("up", "up")
        assert line.value == str(PHOTOS[0])


async def test_the_folder_of_the_dataset_is_offered_first(tmp_path):
    inputs = Inputs(data=tmp_path / "truth.json", model=MODEL, provider="cpu")
    async with app_of(inputs=inputs).run_test(size=(120, 40)) as pilot:
        screen = await settled(pilot)
        folders = {path.parent for path in screen.desk.assessment.images.path if path}
        await pilot.press("5")
        tab = await opened(pilot)
        if folders:
            await until(pilot, lambda: bool(tab.query_one(PathInput).lines))
            assert tab.query_one(ExamplePaths).dataset in folders


async def test_keys_right_after_i_are_typed_and_do_nothing_else():
    async with asking() as (pilot, tab):
        line = tab.query_one(PathInput)
        for letter in "i/tmp":  # as in one piece: t and m are keys outside the line
            key = "slash" if letter == "/" else letter
            pilot.app.post_message(events.Key(key, letter))
        await until(pilot, lambda: line.value == "/tmp")
        assert pilot.app.screen is tab.screen
