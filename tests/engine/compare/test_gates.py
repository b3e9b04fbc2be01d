"""What fails a comparison: numbers that are worse for certain, after Holm, and broken objects."""

import numpy as np
import pytest

from engine.compare.certainty import gain, title, verdict
from engine.compare.comparison import Comparison, compared
from engine.compare.differences import ClassDifferences
from engine.compare.gates import KNOWN, GateError, Gates
from engine.compare.numbers import ComparedNumbers, Difference
from engine.compare.points import SidePoint
from engine.compare.sides import Side, Sides
from engine.core.thresholds import OperatingPoint
from engine.detection.detection import Detection
from engine.opening import LeftOut
from tests.making import detection
from tests.opening import confused, opened

BOLT = 0


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    """The bolt that A finds is broken in B."""
    a = detection([(0, BOLT, (0, 0, 10, 10))], [(0, BOLT, 0.9, (0, 0, 10, 10))])
    b = Detection(a.dataset, detection([], []).predictions)
    of_each = [Side(name, opened(confused()), made) for name, made in (("A", a), ("B", b))]
    sides = Sides(*of_each, LeftOut(), (), (), False)
    point = SidePoint(OperatingPoint(0.5, 0.5), "given")
    return compared(sides, point, point)


def numbers(**p_of_worse: float) -> ComparedNumbers:
    """Each a tenth worse, with this p."""
    each = [
        Difference(name, 0.5, 0.6 if name == "log_loss" else 0.4, certain=p <= 0.05, p=p)
        for name, p in p_of_worse.items()
    ]
    return ComparedNumbers(tuple(each), (), np.nan, 1000, True)


def test_a_number_that_is_worse_for_certain_fails(comparison):
    found = numbers(AP=0.01, f1=0.2)
    assert Gates.parse(["worse"]).failures(comparison, found) == (
        "AP is worse for certain: -.100 (p 0.02)",
    )
    assert Gates.parse(["worse=f1"]).failures(comparison, found) == ()


def test_the_more_is_asked_the_less_is_certain(comparison):
    found = numbers(AP=0.04, AP50=0.04, recall=0.9)
    assert len(Gates.parse(["worse=AP"]).failures(comparison, found)) == 1
    assert not Gates.parse(["worse=AP", "worse=ap50"]).failures(comparison, found)


def test_what_is_better_or_undefined_fails_nothing(comparison):
    better = Difference("AP", 0.4, 0.5, certain=True, p=0.001)
    unknown = Difference("f1", np.nan, 0.5)
    found = ComparedNumbers((better, unknown), (), np.nan, 1000, True)
    assert Gates.parse(["worse"]).failures(comparison, found) == ()


def test_a_lower_loss_is_better(comparison):
    found = numbers(log_loss=0.01)
    assert gain(found.metrics[0]) == pytest.approx(-0.1)
    assert len(Gates.parse(["worse=log_loss"]).failures(comparison, found)) == 1
    assert verdict(found) == "B is worse for certain in log loss."


def test_what_breaks_is_counted(comparison):
    found = numbers(AP=0.9)
    assert Gates.parse(["broken=1"]).failures(comparison, found) == ()
    assert Gates.parse(["broken=3", "broken=0"]).failures(comparison, found) == (
        "1 object broken, at most 0 may be",
    )


@pytest.mark.parametrize("spec", ["", "worse=", "broken", "broken=-1", "broken=x"])
def test_a_gate_that_nobody_knows_is_refused(spec):
    with pytest.raises(GateError, match="unknown gate"):
        Gates.parse([spec])


def test_a_number_that_nobody_knows_is_refused_with_those_that_there_are():
    with pytest.raises(GateError, match=r"there is no number 'luck': worse= takes AP, AP50, .*ece"):
        Gates.parse(["worse=luck"])


def test_a_number_is_asked_for_by_its_key_or_as_the_documents_call_it():
    specs = ["worse=log_loss", "worse=Log loss", "worse=F1 macro", "worse=balanced accuracy"]
    assert Gates.parse(specs).worse == ("log_loss", "f1_macro", "balanced_accuracy")
    titles = [title(name) for name in KNOWN]
    assert Gates.parse([f"worse={each}" for each in titles]).worse == KNOWN


def test_a_number_of_the_other_task_is_refused(comparison):
    with pytest.raises(GateError, match=r"have no accuracy to compare: of theirs, worse= takes AP"):
        Gates.parse(["worse=accuracy"]).failures(comparison, numbers(AP=0.01))


def test_the_verdict_says_what_is_certain_and_what_was_not_tested():
    assert verdict(numbers(AP=0.3)) == "No total differs for certain."
    untested = ComparedNumbers(numbers(AP=0.3).metrics, (), np.nan, 0, False)
    assert verdict(untested) == "Whether a difference is certain was not tested."
    both = ComparedNumbers(
        (
            *numbers(AP=0.01, recall=0.01).metrics,
            Difference("precision", 0.4, 0.5, certain=True, p=0.01),
        ),
        (),
        np.nan,
        1000,
        True,
    )
    assert verdict(both) == (
        "B is better for certain in precision and worse for certain in AP and recall."
    )


def of_classes(tested="f1") -> ComparedNumbers:
    """The bolt is worse for certain, the nut better, the washer perhaps worse."""

    def of(class_: int, delta: float, certain: bool) -> ClassDifferences:
        of_each = [Difference(name, 0.5, 0.5 + delta, certain=certain) for name in ("AP", "recall")]
        return ClassDifferences(
            class_, *of_each, Difference("f1", 0.5, 0.5 + 2 * delta, certain=certain), 0.01, certain
        )

    each = (of(0, -0.1, True), of(1, 0.1, True), of(2, -0.2, False))
    return ComparedNumbers((), each, np.nan, 1000, True, tested)


def test_a_number_of_a_class_that_is_worse_for_certain_fails(comparison):
    gates = Gates.parse(["worse=recall[bolt]", "worse=F1[nut]", "worse=recall[washer]"])
    assert gates.needs_certainty
    assert gates.failures(comparison, of_classes()) == (
        "recall of bolt is worse for certain: -.100 (p 0.01)",
    )


def test_no_class_may_be_worse_in_what_is_tested_of_it(comparison):
    gates = Gates.parse(["worse=classes"])
    assert gates.needs_certainty
    assert gates.failures(comparison, of_classes()) == (
        "F1 of bolt is worse for certain: -.200 (p 0.01)",
    )
    assert gates.failures(comparison, of_classes("recall")) == (
        "recall of bolt is worse for certain: -.100 (p 0.01)",
    )
    both = Gates.parse(["worse=classes", "worse=f1[bolt]"])
    assert len(both.failures(comparison, of_classes())) == 1


def test_a_class_that_there_is_none_of_is_refused_with_the_nearest_names(comparison):
    with pytest.raises(GateError, match=r"there is no class 'bol': did you mean bolt\?"):
        Gates.parse(["worse=f1[bol]"]).failures(comparison, of_classes())


@pytest.mark.parametrize("name", ["a[b]", "x=y", "two words", "[", "*"])
def test_a_class_may_have_any_name(name):
    assert Gates.parse([f"worse=recall[{name}]"]).of_class == (("recall", name),)


@pytest.mark.parametrize("spec", ["worse=luck[bolt]", "worse=recall[]", "worse=recall[bolt"])
def test_a_number_that_no_class_has_is_refused(spec):
    with pytest.raises(GateError, match=r"takes .*; of a class AP\[CLASS\], recall\[CLASS\]"):
        Gates.parse([spec])
