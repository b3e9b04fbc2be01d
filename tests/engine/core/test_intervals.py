import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.intervals import (
    SHOWN_EVERY,
    Interval,
    drawings,
    drawn_weights,
    percentiles,
    percentiles_of_columns,
    wilson,
)


def test_the_interval_of_samples_leaves_out_where_a_number_is_undefined():
    assert percentiles(np.array([np.nan, 0.0, 1.0, np.nan])) == Interval(0.025, 0.975)
    assert not percentiles(np.full(3, np.nan)).defined


def test_drawings_are_of_all_images_the_same_each_time_and_stop_when_asked():
    def drawn(cancelled=lambda: False):
        return [len(seen) for seen in drawings(np.copy, 7, 50, 3, cancelled)]

    assert drawn() == [SHOWN_EVERY, 2 * SHOWN_EVERY, 50]
    assert drawn(lambda: True) == []
    (one,), (again,) = (list(drawings(np.copy, 7, 5, 3, lambda: False)) for _ in range(2))
    assert np.array_equal(one, again)
    assert all(times.sum() == 7 for times in one)


def test_drawings_are_the_same_however_many_are_made_at_once():
    one_by_one = np.concatenate([*drawn_weights(7, 50, 3)])
    assert one_by_one.shape == (50, 7)
    turns = [*drawn_weights(7, 50, 3, 20)]
    assert [len(turn) for turn in turns] == [20, 20, 10]
    assert np.array_equal(np.concatenate(turns), one_by_one)
    assert np.array_equal([*drawings(np.copy, 7, 50, 3, lambda: False)][-1], one_by_one)


def test_intervals_of_columns_are_those_of_each():
    values = np.random.default_rng(1).normal(size=(40, 4))
    values[::3, 1], values[:, 2] = np.nan, np.nan
    for ends, column in zip(
        zip(*percentiles_of_columns(values), strict=True), values.T, strict=True
    ):
        interval = percentiles(column)
        assert ends == pytest.approx((interval.low, interval.high), nan_ok=True)


def test_wilson_gives_known_values():
    # Newcombe, Statistics in Medicine 1998, table I, method 3.
    parts, wholes = [81, 15, 0, 1], [263, 148, 20, 29]
    low, high = wilson(parts, wholes, z=1.959964)
    assert low == pytest.approx([0.2553, 0.0624, 0, 0.0061], abs=6e-5)
    assert high == pytest.approx([0.3662, 0.1605, 0.1611, 0.1718], abs=6e-5)


@given(st.integers(0, 500), st.integers(1, 500))
def test_wilson_holds_the_rate_and_stays_within_0_and_1(part, whole):
    part = min(part, whole)
    low, high = wilson(part, whole)
    assert 0 <= low <= part / whole <= high <= 1
    mirrored = wilson(whole - part, whole)
    np.testing.assert_allclose((1 - high, 1 - low), mirrored, atol=1e-12)
    if part < whole:
        assert low < high


def test_wilson_of_nothing_is_undefined():
    low, high = wilson([0, 1], [0, 1])
    assert np.isnan([low[0], high[0]]).all()
    assert not np.isnan([low[1], high[1]]).any()
