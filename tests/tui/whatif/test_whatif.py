"""The What if tab of a detector, driven by keys."""

import threading

import numpy as np
import pytest
from PIL import Image
from textual import events

from engine.images import pixels
from engine.opening import Inputs
from engine.scoring.run.store import StoredAnswers
from tests.tui.asking import (
    MODEL,
    PHOTOS,
    asking,
    drawn,
    ended,
    entries,
    models,
    noted,
    opened,
    results,
    said,
    seen,
    told,
    typed,
)
from tests.tui.waiting import settled, until
from tests.tui.walking import app_of
from tui.controls.slider import Slider
from tui.grids.grid import MatrixGrid
from tui.whatif.paint.found_lines import NONE_FOUND
from tui.whatif.trial_list import TrialList


def kept(tab):
    return [line for line in tab.pane.table.shown.lines if line.kept]


def focused(tab):
    marks = tab.query_one("#whatif-first").subject.marks
    return [mark.box for mark in marks if mark.focused]


def words_alone(tab):
    """What is said above the list of detections; nothing where there are some."""
    none = tab.query_one("#whatif-none")
    return str(none.render()) if none.display else ""


async def test_key_5_leads_there_and_enter_on_a_path_to_its_boxes(tmp_path):
    inputs = Inputs(data=tmp_path / "truth.json", model=MODEL, provider="cpu")
    async with app_of(inputs=inputs).run_test(size=(120, 40)) as pilot:
        screen = await settled(pilot)
        await pilot.press("5")
        tab = await opened(pilot)
        await until(pilot, lambda: tab.pane.images.has_focus)
        await typed(pilot, tab, PHOTOS[0])
        assert tab.pane.images.has_focus
        confidence = screen.query_one("#confidence", Slider).value
        found = results(tab).at([0])[0].found
        assert len(kept(tab)) == int((found.confidence >= confidence).sum()) > 0
        assert len(drawn(tab)) == len(kept(tab))
        confidences = [line.confidence for line in tab.pane.table.shown.lines]
        assert confidences == sorted(confidences, reverse=True)
        assert "model" in said(tab)
        assert "CPU" in said(tab)
        await pilot.press("escape")
        await until(pilot, lambda: screen.query_one(MatrixGrid).has_focus)
        assert screen.current == "matrix"
        await pilot.press("right_square_bracket")
        await settled(pilot)
        await pilot.press("5")
        await until(pilot, lambda: tab.pane.images.has_focus)
        limit = screen.query_one("#confidence", Slider).value
        await until(pilot, lambda: tab.session.limits.confidence == limit)
        assert limit != confidence
        assert len(kept(tab)) == int((found.confidence >= limit).sum())


async def test_moving_the_threshold_draws_other_boxes_and_scores_nothing_again():
    async with asking(PHOTOS[0]) as (pilot, tab):
        before, answer = len(drawn(tab)), seen(tab).original
        summary = tab.pane.images.rows[0].count
        await pilot.press("right_curly_bracket", "right_curly_bracket", "right_curly_bracket")
        await pilot.pause()
        await until(pilot, lambda: tab.session.limits.confidence == pytest.approx(0.65))
        assert 0 < len(drawn(tab)) < before
        assert tab.pane.images.rows[0].count == len(drawn(tab)) < summary
        assert seen(tab).original is answer


@pytest.mark.slow
async def test_a_line_in_focus_or_under_the_pointer_lights_up_its_box_even_below_the_threshold():
    async with asking(PHOTOS[0]) as (pilot, tab):
        count, table = len(kept(tab)), tab.pane.table
        assert focused(tab) == []
        await pilot.hover(table, offset=(5, 3))
        await until(pilot, lambda: focused(tab) == [table.shown.lines[2].box])
        table.post_message(events.Leave(table))
        await until(pilot, lambda: focused(tab) == [])
        await pilot.press("tab")
        await until(pilot, lambda: table.has_focus)
        await pilot.press(*["down"] * count)
        line = table.shown.lines[count]
        assert not line.kept
        await until(pilot, lambda: focused(tab) == [line.box])
        assert len(drawn(tab)) == count + 1


async def test_an_image_without_detections_says_so_in_these_words(tmp_path):
    Image.new("RGB", (400, 300), (90, 90, 90)).save(tmp_path / "plain.png")
    async with asking(tmp_path / "plain.png") as (_, tab):
        assert drawn(tab) == []
        assert words_alone(tab) == NONE_FOUND
        assert tab.pane.images.rows[0].count == 0


