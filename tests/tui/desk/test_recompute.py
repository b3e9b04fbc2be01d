"""The newest wish is what is shown in the end, with one computation at a time."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from tui.desk.recompute import Recompute


@dataclass(frozen=True)
class Doubled:
    """What follows from a number is twice as much; small ones are look-ups."""

    wish: int
    value: int
    helped: bool = False  # by what was prepared

    def is_look_up(self, wish, prepared):
        return wish < 3 or wish in prepared

    def for_wish(self, wish, prepared):
        return Doubled(wish, 2 * wish, wish in prepared)

    def prepare(self, prepared):
        made = {}
        for wish in (self.wish + 1, self.wish + 2):
            made[wish] = True
            yield dict(made)


class Screen:
    """Shows each result, and has what takes longer done when a test says so."""

    def __init__(self):
        self.shown, self.begun = [], []
        self.recompute = Recompute(Doubled(0, 0), self.show, self.begun.append)

    def show(self, before, after):
        assert before is (self.shown[-1] if self.shown else before)
        assert self.recompute.assessed is after
        self.shown.append(after)

    def finish(self):
        """The worker hands in what was begun first."""
        wish = self.begun.pop(0)
        self.recompute.take(self.recompute.worked_out(wish))


@given(st.lists(st.one_of(st.integers(0, 9), st.just("finish")), max_size=40))
def test_the_newest_wish_is_shown_in_the_end_and_one_is_worked_out_at_a_time(steps):
    screen, newest = Screen(), 0
    for step in steps:
        if step != "finish":
            newest = step
            screen.recompute.want(step)
        elif screen.begun:
            screen.finish()
        assert len(screen.begun) <= 1
        assert screen.recompute.working == bool(screen.begun)
        assert screen.recompute.wish == newest
    while screen.begun:
        screen.finish()
    assert screen.recompute.assessed.wish == newest
    assert all(each.value == 2 * each.wish for each in screen.shown)
    assert not screen.recompute.working


def test_each_result_of_a_held_key_is_shown_and_those_overtaken_are_left_out():
    screen = Screen()
    for wish in (5, 6, 7, 8):
        screen.recompute.want(wish)
    screen.finish()
    assert [each.wish for each in screen.shown] == [5]
    screen.finish()
    assert [each.wish for each in screen.shown] == [5, 8]


def test_a_look_up_is_shown_at_once_and_an_equal_wish_is_no_work():
    screen = Screen()
    screen.recompute.want(2)
    screen.recompute.want(2)
    assert [each.wish for each in screen.shown] == [2]
    assert not screen.begun


def test_what_is_prepared_makes_a_wish_a_look_up():
    screen = Screen()
    screen.recompute.want(2)
    screen.recompute.prepare(lambda: False)
    assert screen.recompute.prepared == {3: True, 4: True}
    screen.recompute.want(4)
    assert not screen.begun
    assert screen.shown[-1] == Doubled(4, 8, helped=True)


def test_who_needs_nothing_more_prepared_stops_it_with_what_is_there():
    screen = Screen()
    screen.recompute.prepare(lambda: True)
    assert screen.recompute.prepared == {1: True}
