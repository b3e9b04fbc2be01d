"""Names of keys: nothing is lost, and what keys have in common is said once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.drawing.key_names import in_turn, together

NAMES = st.sampled_from(
    ["↑", "↓", "←", "→", "a", "N", "[", "^", "+", "esc", "⏎", "pgdn", "^o", "^↑", "shift+↑", "tab"]
)


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["←", "→"], "←→"),
        (["↓", "↑"], "↑↓"),
        (["[", "]"], "[ ]"),
        (["n", "N"], "n N"),
        (["pgup", "pgdn"], "pgup/pgdn"),
        (["^↑", "^↓", "^←", "^→"], "^↑↓←→"),
        (["shift+↑", "shift+↓"], "shift+↑↓"),
        (["tab", "shift+tab"], "tab/shift+tab"),
        (["^u", "]"], "^u/]"),
        (["^"], "^"),
        (["+", "-"], "+ -"),
        (["a", "a"], "a"),
        ([], ""),
    ],
)
def test_keys_that_belong_together_take_few_cells(names, shown):
    assert together(names) == shown


def test_the_first_keys_come_before_the_second_ones():
    assert in_turn([["↑", "k"], ["↓", "j"], ["←", "h"], ["→", "l"]]) == "↑↓←→  k j h l"
    assert in_turn([["d", "O"]]) == "d  O"
    assert in_turn([["+", "="], ["-"]]) == "+ -  ="


@given(st.lists(NAMES, max_size=5))
def test_every_key_is_still_to_be_seen(names):
    shown = together(names)
    for name in names:
        assert name.removeprefix("^").removeprefix("shift+") in shown
