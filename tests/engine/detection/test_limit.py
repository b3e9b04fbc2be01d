"""COCO's limit of 100 predictions of a class in an image is told where it costs an object."""

import numpy as np

from engine.detection.coco.ranking import found_beyond_limit
from tests.making import detection

BOLT, NUT = 0, 1
HERE, ELSEWHERE = (0, 0, 10, 10), (50, 50, 10, 10)


def lost(truths, predictions):
    made = detection(truths, predictions)
    return found_beyond_limit(made.predictions, made.dataset.ground_truths)


def many(count, class_, box, top=0.9):
    return [(0, class_, confidence, box) for confidence in np.linspace(top, 0.2, count).tolist()]


def test_an_object_that_only_the_hundred_and_first_finds_is_lost():
    truths = [(0, BOLT, HERE), (0, BOLT, ELSEWHERE)]
    assert lost(truths, [*many(100, BOLT, HERE), (0, BOLT, 0.1, ELSEWHERE)]) == (1, 1)
    assert lost(truths, [*many(99, BOLT, HERE), (0, BOLT, 0.1, ELSEWHERE)]) == (0, 0)


def test_what_is_beyond_the_limit_and_finds_nothing_new_costs_nothing():
    truths = [(0, BOLT, HERE), (0, NUT, ELSEWHERE)]
    assert lost(truths, many(120, BOLT, HERE)) == (0, 0)
    assert lost(truths, [*many(110, BOLT, HERE), (0, NUT, 0.1, ELSEWHERE)]) == (0, 0)
    assert lost([], many(120, BOLT, HERE)) == (0, 0)
