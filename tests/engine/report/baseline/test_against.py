"""A report against a baseline: the verdict of a comparison, or a sentence why there is none."""

from collections.abc import Iterable
from dataclasses import replace
from math import isnan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.classification.classification import Classification
from engine.compare.gates import GateError, Gates
from engine.compare.numbers import compared_numbers
from engine.core.dataset import Predictions
from engine.core.errors import DataError
from engine.core.thresholds import MATCHINGS, OperatingPoint
from engine.detection.detection import Detection
from engine.opening import Opened, opening
from engine.report.baseline.against import against_baseline, check_gates
from engine.report.baseline.facts import baseline_facts
from engine.report.baseline.file import packed, read_baseline
from engine.report.baseline.lines import baseline_text
from tests.engine.compare.pairs import classifier_pairs, detector_pairs, simulated
from tests.engine.report.baseline.making import FILE, kept, shuffled
from tests.making import detection
from tests.making_classes import classification
from tui.commands.plain import demo_inputs

BOX, FAR = (0, 0, 10, 10), (50, 50, 10, 10)
WORSE = Gates.parse(["worse"])
F1 = Gates.parse(["worse=f1"])


def against(old, new, samples=60, **options):
    """What a report on new says of the baseline of old, which may be read in another order."""
    return against_baseline(FILE, kept(old, **options), kept(new, **options), new.dataset, samples)


def compared(old, new, samples=60, **options):
    points = [_point(made, **options) for made in (old, new)]
    *_, made = compared_numbers(old, points[0], new, points[1], samples=samples)
    return made


def _point(made, **options):
    baseline = kept(made, **options)
    if isinstance(made, Classification):
        return OperatingPoint(np.nan, baseline.confidence)
    return baseline.point


def rows(numbers, names):
    """Each number of these names, and those of each class, with p and what is certain."""
    totals = [each for each in numbers.metrics if each.name in names]
    of_classes = [each for of in numbers.per_class for each in (of.recall, of.f1)]
    table = [[n.a, n.b, n.low, n.high, n.p, n.certain] for n in (*totals, *of_classes)]
    return np.array([*table, *([of.p, of.certain, 0, 0, 0, 0] for of in numbers.per_class)], float)


@given(detector_pairs(), st.sampled_from(MATCHINGS), st.integers(0, 9))
@settings(max_examples=10)
def test_of_detectors_it_says_bit_for_bit_what_comparing_them_says(pair, rule, seed):
    was = kept(pair[0], matching=rule)
    old, new = (shuffled(made, seed) for made in pair)
    expected = compared(old, new, matching=rule)
    found = against_baseline(FILE, was, kept(new, matching=rule), new.dataset, 60)
    names = ("precision", "recall", "f1")
    assert np.array_equal(rows(found.numbers, names), rows(expected, names), equal_nan=True)
    for one, other in zip(found.numbers.metrics[:12], expected.metrics[:12], strict=True):
        assert one.name == other.name
        # Equally confident boxes keep the order of the images: that of A is as its report had it.
        assert (one.a, one.b) == pytest.approx((was.coco[one.name], other.b), abs=0, nan_ok=True)
        assert not found.is_tested(one.name)
        assert isnan(one.p)
    assert found.failures(F1) == F1.worse_for_certain(expected, new.classes)


@pytest.mark.parametrize("seed", [1, 2])
def test_images_and_classes_in_another_order_of_the_file_are_the_same_ones(seed):
    pair = simulated(12, seed, better=0.5, classes=4)
    was = kept(pair[0])
    old, new = (shuffled(made, seed) for made in pair)
    expected = compared(old, new)
    found = against_baseline(FILE, was, kept(new), new.dataset, 60)
    names = ("precision", "recall", "f1")
    assert np.array_equal(rows(found.numbers, names), rows(expected, names), equal_nan=True)


@given(classifier_pairs(), st.integers(0, 9))
@settings(max_examples=15)
def test_of_classifiers_it_says_bit_for_bit_what_comparing_them_says(pair, seed):
    old, new = pair
    if not np.array_equal(np.sort(old.probabilities.image), np.sort(new.probabilities.image)):
        with pytest.raises(DataError, match=r"answers? for .* image.*: .*Predict the same images"):
            against(old, new)
        return
    was = kept(old)
    old, new = (shuffled(made, seed) for made in pair)
    expected = compared(old, new)
    found = against_baseline(FILE, was, kept(new), new.dataset, 60)
    names = ("accuracy", "f1_macro", "kappa", "mcc")
    assert np.array_equal(rows(found.numbers, names), rows(expected, names), equal_nan=True)
    assert found.numbers.p == expected.p
    assert found.failures(WORSE) == WORSE.worse_for_certain(expected, new.classes)


