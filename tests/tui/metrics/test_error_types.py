"""The view of error types in the Metrics tab: counts, bars, words, and the way to the images."""

import csv
import re
import threading
from functools import partial

import pytest
from textual.widgets import Input

from engine.core.outcomes import Selection
from engine.detection.class_thresholds import class_optima
from engine.detection.error_types.error_types import error_types, typed_errors
from engine.detection.error_types.names import ERROR_TYPES
from tests.opening import confused
from tests.tui.assess.test_header import line
from tests.tui.waiting import settled, until
from tests.tui.walking import SIZE, app_of
from tui.controls.explain_box import ExplainBox
from tui.controls.path_box import PathBox
from tui.metrics import detector_tab
from tui.metrics.detector_tab import KEPT, DetectorMetricsTab
from tui.pictures.feed import Feed

STRIP, FACTS, HEADING, FIRST = 3, 4, 5, 6  # lines of the terminal


async def at_types(pilot) -> DetectorMetricsTab:
    """The tab with the error types worked out."""
    screen = await settled(pilot)
    await pilot.press("2", "v", "v", "v")
    tab = screen.query_one(DetectorMetricsTab)
    await until(pilot, lambda: bool(tab.errors))
    return tab


def numbers(pilot, error: str) -> list[str]:
    """What the line of a type says, without its bars."""
    text = re.sub("[█▏▎▍▌▋▊▉]", "", line(pilot, FIRST + ERROR_TYPES.index(error)))
    assert text.split()[0] == error
    return text.split()[1:]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
async def test_each_type_has_its_counts_and_what_fixing_gives_back(size):
    async with app_of().run_test(size=size) as pilot:
        tab = await at_types(pilot)
        assert "\u25b8Error types" in line(pilot, STRIP)
        assert "IoU .50" in line(pilot, FACTS)
        headings = ["at the sliders", "at all confidences", "AP given back"]
        assert [each in line(pilot, HEADING) for each in headings] == [True] * 3
        pilot.app.screen.want_point(confidence=0.75)
        await until(pilot, lambda: tab.pane.types.view.point.confidence == 0.75)
        gains = error_types(confused().at_iou(0.5)).gains.gained
        assert gains[0] > gains[5] == 0
        assert numbers(pilot, "classification") == ["2", "3", f"+{gains[0]:.3f}".replace("0.", ".")]
        assert numbers(pilot, "background") == ["0", "1", ".000"]
        assert numbers(pilot, "missed") == ["4", "3", ".000"]
        assert "█" in line(pilot, FIRST)
        assert not tab.pane.table.region  # nor its class rows


async def test_the_type_in_focus_is_said_in_words_and_in_a_box():
    async with app_of().run_test(size=SIZE) as pilot:
        tab = await at_types(pilot)
        words = tab.pane.types.query_one("#errors-words")
        assert words.plain.startswith("Classification: 3 from .300 on, 3 at all confidences")
        assert "hotcoco" in words.plain
        await pilot.press("down")
        assert words.plain.startswith("Localisation: 0 from .300 on")
        assert ".10 to .50 only" in words.plain
        await pilot.press("x")
        await settled(pilot, ExplainBox)
        told = pilot.app.screen.explanation
        assert told == tab.explanation
        assert told.title == "Localisation errors"
        assert told.filled.endswith(" = .000")


async def test_enter_opens_the_images_of_a_type_at_the_sliders():
    async with app_of().run_test(size=SIZE) as pilot:
        tab = await at_types(pilot)
        screen = pilot.app.screen
        screen.want_point(confidence=0.75)
        await until(pilot, lambda: tab.pane.types.view.point.confidence == 0.75)
        assert numbers(pilot, "classification")[:2] == ["2", "3"]
        await pilot.press("enter")
        feed = screen.query_one(Feed)
        await until(pilot, lambda: feed.view.total == 2)
        assert screen.assessed.wish.selection == Selection(error="classification")
        assert "Error: classification" in feed.view.title_words
        assert [(item.truth, item.predicted) for item in feed.view.items] == [("bolt", "nut")] * 2
        screen.want_point(confidence=0.5)
        await until(pilot, lambda: feed.view.total == 3)
        await pilot.press("2", "end", "enter")
        await until(pilot, lambda: feed.view.total == 3 and feed.view.items[0].predicted is None)
        assert {item.truth for item in feed.view.items} == {"nut"}
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is not screen)


