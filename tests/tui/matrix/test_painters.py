import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style
from textual.color import Color

from engine.core.arrays import NOTHING
from engine.core.matrix import ConfusionMatrix
from engine.core.rates import ratio
from tui.drawing.heat import palette
from tui.drawing.names import cut, left, lines_for, search, stack
from tui.drawing.runs import first_showing, stretches, thumb
from tui.grids.paint.layout import fit
from tui.grids.paint.lines import MatrixInk, cell_text, count_text, paint, share_text
from tui.grids.paint.scene import MatrixScene, changed_regions
from tui.grids.paint.view import MatrixView, block

NAMES = st.text(min_size=1, max_size=30)


def view(classes, largest=999, **fields):
    counts = np.random.default_rng(0).integers(0, 9, (classes + 1, classes + 1))
    counts[:classes, :classes] += np.diag(np.full(classes, largest - 9))
    counts[NOTHING, NOTHING] = 0
    names = tuple(f"class {index}" for index in range(classes))
    return MatrixView(names, ConfusionMatrix(counts), np.arange(classes), **fields)


@given(NAMES, st.integers(0, 20))
def test_a_cut_name_is_never_wider_than_its_room(name, width):
    assert cell_len(cut(name, width)) <= width
    assert cell_len(left(name, width)) == width


@given(NAMES, st.integers(2, 12), st.integers(1, 4))
def test_every_line_of_a_heading_is_as_wide_as_its_column(name, width, lines):
    stacked = stack(name, width, lines)
    assert len(stacked) == lines
    assert {cell_len(line) for line in stacked} == {width}
    assert not any("\n" in line or "\t" in line for line in stacked)


def test_headings_break_between_words_else_evenly_and_end_at_the_numbers():
    assert stack("car", 4, 3) == ("    ", "    ", " car")
    assert stack("stop sign", 4, 3) == ("    ", "stop", "sign")
    assert stack("train", 4, 3) == ("    ", " tra", "  in")
    assert stack("baseball glove", 3, 2) == ("bas", "eb…")


def test_headings_are_as_high_as_the_longest_name_needs():
    assert lines_for(("car", "bus"), 4, 4) == 1
    assert lines_for(("car", "stop sign"), 4, 4) == 2
    assert lines_for(("car", "night_bus"), 6, 4) == 2


def test_headings_that_break_words_or_need_too_many_lines_are_none():
    assert lines_for(("car", "motorcycle"), 4, 4) == 0
    assert lines_for(("car", "a b c d e"), 2, 4) == 0


@given(st.integers(0, 10**13), st.integers(4, 9))
def test_a_count_fits_and_digits_are_never_cut_off_silently(count, room):
    text = count_text(count, room)
    assert len(text) <= room
    if text.isdigit():
        assert int(text) == count
    elif count:
        assert int(text[:-1]) * 1000 ** (" kMGT".index(text[-1])) <= count


def test_counts_are_shortened_to_thousands_then_millions():
    texts = [count_text(count, 4) for count in (0, 7, 1204, 12_345, 999_999, 1_250_000)]
    assert texts == ["·", "7", "1204", "12k", "999k", "1M"]


@given(st.floats(0, 1))
def test_only_nothing_is_a_dot_and_only_everything_is_100(share):
    text = share_text(share)
    assert len(text) <= 4
    assert (text == "·") == (share == 0)
    assert (text == "100") == (share == 1)


def test_shares_have_one_decimal_and_only_everything_is_everything():
    shares = [0.3714, 0.0731, 0.004, 0.0001, 0.998, 0.9999, 1.0, float("nan")]
    assert [share_text(share) for share in shares] == [
        "37.1", "7.3", "0.4", "<0.1", "99.8", "99.9", "100", "–",  # noqa: RUF001
    ]  # fmt: skip


def test_a_cell_says_count_and_share_in_one_line_or_in_two():
    assert cell_text("both", 1204, 0.62, 14, 0) == "   1204 62.0% "
    assert cell_text("both in two lines", 1204, 0.62, 6, 0) == "  1204"
    assert cell_text("both in two lines", 1204, 0.62, 6, 1) == " 62.0%"
    assert cell_text("both in two lines", 1204, 0.62, 5, 1) == " 62.0"
    assert cell_text("both in two lines", 0, 0.0, 6, 1) == "      "


