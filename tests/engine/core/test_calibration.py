import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.calibration import density, reliability
from engine.detection.curves import Ranking, ranking
from tests.making import detections, ious


def ranked(confidence, hit) -> Ranking:
    confidence, hit = np.array(confidence, float), np.array(hit, bool)
    order = np.argsort(-confidence, kind="stable")
    return Ranking(hit[order], confidence[order], int(hit.sum()))


def test_perfectly_calibrated_confidences_have_no_error():
    # In each bin the share of hits is exactly the confidence: 1 of 4 at .25, 3 of 4 at .75.
    seen = reliability(ranked([0.25] * 4 + [0.75] * 4, [1, 0, 0, 0, 1, 1, 1, 0]))
    assert seen.ece == 0
    assert seen.count.tolist() == [0, 0, 4, 0, 0, 0, 0, 4, 0, 0]
    assert seen.precision[[2, 7]].tolist() == [0.25, 0.75]
    assert np.isnan(seen.precision[0])


def test_the_error_by_hand():
    seen = reliability(ranked([0.9, 0.8, 0.8, 0.1], [1, 0, 0, 0]), bins=2)
    assert seen.edges.tolist() == [0, 0.5, 1]
    assert seen.count.tolist() == [1, 3]
    assert seen.confidence == pytest.approx([0.1, 2.5 / 3])
    assert seen.precision == pytest.approx([0, 1 / 3])
    assert seen.ece == pytest.approx(1 / 4 * 0.1 + 3 / 4 * (2.5 / 3 - 1 / 3))


@given(detections(), ious, st.integers(1, 30))
def test_each_prediction_falls_into_the_bin_whose_upper_edge_holds_it(made, iou, bins):
    predictions = ranking(made.at_iou(iou), None)
    seen, spread = reliability(predictions, bins), density(predictions, bins)
    expected = 0.0
    for b in range(bins):
        low, high = seen.edges[b], seen.edges[b + 1]
        inside = (predictions.confidence > low) & (predictions.confidence <= high)
        if b == 0:
            inside |= predictions.confidence <= low
        right = int(predictions.hit[inside].sum())
        assert seen.count[b] == inside.sum()
        assert spread.true_positives[b] == right
        assert spread.false_positives[b] == inside.sum() - right
        if inside.any():
            mean = predictions.confidence[inside].mean()
            assert seen.confidence[b] == pytest.approx(mean)
            assert seen.precision[b] == right / inside.sum()
            share = inside.sum() / len(predictions.hit)
            expected += share * abs(right / inside.sum() - mean)
    if len(predictions.hit):
        assert seen.ece == pytest.approx(expected, abs=1e-12)


def test_the_error_is_undefined_without_predictions():
    seen = reliability(ranked([], []))
    assert np.isnan(seen.ece)
    assert seen.count.tolist() == [0] * 10
    assert density(ranked([], []), 3).true_positives.tolist() == [0, 0, 0]


def test_the_ends_of_the_scale_count():
    spread = density(ranked([0.0, 1.0], [0, 1]), bins=4)
    assert spread.false_positives.tolist() == [1, 0, 0, 0]
    assert spread.true_positives.tolist() == [0, 0, 0, 1]
