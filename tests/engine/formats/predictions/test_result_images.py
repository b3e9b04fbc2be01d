"""Results whose ids are not those of the ground truth: which image each is of, and what is said."""

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.errors import DataError
from engine.formats.parts import json_rows
from tests.engine.formats.making import RESULT, TRUTH, opened

SHIFTED = [{"id": i + 2, "file_name": f"{i + 1:04d}.jpg"} for i in range(4)]  # 1 is the first


def read(folder, *rows, images=SHIFTED):
    rows = [{**RESULT, "score": n / 16, **row} for n, row in enumerate(rows)]
    _, found, notes = opened(folder, [], rows, images=images)
    return found.image.tolist(), notes


def test_ids_of_which_some_are_unknown_and_all_are_numbers_in_names_are_these(tmp_path):
    image, notes = read(tmp_path, {"image_id": 1}, {"image_id": 2}, {"image_id": 4})
    assert image == [0, 1, 3]
    assert notes == (
        "results.json: image ids are not those of truth.json, but numbers in its file names: "
        "1 is 0001.jpg",
    )


def test_ids_that_are_all_known_are_ids_and_the_doubt_is_said(tmp_path):
    image, notes = read(tmp_path, {"image_id": 2}, {"image_id": 3})
    assert image == [0, 1]
    assert notes[0].endswith("they are taken for ids, so 2 is 0001.jpg, not 0002.jpg")
    assert read(tmp_path, {"image_id": 2}, {"image_id": 5})[1] == ()  # no name is 5


def test_one_id_that_is_neither_decides_nothing(tmp_path):
    image, notes = read(tmp_path, *[{"image_id": i} for i in (2, 3, 4, 1, 77)])
    assert image == [1, 2, 3, 0]
    assert "numbers in its file names: 1 is 0001.jpg" in notes[0]
    assert "1 prediction for images that the ground truth does not list (77)" in notes[1]
    image, notes = read(tmp_path, *[{"image_id": i} for i in (2, 3, 4, 77)])
    assert image == [0, 1, 2]
    assert "(77)" in notes[0]
    assert notes[1].endswith("they are taken for ids, so 2 is 0001.jpg, not 0002.jpg")


def box_of(place):
    """Boxes of different places do not overlap."""
    return [20 * place, 0, 9, 9]


def read_beside_objects(folder, ids):
    """Rows with the box of the object in the image whose name, or whose id, is theirs."""
    images = [{"id": n + 2, "file_name": f"{n + 1:04d}.jpg"} for n in range(8)]
    objects = [{**TRUTH, "id": n + 1, "image_id": n + 2, "bbox": box_of(n)} for n in range(8)]
    rows = [{**RESULT, "image_id": id_, "bbox": box_of(place)} for id_, place in ids]
    _, found, notes = opened(folder, objects, rows, images=images)
    return found.image.tolist(), notes


def test_where_ids_are_both_the_objects_tell_which_is_meant(tmp_path):
    places = list(range(1, 8))
    by_name = [(place + 1, place) for place in places]
    image, notes = read_beside_objects(tmp_path, [*by_name, (9999, 0)])
    assert image == places
    assert notes[0].endswith("2 is 0002.jpg; so 7 boxes lie on an object of their class, as ids 0")
    assert read_beside_objects(tmp_path, [*by_name, (9, 0)])[0] == places  # 9 is an id only
    by_id = [(place + 2, place) for place in range(7)]
    image, notes = read_beside_objects(tmp_path, [*by_id, (1, 0)])  # 1 is a name only
    assert image == list(range(7))


def test_categories_from_0_beside_ids_from_1_are_read_so_where_objects_show_it(tmp_path):
    images = [{"id": n, "file_name": f"{n}.jpg"} for n in range(8)]
    kinds = [{"id": n + 1, "name": name} for n, name in enumerate("abc")]
    objects = [
        {**TRUTH, "id": n + 1, "image_id": n, "category_id": n % 3 + 1, "bbox": box_of(n)}
        for n in range(8)
    ]

    def classes(first):
        rows = [
            {**RESULT, "image_id": n, "category_id": n % 3 + first, "bbox": box_of(n)}
            for n in range(8)
        ]
        _, found, notes = opened(tmp_path, objects, rows, images=images, categories=kinds)
        return found.class_.tolist(), notes

    right = [n % 3 for n in range(8)]
    assert classes(1) == (right, ())
    found, notes = classes(0)
    assert found == right
    assert "category ids count from 0, not from 1 as in truth.json, so 0 is a: 5 of" in notes[0]


