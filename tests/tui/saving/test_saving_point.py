"""The operating point: what is saved, where the app begins, and why it sometimes cannot."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from textual.widgets import Static

from engine.cards.operating_point import SavedPoint, saved_point
from engine.core.fingerprint import fingerprint
from engine.opening import Inputs, LeftOut
from tests.opening import confused, opened, opener_of
from tests.tui.classifying import sorter
from tests.tui.saving.saving_point import notices, save
from tests.tui.waiting import settled, until
from tests.tui.walking import SIZE, words
from tui.app import OffdiagApp
from tui.controls.slider import Slider
from tui.controls.tab_bar import TabBar
from tui.saving.save_point import SavePointScreen

DIGEST = "a" * 64
SAVED = SavedPoint(
    0.6, iou=0.4, matching="agnostic", goal="recall", sha256=DIGEST, date="2026-11-20T10:00:00"
)


def app_with(made, saved=None, **changes) -> OffdiagApp:
    inputs = Inputs(Path("truth.json"), Path("parts.onnx"), **changes)
    return OffdiagApp(opener_of(opened(made, inputs=inputs, saved=saved, digest=DIGEST)))


def banner(screen) -> str:
    line = screen.query_one("#banner", Static)
    return str(line.render()) if line.display else ""


async def test_the_app_begins_at_the_saved_point_and_shows_it_beside_the_optimum():
    async with app_with(confused(), SAVED).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        point = screen.assessed.wish.point
        assert (point.confidence, point.iou, point.matching) == (0.6, 0.4, "agnostic")
        assert screen.wish.goal.spec == "recall"
        assert screen.query_one("#iou", Slider).value == 0.4
        slider = screen.query_one("#confidence", Slider)
        assert "◇" in slider.render().plain
        assert "confidence .600, saved on 20 November" in words(screen, "#summary")
        await pilot.press("right_square_bracket")
        await settled(pilot)
        assert "you moved it" in words(screen, "#summary")
        await pilot.press("left_curly_bracket", "left_curly_bracket")
        await settled(pilot)
        assert "●" in slider.render().plain
        assert "◇" in slider.render().plain
        await pilot.press("W")
        await settled(pilot)
        assert screen.assessed.wish.point == point
        await pilot.press("6")
        await until(pilot, lambda: "confidence .600 at IoU .40" in pilot.app.export_screenshot()
                    .replace("&#160;", " "))  # fmt: skip


@pytest.mark.parametrize(
    ("saved", "sentence"),
    [
        (replace(SAVED, sha256="b" * 64), "The model file has changed since the operating point"),
        (replace(SAVED, dataset="b" * 64, data="old.json"), "other data (old.json) than these"),
    ],
)
async def test_a_point_for_another_model_or_other_data_stays_in_a_banner(saved, sentence):
    async with app_with(confused(), saved).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        assert sentence in banner(screen)
        assert "w saves" in banner(screen)
        assert screen.wish.point.confidence == screen.assessed.best.confidence
        assert "= best F1" in words(screen, "#summary")
        assert screen.query_one("#confidence", Slider).saved is None


async def test_a_point_for_these_data_by_their_content_needs_no_banner():
    made = confused()
    saved = replace(SAVED, dataset=fingerprint(made.dataset))
    async with app_with(made, saved).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        assert banner(screen) == ""
        assert screen.wish.point.confidence == 0.6


async def test_images_that_are_left_out_are_told_in_the_header_alone():
    left_out = LeftOut(images=6, of=11)
    app = OffdiagApp(opener_of(opened(confused(), left_out=left_out)))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await settled(pilot)
        assert left_out.words in screen.query_one(TabBar).render().plain
        assert banner(screen) == ""


async def test_a_class_without_a_saved_confidence_follows_the_slider():
    saved = replace(SAVED, classes={"nut": 0.85, "bolt": 0.1, "rivet": 0.3})
    async with app_with(confused(), saved).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        point, optima = screen.wish.point, screen.assessed.optima
        assert point.per_class
        assert dict(zip(screen.desk.assessment.classes, optima.confidence, strict=True)) == {
            "bolt": 0.1, "nut": 0.85, "washer": 0.6, "gear": 0.6,
        }  # fmt: skip
        assert "names classes that these data lack: rivet" in banner(screen)
        counts = screen.assessed.matrix.counts
        assert counts[:, 1].sum() == 1, "one box of a nut reaches .85"
        await pilot.press("P")
        await settled(pilot)
        assert not screen.wish.point.per_class
        assert screen.assessed.matrix.counts[:, 1].sum() == 3


async def test_predictions_from_a_file_say_why_they_cannot_keep_a_point():
    app = app_with(confused(), predictions=Path("found.json"))
    async with app.run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("w")
        await until(pilot, lambda: "offdiag open MODEL.onnx" in notices(pilot))
        assert "--confidence" in notices(pilot)
        assert pilot.app.screen is screen


async def test_a_card_that_cannot_be_written_says_so_and_changes_nothing(tmp_path):
    app = app_with(confused(), card=tmp_path / "nowhere" / "card.toml")
    async with app.run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("w")
        box = await settled(pilot, SavePointScreen)
        await until(pilot, lambda: box.proposal is not None)
        await pilot.press("enter")
        line = box.query_one("#save-words", Static)
        await until(pilot, lambda: "It was not saved" in str(line.render()))
        await pilot.press("escape")
        await settled(pilot)
        assert screen.desk.saved is None
        assert "= best F1" in words(screen, "#summary")


@pytest.mark.slow
async def test_a_classifier_is_saved_with_its_threshold_and_begins_there(tmp_path):
    card = tmp_path / "card.toml"
    async with app_with(sorter(), card=card).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("full_stop", "full_stop", "5", "8", "enter")
        await settled(pilot)
        counts = screen.assessed.matrix.counts
        assert str(card) in (await save(pilot)).replace("\n", "")
    kept = saved_point(Path("parts.onnx"), card)
    assert kept.confidence == 0.58
    assert np.isnan(kept.iou)
    assert kept.sha256 == DIGEST
    async with app_with(sorter(), kept, card=card).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        assert screen.wish.point.confidence == 0.58
        assert np.array_equal(screen.assessed.matrix.counts, counts)
        assert "no answer" in words(screen, "#summary")
