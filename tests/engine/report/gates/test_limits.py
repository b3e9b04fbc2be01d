"""Limits as they are typed: every number of the report by its key, and what is refused."""

from pathlib import Path

import pytest

from engine.opening import Inputs, Opened
from engine.report.gates.limits import Limit, LimitError, ReportLimits
from engine.report.gates.numbers import (
    OF_CLASSIFIERS,
    OF_DETECTORS,
    NumberName,
    undefined_because,
    value_of,
)
from engine.report.reporting import reported
from tests.making import detection
from tests.making_classes import classification
from tests.opening import confused

HARD = ("a b", "a=b", "a]b", "[x]", 'say "car"', "tab\there", "")


def values(made) -> dict:
    inputs = Inputs(data=Path("truth"), predictions=Path("found"))
    opened = Opened(inputs, made, "found", (), (), ())
    return reported(opened, 0.5, 0.5, with_intervals=False).values()


@pytest.fixture(scope="module")
def of_detector():
    return values(confused())


@pytest.fixture(scope="module")
def of_classifier():
    return values(classification((0, 0, 1, 1, 0), [[0.8, 0.2, 0]] * 3 + [[0.1, 0.9, 0]] * 2))


def parsed(spec: str) -> Limit:
    (limit,) = ReportLimits.parse([spec], []).each
    return limit


def test_every_number_of_the_documents_has_a_name(of_detector, of_classifier):
    """Whatever is a number in JSON, but for lists and cells of the matrix, can have a limit."""
    for told, known in ((of_detector, OF_DETECTORS), (of_classifier, OF_CLASSIFIERS)):
        expected = set()
        for key, value in told.items():
            if isinstance(value, int | float):
                expected.add((key, False))
            elif isinstance(value, dict):
                bare = key in ("operating_point", "coco", "metrics")
                expected |= {
                    (inner if bare else f"{key}.{inner}", False)
                    for inner, each in value.items()
                    if isinstance(each, int | float | None)
                }
        expected |= {
            (key, True)
            for key, each in told["per_class"][0].items()
            if isinstance(each, int | float | None)
        }
        named = {(each.key, each.of_class) for each in known}
        assert expected <= named
        ten = {(f"AP{iou}", True) for iou in range(50, 100, 5)} if "coco" in told else set()
        assert named == expected | ten


def test_no_two_numbers_share_a_name_whatever_its_case():
    for known in (OF_DETECTORS, OF_CLASSIFIERS):
        names = [(each.key.casefold(), each.of_class) for each in known]
        assert len({*names}) == len(names)


def test_both_kinds_give_a_shared_name_the_same_range():
    of_detectors = {(each.key, each.of_class): each for each in OF_DETECTORS}
    shared = [each for each in OF_CLASSIFIERS if (each.key, each.of_class) in of_detectors]
    assert {each.key for each in shared} >= {"precision", "recall", "f1", "images", "confidence"}
    for each in shared:
        assert of_detectors[each.key, each.of_class] == each


def test_the_value_of_a_name_is_that_of_the_document(of_detector):
    row = of_detector["per_class"][1]
    assert value_of(NumberName("AP"), of_detector) == of_detector["coco"]["AP"]
    assert value_of(NumberName("f1"), of_detector) == of_detector["operating_point"]["f1"]
    assert value_of(NumberName("optimal.value"), of_detector) == of_detector["optimal"]["value"]
    assert value_of(NumberName("recall", "nut"), of_detector) == row["recall"]
    assert value_of(NumberName("AP55", "nut"), of_detector) == row["ap_by_iou"][1]
    assert value_of(NumberName("AP75", "nut"), of_detector) == row["AP75"]
    assert value_of(NumberName("images"), of_detector) == 3
    for each in OF_DETECTORS:
        value_of(NumberName(each.key, "nut" if each.of_class else None), of_detector)


def test_keys_are_found_in_any_case_and_said_as_the_document_has_them():
    assert str(parsed("ap50=.5").name) == "AP50"
    assert str(parsed(" Recall[car] = 9e-1").name) == "recall[car]"
    assert parsed("Recall[car] = 9e-1").value == 0.9