def test_a_row_without_the_file_name_that_contradicts_others_is_said(tmp_path):
    rows = [{"image_id": i, "file_name": f"{i:04d}.jpg"} for i in (2, 3)]
    image, notes = read(tmp_path, *rows, {"image_id": 4})
    assert image == [1, 2, 2]
    assert "1 prediction without a file_name" in notes[1]
    assert notes[1].endswith("(4): the image_id decides")


def test_ids_that_are_the_names_of_their_files_are_no_matter(tmp_path):
    images = [{"id": i, "file_name": f"{i:012d}.jpg"} for i in (139, 285)]
    assert read(tmp_path, {"image_id": 285}, images=images) == ([1], ())


def test_a_file_name_decides_where_it_contradicts_and_only_there(tmp_path):
    rows = [{"image_id": i + 1, "file_name": f"{i:04d}.jpg"} for i in (1, 2)]  # as the ids are
    assert read(tmp_path, *rows) == ([0, 1], ())
    image, notes = read(tmp_path, {"image_id": 2, "file_name": "a/0003.jpg"}, *rows)
    assert image == [2, 0, 1]
    assert notes[0] == (
        "results.json: 1 prediction whose image_id is not that of their file_name (2 for "
        "a/0003.jpg): the file_name decides"
    )
    image, notes = read(tmp_path, {"image_id": 2, "file_name": "no.jpg"}, *rows)
    assert image == [0, 0, 1]
    assert "1 prediction whose file_name no image has (no.jpg): the image_id decides" in notes[0]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), max_size=30), st.integers(1, 900))
def test_in_pieces_of_any_length_the_file_name_decides(tmp_path_factory, pairs, piece):
    rows = [
        {"image_id": id_} | ({"file_name": f"{name:04d}.jpg"} if name else {})
        for id_, name in ((2, 0), *pairs, (3, 1))
    ]
    known = [name - 1 if name else id_ - 2 for id_, name in ((2, 0), *pairs, (3, 1))]
    known = [image for image in known if image >= 0]
    if 2 * len(known) < len(rows) + 2:
        return  # refused
    folder = tmp_path_factory.mktemp("pieces")
    with patch.object(json_rows, "PIECE", piece):
        image, _ = read(folder, *rows, {"image_id": 5})
    assert image == [*known, 3]


def test_rows_with_a_file_name_are_not_walked_one_by_one(tmp_path):
    rows = [{"image_id": 2, "file_name": "0003.jpg"}] * 300
    with patch.object(json_rows.RowReader, "_row_by_row", side_effect=AssertionError):
        assert read(tmp_path, *rows)[0] == [2] * 300


def test_text_is_the_name_of_a_file_or_what_it_is_without_its_suffix(tmp_path):
    image, notes = read(tmp_path, {"image_id": "0002"}, {"image_id": "x/0003.jpg"})
    assert image == [1, 2]
    assert notes == ("results.json: image ids are the names of image files",)


def test_results_that_stand_twice_are_counted(tmp_path):
    rows = [RESULT, {**RESULT, "image_id": 2}, RESULT, {**RESULT, "score": 0.25}, RESULT]
    notes = opened(tmp_path, [TRUTH], rows)[2]
    assert notes == (
        "results.json: 2 predictions with the box and score of an earlier one: each counts, and at "
        "most one of them is right",
    )


def test_scores_in_percent_are_said(tmp_path):
    notes = read(tmp_path, {"image_id": 2, "score": 95.5}, {"image_id": 3, "score": 0.5})[1]
    assert "1 score outside 0 to 1, up to 95.5: in percent?" in notes[0]