def perturbed(made: Detection, seed: int) -> Detection:
    """Another training of the demo's model: boxes lost, renamed, moved, and surer or less so."""
    rng = np.random.default_rng(seed)
    strength = rng.choice([0.0, 0.03, 0.08, 0.15])
    found = made.predictions
    kept_ = found.where(np.flatnonzero(rng.random(len(found)) >= strength))
    n, classes = len(kept_), len(made.classes)
    other = rng.integers(0, classes, n)
    return Detection(
        made.dataset,
        Predictions(
            kept_.image,
            np.where(rng.random(n) < strength, other, kept_.class_),
            np.clip(kept_.confidence + rng.normal(0, 0.05, n), 0, 1),
            kept_.box + rng.normal(0, 3 * strength, (n, 4)),
        ),
    )


def check_verdicts(pairs: Iterable[tuple[Detection, Detection]], place: Path) -> None:
    """Those on F1 are those of the full comparison, through the file; some fail, some do not."""
    verdicts = []
    for old, new in pairs:
        place.write_bytes(packed(kept(old), "1.0"))
        found = against_baseline(place, read_baseline(place), kept(new), new.dataset, 10)
        full = compared(old, new, samples=10)
        names = ("precision", "recall", "f1")
        assert np.array_equal(rows(found.numbers, names), rows(full, names), equal_nan=True)
        failures = found.failures(WORSE)
        assert failures == F1.worse_for_certain(full, new.classes)
        verdicts.append(bool(failures))
    assert {*verdicts} == {True, False}


def test_the_verdict_is_that_of_the_full_comparison(tmp_path):
    better = (-3.0, -1.5, -0.4, 0.0, 0.4, 1.5)
    pairs = (simulated(80, seed, better=more) for seed, more in enumerate(better))
    check_verdicts(pairs, tmp_path / "a.baseline")


@pytest.mark.slow
def test_the_verdict_on_fifty_models_of_the_demo_is_that_of_the_full_comparison(tmp_path):
    *_, demo = opening(replace(demo_inputs("detection"), store=tmp_path / "predictions.sqlite"))
    assert isinstance(demo, Opened)
    made = demo.assessment
    pairs = ((perturbed(made, seed), perturbed(made, seed + 1)) for seed in range(0, 100, 2))
    check_verdicts(pairs, tmp_path / "a.baseline")


def worse_pair():
    """Sixteen images of a bolt and a nut each: the new one loses every second bolt."""
    truths = [(i, c, box) for i in range(16) for c, box in ((0, BOX), (1, FAR))]
    old = detection(truths, [(i, c, 0.9, box) for i, c, box in truths], images=16)
    found = [(i, c, 0.9, box) for i, c, box in truths if c or i % 2]
    return old, Detection(old.dataset, detection([], found).predictions)


def test_what_became_worse_fails_by_the_name_that_is_asked_for():
    found = against(*worse_pair(), samples=100)
    [said] = found.failures(WORSE)
    assert said.startswith("F1 is worse for certain: -.143 (p 0.007")  # 2 / 2 ** 8, by exchanges
    assert found.failures(Gates.parse(["worse=precision"])) == ()
    assert len(found.failures(Gates.parse(["worse=recall", "worse=f1"]))) == 2
    [said] = found.failures(Gates.parse(["worse=classes"]))
    assert said.startswith("F1 of bolt is worse for certain: -.333 (p 0.00")
    [said] = found.failures(Gates.parse(["worse=Recall[bolt]", "worse=recall[nut]"]))
    assert said.startswith("recall of bolt is worse for certain: -.500")


def test_what_became_better_fails_nothing():
    found = against(*worse_pair()[::-1], samples=100)
    gates = ["worse", "worse=recall", "worse=classes", "worse=f1[bolt]"]
    assert found.failures(Gates.parse(gates)) == ()
    assert "found.json is better for certain in recall and F1." in baseline_text(found)


@pytest.mark.parametrize(
    ("gate", "sentence"),
    [
        (
            "worse=AP",
            r"AP is not tested against a baseline, .*worse= takes precision, recall, f1;",
        ),
        ("worse=AP[bolt]", r"AP\[bolt\] is not tested against a baseline"),
        ("worse=accuracy", r"accuracy is not tested against a baseline"),
        ("broken=0", r"broken= counts objects, and a baseline keeps how many .*offdiag compare"),
        ("worse=f1[bolz]", r"there is no class 'bolz': did you mean bolt\?"),
        ("worse=f1[x]", r"there is no class 'x': there are bolt, gear, nut, washer\?"),
    ],
)
def test_a_gate_that_a_baseline_cannot_answer_is_refused_before_any_work(gate, sentence):
    with pytest.raises(GateError, match=sentence):
        check_gates(Gates.parse([gate]), kept(worse_pair()[0]))


