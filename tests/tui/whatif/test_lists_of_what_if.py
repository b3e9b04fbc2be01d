"""The lists of What if say what their columns are, where one is and what does not count."""

import numpy as np
import pytest

from engine.cards.operating_point import Thresholds
from engine.opening import Inputs
from tests.tui.asking import MODEL, PHOTOS, asking, drawn, opened, typed
from tests.tui.waiting import settled, until
from tests.tui.walking import app_of
from tui.drawing.title_line import CROSS
from tui.whatif.paint.found_lines import FoundLine, FoundList
from tui.whatif.paint.trial_lines import TrialColumns, TrialRow, trial_line


def shown(rows) -> list[str]:
    return [rows.render_line(y).text.rstrip() for y in range(rows.size.height)]


BOX = (0.0, 0.0, 9.0, 9.0)


async def test_columns_have_names_and_the_milliseconds_are_those_of_the_model():
    async with asking(*PHOTOS[:3]) as (_, tab):
        images = tab.pane.images
        head, first, *_ = shown(images)
        assert head.split() == ["#", "file", "found", "model", "ms"]
        spent = tab.session.trials.answer(0).timing.inference
        assert first.split()[-1] == f"{spent:,.0f}"
        assert " + model " in tab.query_one("#whatif-words").plain
        assert shown(tab.pane.table)[0].split()[-2:] == ["conf", "pixels"]


@pytest.mark.slow
async def test_columns_are_as_wide_as_before_once_one_is_back(tmp_path):
    inputs = Inputs(data=tmp_path / "truth.json", model=MODEL, provider="cpu")
    async with app_of(inputs=inputs).run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("5")
        tab = await opened(pilot)
        await typed(pilot, tab, PHOTOS[0])
        images, before = tab.pane.images, shown(tab.pane.images)
        assert PHOTOS[0].name in before[1]
        columns = images._columns
        await pilot.press("4")
        await settled(pilot)
        await until(pilot, lambda: images.size.width == 0)
        tab.session.trials.revision += 1  # something came meanwhile
        tab.show()
        assert images._columns == columns  # the first line that is drawn finds them
        await pilot.press("5")
        await settled(pilot)
        await until(pilot, lambda: images.size.width > 0)
        assert shown(images) == before


async def test_one_line_says_what_does_not_count_and_the_cursor_passes_over_it():
    async with asking(PHOTOS[0]) as (pilot, tab):
        table = tab.pane.table
        found = table.shown
        kept = sum(line.kept for line in found.lines)
        low = len(found.lines) - kept
        lines = shown(table)
        assert [line for line in lines if "below" in line] == [lines[kept + 1]]
        assert f" below .500: {low} not counted " in lines[kept + 1]
        assert lines[kept + 2].split()[-1].count(CROSS) == 1  # its size, as in every line
        await pilot.press("tab", *["down"] * kept)
        assert table.cursor == kept > 3
        assert f"{kept + 1} of {len(found.lines)}" in shown(table)[0]
        assert shown(table)[kept + 2].startswith("▸")
        await pilot.click(table, offset=(3, kept + 1))  # the rule is no row
        assert table.cursor == kept
        await pilot.click(table, offset=(3, 3))
        assert table.cursor == 2
        await pilot.press("right_curly_bracket")
        await until(pilot, lambda: any("below .550" in line for line in shown(table)))


async def test_a_box_below_the_threshold_looks_below_it_also_in_focus():
    async with asking(PHOTOS[0]) as (pilot, tab):
        kept = sum(line.kept for line in tab.pane.table.shown.lines)
        await pilot.press("tab", *["down"] * kept)
        await until(pilot, lambda: len(drawn(tab)) == kept + 1)
        marks = tab.query_one("#whatif-first").subject.marks
        (low,) = (mark for mark in marks if mark.focused)
        assert low.dotted
        assert low.label.endswith(" below")
        assert len(set(low.colour)) == 1  # no class's colour
        assert not any(mark.dotted for mark in marks if not mark.focused)


def test_lines_that_count_come_first_also_at_thresholds_of_the_classes():
    limits = Thresholds(0.5, np.array([0.8, 0.3]), "given")
    lines = [
        FoundLine("bolt", 0, 0.7, False, BOX),
        FoundLine("nut", 1, 0.4, True, BOX),
        FoundLine("nut", 1, 0.2, False, BOX),
    ]
    found = FoundList.of(lines, limits)
    assert [line.confidence for line in found.lines] == [0.4, 0.7, 0.2]
    assert found.cut == 1
    assert found.below == "below the thresholds of the classes: 2 not counted"
    same = FoundList.of(lines[1:], Thresholds(0.3, np.array([0.3, 0.3]), "given"))
    assert same.below == "below .300: 1 not counted"


def test_a_file_name_is_whole_where_there_is_room_and_cut_only_for_what_was_found():
    name = "2007_000027_a_long_name.jpg"
    rows = [TrialRow(name, tops=(("person", 0.91),), count=1, milliseconds=7)]
    for width, whole in ((60, True), (52, True), (33, False)):
        columns = TrialColumns.of(230, rows, width)
        text = trial_line(rows[0], 0, columns, width, STYLES).text
        assert len(text) == width
        assert (name in text) == whole
        assert "person .91" in text
        assert text.endswith(" 7")


class Plain:
    name = words = failed = None


STYLES = Plain()
