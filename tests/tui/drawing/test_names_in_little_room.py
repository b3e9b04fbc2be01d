"""Class names where the room is short."""

import re

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.drawing.names import cut, cut_apart, elided, lines_for, pair, stack, wrapped


def test_a_heading_of_two_words_takes_a_second_line_before_they_run_into_each_other():
    assert lines_for(("Not detected",), 11, 3) == 2
    assert stack("Not detected", 11, 2) == ("        Not", "   detected")
    assert stack("Not detected", 11, 1) == ("Not detect…",)


def test_the_names_of_a_confusion_share_the_room():
    assert pair("truck", "car", 20) == "truck → car"
    assert pair("class_0220_long", "class_0303_long", 27) == "class_0220_… → class_0303_…"
    assert pair("a_very_long_name", "car", 15) == "a_very_l… → car"
    assert pair("car", "a_very_long_name", 15) == "car → a_very_l…"


def test_a_confusion_of_names_that_begin_alike_shows_what_they_end_with():
    words = pair("Sprinter_white_2019", "Sprinter_white_2020", 27)
    assert words == "Spr…ite_2019 → Spr…ite_2020"


def test_names_that_begin_alike_lose_their_middle_and_others_their_end():
    names = ("Sprinter_white_2018", "Sprinter_white_2019", "a_very_long_name_indeed", "bus")
    assert cut_apart(names, 12) == ("Sprin…e_2018", "Sprin…e_2019", "a_very_long…", "bus")


def test_what_is_left_out_begins_where_it_tells_the_most_names_apart():
    names = ("Benz_Sprinter_2018", "Benz_Citaro_2018", "Benz_Sprinter_2019")
    shown = cut_apart(names, 11)
    assert len(set(shown)) == 3
    assert all(cell_len(name) <= 11 for name in shown)


@given(st.lists(st.text(min_size=1, max_size=24), min_size=1, max_size=8), st.integers(0, 20))
def test_names_told_apart_fit_and_are_told_apart_no_worse_than_by_their_beginnings(names, width):
    shown = cut_apart(tuple(names), width)
    assert all(cell_len(name) <= width for name in shown)
    assert len(set(shown)) >= len({cut(name, width) for name in names})


@given(st.text(max_size=40), st.integers(0, 30), st.integers(0, 30))
def test_an_elided_name_is_never_wider_than_its_room(name, width, head):
    assert cell_len(elided(name, width, head)) <= width


@given(st.text(alphabet="ab _-/", max_size=30), st.integers(1, 12))
def test_wrapping_breaks_no_word_and_loses_no_letter(name, width):
    name = name.strip()
    lines = wrapped(name, width)
    assert "".join(lines).replace(" ", "") == name.replace(" ", "")
    words = re.findall(r"[ab]+", name)
    assert [word for line in lines for word in re.findall(r"[ab]+", line)] == words