def test_a_segmentation_stands_for_a_box_that_is_not_given(tmp_path):
    dataset, found, notes = opened(
        tmp_path,
        [{**TRUTH, "bbox": None, "segmentation": [[1, 2, 9, 2, 9, 8]]}],
        [
            {"image_id": 1, "category_id": 3, "score": 0.5, "segmentation": rle}
            for rle in ({"size": [4, 5], "counts": [5, 2, 2, 2, 9]}, {"size": [4], "counts": []})
        ],
    )
    assert found.box.tolist() == [[1, 1, 2, 2]]
    assert "1 prediction without a box of four finite numbers: left out" in notes[0]
    assert notes[1] == (
        "results.json: 1 prediction without a bbox: the box around the segmentation is taken"
    )
    dataset = opened(tmp_path, [{**TRUTH, "bbox": None, "segmentation": [[1, 2, 9, 2, 9, 8]]}], [])[
        0
    ]
    assert dataset.ground_truths.box.tolist() == [[1, 2, 8, 6]]


def test_most_predictions_of_other_images_are_refused(tmp_path):
    with pytest.raises(DataError, match="for images that the ground truth does not list"):
        read(tmp_path, {"image_id": 90}, {"image_id": 91}, {"image_id": 2})


def counted_from(folder, truth_first, results_first, *, objects=True, places=range(6), ids=6):
    """Results whose boxes are those of the objects, images counted from other numbers."""
    images = [{"id": n + truth_first, "file_name": f"{n:c<3}.jpg"} for n in range(ids)]
    truths = [
        {**TRUTH, "id": n + 1, "image_id": n + truth_first, "bbox": box_of(n if objects else 9)}
        for n in range(ids)
    ]
    rows = [{**RESULT, "image_id": n + results_first, "bbox": box_of(n)} for n in places]
    _, found, notes = opened(folder, truths, rows, images=images)
    return found.image.tolist(), notes


@pytest.mark.parametrize(("truth", "results"), [(0, 1), (1, 0)])
@pytest.mark.parametrize("places", [range(6), range(1, 5)], ids=["all", "some"])
def test_ids_counted_from_another_number_are_read_so_where_the_objects_show_it(
    tmp_path, truth, results, places
):
    image, notes = counted_from(tmp_path, truth, results, places=places)
    assert image == list(places)  # of all images one id is none of theirs, so 5 boxes speak
    assert notes[0].startswith(
        f"results.json: image ids count from {results}, where those of truth.json count from "
        f"{truth}: {results} is 0cc.jpg; so {min(len(places), 5)} boxes lie on"
    )


def test_where_the_objects_do_not_show_it_the_question_is_asked_and_ids_stay_ids(tmp_path):
    image, notes = counted_from(tmp_path, 0, 1, objects=False)
    assert image == [1, 2, 3, 4, 5]
    assert "(6)" in notes[0]
    assert "Do they count images from 1, where the ground truth counts from 0?" in notes[-1]


def test_ids_that_fit_as_they_stand_are_no_shifted_ones(tmp_path):
    image, notes = counted_from(tmp_path, 0, 0, places=range(1, 6))
    assert (image, notes) == ([1, 2, 3, 4, 5], ())


def read_gaps(folder, *ids):
    images = [{"id": id_, "file_name": f"{id_}.png"} for id_ in (0, 10, 20)]
    rows = [{**RESULT, "image_id": id_} for id_ in ids]
    return opened(folder, [{**TRUTH, "image_id": 0}], rows, images=images)


def test_ids_of_which_none_is_known_as_it_stands_are_shifted_ones_if_they_are_some(tmp_path):
    _, found, notes = read_gaps(tmp_path, 1, 11, 21)
    assert found.image.tolist() == [0, 1, 2]
    assert "count from 1, where those of truth.json count from 0: 1 is 0.png" in notes[0]
    asked = r"1 of 1 prediction is for images .* it says image_id 11, .* Do they count images from"
    with pytest.raises(DataError, match=asked):
        read_gaps(tmp_path, 11)
