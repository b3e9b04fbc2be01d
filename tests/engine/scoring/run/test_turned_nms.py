"""Turned boxes suppress each other as Ultralytics' `fast_nms` over `batch_probiou` has it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.scoring.heads.turned import hulls
from engine.scoring.run.resize import fit
from engine.scoring.run.turned_nms import suppress_turned

SIDE = st.floats(2, 60)
BOX = st.tuples(st.floats(0, 90), st.floats(0, 90), SIDE, SIDE, st.floats(-4, 4))


def covariance(box):
    _, _, width, height, angle = box
    wide, high = width**2 / 12, height**2 / 12
    cos, sin = math.cos(angle), math.sin(angle)
    return (
        wide * cos**2 + high * sin**2,
        wide * sin**2 + high * cos**2,
        (wide - high) * cos * sin,
    )


def likeness(one, other, eps=1e-7):
    """`batch_probiou` of two boxes, term by term."""
    (a1, b1, c1), (a2, b2, c2) = covariance(one), covariance(other)
    x1, y1, x2, y2 = *one[:2], *other[:2]
    area = (a1 + a2) * (b1 + b2) - (c1 + c2) ** 2
    t1 = ((a1 + a2) * (y1 - y2) ** 2 + (b1 + b2) * (x1 - x2) ** 2) / (area + eps) * 0.25
    t2 = ((c1 + c2) * (x2 - x1) * (y1 - y2)) / (area + eps) * 0.5
    areas = max(a1 * b1 - c1**2, 0) * max(a2 * b2 - c2**2, 0)
    t3 = math.log(area / (4 * math.sqrt(areas) + eps) + eps) * 0.5
    distance = min(max(t1 + t2 + t3, eps), 100.0)
    return 1 - math.sqrt(1 - math.exp(-distance) + eps)


@given(
    st.lists(st.tuples(BOX, st.integers(0, 1)), max_size=30),
    st.sampled_from([0.1, 0.45, 0.7]),
)
def test_a_box_stays_unless_one_before_it_is_more_alike(drawn, threshold):
    boxes = [box for box, _ in drawn]
    classes = [class_ for _, class_ in drawn]
    wanted = [
        second
        for second in range(len(boxes))
        if not any(
            classes[first] == classes[second] and likeness(boxes[first], boxes[second]) > threshold
            for first in range(second)
        )
    ]
    turned = np.array(boxes, float).reshape(-1, 5)
    kept = suppress_turned(turned, np.array(classes, np.intp), threshold, 300)
    assert kept.tolist() == wanted


def test_boxes_far_behind_in_a_long_list_are_compared_too_and_no_more_than_asked_stay():
    turned = np.concatenate([[(500, 500, 20, 10, 0.3)], np.zeros((200, 5))])
    turned[1:, 0] = np.arange(200) * 20
    turned[1:, 2:4] = 5
    turned = np.concatenate([turned, [(500, 500, 20, 10, 0.3)]])
    class_ = np.zeros(len(turned), np.intp)
    assert suppress_turned(turned, class_, 0.7, 1000).tolist() == list(range(201))
    assert suppress_turned(turned, class_, 0.7, 7).tolist() == list(range(7))


@given(BOX)
def test_a_hull_is_the_least_upright_box_around_the_four_turned_corners(box):
    x, y, width, height, angle = box
    corners = [
        (
            x + across * width / 2 * math.cos(angle) - down * height / 2 * math.sin(angle),
            y + across * width / 2 * math.sin(angle) + down * height / 2 * math.cos(angle),
        )
        for across in (-1, 1)
        for down in (-1, 1)
    ]
    wanted = [*np.min(corners, axis=0), *np.max(corners, axis=0)]
    assert hulls(np.array([box]))[0] == pytest.approx(wanted, abs=1e-9)


def test_turned_boxes_come_back_to_the_image():
    where = fit((200, 100), (64, 64), "letterbox")  # 64 x 32 with sixteen rows above
    turned = where.turned(np.array([[32.0, 32.0, 16.0, 8.0, 0.5]]))
    assert turned[0] == pytest.approx([100, 50, 50, 25, 0.5])
