import math
import tomllib
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cards.binding import bound_to
from engine.cards.operating_point import (
    PointError,
    SavedPoint,
    applied,
    change_words,
    saved_point,
    stale_words,
    with_classes,
)
from engine.cards.operating_point import (
    given as one_confidence,
)
from engine.cards.point_writer import save_point
from engine.core.errors import CardError
from engine.core.thresholds import MATCHINGS, Scorecard
from engine.scoring.card import ClassesCard, ModelCard, changed, read_card

MODEL, OTHER = "a" * 64, "b" * 64
POINT = SavedPoint(
    confidence=0.4123456789012345,
    iou=0.5,
    goal="f1",
    value=0.873,
    interval=(0.861, 0.884),
    dataset="c" * 64,
    data="truth.json",
    sha256=MODEL,
    date="2026-11-23T02:03:04+00:00",
    offdiag="0.1.0",
)
CARD = """\
# Parts on the conveyor, third export
schema = 1

[operating_point]  # what the line runs with
# asked for by quality
confidence = 0.9   # was 0.8
iou = 0.75
[operating_point.classes]
bolt = 0.3  # small ones

[input]
color = "BGR"      # OpenCV
"""
shares = st.floats(0, 1)


@pytest.fixture
def model(tmp_path):
    return tmp_path / "m.onnx"


@given(
    shares,
    st.dictionaries(st.text(), shares, max_size=4),
    st.one_of(st.just(math.nan), shares),
    st.sampled_from(MATCHINGS),
    st.sampled_from(["", "f1", "recall@precision=.9"]),
    st.text(),
)
@settings(max_examples=25)
def test_what_is_saved_is_read_back_to_the_last_bit(confidence, own, iou, matching, goal, data):
    matching = "class-first" if math.isnan(iou) else matching  # of boxes alone
    point = SavedPoint(confidence, own, iou, matching, goal, data=data, sha256=MODEL)
    with TemporaryDirectory() as folder:
        place = Path(folder) / "m.onnx"
        save_point(place, point)
        assert repr(saved_point(place)) == repr(point)
        (Path(folder) / "m.card.toml").write_text(CARD)
        save_point(place, point)
        assert repr(saved_point(place)) == repr(point)


def test_a_card_is_made_with_nothing_but_the_point(model):
    place = save_point(model, POINT)
    assert place == model.with_name("m.card.toml")
    table = tomllib.loads(place.read_text())
    assert list(table) == ["operating_point"]
    assert table["operating_point"]["confidence"] == POINT.confidence
    assert table["operating_point"]["interval"] == [0.861, 0.884]
    assert read_card(place).said >= {"operating_point.confidence"}
    assert [path.name for path in model.parent.iterdir()] == ["m.card.toml"]


def test_comments_and_order_of_a_card_stay(model):
    place = model.with_name("m.card.toml")
    place.write_text(CARD)
    save_point(model, with_classes(POINT, ("bolt", "hex nut"), np.array([0.5, 0.25])))
    kept = place.read_text()
    for line in CARD.splitlines():
        comment = line.partition("#")[2]
        assert comment in kept, line
    assert kept.index("# Parts") < kept.index("[operating_point]") < kept.index("[input]")
    assert 'color = "BGR"      # OpenCV' in kept
    assert "confidence = 0.4123456789012345   # was 0.8" in kept
    assert saved_point(model).classes == {"bolt": 0.5, "hex nut": 0.25}
    save_point(model, POINT)
    assert "hex nut" not in place.read_text()


@pytest.mark.parametrize(
    "text", ["operating_point = { confidence = 0.3 }\n", "operating_point.confidence = 0.3\n"]
)
def test_a_point_that_is_written_in_another_way_is_replaced_too(model, text):
    model.with_name("m.card.toml").write_text(text)
    save_point(model, POINT)
    assert saved_point(model) == POINT


