import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.scoring.run import nms
from engine.scoring.run.nms import suppress


def naive(corners, class_, iou_threshold, most):
    kept = []
    for box in range(len(corners)):
        if len(kept) == most:
            break
        for other in kept:
            if class_[other] == class_[box]:
                left, top = np.maximum(corners[other, :2], corners[box, :2])
                right, bottom = np.minimum(corners[other, 2:], corners[box, 2:])
                intersection = max(right - left, 0) * max(bottom - top, 0)
                areas = [(b[2] - b[0]) * (b[3] - b[1]) for b in corners[[other, box]]]
                if intersection > iou_threshold * (areas[0] + areas[1] - intersection):
                    break
        else:
            kept.append(box)
    return kept


@st.composite
def boxes(draw):
    count = draw(st.integers(0, 60))
    whole = hnp.arrays(np.int64, (count, 2), elements=st.integers(0, 20))
    start, extent = draw(whole).astype(float), draw(whole).astype(float)
    class_ = draw(hnp.arrays(np.intp, count, elements=st.integers(0, 3)))
    return np.concatenate([start, start + extent], axis=1), class_


@settings(deadline=None)
@given(boxes(), st.floats(0, 1), st.integers(1, 40), st.integers(1, 60))
def test_suppression_is_the_naive_loop_in_steps_of_any_length(drawn, threshold, most, at_once):
    corners, class_ = drawn
    before = nms.AT_ONCE
    nms.AT_ONCE = at_once
    try:
        kept = suppress(corners, class_, threshold, most)
    finally:
        nms.AT_ONCE = before
    assert kept.tolist() == naive(corners, class_, threshold, most)


def test_a_box_suppressed_by_a_suppressed_box_stays():
    row = np.array([[0, 0, 10, 10], [4, 0, 14, 10], [8, 0, 18, 10]], float)
    assert suppress(row, np.zeros(3, np.intp), 0.3, 300).tolist() == [0, 2]


def test_many_boxes_need_no_more_than_a_moment():
    random = np.random.default_rng(0)
    start = random.uniform(0, 600, (30_000, 2))
    corners = np.concatenate([start, start + random.uniform(5, 200, (30_000, 2))], axis=1)
    kept = suppress(corners, np.zeros(30_000, np.intp), 0.5, 300)
    assert len(kept) == 300


def test_a_box_that_ends_before_it_begins_takes_no_other_away():
    inside_out, plain = [10.0, 30.0, 40.0, 20.0], [20.0, 15.0, 60.0, 40.0]
    for corners in ([inside_out, plain], [plain, inside_out]):
        kept = suppress(np.array(corners), np.zeros(2, np.intp), 0.7, 10)
        assert kept.tolist() == [0, 1]
