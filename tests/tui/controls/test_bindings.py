"""Keys that several widgets have, and what all keys of the app say of themselves."""

import inspect

import pytest
from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode

from tui.application.keymap import known_bindings
from tui.controls.bindings import in_footer, quiet, sentence, together, walking

VERBS = {"Save", "Score", "Scroll", "Stop", "Write"}  # with which two words are a sentence


def is_sentence(words: str) -> bool:
    """Whether these say what a key does, and not only its name."""
    start, *others = words.split()
    return start[0].isupper() and (len(others) > 1 or (len(others) == 1 and start in VERBS))


def our_bindings():
    """Every binding of ours, with the class that has it."""
    known_bindings()  # imports all there is
    found, queue = [], [DOMNode]
    while queue:
        owner = queue.pop()
        queue += owner.__subclasses__()
        if owner.__module__.startswith("tui."):
            found += [
                (owner, each) for each in Binding.make_bindings(owner.__dict__.get("BINDINGS", ()))
            ]
    return found


def test_walking_keys_have_ids_of_their_pane_and_say_how_far_they_go():
    bound = BindingsMap(walking("table", columns=5)).key_to_bindings
    (left,), (far,) = bound["h"], bound["H"]
    assert (left.action, left.id, left.show) == ("move(0,-1)", "table.left", False)
    assert far.action == "move(0,-5)"
    assert (far.description, far.id) == ("Walk 5 columns to the left", "table.left_5")
    assert far.group.description == "Walk by 10 rows or 5 columns"
    assert len({one.id for each in bound.values() for one in each}) == 8


def test_what_belongs_together_has_one_sentence_and_each_key_its_own():
    there, back = together(
        "Go there, or back",
        in_footer("n", "go(1)", "Next", "Go to the next", "go.next"),
        quiet("N", "go(-1)", "Go to the one before", "go.before"),
    )
    assert there.group == back.group == Binding.Group("Go there, or back")
    assert (sentence(there), there.description) == ("Go to the next", "Next")
    assert sentence(back) == "Go to the one before"
    assert [there.show, back.show] == [True, False]


def test_every_key_says_in_a_sentence_what_it_does_and_can_be_changed():
    bound = our_bindings()
    assert len(bound) > 200
    stubs = [
        f"{inspect.getfile(owner)}: {binding.key}: {sentence(binding)!r}"
        for owner, binding in bound
        if not binding.id
        or not is_sentence(sentence(binding))
        or (binding.group is not None and not is_sentence(binding.group.description))
    ]
    assert stubs == []


def test_the_footer_has_short_words_and_they_are_not_the_sentence():
    for _, binding in our_bindings():
        if binding.show:
            assert binding.tooltip
            assert 3 <= len(binding.description) <= 16


@pytest.mark.parametrize("words", ["10 down", "Conf", "Focus Next", "Page up", "Previous"])
def test_a_name_is_no_sentence(words):
    assert not is_sentence(words)