def test_a_card_that_is_a_link_stays_one(model, tmp_path):
    shared = tmp_path / "shared.toml"
    shared.write_text(CARD)
    model.with_name("m.card.toml").symlink_to(shared)
    save_point(model, POINT)
    assert model.with_name("m.card.toml").is_symlink()
    assert "0.4123456789012345" in shared.read_text()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("operating_point = 3", "operating_point must be a table, written"),
        ("[operating_point]\niou = 0.5", "operating_point.confidence is missing"),
        ("[operating_point]\nconfidence = 1.5", "confidence must be a number from 0 to 1, got 1.5"),
        ("[operating_point]\nconfidence = true", "confidence must be a number from 0 to 1"),
        ("[operating_point]\nconfidence = .5", "not valid TOML"),
        ("[operating_point]\nconfidence = 0.5\nmatching = 'x'", "operating_point.matching must be"),
        ("[operating_point]\nconfidence = 0.5\nsha256 = 'x'", "operating_point.sha256 must be 64"),
        ("[operating_point]\nconfidence = 0.5\ninterval = [1]", r"interval must be \[lowest"),
        ("[operating_point]\nconfidence = 0.5\ninterval = [2, 1]", r"interval must be \[lowest"),
        ("[operating_point]\nconfidence = 0.5\ntreshold = 1", "unknown key 'operating_point.tresh"),
        ("[operating_point]\nconfidence = 0.5\nclasses = 1", "operating_point.classes must be"),
        (
            "[operating_point]\nconfidence = 0.5\nclasses = { bolt = 2 }",
            "operating_point.classes must be class names with a number from 0 to 1",
        ),
    ],
)
def test_a_wrong_table_is_named_with_its_key(model, text, words):
    place = model.with_name("m.card.toml")
    place.write_text(text)
    with pytest.raises(CardError, match=words):
        saved_point(model)


def test_a_card_that_cannot_be_read_is_not_written_over(model):
    place = model.with_name("m.card.toml")
    place.write_text("[input\n")
    with pytest.raises(CardError, match="not valid TOML"):
        save_point(model, POINT)
    assert place.read_text() == "[input\n"


def test_no_card_and_a_card_without_the_table_hold_no_point(model):
    assert saved_point(model) is None
    model.with_name("m.card.toml").write_text("schema = 1\n")
    assert saved_point(model) is None
    with pytest.raises(CardError, match="cannot be read: No such file"):
        saved_point(model, model.with_name("other.toml"))


def test_a_point_holds_for_its_model_alone_and_the_refusal_says_the_way_out(model):
    assert POINT.changes(MODEL, {}) == ()
    with pytest.raises(PointError) as refused:
        applied(POINT, model, OTHER, ("bolt",), ModelCard())
    assert "has changed since its operating point was saved" in str(refused.value)
    for way_out in ("w in the app", "offdiag report --save", "--confidence"):
        assert way_out in str(refused.value)
    assert "score and serve refuse it" in stale_words(model.with_name("m.card.toml"), ["it"])
    assert SavedPoint(0.4).changes(OTHER, {}) == ()


MADE = ModelCard(classes=ClassesCard(("bolt", "nut")))
INSTEAD = {
    "how images are fed to it": {"input.scale": 1.0},
    "how its output is decoded": {"output.activation": "sigmoid"},
    "how its boxes are suppressed": {"output.nms.iou": 0.45},
    "what its classes are called": {"classes.map": {"nut": "hex nut"}},
}


@pytest.mark.parametrize("words", INSTEAD)
def test_a_point_is_bound_to_what_decides_the_predictions_and_names_what_changed(model, words):
    point = replace(POINT, made_with=bound_to(MADE))
    assert applied(point, model, MODEL, ("bolt", "nut"), MADE).notes == ()
    other = changed(MADE, INSTEAD[words])
    with pytest.raises(PointError, match=f"{words} has changed since its operating point"):
        applied(point, model, MODEL, ("bolt", "nut"), other)
    assert stale_words(Path("m.card.toml"), point.changes(MODEL, bound_to(other))) == (
        f"{words[0].upper()}{words[1:]} has changed since the operating point in m.card.toml "
        "was saved: score and serve refuse it until you save again."
    )


def test_all_that_changed_is_named_the_file_first(model):
    point = replace(POINT, made_with=bound_to(MADE))
    other = changed(MADE, {"input.scale": 1.0, "output.nms.iou": 0.45})
    assert point.changes(OTHER, bound_to(other)) == (
        "the model file",
        "how images are fed to it",
        "how its boxes are suppressed",
    )


def test_what_does_not_change_a_prediction_does_not_change_the_bond():
    said = {"input.max_batch": 4, "provenance.reason": "told", "sha256": MODEL}
    same = {"classes.map": {"nut": "nut"}, "input.size": ()}
    assert bound_to(changed(MADE, {**said, **same})) == bound_to(MADE)


