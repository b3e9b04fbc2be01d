import pytest
from textual import events

from tests.tui.tables.test_painters import COLUMN, small, view_of
from tests.tui.tables.test_redraw import CountingApp, patched  # noqa: F401
from tests.tui.tables.test_table import SIZE, TableApp, many, table_of, words
from tui.tables.paint.detector_columns import COLUMNS
from tui.tables.pane import MetricsPane
from tui.tables.pointer import REST

PRECISION = COLUMNS.index(COLUMN["precision"])
RECALL = COLUMNS.index(COLUMN["recall"])


async def hover(pilot, line, column, rest=2 * REST):
    """The pointer rests over a row by its line below the rule, all classes at -2."""
    layout = table_of(pilot).scene.layout
    start, width = layout.span(table_of(pilot).scene.first[1], column)
    y = layout.all_y if line == -2 else layout.rule_y + 1 + line
    await pilot.hover(table_of(pilot), offset=(start + width - 1, y))
    await pilot.pause(rest)


def focused(pilot):
    asked = [one for one in pilot.app.posted if isinstance(one, MetricsPane.Focused)]
    return [(one.metric, one.row) for one in asked]


def formula(pilot):
    return words(pilot, "#metrics-words")


async def test_the_number_that_the_pointer_rests_on_is_explained_until_it_leaves():
    async with TableApp(small()).run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert "Ground truths of all classes" in formula(pilot)
        await hover(pilot, 3, PRECISION)
        assert focused(pilot)[-1] == ("precision", 3)
        assert "40 / (40 + 10) = .800   95 % interval .67 to .89" in formula(pilot)
        assert table_of(pilot).place == (5, 0)
        await hover(pilot, -2, RECALL)
        assert focused(pilot)[-1] == ("recall", 5)
        await pilot.hover("#metrics-facts")
        await pilot.pause()
        assert focused(pilot)[-1] == ("ground_truths", 5)
        assert "Ground truths of all classes" in formula(pilot)


@pytest.mark.parametrize("place", [(3, 6), (40, 1), (40, 20)])
async def test_beside_numbers_the_cursor_has_the_word(place):
    async with TableApp(small()).run_test(size=SIZE) as pilot:
        await pilot.pause()
        await hover(pilot, 0, PRECISION)
        await pilot.hover(table_of(pilot), offset=place)
        await pilot.pause(2 * REST)
        assert table_of(pilot).pointed is None
        assert "Ground truths of all classes" in formula(pilot)


async def test_a_pointer_on_its_way_asks_nothing():
    async with TableApp(small()).run_test(size=SIZE) as pilot:
        await pilot.pause()
        pilot.app.posted.clear()
        rest = table_of(pilot).pointer.rest
        rest.seconds = 60  # however slow the machine
        for column in range(8):
            await hover(pilot, 0, column, rest=0)
        rest.seconds = REST
        await hover(pilot, 2, RECALL)
        assert focused(pilot) == [("recall", 2)]


async def test_walking_with_keys_takes_the_word_from_the_pointer():
    async with TableApp(small()).run_test(size=SIZE) as pilot:
        await pilot.pause()
        await hover(pilot, 3, PRECISION)
        await pilot.press("down")
        await pilot.pause(2 * REST)
        assert focused(pilot)[-1] == ("ground_truths", 0)
        assert "Ground truths of car" in formula(pilot)


async def test_after_the_wheel_another_number_is_under_the_pointer():
    async with TableApp(many(200)).run_test(size=SIZE) as pilot:
        await pilot.pause()
        await hover(pilot, 2, RECALL)
        assert table_of(pilot).pointed == (2, RECALL)
        await pilot._post_mouse_events([events.MouseScrollDown], table_of(pilot))
        await pilot.pause(2 * REST)
        assert table_of(pilot).pointed == (5, RECALL)
        assert "class 5" in formula(pilot)


async def test_new_numbers_are_explained_under_the_pointer_and_lost_rows_are_not():
    async with TableApp(small()).run_test(size=SIZE) as pilot:
        await pilot.pause()
        pane = pilot.app.query_one(MetricsPane)
        await hover(pilot, 4, PRECISION)
        pane.view = view_of(small().classes, *[(1,) * 5] * 3)
        await pilot.pause()
        await pilot.pause()
        assert "Precision of boat   TP / (TP + FP) = 1 / (1 + 1) = .500" in formula(pilot)
        pane.view = view_of(("car", "bus"), *[(1, 1)] * 3)
        await pilot.pause()
        await pilot.pause()
        assert table_of(pilot).pointed is None
        assert focused(pilot)[-1] == ("ground_truths", 2)


async def test_pointing_draws_nothing_in_the_table():
    async with CountingApp(many(80)).run_test(size=SIZE) as pilot:
        await pilot.pause()
        table, drawn = table_of(pilot), []
        line = table.render_line
        table.render_line = lambda y: drawn.append(y) or line(y)
        pilot.app.sent = 0
        await hover(pilot, 3, PRECISION)
        assert "Precision of class 3" in formula(pilot)
        assert drawn == []
        assert 0 < pilot.app.sent < 600
