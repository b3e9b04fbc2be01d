"""Two models side by side, driven by keys: numbers, delta matrix, feed, detail and back."""

import pytest

from engine.compare.selecting import ChangeSelection
from engine.core.arrays import NOTHING
from engine.core.outcomes import Selection
from tests.opening import BOLT, GEAR, NUT
from tests.tui.classifying import sorter
from tests.tui.compare.comparing import comparing, is_calm, pane, said
from tests.tui.waiting import settled, until
from tui.compare.curves_view import ComparedCurves
from tui.compare.detail import ComparedAnswersScreen, ComparedBoxesScreen
from tui.controls.slider import Slider
from tui.pictures.feed import Feed


async def test_it_begins_with_the_numbers_of_both_and_says_where_they_stand():
    async with comparing() as (_, tab):
        shown = pane(tab)
        assert shown.look == "totals"
        assert shown.totals.has_focus
        assert "A old.json conf .500 · B new.json conf .500 · IoU .50 · class-first" in said(
            tab, "#compare-points"
        )
        assert "sliders move both" in said(tab, "#compare-points")
        names = shown.totals.view.classes
        assert names[:6] == ("AP", "AP50", "AP75", "F1", "precision", "recall")
        counted = {line.kind: line.count for line in shown.counts.shown}
        assert counted == {
            "broken": 1, "fixed": 1, "both wrong": 1, "both right": 2, "new": 1, "gone": 1,
            "shared": 0,
        }  # fmt: skip


async def test_intervals_come_when_the_sliders_rest_and_say_what_is_certain():
    async with comparing() as (pilot, tab):
        await until(pilot, lambda: tab.session.numbers.whole)
        await pilot.pause()
        view = pane(tab).totals.view
        assert view.numbers.samples == 1000
        assert " to " in view.words(0, view.columns[3])
        assert "1,000 resamples" in said(tab, "#compare-verdict")


async def test_v_goes_through_the_views_and_the_strip_names_them():
    async with comparing(size=(80, 24)) as (pilot, tab):
        looks = []
        for _ in range(4):
            looks.append((pane(tab).look, pilot.app.focused.id))
            await pilot.press("v")
        assert looks == [
            ("totals", "compare-totals"),
            ("classes", "compare-classes"),
            ("delta", "compare-grid"),
            ("objects", "compare-rows"),
        ]
        assert pane(tab).look == "totals"


async def test_a_slider_moves_both_one_or_the_other():
    async with comparing() as (pilot, tab):
        await pilot.press("right_curly_bracket")
        await until(pilot, lambda: is_calm(tab))
        at = tab.session.shown.comparison
        assert (at.a.point.confidence, at.b.point.confidence) == (0.55, 0.55)
        await pilot.press("V", "right_curly_bracket")  # B alone
        await settled(pilot)
        await until(pilot, lambda: is_calm(tab))
        at = tab.session.shown.comparison
        assert (at.a.point.confidence, at.b.point.confidence) == (0.55, 0.6)
        assert "sliders move B" in said(tab, "#compare-points")
        await pilot.press("V")  # A alone, B at its optimum: the slider goes back to A
        await settled(pilot)
        await until(pilot, lambda: is_calm(tab))
        at = tab.session.shown.comparison
        assert at.a.point.confidence == 0.55
        assert at.b.source == "optimal"
        assert pilot.app.screen.query_one("#confidence", Slider).value == 0.55


@pytest.mark.slow
async def test_iou_and_rule_are_those_of_both():
    async with comparing() as (pilot, tab):
        await pilot.press("greater_than_sign", "R")
        await settled(pilot)
        await until(pilot, lambda: is_calm(tab))
        at = tab.session.shown.comparison
        assert at.a.point.iou == at.b.point.iou == 0.55
        assert at.a.point.matching == at.b.point.matching == "agnostic"


async def test_swapping_turns_all_differences_round():
    async with comparing() as (pilot, tab):
        before = tab.session.numbers
        await pilot.press("X")
        await until(pilot, lambda: is_calm(tab))
        after = tab.session.numbers
        assert said(tab, "#compare-points").startswith("A new.json")
        for one, other in zip(before.metrics, after.metrics, strict=True):
            assert (one.name, one.a, one.b) == (other.name, other.b, other.a) or one.a != one.a
        assert pane(tab).counts.shown[0].count == 1
        await pilot.press("X")
        await until(pilot, lambda: is_calm(tab))
        assert said(tab, "#compare-points").startswith("A old.json")


async def test_a_line_of_counts_leads_to_its_images_and_to_detail_and_back():
    async with comparing() as (pilot, tab):
        pane(tab).counts.focus()
        await pilot.press("down", "enter")  # fixed
        shown = pane(tab)
        assert shown.look == "objects"
        assert tab.session.selection == ChangeSelection("fixed")
        feed = shown.rows.feed
        assert feed.has_focus
        (item,) = feed.view.items
        assert (item.image, item.truth, item.a, item.b) == (1, "bolt", "below", "bolt")
        assert [mark.tag for mark in item.subject.marks] == ["B", "A", "truth"]
        await pilot.press("enter")
        detail = await settled(pilot, ComparedBoxesScreen)
        assert detail.view.name == "000001.jpg"
        assert detail.view.lines[detail.boxes.cursor].whose == "truth"
        assert "A below the threshold, B finds it" in str(detail.query_one("#why").render())
        await pilot.press("escape")
        await settled(pilot)
        assert feed.has_focus


