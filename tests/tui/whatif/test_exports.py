"""Out of the What if tab: the path, the picture, predictions, a list to label."""

import csv
import json

import pytest
from PIL import Image

from engine.formats import read_dataset
from tests.tui.asking import CLASSIFIER, CROPS, PHOTOS, asking, drawn, notices, seen
from tests.tui.waiting import until
from tui.controls.path_ask import PathAsk
from tui.controls.path_box import PathBox
from tui.controls.path_input import PathInput


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def answered(pilot, key, box, text=""):
    """Press a key, and Enter in the box that it opens."""
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, box))
    if text:
        pilot.app.screen.query("Input").first().value = text
        await pilot.pause()
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(pilot.app.screen, box))


async def noticed(pilot, words):
    await until(pilot, lambda: any(words in each for each in notices(pilot)))


@pytest.mark.slow
async def test_the_path_is_copied_and_the_annotated_picture_saved_as_it_is_seen(here):
    async with asking(PHOTOS[0]) as (pilot, tab):
        await pilot.press("y")
        await until(pilot, lambda: pilot.app.clipboard == str(PHOTOS[0]))
        await pilot.press("o")
        await until(
            pilot,
            lambda: seen(tab).look.change.turns == 1 and not tab.session.image.busy,
        )
        await answered(pilot, "s", PathBox)
        await noticed(pilot, "Wrote ")
        with Image.open(here / f"{PHOTOS[0].stem}_predictions.png") as saved:
            assert saved.size == (300, 400)
            with Image.open(seen(tab).shown) as plain:
                assert saved.tobytes() != plain.convert("RGB").tobytes()


async def test_predictions_are_exported_at_the_threshold(here):
    async with asking(*PHOTOS[:2]) as (pilot, tab):
        await answered(pilot, "e", PathBox)
        await noticed(pilot, "predictions.json (2 images)")
        rows = json.loads((here / "predictions.json").read_text())
        assert len({row["image_id"] for row in rows}) == 2
        first = [row for row in rows if row["image_id"] == rows[0]["image_id"]]
        assert len(first) == len(drawn(tab))
        await answered(pilot, "e", PathBox, str(here / "found.csv"))
        await noticed(pilot, "found.csv")
        with (here / "found.csv").open() as file:
            assert len(list(csv.DictReader(file))) == len(rows)


@pytest.mark.slow
async def test_a_classifier_cannot_be_coco_and_says_so(here):
    async with asking(CROPS[0], model=CLASSIFIER) as (pilot, _):
        await answered(pilot, "e", PathBox, str(here / "found.json"))
        await noticed(pilot, "this model classifies")
        assert not (here / "found.json").exists()
        await answered(pilot, "e", PathBox)
        await noticed(pilot, "predictions.csv")


async def test_images_are_added_to_a_list_to_label_which_is_asked_for_once(here):
    async with asking(*PHOTOS[:2]) as (pilot, tab):
        boxes = len(drawn(tab))
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, PathAsk))
        box = pilot.app.screen
        box.query_one(PathInput).value = "nowhere/list.txt"
        await pilot.press("enter")
        await until(pilot, lambda: len(box.query(".-problem")) == 1)
        assert tab.exports.listing is None
        await pilot.press("escape")
        await answered(pilot, "a", PathAsk)
        await noticed(pilot, "1 image in to_label.txt")
        await pilot.press("down", "a")
        await noticed(pilot, "2 images in to_label.txt")
        boxes += len(drawn(tab))
    assert (here / "to_label.txt").read_text().splitlines() == list(map(str, PHOTOS[:2]))
    dataset = read_dataset(here / "to_label.coco.json")
    assert len(dataset.ground_truths) == boxes
    assert dataset.images.path == tuple(PHOTOS[:2])
