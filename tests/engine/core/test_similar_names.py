import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.arrays import NOTHING
from engine.core.similar_names import SYNONYMS, found_names, natural_order, order_in_words

PAIRS = [pair[::way] for pair in SYNONYMS for way in (1, -1)]


@pytest.mark.parametrize("pair", PAIRS)
def test_a_synonym_is_found_either_way_and_said(pair):
    found = found_names([pair[0]], ["cat", pair[1]])
    assert (found.place.tolist(), found.synonyms) == ([1], (pair,))
    assert f"{pair[0]} is {pair[1]}" in found.sentence
    apart = found_names([pair[0]], ["cat", pair[1]], synonyms=False)
    assert (apart.place.tolist(), apart.sentence) == ([NOTHING], "")


def test_a_name_comes_before_its_synonym():
    found = found_names(["sofa", "couch"], ["couch", "sofa"])
    assert (found.place.tolist(), found.synonyms) == ([1, 0], ())
    assert found_names(["sofa"], ["couch", "So-Fa"]).place.tolist() == [1]


def test_letters_that_two_names_share_are_no_way_to_a_synonym():
    assert found_names(["sofa"], ["SO FA", "so-fa", "couch"]).place.tolist() == [NOTHING]


@given(st.lists(st.sampled_from("abcde"), min_size=1), st.lists(st.sampled_from("abcde")))
def test_a_name_of_several_is_never_given_to_the_first(names, among):
    found = found_names(names, among)
    if names == among:
        assert found.place.tolist() == list(range(len(names)))
        return
    for name, place in zip(names, found.place.tolist(), strict=True):
        alone = names.count(name) == among.count(name) == 1
        assert place == (among.index(name) if alone else NOTHING)
        assert (name in found.ambiguous) == (name in among and not alone)


def test_people_count_where_text_does_not():
    names = ["class 10", "class 2", "class 1"]
    assert natural_order(names) == ["class 1", "class 2", "class 10"]
    assert order_in_words(sorted(names)).startswith("sorted as text (class 1, class 10, class 2)")
    assert order_in_words(natural_order(names)).startswith("sorted as numbers (class 1, class 2")
    assert order_in_words(names) == ""  # an order of its own needs no word
    assert order_in_words(["bolt", "nut"]) == ""


def test_composed_and_decomposed_letters_and_1_with_a_point_are_the_same():
    found = found_names(["caf\u00e9", "1.0", "v1.0"], ["cafe\u0301", "1", "v1"])
    assert found.place.tolist() == [0, 1, NOTHING]
