import json
from dataclasses import replace

import msgspec
import pytest

from engine.detection.error_types.error_types import error_types
from engine.detection.error_types.names import CLASSIFICATION, ERROR_TYPES
from engine.report.reporting import reported
from tests.making import detection
from tests.opening import INPUTS, confused, opened


def report(made, confidence=0.55, iou=0.5, **wanted):
    wanted = {"with_intervals": False, "with_error_types": True, **wanted}
    return reported(opened(made), iou, confidence, **wanted)


def test_each_type_has_its_counts_over_all_confidences_and_at_the_point():
    values = report(confused()).values()["error_types"]
    assert list(values) == list(ERROR_TYPES)
    counts = {error: (each["count"], each["count_at_point"]) for error, each in values.items()}
    assert counts == {
        "classification": (3, 3),
        "localisation": (0, 0),
        "both": (0, 0),
        "duplicate": (0, 0),
        "background": (1, 1),
        "missed": (3, 3),
    }
    high = report(confused(), 0.85).values()["error_types"]
    assert high["classification"] == {**values["classification"], "count_at_point": 1}
    assert high["missed"]["count_at_point"] == 5  # of seven one is found, one could be


def test_gains_go_from_0_to_1_and_belong_to_the_iou():
    values = report(confused(), iou=0.75).values()
    gains = error_types(confused().at_iou(0.75)).gains
    assert [each["dAP"] for each in values["error_types"].values()] == gains.gained.tolist()
    assert values["tide"] == {
        "iou": 0.75,
        "background_iou": 0.1,
        "AP": gains.ap,
        "false_positives_dAP": gains.without_false_positives,
        "false_negatives_dAP": gains.without_misses,
    }
    assert 0 < gains.gained[CLASSIFICATION] < 1


def test_without_anything_gains_are_null():
    values = report(detection([], []), 0.5).values()
    assert values["error_types"]["missed"] == {"count": 0, "count_at_point": 0, "dAP": None}
    assert values["tide"]["AP"] is None
    assert json.loads(msgspec.json.encode(values["tide"])) == values["tide"]


def test_nobody_is_told_who_did_not_ask():
    plain = report(confused(), with_error_types=False)
    assert not {"error_types", "tide"} & plain.values().keys()
    assert "Error types" not in plain.text()


def test_the_text_has_a_line_of_numbers_and_a_sentence_for_each_type():
    lines = report(confused()).text().split("Error types")[1].splitlines()
    assert lines[0] == " (TIDE's, as tidecv counts them, at IoU .50; background up to .10):"
    assert lines[1].split("  ")[-1] == "AP given back"
    for error, line in zip(ERROR_TYPES, lines[2:8], strict=True):
        assert line.split()[0] == error
    assert lines[2].split()[:3] == ["classification", "3", "3"]
    for error, line in zip(ERROR_TYPES, lines[9:15], strict=True):
        assert line.startswith(f"  {error}: ")
        assert "; fixed: " in line
    told = "\n".join(lines)
    assert "hotcoco" in told
    assert "vernier" in told


@pytest.mark.parametrize("matching", ["class-first", "iou"])
def test_a_strict_rule_wants_the_confidence_exceeded(matching):
    made = detection([], [(0, 0, 0.5, (0, 0, 9, 9))])
    given = opened(made, inputs=replace(INPUTS, matching=matching))
    values = reported(given, 0.5, 0.5, with_intervals=False, with_error_types=True).values()
    counted = values["error_types"]["background"]["count_at_point"]
    assert counted == (0 if matching == "iou" else 1)
