"""What a map of a matrix draws, and what it sends when something changes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from textual._compositor import ChopsUpdate
from textual.geometry import Region

from engine.core.matrix import ConfusionMatrix
from engine.plots.heat import STEPS, WRONG
from tests.engine.core.test_overview import seen_from_far
from tests.tui.matrix.many_classes import FAR, ManyApp, confusing
from tests.tui.waiting import until
from tui.drawing.terms import BOXES, IMAGES
from tui.grids.paint.layout import fit
from tui.grids.paint.scene import MatrixScene, first_around, scrolled_regions
from tui.grids.paint.view import MatrixView
from tui.matrix.paint.blocks import block_words, cell_of
from tui.matrix.paint.class_choice import ClassChoice
from tui.matrix.paint.map_lines import CURSOR, FRAMED, MapScene, block_tones, changed_cells
from tui.matrix.paint.neighbourhood import neighbourhood
from tui.terminal import textual_patches as redraw

CONSOLE = Console(force_terminal=True, color_system="truecolor")


def view(classes: int, seed: int = 0, much: float = 0.1) -> MatrixView:
    rng = np.random.default_rng(seed)
    counts = rng.integers(1, 60, (classes + 1, classes + 1))
    counts *= rng.random(counts.shape) < much
    counts[-1, -1] = 0
    names = tuple(f"class {index}" for index in range(classes))
    return MatrixView(names, ConfusionMatrix(counts), np.arange(classes))


@given(seen_from_far(), st.booleans())
def test_a_block_with_an_error_is_never_drawn_as_one_without_anything(drawn, plain):
    _, far = drawn
    tones = block_tones(far, plain)
    assert ((tones % STEPS > 0) | (far.errors == 0)).all()
    assert np.array_equal(tones < WRONG, far.diagonal)


@given(seen_from_far())
def test_only_a_block_without_errors_looks_all_right(drawn):
    _, far = drawn
    whole = block_tones(far, plain=False) == STEPS - 1
    assert (far.errors[whole & far.diagonal] == 0).all()
    all_right = far.diagonal & (far.errors == 0) & (far.recall == 1)
    assert whole[all_right].all()


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("classes", [2, 81, 365, 1203])
def test_a_map_keeps_to_its_room_and_uses_it(classes, plain):
    scene = MapScene.of(view(classes, much=0.001), 31, 12, 0, plain)
    codes = scene.codes()
    rows, columns = (11 if plain else 22), 30
    assert codes.shape == (min(-(-(classes + 1) // scene.in_line), 11), min(columns, classes + 1))
    assert scene.far.shape == (min(rows, classes + 1), min(columns, classes + 1))
    for line in range(len(codes)):
        block = scene.block_at(1 + columns // 2, 1 + line)
        assert (block is None) == (columns // 2 >= codes.shape[1])
    assert scene.block_at(0, 1) is None


def test_no_room_is_no_map():
    assert MapScene.of(view(90), 5, 12, 0, False) is None
    assert MapScene.of(view(90), 40, 1, 0, False) is None


def test_the_cursor_and_what_is_in_sight_are_marked():
    shown = view(200, much=0.0)
    scene = MapScene.of(shown, 41, 21, 0, True).marked(Region(100, 50, 20, 30), (60, 110))
    codes = scene.codes()
    assert np.argwhere(codes == CURSOR).tolist() == [list(scene.far.block_of(60, 110))]
    rows, columns = np.nonzero(codes == FRAMED)
    assert scene.far.rows_of(rows.min())[0] <= 50 < scene.far.rows_of(rows.min())[-1] + 1
    assert 119 in scene.far.columns_of(columns.max())


@given(st.integers(0, 99), st.integers(0, 99))
def test_every_block_that_changes_is_sent(one, other):
    before, after = (MapScene.of(view(90, seed), 31, 12, 0, False).codes() for seed in (one, other))
    scene = MapScene.of(view(90), 31, 12, 0, False)
    regions = changed_cells(scene, before, after)
    for line, column in np.argwhere(before != after):
        assert any(region.contains(1 + column, 1 + line) for region in regions)
    assert bool(regions) == bool((before != after).any())


@given(st.integers(0, 70), st.integers(0, 70), st.integers(0, 70), st.integers(0, 70))
def test_whatever_looks_different_after_scrolling_is_sent(row, column, to_row, to_column):
    shown = view(82)
    layout = fit(shown, 100, 30)
    before = MatrixScene.of(shown, layout, (row, column), (row, column))
    after = MatrixScene.of(shown, layout, (to_row, to_column), (to_row, to_column))
    regions = scrolled_regions(before, after)
    for slot in layout.row_slots:
        for place in layout.column_slots:
            x, y = layout.column_span(place)[0], layout.row_span(slot)[0]
            looks = [
                (
                    scene.block.counts[slot, place],
                    scene.block.tones[slot, place],
                    scene.cursor == (scene.row_at(slot), scene.column_at(place)),
                )
                for scene in (before, after)
            ]
            if looks[0] != looks[1]:
                assert any(region.contains(x, y) for region in regions)
    if to_row != row and before.first_row != after.first_row:
        assert any(region.contains(1, layout.heading) for region in regions)
    if before.first_column != after.first_column:
        assert any(region.contains(layout.rule_x - 1, 0) for region in regions)


@given(st.integers(0, 99), st.integers(0, 80), st.integers(2, 20))
def test_what_is_in_sight_does_not_move_and_what_is_not_comes_into_the_middle(at, first, seen):
    start = first_around(at, first, seen, 100)
    assert start <= at < start + seen
    if first <= at < first + seen <= 100:
        assert start == first
    elif seen <= at < 100 - seen:
        assert abs(start + seen // 2 - at) <= 1


@settings(max_examples=30)
@given(seen_from_far(), st.integers(30, 150), st.sampled_from([BOXES, IMAGES]))
def test_a_block_is_said_in_the_room_there_is(drawn, width, terms):
    matrix, far = drawn
    names = tuple(f"quite a long name of class {index}" for index in range(matrix.classes))
    ends = matrix.extra_row or None, matrix.extra_column or None
    shown = MatrixView(names, matrix, far.shown, "counts", "", *ends)
    for block in np.ndindex(far.shape):
        words = block_words(shown, far, block, terms, width)
        if "Nothing is counted" not in words:
            assert f"{far.errors[block]:,} error" in words[:width]
        cell = cell_of(shown, far.rows_of(block[0]), far.columns_of(block[1]))
        assert cell != (len(far.shown), len(far.shown))
        if far.errors[block]:
            assert far.block_of(*cell) == block


@pytest.mark.parametrize("size", [(60, 12), (86, 30), (150, 50)])
def test_a_neighbourhood_is_as_large_as_fits_and_no_larger(size):
    shown = MatrixView(tuple("abcdefghij") * 12, confusing(), np.arange(120))
    near = neighbourhood(shown, 5, *size)
    assert near.shown[0] == 5
    assert near.partners == 40
    count = len(near.shown)
    layout = fit(MatrixView(shown.names, shown.matrix, near.shown), *size)
    assert layout.columns == layout.rows == count
    if count < 31:
        partners = np.append(5, shown.matrix.partners(5))[: count + 1]
        larger = fit(MatrixView(shown.names, shown.matrix, partners), *size)
        assert larger is None or min(larger.columns, larger.rows) <= count


@settings(max_examples=30)
@given(st.lists(st.booleans(), min_size=81, max_size=100))
def test_what_nothing_is_counted_of_is_hidden_and_counted(occurs):
    counts = np.diag([*map(int, occurs), 0])
    choice = ClassChoice.of(len(occurs)).meeting(ConfusionMatrix(counts))
    seen = np.flatnonzero(occurs) if any(occurs) else np.arange(len(occurs))
    assert choice.shown.tolist() == seen.tolist()
    assert choice.hidden == len(occurs) - len(seen)
    assert bool(choice.title) == choice.can_turn == bool(choice.hidden)
    assert choice.turned().hidden == 0
    assert choice.turned().turned().shown.tolist() == seen.tolist()


def test_few_classes_are_all_on_show():
    choice = ClassChoice.of(80).meeting(ConfusionMatrix(np.zeros((81, 81), np.int64)))
    assert (choice.hidden, choice.can_turn) == (0, False)


class CountingApp(ManyApp):
    """Counts the bytes that a terminal would be sent."""

    sent = 0

    def _display(self, screen, renderable):
        if isinstance(renderable, ChopsUpdate):
            self.sent += len(redraw.changed_cells(renderable, CONSOLE))
        super()._display(screen, renderable)


@pytest.mark.parametrize("plain", [False, True])
async def test_a_move_and_a_change_send_little_and_colours_say_what_shades_do(plain):
    app = CountingApp(plain=plain)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.map.scene is not None and app.grid.has_focus)
        await pilot.press("z")
        await until(pilot, lambda: app.overview.has_focus and app.overview.scene is not None)
        await pilot.pause()
        app.sent = 0
        await pilot.press("up")
        await pilot.pause()
        assert 0 < app.sent < 900
        row, column = app.overview.scene.far.block_of(*FAR)
        y = 1 + row // app.overview.scene.in_line
        line = app.overview.render_line(y).crop(app.overview.scene.gutter + 1 + column).text
        assert line[0] == ("▓" if plain else "▀")
        other = confusing()
        other.counts[FAR] = 0
        app.sent = 0
        app.pane.matrix = other
        await pilot.pause()
        assert 0 < app.sent < 4000


def test_a_map_of_a_matrix_without_any_class_is_none():
    empty = MatrixView((), ConfusionMatrix(np.zeros((1, 1), np.int64)), np.empty(0, np.intp))
    assert MapScene.of(empty, 30, 12, 0, False) is None