async def test_thresholds_of_classes_count_at_the_sliders_too(monkeypatch):
    monkeypatch.setattr("tui.desk.detected.class_optima", partial(class_optima, least_objects=1))
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("P")
        await at_types(pilot)
        assert screen.assessed.wish.point.per_class
        alone, over_all = (
            typed_errors(at_iou).counts().tolist()
            for at_iou in (screen.assessed.counted, screen.assessed.evaluation)
        )
        assert alone != over_all
        assert [int(numbers(pilot, error)[0]) for error in ERROR_TYPES] == alone
        assert [int(numbers(pilot, error)[1]) for error in ERROR_TYPES] == over_all
        assert "confidences of the classes" in line(pilot, FACTS)
        await pilot.press("enter")
        feed = screen.query_one(Feed)
        await until(pilot, lambda: feed.view.total == alone[0])


async def test_the_numbers_are_exported(tmp_path):
    async with app_of().run_test(size=SIZE) as pilot:
        tab = await at_types(pilot)
        await pilot.press("e")
        await settled(pilot, PathBox)
        pilot.app.screen.query_one(Input).value = str(tmp_path / "types.csv")
        await pilot.press("enter")
        await until(pilot, (tmp_path / "types.csv").exists)
        gained = tab.errors[0.5].gains.gained.tolist()
    rows = list(csv.DictReader((tmp_path / "types.csv").read_text().splitlines()))
    assert [row["error_type"] for row in rows] == list(ERROR_TYPES)
    assert [float(row["dAP"]) for row in rows] == gained
    assert rows[0] | {"dAP": ""} == {
        "error_type": "classification",
        "count_at_point": "3",
        "count": "3",
        "dAP": "",
        "iou": "0.5",
        "background_iou": "0.1",
        "confidence": "0.3",
        "matching": "class-first",
    }


async def test_another_iou_has_other_types_and_known_ones_are_not_worked_out_again(monkeypatch):
    asked = []
    whole = detector_tab.growing_error_types
    monkeypatch.setattr(
        detector_tab, "growing_error_types", lambda at: (asked.append(at.iou), whole(at))[1]
    )
    async with app_of().run_test(size=SIZE) as pilot:
        tab = await at_types(pilot)
        screen = pilot.app.screen
        for iou in (0.9, 0.5, 0.6, 0.7, 0.8):
            screen.want_point(iou=iou)
            await until(
                pilot, lambda iou=iou: iou in tab.errors and tab.pane.types.view.errors.iou == iou
            )
        assert asked == [0.5, 0.9, 0.6, 0.7, 0.8]
        assert list(tab.errors) == [0.5, 0.6, 0.7, 0.8]
        assert len(tab.errors) == KEPT
        confidence = screen.assessed.wish.point.confidence / 2
        screen.want_point(confidence=confidence)
        await until(pilot, lambda: tab.pane.types.view.point.confidence == confidence)
        assert len(asked) == 5


async def test_who_goes_to_another_view_stops_the_work(monkeypatch):
    began, go_on, steps = threading.Event(), threading.Event(), []
    whole = detector_tab.growing_error_types

    def slow(at_iou):
        for found in whole(at_iou):
            steps.append(found)
            began.set()
            assert go_on.wait(30)
            yield found

    monkeypatch.setattr(detector_tab, "growing_error_types", slow)
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("2", "v", "v", "v")
        tab = screen.query_one(DetectorMetricsTab)
        await until(pilot, began.is_set)
        await pilot.press("v")
        assert tab.pane.table.has_focus
        go_on.set()
        await until(pilot, lambda: not any(w.group == "error types" for w in pilot.app.workers))
        assert (len(steps), tab.errors) == (1, {})


async def test_the_keys_go_to_the_types_again_when_one_comes_back():
    async with app_of().run_test(size=SIZE) as pilot:
        tab = await at_types(pilot)
        await pilot.press("1", "2")
        assert tab.pane.types.rows.has_focus
        await pilot.press("2")
        assert tab.pane.types.rows.has_focus
        await pilot.press("v")
        assert tab.pane.table.has_focus
