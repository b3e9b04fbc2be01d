import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.classification.one_vs_rest import ranking
from engine.classification.probability_metrics import probability_metrics
from engine.core.ranked import Ranking, average_precision, curve
from tests.making_classes import classifications


def test_average_precision_by_hand():
    hits = Ranking(np.array([True, False, True]), np.array([0.9, 0.5, 0.2]), 2)
    assert average_precision(curve(hits)) == pytest.approx((1 + 2 / 3) / 2)
    assert np.isnan(average_precision(curve(Ranking(hits.hit, hits.confidence, 0))))


@given(classifications(), st.integers(0, 6))
def test_the_curve_of_a_class_and_the_table_have_the_same_average_precision(made, number):
    class_ = number % len(made.classes)
    of_table = probability_metrics(made).rank.average_precision[class_]
    of_curve = average_precision(curve(ranking(made, class_)))
    assert of_curve == pytest.approx(of_table, abs=1e-12, nan_ok=True)
