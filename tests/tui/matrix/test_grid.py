from dataclasses import replace

import numpy as np
import pytest
from textual import events
from textual.app import App

from engine.core.arrays import NOTHING
from engine.core.matrix import ConfusionMatrix
from engine.core.outcomes import Selection
from tui.grids.grid import MatrixGrid
from tui.grids.paint.view import MatrixView


def view_of(classes, **fields):
    """Class i was found 100 + i times; 9 of class 0 were called 1, 7 of class 1 were called 0."""
    counts = np.zeros((classes + 1, classes + 1), np.int64)
    counts[range(classes), range(classes)] = np.arange(100, 100 + classes)
    if classes > 1:
        counts[0, 1], counts[1, 0] = 9, 7
        counts[classes - 1, 0] += classes > 2
    counts[:-1, NOTHING], counts[NOTHING, :-1] = 40, 30
    names = tuple(f"class {index}" for index in range(classes))
    return MatrixView(names, ConfusionMatrix(counts), np.arange(classes), **fields)


class GridApp(App[None]):
    def __init__(self, view, **fields):
        super().__init__()
        self.grid = MatrixGrid(view, **fields)
        self.posted = []

    def compose(self):
        yield self.grid

    def on_mount(self):
        self.watch(self.grid, "place", lambda place: self.posted.append(place), init=False)

    def on_matrix_grid_opened(self, message):
        self.posted.append(message.selection)

    def on_matrix_grid_mode_changed(self, message):
        self.posted.append(message.mode)
        self.grid.view = replace(self.grid.view, mode=message.mode)

    @property
    def lines(self):
        return [self.grid.render_line(y).text for y in range(self.grid.size.height)]

    def row(self, name):
        return next(line for line in self.lines if line.strip().startswith(name)).split()

    def span(self, truth, predicted):
        """Where a cell is drawn."""
        scene = self.grid.scene
        x, _ = scene.layout.column_span(scene.column_slot(predicted))
        y, height = scene.layout.row_span(scene.row_slot(truth))
        return x + 1, y + (height - 1) // 2


@pytest.fixture
async def small():
    app = GridApp(view_of(5))
    async with app.run_test(size=(80, 24)) as pilot:
        yield app, pilot


@pytest.fixture
async def large():
    app = GridApp(view_of(82))
    async with app.run_test(size=(80, 24)) as pilot:
        yield app, pilot


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
@pytest.mark.parametrize("classes", [2, 12, 82, 1203])
async def test_any_number_of_classes_is_shown_with_the_end_row_and_column_in_sight(classes, size):
    app = GridApp(view_of(classes))
    async with app.run_test(size=size) as pilot:
        await pilot.press("G")
        assert app.grid.cursor == (classes - 1, classes)
        assert {len(line) for line in app.lines} == {size[0]}
        assert "40" in app.row(f"class {classes - 1}")
        assert any(line.startswith(" Not a") and "30" in line for line in app.lines)
        assert any("detected" in line for line in app.lines[:4])
        assert "truth ↓" in "".join(app.lines[:4])


async def test_cells_say_counts_shares_and_nothing(small):
    app, _ = small
    assert app.row("class 0")[2:] == ["100", "9", "·", "·", "·", "│", "40"]
    below = app.lines[app.lines.index(next(x for x in app.lines if x.startswith(" class 0"))) + 1]
    assert below.split() == ["67.1%", "6.0%", "│", "26.8%"]
    assert app.row("class 1")[2] == "7"


async def test_arrows_and_letters_walk_and_stop_at_the_ends(small):
    app, pilot = small
    await pilot.press("down", "l", "j", "right", "up", "h")
    assert app.grid.cursor == (1, 1)
    await pilot.press("up", "k", "left", "left", "h")
    assert app.grid.cursor == (0, 0)
    await pilot.press("end")
    assert app.grid.selection == Selection(0, NOTHING)
    await pilot.press("home", *["down"] * 9)
    assert app.grid.selection == Selection(NOTHING, 0)


async def test_end_row_and_end_column_do_not_meet(small):
    app, pilot = small
    await pilot.press("G")
    assert app.grid.selection == Selection(4, NOTHING)
    await pilot.press("left", "down", "right")
    assert app.grid.selection == Selection(NOTHING, 4)
    await pilot.press("g")
    assert app.grid.cursor == (0, 0)


async def test_the_window_follows_the_cursor(large):
    app, pilot = large
    await pilot.press("shift+right", "shift+right", "ctrl+down", "J", "pagedown")
    row, column = app.grid.cursor
    assert (row, column) == (20 + app.grid.scene.layout.rows - 1, 20)
    assert app.grid.window.contains(column, row)
    assert str(100 + 20) not in app.row(f"class {row}")
    await pilot.press("home", "pageup")
    assert app.grid.window.x == 0


