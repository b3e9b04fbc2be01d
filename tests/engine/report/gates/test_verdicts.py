"""Gate cases as a table: number, interval and limit, and what follows."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.intervals import Interval
from engine.report.gates.limits import Limit, ReportLimits
from engine.report.gates.numbers import NumberName
from engine.report.gates.verdicts import (
    JudgedLimit,
    judged_by_interval,
    judged_by_number,
    judged_limits,
    more_images,
)
from engine.report.reporting import reported
from engine.util.words import DASH
from tests.opening import confused, opened

IMAGES = 100


def judged(value, ends, limit, direction="under") -> JudgedLimit:
    held = Limit(NumberName("f1"), limit, direction)
    if ends is None:
        return judged_by_number(held, value)
    return judged_by_interval(held, value, Interval(*ends), IMAGES)


@pytest.mark.parametrize(
    ("direction", "value", "ends", "limit", "verdict", "why"),
    [
        # By the number alone.
        ("under", 0.6, None, 0.5, "pass", "at least .5"),
        ("under", 0.5, None, 0.5, "pass", "at least .5"),
        ("under", 0.5 - 1e-16, None, 0.5, "pass", "at least .5"),
        ("under", 0.4, None, 0.5, "fail", "under .5"),
        ("over", 0.6, None, 0.5, "fail", "over .5"),
        ("over", 0.5, None, 0.5, "pass", "at most .5"),
        ("over", 3.0, None, 2, "fail", "over 2"),
        # By all of the interval.
        ("under", 0.6, (0.55, 0.65), 0.5, "pass", "all of it is at least .5"),
        ("under", 0.6, (0.5, 0.65), 0.5, "pass", "all of it is at least .5"),
        ("under", 0.4, (0.35, 0.45), 0.5, "fail", "all of it is under .5"),
        ("over", 0.4, (0.35, 0.45), 0.5, "pass", "all of it is at most .5"),
        ("over", 0.6, (0.55, 0.65), 0.5, "fail", "all of it is over .5"),
        # The limit is inside. The reach is twice the distance: four times the images.
        (
            *("under", 0.6, (0.4, 0.7), 0.5, "cannot tell"),
            "some of it is under .5; about 300 more images like these would tell, "
            "should it stay as it is",
        ),
        (
            *("under", 0.4, (0.35, 0.6), 0.5, "cannot tell"),
            "some of it is under .5; about 300 more images like these would tell, "
            "should it stay as it is",
        ),
        (
            *("over", 0.4, (0.35, 0.7), 0.5, "cannot tell"),
            "some of it is over .5; about 800 more images like these would tell, "
            "should it stay as it is",
        ),
        (
            *("over", 0.6, (0.49, 0.7), 0.5, "cannot tell"),
            "some of it is over .5; about 21 more images like these would tell, "
            "should it stay as it is",
        ),
        (
            *("under", 0.5, (0.4, 0.6), 0.5, "cannot tell"),
            "some of it is under .5; no number of images would tell, should it stay on the limit",
        ),
        (
            *("under", 0.50001, (0.1, 0.9), 0.5, "cannot tell"),
            "some of it is under .5; more than 1,000,000,000 more images would tell, "
            "should it stay as it is",
        ),
        # A number outside its own percentiles counts as well.
        (
            *("under", 0.45, (0.5, 0.6), 0.5, "cannot tell"),
            "some of it is under .5; about 800 more images like these would tell, "
            "should it stay as it is",
        ),
    ],
)
def test_the_table_of_verdicts(direction, value, ends, limit, verdict, why):
    found = judged(value, ends, limit, direction)
    assert (found.verdict, found.why) == (verdict, why)


def test_a_verdict_is_a_line_with_number_interval_and_limit():
    assert judged(0.6, (0.55, 0.65), 0.5).words == (
        "pass: f1 .600 (95 %: .550 to .650): all of it is at least .5"
    )
    assert judged(0.49996, None, 0.5).words == "fail: f1 .49996: under .5"
    assert judged(1234.0, None, 3, "over").words == "fail: f1 1,234: over 3"


@given(st.floats(0.02, 0.98), st.floats(0.001, 0.3), st.floats(0.001, 0.3), st.floats(0, 1))
def test_so_many_more_images_would_tell_and_a_few_fewer_would_not(value, down, up, limit):
    """Ends that come nearer as 1 / sqrt(images) clear the limit just then."""
    for direction in ("under", "over"):
        found = judged(value, (value - down, value + up), limit, direction)
        held = found.limit
        if found.verdict != "cannot tell" or abs(value - limit) < 1e-3:
            continue
        more = more_images(held, value, found.interval, IMAGES)
        for images, told in ((IMAGES + more * 1.01 + 1, True), (IMAGES + more * 0.97 - 1, False)):
            scale = math.sqrt(IMAGES / images)
            ends = (value - down * scale, value + up * scale)
            assert (judged(value, ends, limit, direction).verdict != "cannot tell") is told


@given(st.floats(0, 1), st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0, 1))
def test_an_interval_never_contradicts_its_number(value, down, up, limit):
    for direction in ("under", "over"):
        alone = judged(value, None, limit, direction).verdict
        within = judged(value, (value - down, value + up), limit, direction).verdict
        assert within in (alone, "cannot tell")


def report(*, with_intervals: bool = False):
    return reported(opened(confused()), 0.5, 0.5, with_intervals=with_intervals)


def test_what_is_undefined_fails_and_says_why():
    made = report(with_intervals=True)
    limits = ReportLimits.parse(["recall[washer]=0"], ["precision[washer]=1"]).of(confused())
    under, over = judged_limits(limits, made.facts, made.values())
    assert under.words == (
        f"fail: recall[washer] {DASH}: undefined, so not at least 0: "
        "there is no object of washer in the ground truth"
    )
    assert (over.verdict, over.undefined) == ("fail", True)
    assert over.values["value"] is over.values["low"] is None


def test_a_number_without_an_interval_is_judged_alone_and_says_so():
    made = report(with_intervals=True)
    limits = ReportLimits.parse(["APs[gear]=.5"], ["images=10"]).of(confused())
    for found in judged_limits(limits, made.facts, made.values()):
        assert found.interval is None
        assert found.verdict == "pass"
        assert "judged without an interval: this number has none" in found.why
    plain = report()
    (found,) = judged_limits(ReportLimits.parse(["AP=0"], []), plain.facts, plain.values())
    assert found.why == "at least 0"


def test_json_says_the_same():
    made = report(with_intervals=True)
    (found,) = judged_limits(ReportLimits.parse(["f1=.1"], []), made.facts, made.values())
    assert found.values == {
        "key": "f1",
        "limit": 0.1,
        "direction": "under",
        "value": made.values()["operating_point"]["f1"],
        "low": made.facts.intervals.f1.low,
        "high": made.facts.intervals.f1.high,
        "verdict": found.verdict,
        "why": found.why,
    }
    assert not np.isnan(found.values["low"])
