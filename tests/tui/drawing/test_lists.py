"""The rule in a list, and the words of its heading."""

from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from tui.drawing.lists import CutRows, below_words, head_words, rule_line


@st.composite
def cut_rows(draw):
    count = draw(st.integers(0, 30))
    cut = draw(st.none() | st.integers(0, count - 1)) if count else None
    return CutRows(count, cut)


@given(cut_rows())
def test_every_row_has_a_line_of_its_own_in_the_same_order(rows):
    lines = [rows.line_of(row) for row in range(rows.count)]
    assert lines == sorted(set(lines))
    assert [rows.row_at(line) for line in lines] == list(range(rows.count))
    others = set(range(rows.lines)) - set(lines)
    assert others == (set() if rows.cut is None else {rows.cut})
    assert rows.row_at(rows.lines) is None
    assert rows.row_at(-1) is None


@given(cut_rows(), st.integers(0, 31), st.integers(0, 12))
def test_the_rows_in_a_window_are_those_of_its_lines(rows, first, room):
    found = [rows.row_at(line) for line in range(first, first + room)]
    assert list(rows.rows_in(first, room)) == [row for row in found if row is not None]


def test_the_rule_says_the_threshold_as_it_is_now_and_how_many_do_not_count():
    assert below_words(0.487, 0.3, 20, own=False) == "below .487: 20 not counted"
    assert below_words(0.487, 0.48699, 1200, own=False) == "below .48700: 1,200 not counted"
    assert (
        below_words(0.5, 0.3, 1, own=True) == "below the thresholds of the classes: 1 not counted"
    )


@given(st.integers(4, 80))
def test_a_rule_fills_the_line(width):
    line = rule_line("below .487: 20 not counted", width, Style())
    assert line.cell_length == len(line.text) == width
    assert line.text.startswith("─")
    assert ("20 not counted ─" in line.text) == (width >= 31)


def test_a_heading_says_where_one_is_where_there_is_room():
    assert head_words("class", 8, 300, 20) == "class  9 of 300"
    assert head_words("class", 8, 300, 8) == "9 of 300"
    assert head_words("class", 8, 300, 7) == "class"
    assert head_words("class", None, 27, 20) == "class  27 in all"
    assert head_words("class", None, 0, 20) == "class"
