"""The app begins with the predictions that its first numbers need."""

from dataclasses import replace

from tests.engine.detection.test_leading import long_tail
from tui.desk.detected import first_detected


def test_the_first_screen_leaves_what_lies_below_for_later():
    start = first_detected(long_tail())
    assert start.card.f1 == 1
    assert not start.evaluation.knows(0.4)


def test_a_confidence_that_is_not_matched_yet_goes_to_the_worker():
    start = first_detected(long_tail())
    higher, lower = (
        replace(start.wish, point=replace(start.wish.point, confidence=c)) for c in (0.85, 0.4)
    )
    assert start.is_look_up(higher)
    assert not start.is_look_up(lower)
    start.evaluation.complete()
    assert start.is_look_up(lower)
    assert start.for_wish(lower).card.false_positives == 401


def test_what_was_left_for_later_is_matched_before_the_points_a_step_away():
    start = first_detected(long_tail())
    steps = start.prepare({})
    first = next(steps)
    assert start.evaluation.knows(0.4)
    assert len(first) == 1  # what is on the screen, for who comes back to it
    *_, last = steps
    assert len(last) == 19  # at all steps of the IoU from .10 to 1


def test_what_is_prepared_serves_again_a_step_away_and_gives_the_same():
    start = first_detected(long_tail())
    *_, prepared = start.prepare({})
    there = replace(start.wish, point=replace(start.wish.point, iou=0.55))
    assert not start.is_look_up(there)
    assert start.is_look_up(there, prepared)
    near, again = start.for_wish(there, prepared), start.for_wish(there)
    assert near.matrix.counts.tolist() == again.matrix.counts.tolist()
    assert near.best.confidence == again.best.confidence
    *_, moved = near.prepare(prepared)
    kept = moved.keys() & prepared.keys() - {(0.55, "class-first", start.wish.goal)}
    assert len(kept) == 18
    assert all(moved[key] is prepared[key] for key in kept)
