"""The file of a baseline: nothing is lost in it, and whatever is wrong with it is a sentence."""

import gzip
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.errors import DataError
from engine.core.thresholds import MATCHINGS
from engine.report.baseline.file import LAYOUT, packed, read_baseline
from engine.report.baseline.kept import ClassificationBaseline, DetectionBaseline
from tests.engine.report.baseline.making import kept, shuffled
from tests.making import confidences, detection, detections
from tests.making_classes import classification, classifications

BOX = (0, 0, 10, 10)


def parts_of(baseline):
    """All that it says, as plain values."""
    origin = baseline.origin
    if isinstance(baseline, DetectionBaseline):
        counts, point = baseline.counts, baseline.point
        columns = (counts.image, counts.class_, counts.true_positives, counts.predictions)
        rest = [counts.ground_truths, [counts.images, counts.classes]]
        said = [point.iou, point.confidence, point.matching, baseline.strict_coco]
        numbers = baseline.coco
    else:
        given_ = baseline.given
        columns, rest = (given_.truth, given_.answer, baseline.there), [[given_.classes]]
        said, numbers = [baseline.confidence], baseline.headline
    arrays = [np.array(each).tolist() for each in (*columns, *rest)]
    numbers = {name: str(value) for name, value in numbers.items()}
    return origin, said, arrays, numbers, [*map(str, baseline.average_precision)]


@pytest.fixture
def a_file(tmp_path):
    """A baseline, and its content as plain values."""
    truths = [(0, 0, BOX), (1, 1, BOX)]
    found = [(0, 0, 0.9, BOX), (1, 0, 0.8, BOX)]
    place = tmp_path / "main.baseline"
    place.write_bytes(packed(kept(detection(truths, found, images=2), confidence=0.5), "1.0"))
    return place, json.loads(gzip.decompress(place.read_bytes()))


def rewritten(place, values):
    place.write_bytes(gzip.compress(json.dumps(values).encode()))


@given(detections(), st.sampled_from(MATCHINGS), st.sampled_from([0.5, 0.75]), st.booleans())
@settings(max_examples=40)
def test_what_a_detector_counted_is_read_as_it_was_written(tmp_path_factory, made, rule, iou, ours):
    place = tmp_path_factory.getbasetemp() / "a.baseline"
    was = kept(made, iou=iou, confidence=None if ours else 0.4, matching=rule)
    place.write_bytes(packed(was, "1.0"))
    assert str(parts_of(read_baseline(place))) == str(parts_of(was))


@given(classifications(normalised=True), confidences)
@settings(max_examples=40)
def test_what_a_classifier_answered_is_read_as_it_was_written(tmp_path_factory, made, confidence):
    place = tmp_path_factory.getbasetemp() / "a.baseline"
    was = kept(made, confidence=confidence)
    place.write_bytes(packed(was, "1.0"))
    read = read_baseline(place)
    assert isinstance(read, ClassificationBaseline)
    assert str(parts_of(read)) == str(parts_of(was))


@given(st.one_of(detections(), classifications(normalised=True)), st.integers(0, 99))
@settings(max_examples=30)
def test_the_same_data_in_another_order_give_the_same_counts(made, seed):
    # Not the same bytes: average precision is added up in another order.
    was, now = parts_of(kept(made)), parts_of(kept(shuffled(made, seed)))
    assert was[0] == now[0]
    assert was[1:3] == now[1:3]


def test_the_same_report_gives_the_same_bytes():
    made = detection([(0, 0, BOX)], [(0, 0, 0.9, BOX)])
    content = packed(kept(made), "1.0")
    assert content == packed(kept(made), "1.0")
    assert content[4:8] == bytes(4)  # where gzip has the time


