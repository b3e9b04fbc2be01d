"""The schemas describe every key, and whatever a report says is as they have it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.compare.comparison import compared
from engine.compare.numbers import compared_numbers, numbers_without_intervals
from engine.compare.points import SidePoint
from engine.compare.sides import Side, Sides
from engine.core.thresholds import OperatingPoint
from engine.detection.coco.summary import CocoSummary
from engine.opening import Inputs, LeftOut, Opened
from engine.report.comparison import ComparisonFacts, comparison_facts
from engine.report.export_check import export_check_facts
from engine.report.reporting import reported
from engine.report.schema.comparison_schema import COMPARISON
from engine.report.schema.report_schema import COCO, REPORT
from tests.engine.compare.pairs import classifier_pairs, detector_pairs
from tests.engine.report import test_export_check as checks
from tests.making import confidences, detection, detections
from tests.making_classes import classification, classifications
from tests.schemas import problems

GOALS = ("f1", "recall@precision=.9", "recall@fp-per-image=0", "precision")


def opened(made, **changes) -> Opened:
    inputs = Inputs(data=Path("truth"), predictions=Path("found"), **changes)
    return Opened(inputs, made, "found", (), ("said",), ())


def described(schema, place="") -> None:
    """Each property says what it means, and no object takes keys that it does not know."""
    if place:
        assert schema.get("description", "").endswith("."), place
    if schema.get("type") == "object" and "properties" in schema:
        assert schema["additionalProperties"] is False, place
    for key, each in schema.get("properties", {}).items():
        described(each, f"{place}/{key}")
    for kind in schema.get("oneOf", ()):
        described(kind, f"{place}/{kind['properties']['task']['const']}")
    for inner in ("items", "additionalProperties"):
        if isinstance(schema.get(inner), dict) and "properties" in schema[inner]:
            described(schema[inner], f"{place}[]")


@pytest.mark.parametrize("schema", [REPORT, COMPARISON], ids=["report", "compare"])
def test_every_property_is_described_and_no_other_is_allowed(schema):
    described(schema)


def test_the_schema_knows_cocos_numbers_in_their_order():
    assert tuple(COCO) == CocoSummary._fields


@given(detections(), confidences | st.none(), st.sampled_from(GOALS), st.integers(0, 5))
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_a_report_on_any_detector_is_as_the_schema_says(made, confidence, goal, one_in_six):
    told = reported(
        opened(made, optimise=goal), 0.5, confidence, with_intervals=one_in_six == 0
    ).values()
    assert problems("report", told) == []


@given(classifications(), confidences | st.sampled_from(["optimal", "top-1"]), st.integers(0, 5))
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_a_report_on_any_classifier_is_as_the_schema_says(made, confidence, one_in_six):
    told = reported(opened(made), 0.5, confidence, with_intervals=one_in_six == 0).values()
    assert problems("report", told) == []


NOTHING_TO_ASSESS = (detection([], [], images=0), classification((), np.zeros((0, 3))))


@pytest.mark.parametrize("made", NOTHING_TO_ASSESS)
def test_a_report_on_nothing_is_too_with_null_for_what_is_undefined(made):
    told = reported(opened(made), 0.5, None, with_intervals=True).values()
    assert problems("report", told) == []
    assert told["operating_point"]["recall"] is None


@given(detector_pairs() | classifier_pairs(), st.booleans())
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_a_comparison_of_any_two_is_as_the_schema_says(pair, certain):
    point = SidePoint(OperatingPoint(0.5, 0.4), "given")
    if not hasattr(pair[0], "predictions"):
        point = SidePoint(replace(point.point, iou=np.nan), "top-1")
    sides = Sides(
        *(Side(name, opened(each), each) for name, each in zip("ab", pair, strict=True)),
        LeftOut(),
        (),
        (),
        False,
    )
    both = (pair[0], point.point, pair[1], point.point)
    numbers = numbers_without_intervals(*both)
    if certain:
        *_, numbers = (numbers, *compared_numbers(*both, samples=5, exchanges=10))
    facts = ComparisonFacts(compared(sides, point, point), numbers, ("said",))
    assert problems("compare", comparison_facts(facts)) == []


@pytest.mark.parametrize("check", [checks.detection(), checks.classification()])
def test_a_check_of_an_export_is_as_the_schema_says(check):
    assert problems("compare", export_check_facts(check)) == []


def test_what_the_schema_does_not_know_is_found():
    told = reported(opened(detection([], [])), 0.5, None, with_intervals=False).values()
    point = told["operating_point"]
    for broken in (
        {**told, "luck": 1},
        {key: value for key, value in told.items() if key != "coco"},
        {**told, "operating_point": {**point, "recall": 1.5}},
        {**told, "operating_point": {**point, "recall": float("inf")}},
        {**told, "images": None},
        {**told, "task": "segmentation"},
    ):
        assert problems("report", broken) != []
