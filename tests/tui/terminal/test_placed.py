"""What the terminal holds: bounded, and never without what is on the screen."""

from hypothesis import given
from hypothesis import strategies as st

from tui.terminal.placed import PlacedPictures

STEPS = st.lists(st.tuples(st.sampled_from(["show", "leave"]), st.integers(0, 6)), max_size=60)


@given(STEPS)
def test_no_image_in_use_is_freed_none_is_freed_twice_and_the_rest_is_bounded(steps):
    placed, users, held, number = PlacedPictures(3), [], {}, 0
    for what, key in steps:
        free = []
        if what == "show":
            found = placed.take(key)
            assert found is None or held[found] == key
            if found is None:
                number += 1
                held[number] = key
                free = placed.keep(key, number)
                found = number
            users.append(found)
        elif users:
            free = placed.release(users.pop(key % len(users)))
        for gone in free:
            assert gone not in users
            del held[gone]  # fails where it was freed before
        assert len(held) <= max(3, len(set(users)) + 1)
    assert sorted(placed.forget()) == sorted(held)
    assert placed.forget() == []


def test_the_one_used_longest_ago_goes_first():
    placed = PlacedPictures(2)
    for number, key in enumerate("ab", 1):
        placed.keep(key, number)
        assert placed.release(number) == []
    assert placed.take("a") == 1
    assert placed.release(1) == []
    assert placed.keep("c", 3) == [2]


def test_two_pictures_that_send_the_same_image_at_once_both_have_it_to_the_end():
    placed = PlacedPictures(2)
    assert placed.keep("a", 1) == []
    assert placed.keep("a", 2) == []
    assert placed.take("a") == 2
    assert placed.release(1) == [1]
    assert placed.release(2) == placed.release(2) == []