@pytest.mark.slow
async def test_the_cursor_chooses_an_image_and_delete_clears_the_list():
    async with asking(*PHOTOS[:5]) as (pilot, tab):
        assert len(entries(tab)) == 5
        assert said(tab).startswith("\N{CHECK MARK} 5 images")
        await pilot.press("down", "down")
        await until(pilot, lambda: seen(tab).look.path == str(PHOTOS[2]))
        assert told(tab).startswith(f"{PHOTOS[2].name} \N{MIDDLE DOT} 400")
        assert tab.query_one("#whatif-first").subject.path == PHOTOS[2]
        await pilot.press("end")
        await until(pilot, lambda: seen(tab).look.path == str(PHOTOS[4]))
        await pilot.press("delete")
        await until(pilot, lambda: entries(tab) == [])
        assert "paste, drop or type paths" in noted(tab)
        await typed(pilot, tab, PHOTOS[1])
        assert seen(tab).look.path == str(PHOTOS[1])


async def test_an_image_that_is_scored_again_keeps_its_line_and_shows_its_new_pixels(tmp_path):
    path = tmp_path / "changing.png"
    Image.new("RGB", (400, 300), (90, 90, 90)).save(path)
    async with asking(path) as (pilot, tab):
        assert drawn(tab) == []
        with Image.open(PHOTOS[0]) as photo:
            photo.save(path)
        await typed(pilot, tab, path)
        await until(pilot, lambda: len(drawn(tab)) > 0)
        assert len(entries(tab)) == 1


async def test_escape_stops_the_run_and_what_is_done_stays():
    async with asking() as (pilot, tab):
        tab.begin(str(PHOTOS[0].parent))
        await until(pilot, lambda: len(results(tab)) > 3)
        tab.pane.images.focus()
        await pilot.press("escape")
        await ended(pilot, tab)
        assert 3 < len(entries(tab)) < len(PHOTOS)
        assert "stopped" in said(tab)


@pytest.mark.slow
async def test_thresholds_of_the_classes_decide_here_too(tmp_path):
    inputs = Inputs(data=tmp_path / "truth.json", model=MODEL, provider="cpu")
    async with app_of(inputs=inputs).run_test(size=(120, 40)) as pilot:
        screen = await settled(pilot)
        await pilot.press("P", "5")
        tab = await opened(pilot)
        await settled(pilot)
        optima = screen.assessed.optima
        names = models(tab).names
        for name, own in zip(screen.desk.assessment.classes, optima.confidence, strict=True):
            assert tab.session.limits.of_class[names.index(name)] == own
        others = [c for c, name in enumerate(names) if name not in screen.desk.assessment.classes]
        assert np.all(tab.session.limits.of_class[others] == screen.wish.point.confidence)


async def test_it_fits_a_small_terminal():
    async with asking(*PHOTOS[:3], size=(80, 24)) as (_, tab):
        picture = tab.query_one("#whatif-first")
        assert picture.size.width > 40
        assert picture.size.height > 10
        assert tab.pane.table.size.height > 4


async def test_a_path_is_decoded_once_and_its_line_is_shown_once(tmp_path, monkeypatch):
    decoded, shown = [], []
    decode, show = pixels._decoded, TrialList.show

    def decoding(*arguments, **options):
        decoded.append(arguments)
        return decode(*arguments, **options)

    def showing(*arguments):
        shown.append(arguments)
        show(*arguments)

    path = tmp_path / "a.jpg"  # nobody has decoded it before
    path.write_bytes(PHOTOS[0].read_bytes())
    async with asking() as (pilot, tab):
        monkeypatch.setattr(pixels, "_decoded", decoding)
        monkeypatch.setattr(TrialList, "show", showing)
        await typed(pilot, tab, path)
        picture = tab.query_one("#whatif-first")
        await until(pilot, lambda: picture.stage in ("cells", "sharp"))
        assert len(decoded) == 1
        assert len(shown) == 1


@pytest.mark.slow
async def test_answers_are_never_read_from_their_file_on_the_event_loop(monkeypatch):
    loop, readers, read = threading.current_thread(), [], StoredAnswers.of

    def reading(*arguments, **options):
        readers.append(threading.current_thread())
        return read(*arguments, **options)

    monkeypatch.setattr(StoredAnswers, "of", reading)
    async with asking(*PHOTOS[:24], size=(120, 20)) as (pilot, tab):
        results(tab).in_memory = 1
        results(tab).add([])
        for key in ("end", "home", "pagedown", "down", "right_square_bracket", "b", "end"):
            await pilot.press(key)
            await until(pilot, lambda: tab.session.idle)
        last = len(entries(tab)) - 1
        await until(pilot, lambda: seen(tab).look.place == last)
        rows = tab.pane.images
        assert set(rows.in_sight) <= set(rows.rows)
        assert readers
        assert loop not in readers