def test_a_point_from_before_points_were_bound_holds_and_says_so(model):
    made = applied(POINT, model, MODEL, ("bolt", "nut"), MADE)
    assert made.confidence == POINT.confidence
    assert "did not record how the model was run" in made.notes[0]


def test_a_class_that_was_renamed_is_refused_and_one_without_a_threshold_is_said(model):
    renamed = SavedPoint(0.4, {"bolt": 0.1, "hex nut": 0.2})
    with pytest.raises(PointError, match=r"classes that it lacks \(hex nut\): were they renamed"):
        applied(renamed, model, MODEL, ("bolt", "nut"), MADE)
    made = applied(SavedPoint(0.4, {"bolt": 0.1}), model, MODEL, ("bolt", "nut"), MADE)
    assert made.of_class.tolist() == [0.1, 0.4]
    assert made.notes == (
        "1 class without a threshold of its own in the operating point takes .400: nut.",
    )
    of_the_data = replace(renamed, made_with=bound_to(MADE))
    told = applied(of_the_data, model, MODEL, ("bolt", "nut"), MADE).notes
    assert told[0] == "The operating point names classes that the model lacks: hex nut."


def test_thresholds_reach_the_models_classes_as_the_dataset_named_them(model):
    card = ModelCard(classes=ClassesCard(("bolt", "nut", "gear"), map={"nut": "Hex Nut"}))
    point = SavedPoint(0.4, {"Bolt": 0.1, "Hex Nut": 0.2})
    made = applied(point, model, MODEL, ("bolt", "nut", "gear"), card)
    assert made.of_class.tolist() == [0.1, 0.2, 0.4]
    assert [note.partition(" take")[2] for note in made.notes] == ["s .400: gear."]


def test_a_model_that_does_not_count_its_classes_has_thresholds_too(model):
    own = applied(SavedPoint(0.4, {"x": 0.1, "y": 0.2}), model, MODEL, (), ModelCard())
    assert own.of(np.array([0, 1, 2, 70])).tolist() == [0.1, 0.2, 0.4, 0.4]
    assert one_confidence(0.3, 0).of(np.array([0, 70])).tolist() == [0.3, 0.3]


def test_a_prediction_at_its_threshold_counts():
    thresholds = one_confidence(0.5, 2)
    scores = np.nextafter(np.float32(0.5), np.float32([0, 1]))
    assert thresholds.kept(np.array([0, 1]), np.float32([0.5, 0.5])).tolist() == [True, True]
    assert thresholds.kept(np.array([0, 1]), scores).tolist() == [False, True]


def test_a_change_is_told_with_its_counts():
    assert change_words(Scorecard(918, 206, 332), Scorecard(1021, 90, 429)) == (
        "true positives 918 → 1,021 (+103) · false positives 206 → 90 (-116) · "
        "not found as their class 332 → 429 (+97)"
    )


def test_a_point_is_told_in_words():
    assert POINT.words == ("confidence .412 at IoU .50, F1 .873 (.861 to .884) on truth.json")
    own = SavedPoint(0.5, {"bolt": 0.1})
    assert own.words == "confidence .500 (1 class at their own), chosen by hand"


def test_a_point_is_bound_to_whether_synonyms_are_one_class_and_applied_as_it_was_saved(model):
    bikes = changed(MADE, {"classes.names": ("motorcycle", "nut")})
    for synonyms, expected in ((True, [0.1, 0.4]), (False, [0.4, 0.4])):
        bound = bound_to(bikes, synonyms)
        point = replace(POINT, classes={"motorbike": 0.1}, confidence=0.4, made_with=bound)
        made = applied(point, model, MODEL, ("motorcycle", "nut"), bikes)
        assert made.of_class.tolist() == expected
        assert point.changes(MODEL, bound) == ()
        assert point.changes(MODEL, bound_to(bikes)) == ()
        changes = point.changes(MODEL, bound_to(bikes, not synonyms))
        assert stale_words(Path("m.card.toml"), changes) == (
            "Whether classes of the same meaning are one (--no-synonyms) has changed since the "
            "operating point in m.card.toml was saved: score and serve go on as it was saved."
        )