async def test_moves_are_told_with_classes_of_the_dataset(small):
    app, pilot = small
    app.grid.view = replace(app.grid.view, shown=np.array([3, 1]))
    await pilot.pause()
    app.posted.clear()
    await pilot.press("down", "end")
    await pilot.pause()
    assert app.posted[-1] == (1, NOTHING)


async def test_the_cell_its_row_its_column_and_everything_can_be_opened(small):
    app, pilot = small
    await pilot.press("right", "enter", "r", "c", "a", "end", "enter", "c")
    opened = [one for one in app.posted if isinstance(one, Selection)]
    assert opened == [
        Selection(0, 1), Selection(0, None), Selection(None, 1), Selection(),
        Selection(0, NOTHING), Selection(None, NOTHING),
    ]  # fmt: skip


async def test_n_walks_along_the_largest_confusions_and_around(small):
    app, pilot = small
    seen = []
    for key in "nnnnN":
        await pilot.press(key)
        seen.append(app.grid.cursor)
    assert seen == [(0, 1), (1, 0), (4, 0), (0, 1), (4, 0)]


async def test_n_passes_over_classes_that_are_not_on_show(small):
    app, pilot = small
    app.grid.view = replace(app.grid.view, shown=np.array([4, 0]))
    await pilot.press("n", "n")
    assert app.grid.selection == Selection(4, 0)
    app.grid.view = replace(app.grid.view, shown=np.array([2, 3]))
    await pilot.press("n")
    assert app.grid.cursor[0] in (0, 1)


async def test_percent_asks_for_the_next_mode_and_the_cells_follow(small):
    app, pilot = small
    await pilot.press("percent_sign")
    assert app.posted == ["row %"]
    assert app.row("class 0")[2:4] == ["67.1", "6.0"]
    assert "row %" in app.lines[0] + app.lines[1]
    await pilot.press("%")
    assert app.row("class 0")[2:4] == ["72.5", "6.4"]
    await pilot.press("%")
    assert app.posted[-1] == "counts"


async def test_the_cursor_keeps_its_classes_in_a_new_view(large):
    app, pilot = large
    app.grid.move_to(40, 13)
    app.grid.view = replace(app.grid.view, shown=np.array([60, 13, 40, 2]))
    await pilot.pause()
    assert app.grid.selection == Selection(40, 13)
    assert app.grid.cursor == (2, 1)
    app.grid.view = replace(app.grid.view, shown=np.arange(82))
    await pilot.pause()
    assert app.grid.cursor == (40, 13)
    assert app.grid.window.contains(13, 40)


async def test_a_hidden_class_leaves_the_cursor_nearby_and_says_so(large):
    app, pilot = large
    app.grid.move_to(2, 2)
    app.grid.view = replace(app.grid.view, shown=np.array([60, 13]))
    await pilot.pause()
    assert app.posted[-1] == (app.grid.truth, app.grid.predicted)
    assert app.grid.truth in (60, 13)


async def test_names_of_the_cursors_row_and_column_stand_out(small):
    app, pilot = small
    await pilot.press("down", "right", "right")
    ink = app.grid._ink

    def marked():
        return [
            segment.text.strip()
            for y in range(24)
            for segment in app.grid.render_line(y)
            if segment.style == ink.crosshair and segment.text.strip()
        ]

    assert marked() == ["class 2", "class 1"]
    await pilot.press("up")
    assert marked() == ["class 2", "class 0"]


async def test_the_cursor_shows_on_one_cell_only(small):
    app, pilot = small
    await pilot.press("right")
    cursors = [
        segment.text.split()
        for y in range(24)
        for segment in app.grid.render_line(y)
        if segment.style == app.grid._ink.cursor and segment.text.strip()
    ]
    assert cursors == [["9"], ["6.0%"]]


async def test_a_new_view_sends_only_the_cells_that_changed(large):
    app, _ = large
    dirty = []
    app.grid._set_dirty = lambda *regions: dirty.extend(regions or ["everything"])
    counts = app.grid.view.matrix.counts.copy()
    counts[3, 5] += 1
    app.grid.view = replace(app.grid.view, matrix=ConfusionMatrix(counts))
    assert len(dirty) == 1
    assert dirty[0].contains(*app.span(3, 5))
    assert dirty[0].area == app.grid.scene.layout.cell
    del dirty[:]
    app.grid.view = replace(app.grid.view, matrix=ConfusionMatrix(counts.copy()))
    assert dirty == []