@pytest.mark.slow
async def test_boxes_of_each_side_are_shown_and_hidden_by_keys():
    async with comparing() as (pilot, tab):
        pane(tab).open_rows(ChangeSelection("both right"))
        await pilot.pause()
        await pilot.press("enter")
        detail = await settled(pilot, ComparedBoxesScreen)

        def tags() -> set[str]:
            return {mark.tag for mark in detail.query_one("Picture").subject.marks}

        assert tags() == {"truth", "A", "B"}
        for key, left in (("A", {"truth", "B"}), ("B", {"truth"}), ("g", set()), ("b", None)):
            await pilot.press(key)
            assert tags() == ({"truth", "A", "B"} if left is None else left)
        marks = {mark.tag: mark for mark in detail.query_one("Picture").subject.marks}
        assert (marks["truth"].dashed, marks["A"].dashed, marks["B"].double) == (True, False, True)


@pytest.mark.slow
async def test_a_slider_moved_in_the_detail_changes_what_is_said_of_the_image():
    async with comparing() as (pilot, tab):
        pane(tab).open_rows(ChangeSelection("fixed"))
        await pilot.pause()
        await pilot.press("enter")
        detail = await settled(pilot, ComparedBoxesScreen)
        assert "A conf .500" in detail.view.at[0]
        for _ in range(5):
            await pilot.press("left_curly_bracket")
        await until(pilot, lambda: is_calm(tab))
        await until(pilot, lambda: "A conf .250" in detail.view.at[0])
        truth = detail.view.lines[0]
        assert truth.tag == "both right"


async def test_the_feed_is_filtered_by_kind_reason_and_class():
    async with comparing() as (pilot, tab):
        await pilot.press("v", "v")
        shown = pane(tab)
        assert shown.look == "objects"
        feed = shown.rows.feed
        assert feed.view.total == 2  # fixed and broken
        await pilot.press("f")
        assert tab.session.selection.what == "broken"
        assert feed.view.title_words.startswith("Broken")
        await pilot.press("i")
        assert feed.view.title_words.endswith("wrong class")
        assert feed.view.total == 1
        await pilot.press("slash", *"gear", "enter")
        await pilot.pause()
        assert tab.session.selection.class_ == GEAR
        assert feed.view.total == 0
        await pilot.press("escape")
        assert tab.session.selection == ChangeSelection("broken")
        assert pilot.app.screen.current == "compare"


async def test_enter_on_a_cell_of_the_delta_matrix_opens_what_moved_there():
    async with comparing(size=(80, 24)) as (pilot, tab):
        await pilot.press("v", "v")
        grid = pane(tab).grid
        assert grid.view.signed
        grid.move_to(BOLT, NUT)
        assert said(tab, "#compare-cell") == "bolt → nut: 0 in A, 1 in B (+1), worse"
        await pilot.press("enter")
        feed = tab.query_one(Feed)
        assert [item.image for item in feed.view.items] == [0]
        assert feed.view.title_words == "Changed in bolt → nut"
        await pilot.press("v", "v", "v")
        grid.move_to(NOTHING, GEAR)
        await pilot.press("enter")
        assert tab.session.selection.cell == Selection(NOTHING, GEAR)
        assert sorted(item.image for item in feed.view.items) == [1, 2]


@pytest.mark.slow
async def test_n_walks_along_the_largest_differences():
    async with comparing(size=(80, 24)) as (pilot, tab):
        await pilot.press("v", "v")
        grid, cells = pane(tab).grid, set()
        for _ in range(12):
            await pilot.press("n")
            cells.add((grid.truth, grid.predicted))
        delta = grid.view.matrix.counts
        assert cells == {
            (truth if truth < 4 else NOTHING, seen if seen < 4 else NOTHING)
            for truth, seen in zip(*delta.nonzero(), strict=True)
        }


@pytest.mark.slow
async def test_classifiers_are_compared_image_by_image():
    one = sorter()
    probabilities = [list(row) for row in one.probabilities.value.tolist()]
    probabilities[1] = [0.8, 0.1, 0.1]  # fixed
    from tests.making_classes import classification
    from tests.tui.classifying import LABELS

    other = classification(LABELS, probabilities)
    async with comparing(one, other, confidence=None, size=(80, 24)) as (pilot, tab):
        assert "A old.json always answers · B new.json always answers" in said(
            tab, "#compare-points"
        )
        counted = {line.kind: line.count for line in pane(tab).counts.shown}
        assert counted["fixed"] == 1
        assert "new" not in counted
        pane(tab).counts.focus()
        await pilot.press("down", "enter", "enter")
        detail = await settled(pilot, ComparedAnswersScreen)
        assert [each.right for each in detail.view.details] == [False, True]
        await pilot.press("escape")
        await settled(pilot)
        assert pane(tab).rows.feed.has_focus


@pytest.mark.slow
async def test_a_number_is_explained():
    async with comparing() as (_, tab):
        told = tab.explanation
        assert told.title == "AP of all classes: B less A"
        assert told.filled.count("=") == 1


@pytest.mark.slow
async def test_a_wide_terminal_shows_both_curves_in_one_plot():
    async with comparing(size=(200, 60)) as (pilot, tab):
        curves = tab.query_one(ComparedCurves)
        await until(pilot, lambda: curves.raster is not None)
        assert curves.display
        assert "recall" in curves.raster.lines[-1]
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert not curves.display