def test_names_that_no_terminal_shows_are_kept_as_escapes(tmp_path):
    made = detection([(0, 0, BOX)], [(0, 0, 0.9, BOX)], classes=("a\x1b[31m\udcff",))
    place = tmp_path / "a.baseline"
    place.write_bytes(packed(kept(made), "1.0"))
    assert read_baseline(place).origin.classes == ("a\\x1b[31m\\xff",)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is no baseline: `offdiag report --write-baseline` makes one"),
        (b"[1, 2]", "is no baseline"),
        (gzip.compress(b"[1, 2]", mtime=0), "is no baseline"),
        (gzip.compress(b"\xff\xfe", mtime=0), "is no baseline"),
        (gzip.compress(b'{"images": []}', mtime=0), "is no baseline"),
        (gzip.compress(b'{"offdiag_baseline": "one"}', mtime=0), "is no baseline"),
        (b"\x1f\x8b", "is cut off or damaged: make it anew with `offdiag report"),
        (b"\x1f\x8bnothing of the kind", "is cut off or damaged"),
        (
            gzip.compress(b'{"offdiag_baseline": 99, "what": 1}', mtime=0),
            "was written by a newer version of offdiag .layout 99, this one reads 1.: update "
            "offdiag, or make it anew",
        ),
        (
            gzip.compress(b'{"offdiag_baseline": 0}', mtime=0),
            "was written by an earlier version of offdiag .layout 0, this one reads 1.: make it",
        ),
        (
            gzip.compress(b'{"offdiag_baseline": 1}', mtime=0),
            "is a damaged baseline .*: make it anew",
        ),
    ],
)
def test_a_file_that_is_no_baseline_is_one_sentence(tmp_path, content, sentence):
    place = tmp_path / "x.baseline"
    place.write_bytes(content)
    with pytest.raises(DataError, match=sentence) as raised:
        read_baseline(place)
    assert str(raised.value).startswith(f"{place}: ")
    assert "\n" not in str(raised.value)


def test_a_baseline_cut_anywhere_or_changed_is_refused(a_file):
    place, _ = a_file
    whole = place.read_bytes()
    for length in range(0, len(whole), 3):
        place.write_bytes(whole[:length])
        with pytest.raises(DataError, match=r"cut off or damaged|no baseline"):
            read_baseline(place)
    for at in range(20, len(whole), 11):
        place.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
        with pytest.raises(DataError, match="damaged"):
            read_baseline(place)


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"there is no such baseline: `offdiag report --write-b"):
        read_baseline(tmp_path / "none")
    with pytest.raises(DataError, match="is a folder: name the file of a baseline"):
        read_baseline(tmp_path)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"class": [0, 0, 9]}, "a class that it does not name"),
        ({"class": [-1, 0, 2]}, "Expected `int` >= 0"),
        ({"class": [0, 0, 1, 2]}, "columns of different lengths"),
        ({"rows": [2]}, "not as many images as rows of images"),
        ({"rows": [0, 3], "class": [0, 0, 1]}, "a class twice in an image"),
        ({"true_positives": [1, 1, 1]}, "more right than there are"),
        ({"predicted": [1, "x", 0]}, "Expected `int`, got `str`"),
        ({"ground_truths": [1, 2**40, 0]}, "Expected `int` <= "),
        ({"numbers": {"AP": 0.5}}, "not the numbers of a report"),
        ({"average_precision": []}, "not as many numbers as classes"),
        ({"matching": "luck"}, "Invalid enum value 'luck'"),
        ({"confidence": 2}, "Expected `float` <= 1"),
        ({"task": "segmentation"}, "Invalid value 'segmentation'"),
        ({"surprise": 1}, "unknown field `surprise`"),
    ],
)
def test_what_does_not_fit_together_is_refused(a_file, changes, problem):
    place, values = a_file
    rewritten(place, values)
    read_baseline(place)
    rewritten(place, values | changes)
    with pytest.raises(DataError, match=f"is a damaged baseline .*{problem}.*: make it anew"):
        read_baseline(place)


def test_answers_that_do_not_fit_together_are_refused(tmp_path):
    made = classification([0, 1, 0], [[0.9, 0.1], [0.2, 0.8]], image=[0, 1])
    place = tmp_path / "a.baseline"
    place.write_bytes(packed(kept(made), "1.0"))
    values = json.loads(gzip.decompress(place.read_bytes()))
    assert (values["truth"], values["answer"], values["without"]) == ([0, 1], [0, 1], [2])
    for changes, problem in (
        ({"without": [7]}, "an image that it does not name"),
        ({"without": []}, "not as many answers as images"),
        ({"answer": [0, 2]}, "a class that it does not name"),
        ({"answer": [0, -2]}, "Expected `int` >= -1"),
    ):
        rewritten(place, values | changes)
        with pytest.raises(DataError, match=problem):
            read_baseline(place)


def test_the_layout_says_which_task_and_which_rules(a_file):
    _, values = a_file
    assert values["offdiag_baseline"] == LAYOUT
    assert (values["task"], values["iou"], values["matching"]) == ("detection", 0.5, "class-first")
    assert (values["rows"], values["class"]) == ([1, 2], [0, 0, 2])
