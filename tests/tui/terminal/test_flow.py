"""At most one frame is on its way, and a line that answers is never given up."""

from hypothesis import given
from hypothesis import strategies as st

from tui.terminal.flow import LARGEST, LATE, LOST, SILENT, SMALLEST, Wire

STEPS = st.lists(
    st.tuples(st.sampled_from(["frame", "piece", "answer"]), st.floats(0.001, 0.4)), max_size=60
)


@given(STEPS)
def test_a_frame_goes_only_when_the_one_before_arrived_or_is_late(steps):
    wire, now, frames = Wire("?"), 0.0, []
    for what, wait in steps:
        now += wait
        if what == "answer" and frames:
            frames.pop(0)
            wire.answered(now)
        elif what == "frame":
            waited_for = [at for at in frames if now - at <= LATE]
            assert wire.frame_may_go(now) == (not waited_for) or not wire.question
            if wire.frame_may_go(now):
                wire.sent(now, 0, frame=True)
                frames.append(now)
                frames = [at for at in frames if now - at <= LOST]
    if not wire.question:
        assert wire.frame_may_go(now)


@given(STEPS)
def test_pictures_never_fill_the_line_and_wait_for_frames(steps):
    wire, now, open_ = Wire("?"), 0.0, []
    for what, wait in steps:
        now += wait / 4
        open_ = [each for each in open_ if now - each[0] <= LATE]
        if what == "answer" and open_:
            open_.pop(0)
            wire.answered(now)
        elif what == "piece" and wire.piece_may_go(now, SMALLEST) and wire.question:
            assert not any(frame for _, _, frame in open_)
            assert sum(size for _, size, _ in open_) + SMALLEST <= max(wire.window, SMALLEST)
            wire.sent(now, SMALLEST, frame=False)
            open_.append((now, SMALLEST, False))
        elif what == "frame" and wire.frame_may_go(now):
            wire.sent(now, 0, frame=True)
            open_.append((now, 0, True))
        assert SMALLEST <= wire.window <= LARGEST


def test_a_terminal_that_answers_nothing_is_asked_three_times_and_holds_nothing_up():
    wire, now = Wire("?"), 0.0
    for _ in range(SILENT):
        assert wire.frame_may_go(now)
        wire.sent(now, 0, frame=True)
        assert not wire.frame_may_go(now + LATE)
        now += LATE + 0.01
    assert wire.frame_may_go(now)
    assert wire.question == ""
    wire.sent(now, 0, frame=True)
    assert wire.frame_may_go(now)


def test_a_line_that_was_cut_for_a_while_is_asked_again():
    wire = Wire("?")
    wire.sent(0, 0, frame=True)
    wire.answered(0.1)
    now = 0.2
    for _ in range(2 * SILENT):
        assert wire.frame_may_go(now)
        wire.sent(now, 0, frame=True)
        now += LATE + 0.01
    assert wire.question == "?"
    assert wire.frame_may_go(now)  # late, and nothing waits for it


def test_the_window_grows_where_answers_come_at_once_and_shrinks_on_a_queue():
    wire = Wire("?")
    for at in range(5):
        wire.sent(at, SMALLEST, frame=False)
        wire.answered(at + 0.3)  # far, but without a queue
    assert wire.window == LARGEST
    wire.sent(9, SMALLEST, frame=False)
    wire.answered(10)
    assert wire.window == SMALLEST


def test_on_leaving_one_waits_for_the_last_answer_and_no_longer():
    wire = Wire("?")
    assert wire.still_coming(0) == 0
    wire.sent(0, 0, frame=True)
    wire.answered(0.2)
    assert wire.still_coming(0.3) == 0
    wire.sent(1, 0, frame=True)
    assert 0.2 < wire.still_coming(1) <= LATE


SIZES = st.lists(st.integers(4_096, 16_384), min_size=4, max_size=20)


@given(st.floats(10_000, 1e6), st.floats(0.001, 0.4), SIZES)
def test_the_speed_of_the_line_is_told_from_what_it_took(rate, round_trip, sizes):
    wire, now, free = Wire("?"), 1.0, 0.0
    wire.sent(now, 0, frame=True)
    now += round_trip
    wire.answered(now)
    assert wire.rate is None
    open_ = []
    for index, size in enumerate(sizes):  # one at a time, then two
        wire.sent(now, size, frame=False)
        free = max(free, now + round_trip / 2) + size / rate
        open_.append(free + round_trip / 2)
        while len(open_) > (index > len(sizes) // 2):
            now = max(now, open_.pop(0))
            wire.answered(now)
    assert wire.rate is not None
    assert 0.8 * rate <= wire.rate <= 1.25 * rate


def test_small_frames_say_nothing_of_the_line():
    wire = Wire("?")
    for now in range(10):
        wire.sent(now, 500, frame=True)
        wire.answered(now + 0.2)
    assert wire.rate is None


def test_a_patch_waits_for_no_frame_and_for_no_more_than_the_least_of_pictures():
    wire = Wire("?")
    wire.sent(0.0, 50_000, frame=True)
    assert not wire.piece_may_go(0.1, 1_000)
    assert wire.patch_may_go(0.1, 1_000)
    wire.sent(0.1, 10_000, frame=False)
    assert wire.patch_may_go(0.2, 6_000)
    assert not wire.patch_may_go(0.2, 7_000)
