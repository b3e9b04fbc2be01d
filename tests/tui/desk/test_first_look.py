"""The app begins with the predictions that its first numbers need."""

from dataclasses import replace

from tests.engine.detection.test_leading import long_tail
from tui.desk.detected import assess, first_wish, is_look_up
from tui.desk.recomputing import WishScreen


def test_the_first_screen_leaves_what_lies_below_for_later():
    start = first_wish(long_tail())
    assert start.card.f1 == 1
    assert not start.evaluation.knows(0.4)


def test_a_confidence_that_is_not_matched_yet_goes_to_the_worker():
    start = first_wish(long_tail())
    higher, lower = (
        replace(start.wish, point=replace(start.wish.point, confidence=c)) for c in (0.85, 0.4)
    )
    assert is_look_up(higher, start)
    assert not is_look_up(lower, start)
    start.evaluation.complete()
    assert is_look_up(lower, start)
    assert assess(start.evaluation.detection, lower, start).card.false_positives == 401


def test_what_was_left_for_later_is_matched_before_the_points_a_step_away():
    order = []

    class Desk:
        def complete(self, assessed):
            order.append("complete")

        def neighbours(self, assessed):
            return {"near": assessed.wish}

        def ready(self, assessed):
            return {}

        def prepare(self, wish):
            order.append("prepare")

    start = first_wish(long_tail())
    screen = WishScreen(Desk(), start)

    class Worker:
        is_cancelled = False

    screen.prepare(start, Worker())
    assert order == ["complete", "prepare"]