async def test_a_cursor_move_sends_two_cells_and_two_names(large):
    app, _ = large
    dirty = []
    app.grid._set_dirty = lambda *regions: dirty.extend(regions or ["everything"])
    app.grid.action_move(1, 0)
    layout = app.grid.scene.layout
    assert sum(region.area for region in dirty) == 2 * layout.cell + 2 * layout.gutter


async def test_the_wheel_scrolls_and_the_cursor_stays(large):
    app, pilot = large
    await pilot._post_mouse_events([events.MouseScrollDown], offset=(30, 10))
    assert app.grid.window.offset == (0, 3)
    await pilot._post_mouse_events([events.MouseScrollDown], offset=(30, 10), shift=True)
    assert app.grid.window.offset == (3, 3)
    counts = app.grid.view.matrix.counts.copy()
    app.grid.view = replace(app.grid.view, matrix=ConfusionMatrix(counts))
    assert (app.grid.window.offset, app.grid.cursor) == ((3, 3), (0, 0))
    await pilot._post_mouse_events([events.MouseScrollUp], offset=(30, 10))
    assert app.grid.window.offset == (3, 0)


async def test_a_click_selects_and_a_double_click_opens(small):
    app, pilot = small
    await pilot.click(offset=app.span(2, 3))
    assert app.grid.cursor == (2, 3)
    assert not any(isinstance(one, Selection) for one in app.posted)
    await pilot.click(offset=app.span(1, 0), times=2)
    assert app.posted[-1] == Selection(1, 0)


async def test_a_click_on_a_name_selects_its_row_or_column(small):
    app, pilot = small
    _, y = app.span(3, 0)
    await pilot.click(offset=(2, y))
    assert app.grid.cursor == (3, 0)
    x, _ = app.span(0, 2)
    await pilot.click(offset=(x, 0))
    assert app.grid.cursor == (3, 2)
    await pilot.click(offset=(2, y), times=2)
    assert app.posted[-1] == Selection(truth=3)


async def test_the_rules_are_scroll_bars(large):
    app, pilot = large
    layout = app.grid.scene.layout
    press = {"events": [events.MouseDown], "button": 1}
    end = layout.rule_x, layout.rule_y - 1
    await pilot._post_mouse_events(**press, offset=end)
    await pilot.mouse_up(offset=end)
    assert app.grid.window.bottom == 82
    await pilot._post_mouse_events(**press, offset=(layout.rule_x - 1, layout.rule_y))
    assert app.grid.window.right == 82
    await pilot.hover(offset=(layout.gutter, 3))
    assert app.grid.window.x == 0
    await pilot.mouse_up(offset=(layout.gutter, 3))
    await pilot.hover(offset=end)
    assert (app.grid.window.x, app.grid.window.bottom) == (0, 82)


async def test_a_classifier_has_no_end_row_and_no_end_column():
    app = GridApp(view_of(30, row_end=None, column_end=None))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("G")
        assert app.grid.selection == Selection(29, 29)
        assert "Not" not in "".join(app.lines)


@pytest.mark.parametrize(
    ("view", "size", "words"),
    [
        (replace(view_of(5), shown=np.empty(0, np.intp)), (80, 24), "No class is shown"),
        (view_of(0), (80, 24), "No classes"),
        (view_of(5), (8, 3), "The mat"),
    ],
)
async def test_where_nothing_can_be_shown_it_says_so_and_keys_do_no_harm(view, size, words):
    app = GridApp(view)
    async with app.run_test(size=size) as pilot:
        await pilot.press("down", "G", "n", "enter", "pagedown", "r")
        await pilot.click(offset=(1, 1))
        assert words in "".join(app.lines)
        assert app.posted == []


async def test_it_comes_back_with_the_same_cursor_when_there_is_room_again():
    app = GridApp(view_of(20))
    async with app.run_test(size=(80, 24)) as pilot:
        app.grid.move_to(7, NOTHING)
        await pilot.resize_terminal(10, 3)
        assert app.grid.scene is None
        await pilot.resize_terminal(120, 40)
        assert app.grid.selection == Selection(7, NOTHING)
        assert app.grid.cursor == (7, 20)


async def test_without_hue_shades_tell_how_many():
    app = GridApp(view_of(20), plain=True)
    async with app.run_test(size=(120, 40)):
        assert "█100" in "".join(app.row("class 0"))
        assert any("▒" in cell or "▓" in cell for cell in app.row("class 0"))


async def test_the_colours_follow_the_theme(small):
    app, pilot = small
    before = app.grid.render_line(20)
    app.theme = "textual-light"
    await pilot.pause()
    assert app.grid.render_line(20) != before
