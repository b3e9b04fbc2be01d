"""Typing letters of names above a table, without a table."""

import string

from hypothesis import given
from hypothesis import strategies as st

from tui.tables.name_filter import LETTERS, after_key, after_paste

WORDS = st.text(string.ascii_lowercase + " ", max_size=LETTERS)


@given(WORDS, st.sampled_from(string.ascii_lowercase))
def test_a_letter_is_added_at_the_end_and_backspace_takes_it_away(wanted, letter):
    typing, typed = after_key(letter, letter, True, wanted)
    assert typing
    assert typed == (wanted + letter)[:LETTERS]
    if len(wanted) < LETTERS:
        assert after_key("backspace", None, True, typed) == (True, wanted)


@given(WORDS, st.booleans())
def test_escape_shows_all_again_and_is_the_tables_own_where_all_are_shown(wanted, typing):
    after = after_key("escape", None, typing, wanted)
    assert after == ((False, "") if typing or wanted else None)


@given(WORDS, st.sampled_from(["enter", "backspace", "ctrl+u", "s", "down"]))
def test_keys_are_the_tables_own_while_nothing_is_typed(wanted, key):
    assert after_key(key, key if len(key) == 1 else None, False, wanted) is None


def test_enter_keeps_what_is_typed_and_backspace_on_nothing_ends_typing():
    assert after_key("enter", None, True, "bo") == (False, "bo")
    assert after_key("backspace", None, True, "") == (False, "")
    assert after_key("ctrl+u", None, True, "bo") == (True, "")
    assert after_key("down", None, True, "bo") is None


@given(WORDS, st.text())
def test_a_paste_is_one_line_and_no_longer_than_what_is_typed(wanted, text):
    after = after_paste(text, wanted)
    assert len(after) <= LETTERS
    assert after.splitlines() in ([after], [])
    assert after.startswith(wanted)