@pytest.mark.parametrize("class_", HARD)
def test_the_name_of_a_class_is_taken_as_it_stands(class_):
    made = detection([(0, 0, (0, 0, 9, 9))], [], classes=(class_, "car"))
    (limit,) = ReportLimits.parse([f"recall[{class_}]=.5"], []).of(made).each
    assert limit.name == NumberName("recall", class_)
    assert value_of(limit.name, values(made)) == 0


def test_a_class_may_be_named_as_a_terminal_shows_it():
    made = detection([], [], classes=("tab\there",))
    (limit,) = ReportLimits.parse([r"recall[tab\there]=.5"], []).of(made).each
    assert limit.name.class_ == "tab\there"


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ("AP", "--fail-under AP: write KEY=VALUE, such as AP=.5 or 'recall[car]=.9'"),
        ("=.5", "write KEY=VALUE"),
        ("recall[car=.5", "write KEY=VALUE"),
        ("[car]=.5", "write KEY=VALUE"),
        ("AP=", "'' is not a number"),
        ("AP=50%", "'50%' is not a number"),
        ("AP=nan", "nothing is under or over NaN: name a number"),
        ("AP=50", "--fail-under AP=50: AP goes from 0 to 1: 50 % is .5"),
        ("AP=-.1", "AP goes from 0 to 1"),
        ("AP=inf", "AP goes from 0 to 1"),
        ("mcc=-2", "mcc goes from -1 to 1"),
        ("log_loss=inf", "log_loss goes from 0 on"),
        ("false_alarms_per_image=-1", "false_alarms_per_image goes from 0 on"),
        ("precison=.5", "has no number 'precison': did you mean precision or"),
        ("recal[car]=.5", "has no number 'recal': did you mean recall[CLASS]?"),
        ("luck=.5", "has no number 'luck': there are images, ground_truths"),
        ("AR1[car]=.5", "AR1 is a number of all classes together: write AR1"),
        ("not_detected=3", "not_detected is a number of each class: write not_detected[CLASS]"),
        ("ap_by_iou[car]=.5", "it holds ten numbers: write one of AP50[CLASS], AP55[CLASS]"),
    ],
)
def test_what_no_report_has_is_refused_before_any_work(spec, sentence):
    with pytest.raises(LimitError) as refused:
        parsed(spec)
    assert sentence in str(refused.value)
    assert str(refused.value).startswith("--fail-under ")


def test_the_number_of_another_kind_is_refused_with_the_nearest():
    with pytest.raises(LimitError, match="of a detector has no number 'accuracy'"):
        ReportLimits.parse(["accuracy=.5"], []).of(confused())
    with pytest.raises(LimitError, match="of a classifier has no number 'AR100'"):
        ReportLimits.parse([], ["AR100=.5"]).of(classification((0,), [[0.5, 0.5]]))


def test_an_unknown_class_is_refused_with_the_nearest_names():
    with pytest.raises(LimitError, match=r"have no class 'bol': did you mean bolt\?"):
        ReportLimits.parse(["recall[bol]=.5"], []).of(confused())
    with pytest.raises(LimitError, match="no class 'x': there are bolt, nut, washer, gear"):
        ReportLimits.parse(["recall[x]=.5"], []).of(confused())


def test_why_a_number_is_undefined_is_said_in_words(of_detector, of_classifier):
    said = {
        "recall[washer]": "there is no object of washer in the ground truth",
        "precision[washer]": "no prediction of washer reaches the confidence",
        "APl[bolt]": "there is no large object of bolt in the ground truth",
        "APm": "there is no medium object in the ground truth",
    }
    for spec, words in said.items():
        assert undefined_because(parsed(f"{spec}=0").name, of_detector) == words
    name = NumberName("roc_auc", "washer")
    expected = "there is no labelled image of washer in the ground truth"
    assert undefined_because(name, of_classifier) == expected
    nothing = values(detection([], [], images=0))
    assert undefined_because(NumberName("AP"), nothing) == "there is no image"
