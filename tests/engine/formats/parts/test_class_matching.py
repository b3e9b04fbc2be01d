"""Classes of predictions that are names, indices or ids: which of these is never left to chance."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.arrays import NOTHING
from engine.core.dataset import GroundTruths
from engine.core.errors import DataError
from engine.formats.parts.class_evidence import found_objects, plainly
from engine.formats.parts.class_matching import match_classes
from tests.making import dataset

TWELVE = [str(index) for index in range(12)]
AS_TEXT = tuple(sorted(TWELVE))


def sorted_as_text(classes=AS_TEXT, ids=None):
    """Twelve images with one object each, of each class in turn."""
    count = len(classes)
    box = np.tile([10.0, 10.0, 40.0, 40.0], (count, 1))
    rows = np.arange(count)
    truths = GroundTruths(rows, rows, box, box[:, 2] * box[:, 3], np.zeros(count, np.bool_))
    made = dataset(truths, count, tuple(classes))
    return replace(made, category_ids=ids or tuple(range(1, count + 1)), ids_are_ours=ids is None)


def matched(path, data, words, **options):
    """What words mean, each written for the object of its image."""
    image = np.arange(len(words)) % len(data.images)
    box = data.ground_truths.box[image]
    score = np.linspace(0.9, 0.5, len(words))
    return match_classes(
        path, words, data, seen=lambda: found_objects(data, image, score, box), **options
    )


def test_numbers_are_names_where_the_data_has_them_and_the_objects_say_nothing_else(tmp_path):
    found = matched(tmp_path, sorted_as_text(), list(AS_TEXT))
    assert found.of(list(AS_TEXT)).tolist() == list(range(12))
    assert found.notes == (
        "its classes are numbers, read as names and not as indices from 0: "
        "12 of 12 boxes that lie on an object have its class so, 2 otherwise",
    )


def test_numbers_are_indices_where_the_objects_plainly_show_it(tmp_path):
    found = matched(tmp_path, sorted_as_text(), TWELVE)
    assert found.of(TWELVE).tolist() == list(range(12))
    assert "read as indices from 0 and not as names: 12 of 12 boxes" in found.evidence[0]


def test_numbers_are_category_ids_where_the_objects_plainly_show_it(tmp_path):
    data = sorted_as_text(("a", "b", "c", "d", "e"), ids=(1, 2, 4, 7, 9))
    ids = ["1", "2", "4", "7", "9"]
    found = matched(tmp_path, data, ids)
    assert found.of(ids).tolist() == [0, 1, 2, 3, 4]
    assert "read as category ids and not as indices from 0" in found.evidence[0]
    indices = matched(tmp_path, data, ["0", "1", "2", "3", "4"])
    assert indices.of(["0", "4"]).tolist() == [0, 4]
    assert "so 0 is a" in indices.notes[0]


def test_numbers_count_from_1_where_the_objects_plainly_show_it(tmp_path):
    data = sorted_as_text(("a", "b", "c", "d", "e"))
    words = ["1", "2", "3", "4", "5"]
    found = matched(tmp_path, data, words)
    assert found.of(words).tolist() == [0, 1, 2, 3, 4]
    assert "read as numbers from 1 and not as indices from 0: 5 of 5" in found.evidence[0]


def test_where_they_can_only_be_indices_what_the_objects_show_is_said(tmp_path):
    data = sorted_as_text(("a", "b", "c", "d", "e"))
    words = ["1", "2", "3", "4", "5"]
    found = matched(tmp_path, data, words, only_indices=True)
    assert found.of(words).tolist() == [1, 2, 3, 4, NOTHING]
    assert "read as indices from 0, but 5 of 5 boxes" in found.evidence[0]
    assert "as numbers from 1, and 0 as they are read" in found.evidence[0]
    right = matched(tmp_path, data, ["0", "1", "2", "3", "4"], only_indices=True)
    assert right.evidence == ()


def test_a_number_is_the_name_that_is_padded_with_zeros(tmp_path):
    data = sorted_as_text(tuple(f"{n:02d}" for n in range(11, -1, -1)))
    words = [str(n) for n in range(11, -1, -1)]
    found = matched(tmp_path, data, words)
    assert found.of(words).tolist() == list(range(12))
    twice = sorted_as_text(("01", "001", "2"))
    assert match_classes(tmp_path, ["1", "2"], twice).of(["1", "2"]).tolist() == [NOTHING, 2]


@given(st.sampled_from([TWELVE, list(AS_TEXT)]), st.sampled_from(["12", "dog", "7", "-1", "99"]))
def test_a_stray_line_changes_the_reading_of_no_other(tmp_path_factory, words, stray):
    folder, data = tmp_path_factory.mktemp("p"), sorted_as_text()
    without, stray_too = matched(folder, data, words), matched(folder, data, [*words, stray])
    assert stray_too.of(words).tolist() == without.of(words).tolist()
    for options in ({"only_indices": True}, {}):
        without = match_classes(folder, words, data, **options)
        stray_too = match_classes(folder, [*words, stray], data, **options)
        assert stray_too.of(words).tolist() == without.of(words).tolist()


@given(st.lists(st.sampled_from(TWELVE), min_size=1))
def test_where_a_class_is_an_index_it_is_one_whatever_the_names_and_whichever_occur(used):
    found = match_classes(Path("/nowhere/p"), used, sorted_as_text(), only_indices=True)
    assert found.of(used).tolist() == [int(word) for word in used]


def test_a_number_among_words_is_a_name_or_nothing(tmp_path):
    data = sorted_as_text(("person", "7", "car"))
    found = match_classes(tmp_path, ["person", "car", "7"], data, only_indices=True)
    assert found.index == {"person": 0, "car": 2, "7": 1}
    assert match_classes(tmp_path, ["person", "car", "0"], data).index["0"] == NOTHING


def test_a_whole_number_may_be_written_with_a_point(tmp_path):
    data = sorted_as_text(("a", "b"))
    assert match_classes(tmp_path, ["1.0", "0.0"], data).index == {"1.0": 1, "0.0": 0}


def test_a_name_of_two_categories_is_refused_with_their_ids(tmp_path):
    data = sorted_as_text(("person", "car", "person"), ids=(4, 5, 6))
    with pytest.raises(DataError, match=r"two categories are called person \(4, 6\) in truth.json"):
        match_classes(tmp_path, ["car", "person"], data)
    assert match_classes(tmp_path, ["car"], data).index == {"car": 1}
    (tmp_path / "classes.txt").write_text("person\nx\n")
    with pytest.raises(DataError, match=r"named by classes\.txt: two categories are called person"):
        match_classes(tmp_path, ["0"], data)
    (tmp_path / "classes.txt").write_text("person\ncar\nperson\n")
    assert match_classes(tmp_path, ["0", "2"], data).index == {"0": 0, "2": 2}


def test_synonyms_are_taken_and_said_for_names_and_for_listed_names(tmp_path):
    data = sorted_as_text(("tv", "couch"))
    found = match_classes(tmp_path, ["sofa", "tvmonitor"], data)
    assert found.index == {"sofa": 1, "tvmonitor": 0}
    assert found.notes == (
        "taken as synonyms: sofa is couch, tvmonitor is tv (--no-synonyms keeps them apart)",
    )
    with pytest.raises(DataError, match="none of its classes"):
        match_classes(tmp_path, ["sofa"], data, synonyms=False)
    (tmp_path / "classes.txt").write_text("sofa\ntv\n")
    found = match_classes(tmp_path, ["0", "1"], data)
    assert found.index == {"0": 1, "1": 0}
    assert "sofa is couch" in found.notes[0]
    apart = match_classes(tmp_path, ["0", "1"], data, synonyms=False)
    assert apart.index == {"0": NOTHING, "1": 0}


def test_only_the_most_confident_box_of_an_image_and_one_on_an_object_is_evidence():
    data = sorted_as_text(("a", "b"))
    image, score = np.array([0, 0, 1, -1]), np.array([0.2, 0.9, np.nan, 1.0])
    box = np.array([[10, 10, 40, 40], [12, 10, 40, 40], [10, 10, 40, 40], [0, 0, 9, 9.0]])
    found = found_objects(data, image, score, box)
    assert (found.row.tolist(), found.class_.tolist()) == ([1], [0])
    aside = found_objects(data, np.array([0]), np.array([0.9]), np.array([[60, 60, 9, 9.0]]))
    assert len(aside.row) == 0


@pytest.mark.parametrize(("right", "usual", "plain"), [(3, 0, True), (2, 0, False), (12, 5, False)])
def test_a_way_to_read_is_plain_with_more_than_twice_as_many_and_two(right, usual, plain):
    assert plainly(right, usual) == plain
