"""Categories of COCO results: by the names beside their ids, or counted from 0 or from 1."""

import pytest

from engine.core.errors import DataError
from engine.formats import read_dataset, read_predictions
from tests.engine.formats.making import RESULT, TRUTH, opened, results, truth

KINDS = [{"id": 3, "name": "bolt"}, {"id": 7, "name": "nut"}]
PLACES = 8


def read(folder, *rows, categories=KINDS):
    path = truth(folder, TRUTH, categories=categories)
    found, notes = read_predictions(
        results(folder, *({**RESULT, **row} for row in rows)), read_dataset(path)
    )
    return found.class_.tolist(), notes


def named(*pairs):
    return [{"category_id": id_, "category_name": name} for id_, name in pairs]


def test_names_that_are_those_of_the_ids_change_nothing(tmp_path):
    assert read(tmp_path, *named((3, "bolt"), (7, "Nut"))) == ([0, 1], ())


def test_names_that_the_data_do_not_have_leave_it_to_the_ids_and_that_is_said(tmp_path):
    classes, notes = read(tmp_path, *named((3, "screw"), (7, "nut")))
    assert classes == [0, 1]
    assert notes == (
        "results.json: category names that are no classes of truth.json (3 is screw, here bolt): "
        "the ids decide",
    )
    assert read(tmp_path, *named((3, "x"), (7, "y")))[0] == [0, 1]


@pytest.mark.parametrize("first", [0, 1, 3])
def test_names_that_are_those_of_other_ids_decide_and_that_is_said(tmp_path, first):
    pairs = [(first, "nut"), (first + 4, "bolt"), (first + 9, "screw")]
    classes, notes = read(tmp_path, *named(*pairs))
    assert classes == [1, 0]
    assert f"({first} is nut): the names decide" in notes[0]
    assert f"does not list ({first + 9}): left out" in notes[1]


def test_an_id_with_two_names_is_refused(tmp_path):
    with pytest.raises(DataError, match="category 3 is called bolt and nut: its rows do not tell"):
        read(tmp_path, *named((3, "bolt"), (3, "nut")))


def test_a_name_of_two_categories_leaves_it_to_the_ids(tmp_path):
    twins = [{"id": 3, "name": "bolt"}, {"id": 7, "name": "bolt"}]
    assert read(tmp_path, *named((3, "bolt"), (7, "bolt")), categories=twins) == ([0, 1], ())


def test_a_category_0_is_the_only_class_that_there_is_and_that_is_said(tmp_path):
    one = [{"id": 3, "name": "bolt"}]
    classes, notes = read(tmp_path, {"category_id": 0}, {"category_id": 0}, categories=one)
    assert classes == [0, 0]
    assert notes[0] == (
        "results.json: category ids count from 0, not from 3 as in truth.json, so 0 is bolt"
    )
    with pytest.raises(DataError, match=r"does not list \(1\)"):
        read(tmp_path, {"category_id": 1}, categories=one)


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("ids", [(0, 1, 2), (1, 2, 3), (1, 3, 7), (2, 3, 7)])
def test_ids_that_count_the_classes_are_read_so_where_objects_show_it(tmp_path, first, ids):
    images = [{"id": n, "file_name": f"{n}.jpg"} for n in range(PLACES * 3)]
    kinds = [{"id": id_, "name": name} for id_, name in zip(ids, "abc", strict=True)]
    boxes = [[9 * n, 0, 9, 9] for n in range(len(images))]
    objects = [
        {**TRUTH, "id": n + 1, "image_id": n, "category_id": ids[n % 3], "bbox": box}
        for n, box in enumerate(boxes)
    ]
    rows = [
        {**RESULT, "image_id": n, "category_id": n % 3 + first, "bbox": box}
        for n, box in enumerate(boxes)
    ]
    _, found, notes = opened(tmp_path, objects, rows, images=images, categories=kinds)
    assert found.class_.tolist() == [n % 3 for n in range(len(images))]
    counted = ids == tuple(range(first, first + 3))
    assert bool(notes) != counted
    assert counted or f"category ids count from {first}, " in notes[0]
