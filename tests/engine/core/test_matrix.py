import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.core.arrays import NOTHING
from engine.core.matrix import ConfusionMatrix
from engine.core.outcomes import Selection
from engine.core.thresholds import MATCHINGS
from tests.making import confidences, detections, ious


@given(detections(), ious, confidences)
def test_a_selection_holds_exactly_what_its_cells_count(made, iou, threshold):
    at_iou = made.at_iou(iou)
    counts, table = at_iou.matrix(threshold).counts, at_iou.outcomes(threshold)
    sides = [*range(len(made.classes)), NOTHING]
    for truth in sides:
        assert len(table.select(Selection(truth=truth))) == counts[truth].sum()
        assert len(table.select(Selection(predicted=truth))) == counts[:, truth].sum()
        for predicted in sides:
            rows = table.select(Selection(truth, predicted))
            assert len(rows) == counts[truth, predicted]
    assert len(table.select(Selection())) == counts.sum()


@given(detections(), ious, confidences, st.sampled_from(MATCHINGS))
def test_the_images_of_a_cell_are_the_different_images_of_its_rows(made, iou, threshold, matching):
    judged = made.at_iou(iou, matching)
    table = judged.outcomes(threshold)
    for truth in [*range(len(made.classes)), NOTHING]:
        for predicted in [*range(len(made.classes)), NOTHING]:
            cell = Selection(truth, predicted)
            images = set(table.select(cell).image.tolist())
            assert judged.images_of(cell, threshold) == len(images)


def test_confusions_come_by_size_and_leave_out_the_diagonal_and_the_ends():
    counts = np.array([[9, 2, 5, 7], [5, 9, 0, 8], [1, 0, 9, 9], [4, 4, 4, 0]])
    assert ConfusionMatrix(counts).confusions().tolist() == [[0, 2], [1, 0], [0, 1], [2, 0]]