@pytest.mark.parametrize("size", [(80, 16), (80, 22), (120, 36), (200, 56)])
@pytest.mark.parametrize("classes", [1, 2, 3, 7, 12, 13, 40, 82, 1203])
@pytest.mark.parametrize("ends", [{}, {"row_end": None, "column_end": None}])
def test_a_layout_keeps_to_its_room_and_shows_as_much_as_fits(size, classes, ends):
    shown = view(classes, 7410, **ends)
    layout = fit(shown, *size)
    assert layout.width <= size[0]
    assert layout.height <= size[1]
    assert layout.columns == classes or layout.width + layout.cell > size[0] - 1
    assert layout.rows == classes or layout.height + layout.row > size[1] - 1
    assert (layout.end > 0, layout.end_row > 0) == (not ends, not ends)
    assert len(str(7410)) < layout.cell


def test_few_classes_have_all_names_in_full_and_count_with_share():
    for classes in (2, 12):
        layout = fit(view(classes, 7410), 200, 56)
        assert (layout.columns, layout.rows, layout.says) == (classes, classes, "both")
        assert lines_for(view(classes).shown_names, layout.cell - 2, 1) == 1


@pytest.mark.parametrize("ends", [{}, {"row_end": None, "column_end": None}])
def test_the_second_line_of_a_high_row_is_the_share_of_the_row(ends):
    layout = fit(view(10, 300, **ends), 86, 34)
    assert (layout.says, layout.columns) == ("both in two lines", 10)
    assert layout.row == (3 if ends else 2)


def test_row_names_have_what_they_need_up_to_a_third_and_what_whole_columns_leave():
    for length, gutter in ((3, 15), (20, 22 + 1), (60, 26 + 5)):
        names = tuple("x" * (length - 1) + chr(97 + index) for index in range(8))
        made = view(8)
        layout = fit(MatrixView(names, made.matrix, made.shown), 90, 24)
        assert layout.gutter == gutter
        assert layout.columns == 8
        assert layout.width == 90 - 1 or length == 3  # all of the room, but for a margin


def test_long_row_names_give_way_where_all_columns_are_in_sight_then():
    names = tuple("x" * 40 + str(index) for index in range(14))
    made = view(14, 300)
    layout = fit(MatrixView(names, made.matrix, made.shown), 85, 24)
    assert layout.columns == 14
    assert 14 <= layout.gutter < 26


def test_a_legend_says_what_the_hues_and_the_second_number_are():
    ink = MatrixInk(*[Style()] * 8, palette(Color.parse("black"), Color.parse("white")))
    made = view(10, 300)
    for mode, words in (
        ("counts", "few to many; below the count: % of the row"),
        ("row %", "% of the row"),
        ("column %", "% of the column"),
    ):
        shown = MatrixView(made.names, made.matrix, made.shown, mode)
        layout = fit(shown, 86, 34)
        scene = MatrixScene.of(shown, layout, (0, 0), (0, 0))
        line = paint(scene, ink, layout.height - 1, 86)
        assert " ".join(line.text.split()) == f"right wrong {words}"
        colours = [segment.style.bgcolor for segment in line if segment.style.bgcolor]
        assert len(set(colours)) == 10
        assert layout.row_slot(layout.height - 1) is None
        assert "right" not in "".join(paint(scene, ink, y, 86).text for y in range(layout.bottom))


@given(st.integers(2, 12), st.integers(60, 240), st.integers(0, 10**6))
def test_the_end_column_has_room_for_what_the_cells_say(classes, width, largest):
    layout = fit(view(classes, max(largest, 9)), width, 50)
    assert layout.width <= width
    if layout.says == "both":
        digits = len(str(max(largest, 9)))
        texts = [
            cell_text("both", 10**digits - 1, 1.0, cell, 0) for cell in (layout.cell, layout.end)
        ]
        assert [len(text) for text in texts] == [layout.cell, layout.end]


def test_names_get_more_room_on_a_wider_terminal():
    names = tuple(f"a name of twenty-five {index:03}" for index in range(82))
    wide = view(82)
    shown = MatrixView(names, wide.matrix, wide.shown)
    gutters = [fit(shown, width, 40).gutter for width in (80, 120, 200)]
    assert gutters[0] in range(22, 27)
    assert gutters == sorted(gutters)
    assert gutters[2] in range(27, 27 + 5)  # and what is left beside whole columns


def test_cells_keep_their_width_when_the_threshold_moves():
    many = ConfusionMatrix(np.diag([2000] * 82 + [0]))
    counts = many.counts.copy()
    counts[range(82), range(82)] = 90
    counts[:82, NOTHING] = 1910
    few = ConfusionMatrix(counts)
    layouts = [fit(MatrixView(["x"] * 82, one, np.arange(82)), 120, 40) for one in (many, few)]
    assert layouts[0] == layouts[1]


def test_nothing_fits_in_a_tiny_widget():
    assert fit(view(10), 12, 20) is None
    assert fit(view(10), 80, 3) is None


