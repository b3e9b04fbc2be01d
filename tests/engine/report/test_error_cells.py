"""The largest errors, and which of their rows are shown."""

import numpy as np

from engine.core.matrix import ConfusionMatrix
from engine.report.error_cells import first_rows, largest_errors
from tests.making import detection
from tests.opening import confused

CLASSES = ("bolt", "nut", "gear")


def test_confusions_come_first_then_what_was_missed_then_what_nothing_is_behind():
    counts = np.zeros((4, 4), np.int64)
    counts[0, 0], counts[0, 1], counts[1, 0] = 6, 2, 3
    counts[:3, 3] = (2, 9, 5)
    counts[3, :3] = (0, 8, 1)
    words = [each.words for each in largest_errors(ConfusionMatrix(counts), CLASSES)]
    assert words == [
        "nut seen as bolt: 3 (25.0 % of true nut)",
        "bolt seen as nut: 2 (20.0 % of true bolt)",
        "nut not detected: 9 (75.0 % of true nut)",
        "gear not detected: 5 (100.0 % of true gear)",
        "nut predicted where no such object is: 8 (80.0 % of predicted nut)",
        "gear predicted where no such object is: 1 (100.0 % of predicted gear)",
    ]


def test_lines_that_a_task_does_not_have_are_no_errors():
    counts = np.full((3, 3), 4, np.int64)
    errors = largest_errors(ConfusionMatrix(counts, extra_row="", extra_column=""), ("a", "b"))
    assert [(each.truth, each.predicted) for each in errors] == [(0, 1), (1, 0)]


def test_the_surest_row_of_each_image_is_shown_before_a_second_one_of_any():
    truths = [(0, 0, (0, 0, 9, 9)), (0, 0, (30, 0, 9, 9)), (1, 0, (0, 0, 9, 9))]
    found = [(0, 1, 0.9, (0, 0, 9, 9)), (0, 1, 0.8, (30, 0, 9, 9)), (1, 1, 0.7, (0, 0, 9, 9))]
    outcomes = detection(truths, found, images=2).at_iou(0.5).outcomes(0.0)
    rows = outcomes.where(first_rows(outcomes, 2))
    assert rows.confidence.tolist() == [0.9, 0.7]
    assert outcomes.where(first_rows(outcomes, 3)).confidence.tolist() == [0.9, 0.7, 0.8]
    assert len(first_rows(outcomes, 0)) == 0


def test_of_what_was_missed_the_largest_is_shown_first():
    truths = [(0, 0, (0, 0, 9, 9)), (1, 0, (0, 0, 40, 40)), (2, 0, (0, 0, 20, 20))]
    made = detection(truths, [], images=3)
    outcomes = made.at_iou(0.5).outcomes(0.0)
    rows = outcomes.where(first_rows(outcomes, 9, made.dataset.ground_truths.area))
    assert rows.image.tolist() == [1, 2, 0]


def test_each_error_selects_as_many_rows_as_it_counts():
    at_iou = confused().at_iou(0.5)
    matrix, outcomes = at_iou.matrix(0.2), at_iou.outcomes(0.2)
    errors = largest_errors(matrix, confused().classes)
    assert errors
    for each in errors:
        assert len(outcomes.select(each.selection)) == each.count