def test_a_classifier_answers_other_gates():
    made = kept(classification([0, 1], [[0.9, 0.1], [0.2, 0.8]]))
    check_gates(
        Gates.parse(["worse", "worse=accuracy", "worse=F1 macro", "worse=recall[nut]"]), made
    )
    for name in ("log_loss", "roc_auc_ovr", "f1"):
        with pytest.raises(GateError, match=r"is not tested .*worse= takes accuracy, "):
            check_gates(Gates.parse([f"worse={name}"]), made)


def test_a_classifier_that_became_worse_fails_by_accuracy_and_by_class():
    labels = [0] * 20 + [1] * 20
    right = np.tile([0.9, 0.1], (20, 1))
    value = np.concatenate([right, right[:, ::-1]])
    old = classification(labels, value)
    wrong = value.copy()
    wrong[:12] = wrong[:12, ::-1]
    new = Classification(old.dataset, classification(labels, wrong).probabilities)
    found = against(old, new, samples=100)
    gates = Gates.parse(["worse", "worse=recall[bolt]", "worse=recall[nut]", "worse=classes"])
    told = found.failures(gates)
    assert [said.partition(" is worse")[0] for said in told] == ["accuracy", "recall of bolt"]
    lines = baseline_text(found).splitlines()
    assert any(line.split()[:2] == ["log", "loss"] and "not tested" in line for line in lines)
    facts = baseline_facts(found, told)
    assert facts["operating_point"] == {"confidence": 0.0, "source": "top-1", "goal": "f1"}
    assert facts["failures"] == [*told]
    assert facts["per_class"][0]["recall"]["verdict"] == "worse"


def test_json_has_old_new_and_the_verdict_of_each_number():
    facts = baseline_facts(against(*worse_pair(), samples=100))
    assert facts.keys() == {
        *("file", "answers", "model", "predictions", "data", "operating_point", "metrics"),
        *("per_class", "intervals", "failures", "warnings"),
    }
    assert (facts["file"], facts["answers"], facts["model"]) == (FILE.name, "found.json", None)
    point = {"iou": 0.5, "confidence": 0.9, "matching": "class-first", "source": "optimal"}
    assert facts["operating_point"] == point | {"goal": "f1"}
    of_name = {each["name"]: each for each in facts["metrics"]}
    recall = of_name["recall"]
    assert (recall["old"], recall["new"], recall["difference"]) == (1, 0.75, -0.25)
    assert recall["low"] < -0.25 < recall["high"] < 0
    assert (recall["verdict"], of_name["precision"]["verdict"]) == ("worse", "not certain")
    average = of_name["AP"]
    assert (average["verdict"], average["low"], average["p"]) == ("not tested", None, None)
    assert average["old"] > average["new"]
    assert of_name["APl"] == {
        **dict.fromkeys(("old", "new", "difference", "low", "high", "p")),
        "name": "APl",
        "verdict": "not tested",
    }
    bolt = facts["per_class"][0]
    assert (bolt["class"], bolt["certain"], bolt["f1"]["verdict"]) == ("bolt", True, "worse")


def test_the_text_says_what_is_worse_and_shows_what_is_not_tested_beside():
    old, new = worse_pair()
    lines = baseline_text(against(old, new, samples=100)).splitlines()
    assert lines[:3] == [
        "",
        "Against the baseline main.baseline: found.json at confidence .900 (optimal)",
        "found.json is worse for certain in recall and F1.",
    ]
    totals = {line.split()[0]: line for line in lines if line.startswith("  ")}
    assert totals["AP"].endswith("not tested")
    assert totals["precision"].endswith("not certain")
    assert totals["F1"].split()[1:4] == ["1.00".ljust(5, "0"), ".857", "-.143"]
    assert totals["bolt"].endswith("certain")


def test_the_same_predictions_and_other_choices_of_the_confidence_are_said():
    made, _ = worse_pair()
    assert against(made, made).notes == (
        "The baseline was made of the very same predictions: nothing differs.",
    )
    assert "In no class anything differs." in baseline_text(against(made, made))
    found = against_baseline(
        FILE, kept(made, confidence=0.95), kept(made, optimise="f2"), made.dataset, 20
    )
    assert found.notes == (
        "The baseline was made of the very same predictions: only the confidence differs.",
        "The confidence of the baseline is given, that of this report optimal for f2: what "
        "differs may be due to that alone.",
    )
    other = against_baseline(FILE, kept(made, optimise="f2"), kept(made), made.dataset, 20)
    assert "optimal for f2, that of this report optimal for f1" in other.notes[-1]


