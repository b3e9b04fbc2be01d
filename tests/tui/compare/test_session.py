"""What is wanted of two sides, and what follows from it, without a widget."""

from dataclasses import replace
from types import SimpleNamespace

from engine.compare.selecting import ChangeSelection
from engine.compare.status import Why
from engine.core.goals import GOALS
from engine.core.thresholds import OperatingPoint
from tests.tui.compare.comparing import sides_of, two_detectors
from tui.compare.session import CompareSession
from tui.desk.assessed import Wish


def moved_to(session: CompareSession, confidence: float, iou: float = 0.5) -> None:
    point = OperatingPoint(iou, confidence, "class-first")
    session.follow(SimpleNamespace(wish=Wish(point, goal=GOALS[0])))  # type: ignore[arg-type]


def worked_out(session: CompareSession) -> tuple[float, float]:
    """The confidences of A and B on show."""
    assert session.sides is not None
    session.take(session.work_out(session.sides, session.wanted))
    at = session.shown.comparison
    return at.a.point.confidence, at.b.point.confidence


def session_of(confidence=None) -> CompareSession:
    session = CompareSession()
    session.begin(sides_of(*two_detectors()), confidence)
    moved_to(session, 0.5)
    return session


def test_each_side_begins_at_its_own_point_or_both_at_a_number():
    assert session_of().follows == "own"
    assert worked_out(session_of()) == (0.5, 0.8)
    both = session_of(0.5)
    assert both.follows == "both"
    assert worked_out(both) == (0.5, 0.5)


def test_a_side_that_does_not_move_stays_where_it_stands():
    session = session_of()
    worked_out(session)
    session.turn_follows()  # both
    moved_to(session, 0.4)
    assert worked_out(session) == (0.4, 0.4)
    assert session.turn_follows() == 0.4  # B alone
    moved_to(session, 0.7)
    assert worked_out(session) == (0.4, 0.7)
    assert session.turn_follows() == 0.4  # and back to A
    moved_to(session, 0.4)
    assert worked_out(session) == (0.4, 0.8)


def test_swapped_the_sliders_still_move_the_model_of_the_main_screen():
    session = session_of()
    session.swap()
    moved_to(session, 0.3)
    assert worked_out(session) == (0.8, 0.3)
    assert session.shown.comparison.sides.b.name == "old.json"
    assert (session.main, session.other) == ("B", "A")


def test_what_was_worked_out_for_other_points_is_known_to_be_behind():
    session = session_of()
    assert session.is_behind
    worked_out(session)
    assert not session.is_behind
    moved_to(session, 0.6)
    assert session.is_behind
    session.shown = replace(session.shown, seconds=0.001)
    assert session.is_quick
    moved_to(session, 0.6, iou=0.6)
    assert not session.is_quick  # boxes have to be matched


def test_intervals_of_points_that_are_gone_are_dropped():
    session = session_of()
    worked_out(session)
    old, numbers = session.shown, session.numbers
    moved_to(session, 0.3)
    worked_out(session)
    assert not session.take_numbers(old, numbers)
    assert session.take_numbers(session.shown, numbers)


def test_only_reasons_that_occur_are_gone_through():
    session = session_of(0.5)
    worked_out(session)
    session.selection = ChangeSelection("broken")
    session.turn_why()
    assert session.selection.why is Why.WRONG_CLASS
    session.turn_why()
    assert session.selection.why is None
    session.turn_kind()
    assert session.selection.what == "fixed"
