import numpy as np
import pytest
from textual import events, on
from textual.app import App

from engine.detection.table_metrics import explain
from tests.tui.tables.test_painters import small, view_of
from tui.controls.lines import Lines
from tui.tables.paint.detector_columns import COLUMNS
from tui.tables.paint.view import DATASET_ORDER
from tui.tables.pane import MetricsPane
from tui.tables.table import MetricsTable

SIZE = (120, 40)


def many(classes, seed=0):
    counts = np.random.default_rng(seed).integers(1, 900, (3, classes))
    return view_of((f"class {index}" for index in range(classes)), *counts)


class TableApp(App[None]):
    """Explains what is in focus and keeps what is posted."""

    def __init__(self, view):
        super().__init__()
        self.view, self.posted = view, []

    def compose(self):
        yield MetricsPane()

    def on_mount(self):
        self.query_one(MetricsPane).view = self.view
        self.query_one(MetricsTable).focus()

    @on(MetricsTable.RowOpened)
    @on(MetricsTable.MatrixAsked)
    @on(MetricsTable.CurveAsked)
    @on(MetricsTable.ExportAsked)
    @on(MetricsTable.ExplanationAsked)
    def keep(self, message):
        self.posted.append(message)

    @on(MetricsPane.Focused)
    def explain(self, message):
        self.posted.append(message)
        pane = self.query_one(MetricsPane)
        view = pane.view
        pane.explanation = explain(message.metric, view.metrics, message.row, view.classes)


def table_of(pilot):
    return pilot.app.query_one(MetricsTable)


def at(pilot):
    table = table_of(pilot)
    return table.class_, table.column.metric


def words(pilot, name):
    return pilot.app.query_one(name, Lines).plain


async def test_arrows_letters_and_ends_walk():
    async with TableApp(small()).run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert at(pilot) == (None, "ground_truths")
        for keys, there in (
            (["down"], (0, "ground_truths")),
            (["j", "l"], (1, "predictions")),
            (["k", "right", "h"], (0, "predictions")),
            (["end"], (0, "ap_by_iou_95")),
            (["G"], (4, "ap_by_iou_95")),
            (["down", "right"], (4, "ap_by_iou_95")),
            (["home", "g"], (None, "ground_truths")),
            (["pagedown"], (4, "ground_truths")),
            (["pageup"], (None, "ground_truths")),
        ):
            await pilot.press(*keys)
            assert at(pilot) == there
            assert table_of(pilot).cursor[1] in table_of(pilot).scene.columns


async def test_what_is_in_focus_is_explained_below():
    async with TableApp(small()).run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert pilot.app.posted[-1] == MetricsPane.Focused("ground_truths", 5)
        await pilot.press("down", *["right"] * 5)
        await pilot.pause()
        assert pilot.app.posted[-1] == MetricsPane.Focused("precision", 0)
        assert "TP / (TP + FP) = 918 / (918 + 206) = .817" in words(pilot, "#metrics-words")
        assert "IoU .50 to .95" in words(pilot, "#metrics-facts")
        pilot.app.query_one(MetricsPane).view = view_of(small().classes, *[(1,) * 5] * 3)
        await pilot.pause()
        await pilot.pause()
        assert "1 / (1 + 1) = .500" in words(pilot, "#metrics-words")


async def test_keys_post_what_a_person_wants_of_the_row():
    async with TableApp(small()).run_test(size=SIZE) as pilot:
        await pilot.pause()
        table = MetricsTable
        for keys, messages in (
            (["enter"], [table.RowOpened(None)]),
            (["down", "down", "enter"], [table.RowOpened(1)]),
            (["m", "c"], [table.MatrixAsked(1), table.CurveAsked(1)]),
            (["right", "x"], [table.ExplanationAsked("predictions", 1)]),
            (["e"], [table.ExportAsked()]),
        ):
            pilot.app.posted.clear()
            await pilot.press(*keys)
            await pilot.pause()
            wanted = [one for one in pilot.app.posted if not isinstance(one, MetricsPane.Focused)]
            assert [type(one) for one in wanted] == [type(one) for one in messages]
            assert [vars_of(one) for one in wanted] == [vars_of(one) for one in messages]