def refused(old, new, path=FILE):
    with pytest.raises(DataError) as raised:
        against_baseline(path, old, new, worse_pair()[0].dataset, 20)
    said = str(raised.value)
    assert said.startswith(f"{path}: ")
    assert "\n" not in said
    return said.removeprefix(f"{path}: ")


def test_another_iou_rule_or_way_of_averaging_is_refused_with_the_option_that_mends_it():
    made, _ = worse_pair()
    assert refused(kept(made, iou=0.75), kept(made)) == (
        "was made at IoU .75, and this report is at IoU .50: give --iou 0.75, or make the baseline "
        "anew with --write-baseline"
    )
    said = refused(kept(made), kept(made, matching="iou"))
    assert said.startswith("was made with matching class-first, and this report is with iou: ")
    assert "give --matching class-first, or" in said
    said = refused(kept(made, strict_coco=True), kept(made))
    assert said.startswith("was made with --strict-coco: give it here too, or")
    said = refused(kept(made), kept(made, strict_coco=True))
    assert said.startswith("was made without --strict-coco: leave it away here too, or")


def test_another_task_is_refused():
    made, labelled = worse_pair()[0], classification([0, 1], [[0.9, 0.1], [0.2, 0.8]])
    said = refused(kept(labelled), kept(made))
    assert said == "is of a classifier, and this report is of a detector: name another one"
    assert refused(kept(made), kept(labelled)).startswith("is of a detector, and this report is of")


def changed(made, **dataset):
    return replace(made, dataset=replace(made.dataset, **dataset))


def test_other_images_classes_or_boxes_are_refused_in_words():
    made, _ = worse_pair()
    data = made.dataset
    names = ("new.jpg", *data.images.name[1:])
    said = refused(kept(made), kept(changed(made, images=replace(data.images, name=names))))
    assert said == (
        "is of other data (1 image new: new.jpg; 1 image gone: 000000.jpg): give --data what it "
        "was made on (truth.json), or make the baseline anew with --write-baseline"
    )
    said = refused(kept(made), kept(changed(made, classes=("bolt", "nut", "washer", "cog"))))
    assert said.startswith("is of other data (1 class new: cog; 1 class gone: gear): give --data")
    truths = data.ground_truths
    fewer = changed(made, ground_truths=truths.where(np.arange(1, len(truths))))
    said = refused(kept(made), kept(fewer))
    assert said.startswith("is of other data (the number of boxes is another in 1 image: 000000.")
    moved = changed(made, ground_truths=replace(truths, box=truths.box + 1))
    assert "(boxes or sizes of images changed)" in refused(kept(made), kept(moved))


def test_other_labels_are_refused_in_words():
    value = [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]]
    old, new = (classification(labels, value) for labels in ([0, 1, 0], [0, 1, 1]))
    said = refused(kept(old), kept(new))
    assert said.startswith("is of other data (the label is another in 1 image: 000002.jpg): give")


def test_other_images_that_were_answered_are_refused_in_words():
    value = [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]]
    whole = classification([0, 1, 0], value)
    part = Classification(whole.dataset, classification([0, 1], value[:2]).probabilities)
    assert refused(kept(whole), kept(part)).startswith(
        "has answers for 1 image, and these predictions have none: 000002.jpg. Predict the same"
    )
    assert refused(kept(part), kept(whole)).startswith(
        "has no answer for 1 image, and these predictions have: 000002.jpg. Predict the same"
    )


def test_a_model_that_finds_nothing_has_a_baseline_too(tmp_path):
    made, _ = worse_pair()
    nothing = Detection(made.dataset, detection([], []).predictions)
    place = tmp_path / "a.baseline"
    place.write_bytes(packed(kept(nothing), "1.0"))
    found = against_baseline(place, read_baseline(place), kept(made), made.dataset, 20)
    of_name = {each.name: each for each in found.numbers.metrics}
    assert isnan(of_name["precision"].a)
    assert (of_name["recall"].a, of_name["recall"].b) == (0, 1)
    assert found.failures(Gates.parse(["worse", "worse=precision"])) == ()


def test_without_images_nothing_is_tested():
    empty = detection([], [], images=0)
    found = against(empty, empty)
    assert found.numbers.samples == 0
    assert found.failures(WORSE) == ()
    assert "Whether a difference is certain was not tested." in baseline_text(found)


def test_intervals_hold_the_difference_that_both_models_were_made_with():
    old, new = simulated(150, 2, better=1.0)
    f1 = next(each for each in against(old, new, samples=200).numbers.metrics if each.name == "f1")
    assert f1.low > 0
    assert f1.certain
