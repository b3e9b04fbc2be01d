from dataclasses import replace

import numpy as np

from engine.core.intervals import wilson
from engine.core.metric import Metric, MetricGroup, rate_intervals, said

RIGHT, FOUND = np.array([3, 0, 3]), np.array([4, 0, 4])
RATE = Metric[str](
    key="rate",
    heading="R",
    group=MetricGroup("rates"),
    name="Rate",
    what="How many are right.",
    formula="right / found",
    values=lambda _: np.array([0.75, np.nan, 0.75]),
    filled=lambda scene, row: f"{scene} {row}",
    made_at=lambda scene: f"at {scene}",
    rate_of=lambda _: (RIGHT, FOUND),
)


def test_a_row_says_all_of_a_number():
    told = RATE.explained("noon", 0, "bolt")
    assert (told.title, told.what, told.formula) == ("Rate of bolt", RATE.what, RATE.formula)
    assert (told.filled, told.made_at) == ("noon 0", "at noon")
    assert replace(RATE, of=", ").explained("noon", 0, "bolt").title == "Rate, bolt"


def test_the_last_row_is_the_mean_of_the_defined_where_the_column_has_one():
    assert RATE.explained("noon", 2, "all").formula == "right / found"
    told = replace(RATE, formula_of_mean="mean over classes").explained("noon", 2, "all")
    assert told.formula == "mean over classes"
    assert told.filled == "sum over classes / classes = .750 / 1 = .750"
    assert replace(RATE, formula_of_mean="mean").explained("noon", 1, "nut").filled == "noon 1"


def test_only_rates_have_intervals_of_their_counts():
    other = replace(RATE, key="other", rate_of=None)
    found = rate_intervals([RATE, other], "noon")
    assert list(found) == ["rate"]
    assert np.array_equal(found["rate"], wilson(RIGHT, FOUND), equal_nan=True)


def test_a_count_is_said_in_full_and_a_ratio_with_three_digits():
    assert said(np.int64(1234)) == "1,234"
    assert said(np.float64(0.5)) == ".500"
    assert said(np.float64(np.nan)) == "undefined"