@pytest.mark.parametrize("classes", [3, 82])
def test_every_cell_in_sight_is_found_where_it_is_drawn(classes):
    layout = fit(view(classes), 120, 40)
    for slot in layout.column_slots:
        x, width = layout.column_span(slot)
        assert [layout.column_slot(x), layout.column_slot(x + width - 1)] == [slot, slot]
    for slot in layout.row_slots:
        y, height = layout.row_span(slot)
        assert [layout.row_slot(y), layout.row_slot(y + height - 1)] == [slot, slot]
    assert layout.column_slot(layout.rule_x) is None
    assert layout.row_slot(layout.rule_y) is None


@given(st.integers(0, 99), st.integers(0, 99), st.integers(1, 100))
def test_scrolling_brings_a_position_into_sight_and_not_beyond_the_end(position, first, seen):
    start = first_showing(position, first, seen, 100)
    assert start <= position < start + seen
    assert 0 <= start <= 100 - seen


@given(st.lists(st.booleans(), max_size=60))
def test_stretches_hold_every_change_once_and_end_at_changes(changed):
    mask = np.array(changed, bool)
    covered = np.zeros(len(mask), int)
    for first, last in stretches(mask):
        assert mask[first]
        assert mask[last]
        covered[first : last + 1] += 1
    assert (covered[mask] == 1).all()
    assert covered.max(initial=0) <= 1


def test_a_changed_cell_is_one_region_and_many_are_whole_rows():
    shown = view(82)
    scene = MatrixScene.of(shown, fit(shown, 120, 40), (0, 0), (0, 0))
    changed = np.zeros(scene.block.counts.shape, bool)
    changed[3, 4] = True
    (region,) = changed_regions(scene, changed)
    layout = scene.layout
    assert region == (layout.gutter + 4 * layout.cell, layout.heading + 3, layout.cell, 1)
    changed[:, ::2] = True
    regions = changed_regions(scene, changed)
    assert len(regions) == len(changed)
    assert {region.width for region in regions} == {layout.width - layout.gutter}


@given(st.integers(0, 900), st.integers(1, 900), st.integers(1, 60))
def test_the_thumb_stays_on_its_rule(first, seen, length):
    total = first + seen + 3
    start, stop = thumb(first, seen, total, length)
    assert 0 <= start < stop <= length


@pytest.mark.parametrize("mode", ["counts", "row %", "column %"])
def test_a_block_holds_the_counts_and_shares_of_its_classes(mode):
    shown = view(5, mode=mode)
    rows, columns = np.array([4, 1, 5]), np.array([0, 5])
    part = block(shown, rows, columns, with_shares=True)
    counts = shown.matrix.counts
    whole = ratio(counts, counts.sum(axis=0 if mode == "column %" else 1, keepdims=True))
    cells = np.ix_([4, 1, NOTHING], [0, NOTHING])
    assert np.array_equal(part.counts, shown.matrix.counts[cells])
    assert np.array_equal(part.shares, whole[cells], equal_nan=True)


def test_the_largest_counts_leave_out_the_other_kind():
    counts = np.array([[7, 2, 9], [1, 5, 0], [3, 12, 0]])
    shown = MatrixView(("a", "b"), ConfusionMatrix(counts), np.arange(2))
    assert (shown.most_correct, shown.most_wrong) == (7, 12)


def test_a_block_knows_which_cells_look_different():
    shown = view(5, mode="row %")
    counts = shown.matrix.counts.copy()
    counts[2, 3] += 4
    after = MatrixView(shown.names, ConfusionMatrix(counts), shown.shown, "row %")
    cells = np.arange(6), np.arange(6)
    changed = block(after, *cells, False).changed_since(block(shown, *cells, False))
    assert changed[2, 3]
    assert not changed[[0, 1, 3, 4, 5]].any()


def test_a_search_prefers_the_same_then_the_start_then_a_word_then_the_inside():
    names = ["scooter", "a cat", "caterpillar", "cat", "bobcat", "c-a-t", "dog"]
    assert [names[one.index] for one in search("cat", names)] == [
        "cat", "caterpillar", "a cat", "bobcat", "c-a-t",
    ]  # fmt: skip
    assert search("xyz", names) == []
    assert len(search("", names)) == len(names)


@given(NAMES, st.text(min_size=1, max_size=4))
def test_the_letters_of_a_match_are_those_searched_for(name, query):
    for one in search(query, [name]):
        letters = "".join(name.lower()[offset] for offset in one.offsets)
        assert letters == query.lower().strip() or letters == query.lower().replace(" ", "")