def vars_of(message):
    return {name: getattr(message, name) for name in message.__dataclass_fields__}


async def test_sorting_turns_round_shows_its_head_and_goes_back():
    async with TableApp(small()).run_test(size=SIZE) as pilot:
        await pilot.pause()
        table = table_of(pilot)
        await pilot.press("down", *["right"] * 6, "s")
        assert table.shown == ("cart", "kite", "car", "bus", "boat")
        assert at(pilot) == (2, "recall")
        assert "▲R" in table.render_line(1).text
        await pilot.press("s")
        assert table.shown == ("car", "kite", "cart", "bus", "boat")
        assert "▼R" in table.render_line(1).text
        await pilot.press("S")
        assert table.order == DATASET_ORDER
        assert table.shown == small().classes


async def test_new_numbers_keep_the_order_and_the_cursor_on_its_class():
    async with TableApp(many(80)).run_test(size=SIZE) as pilot:
        await pilot.pause()
        table = table_of(pilot)
        await pilot.press(*["right"] * 5, "s", "down", "pagedown", "pagedown")
        class_ = table.class_
        pilot.app.query_one(MetricsPane).view = many(80, seed=1)
        await pilot.pause()
        assert table.class_ == class_
        assert table.cursor[0] in table.scene.lines
        values = table.scene.view.metrics.precision[table.scene.rows]
        assert (np.diff(values) >= 0).all()


async def test_typing_filters_by_name_and_escape_shows_all_again():
    async with TableApp(small()).run_test(size=SIZE) as pilot:
        await pilot.pause()
        table = table_of(pilot)
        await pilot.press("slash", "c", "a", "r")
        assert table.shown == ("car", "cart")
        assert table.class_ == 0
        assert "/car" in table.render_line(0).text
        assert "2 of 5" in table.render_line(1).text
        await pilot.press("down", "enter")
        assert not table.typing
        assert table.class_ == 2
        await pilot.press("escape")
        assert table.shown == small().classes
        assert table.class_ == 2
        await pilot.press("slash", "q")
        assert table.shown == ()
        assert table.class_ is None
        assert "No class" in table.render_line(table.scene.layout.rule_y + 1).text
        await pilot.press("backspace")
        assert table.shown == small().classes
        await pilot.press("backspace")
        assert not table.typing


async def test_the_mouse_chooses_sorts_and_scrolls():
    async with TableApp(many(200)).run_test(size=SIZE) as pilot:
        await pilot.pause()
        table = table_of(pilot)
        layout = table.scene.layout
        x, _ = layout.span(0, 2)
        await pilot.click(table, offset=(x + 3, layout.rule_y + 4))
        assert at(pilot) == (3, "true_positives")
        await pilot.click(table, offset=(3, layout.rule_y + 2))
        assert at(pilot) == (1, "true_positives")
        await pilot.click(table, offset=(x + 3, 1))
        assert table.order.column == COLUMNS[2]
        assert table.order.descending
        await pilot.click(table, offset=(x + 3, 1))
        assert not table.order.descending
        await pilot.click(table, offset=(2, 1))
        assert table.order == DATASET_ORDER
        for _ in range(2):
            await pilot._post_mouse_events([events.MouseScrollDown], table)
        assert table.scene.first[0] == 6
        await pilot.click(table, offset=(x + 3, layout.rule_y + 1), times=2)
        await pilot.pause()
        assert any(isinstance(one, MetricsTable.RowOpened) for one in pilot.app.posted)
        assert table.class_ == 6


@pytest.mark.parametrize("size", [(80, 24), (200, 60), (20, 6), (8, 3)])
async def test_every_size_walks_and_says_so_where_there_is_no_room(size):
    async with TableApp(many(30)).run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press("G", "end", "s", "slash", "1", "enter", "escape", "g")
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        await pilot.press("G")
        assert table_of(pilot).class_ is not None
        assert table_of(pilot).scene is not None


async def test_without_numbers_it_says_so_and_keys_do_nothing():
    async with TableApp(None).run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press("down", "s", "slash", "enter", "m", "x", "G")
        assert pilot.app.posted == []
        table = table_of(pilot)
        assert any("No numbers yet" in table.render_line(y).text for y in range(40))
