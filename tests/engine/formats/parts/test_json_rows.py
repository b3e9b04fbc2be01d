"""A file read in pieces says what it says when it is read whole."""

import json
import math
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.errors import DataError
from engine.formats.parts import json_rows
from engine.formats.predictions import coco_results
from engine.formats.truth import coco_annotations
from engine.formats.truth.coco import read_dataset, read_predictions
from tests.engine.formats.making import IMAGES, RESULT, TRUTH, results, truth

MISSING = object()
ids = st.sampled_from([1, 1, 1, 2, "c", "c", 1.0, 1.5, "1", 9, 2**53 + 1, -3])
numbers = st.one_of(
    st.floats(-50, 120), st.integers(-5, 100), st.sampled_from([0, 1e-5, math.nan, math.inf, 1e12])
)
boxes = st.one_of(
    st.lists(numbers, min_size=4, max_size=4),
    st.sampled_from([[1.5, 2, 3, 4.25]] * 4 + [None, MISSING, [], [1, 2, 3], [1, 2, 3, None]]),
)
odd_fields = st.sampled_from(
    [{}] * 6
    + [
        {"note": "x}, {y"},
        {"note": "\u2192 ]"},
        {"parts": [{"a": 1}, {"b": {}}]},
        {"rle": {"size": [1]}},
    ]
)
layouts = st.sampled_from(
    [{}, {"indent": 2}, {"separators": (",", ":")}, {"separators": (" , ", ": ")}]
)


@st.composite
def result_rows(draw):
    row = {
        "image_id": draw(ids),
        "category_id": draw(st.sampled_from([3, 3, 7, 7.0, 8])),
        "bbox": draw(boxes),
        "score": draw(st.one_of(numbers, st.sampled_from([0.25, 0.5, None, MISSING]))),
    }
    return {k: v for k, v in row.items() if v is not MISSING} | draw(odd_fields)


@st.composite
def truth_rows(draw):
    row = {
        "id": draw(st.sampled_from([0, 1, 2, 3, "x", 2.5, 2**60, MISSING, None])),
        "image_id": draw(ids),
        "category_id": draw(st.sampled_from([3, 7, 7.0, 8])),
        "bbox": draw(boxes),
        "area": draw(st.one_of(numbers, st.sampled_from([MISSING, None]))),
        "iscrowd": draw(st.sampled_from([0, 0, 1, True, False, None, MISSING])),
        "ignore": draw(st.sampled_from([MISSING, MISSING, 0, 1])),
    }
    return {k: v for k, v in row.items() if v is not MISSING} | draw(odd_fields)


def whole(module):
    """The module's reader as for a file that cannot be read in pieces."""
    return patch.object(json_rows.RowReader, "batches", side_effect=json_rows.NotInPiecesError)


def told(read):
    """What a reader gives: columns and warnings, or the sentence of its error."""
    try:
        return read()
    except DataError as error:
        return str(error)


def same(one, other):
    if isinstance(one, str) or isinstance(other, str):
        assert one == other
        return
    assert one[1] == other[1]
    for name, column in vars(one[0]).items():
        np.testing.assert_array_equal(column, getattr(other[0], name), strict=True)


@settings(deadline=None)  # each example writes files
@given(st.lists(result_rows(), max_size=12), layouts, st.sampled_from([1, 60, 400, 2**17]))
def test_results_in_pieces_are_the_results_read_whole(tmp_path_factory, rows, layout, piece):
    folder = tmp_path_factory.mktemp("results")
    dataset = read_dataset(truth(folder))
    path = results(folder)
    path.write_text(json.dumps(rows, **layout))
    with patch.object(json_rows, "PIECE", piece):
        in_pieces = told(lambda: read_predictions(path, dataset))
    with whole(coco_results):
        same(in_pieces, told(lambda: read_predictions(path, dataset)))


@settings(deadline=None)  # each example writes files
@given(st.lists(truth_rows(), max_size=12), layouts, st.sampled_from([1, 60, 400, 2**17]))
def test_annotations_in_pieces_are_the_annotations_read_whole(
    tmp_path_factory, rows, layout, piece
):
    path = tmp_path_factory.mktemp("truth") / "truth.json"
    content = {"images": IMAGES, "categories": [{"id": 3}, {"id": 7}], "annotations": rows}
    path.write_text(json.dumps(content, **layout))

    def read():
        dataset = read_dataset(path)
        return dataset.ground_truths, dataset.warnings

    with patch.object(json_rows, "PIECE", piece):
        in_pieces = told(read)
    with whole(coco_annotations):
        same(in_pieces, told(read))


def in_parts(boxes):
    edges = [edge for x, y, w, h in boxes for edge in (x, y, x + w, y + h)]
    whole = all(value == math.floor(value) for box in boxes for value in box)
    return not whole and all(abs(edge) <= 1.5 for edge in edges)


@settings(deadline=None)  # each example writes files
@given(st.lists(result_rows(), max_size=12))
def test_exactly_the_sound_results_are_kept_with_their_numbers(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("kept")
    image, category = {1: 0, "1": 0, 2: 1, "c": 2}, {3: 0, 7: 1}

    def sound(row):
        box, score = row.get("bbox") or [], row.get("score")
        known = row["image_id"] in image and row["category_id"] in category
        placed = len(box) == 4 and all(v is not None and abs(v) <= 1e9 for v in box)
        return known and placed and score is not None and math.isfinite(score)

    unknown = sum(row["image_id"] not in image for row in rows)
    dataset = read_dataset(truth(folder))
    if 2 * unknown > len(rows):
        with pytest.raises(DataError, match=f"{unknown} of {len(rows)} prediction"):
            read_predictions(results(folder, *rows), dataset)
        return
    kept = [row for row in rows if sound(row)]
    if (rows and not kept) or in_parts([row["bbox"] for row in kept]):
        with pytest.raises(DataError, match="can be used" if not kept else "parts of the image"):
            read_predictions(results(folder, *rows), dataset)
        return
    found, _ = read_predictions(results(folder, *rows), dataset)
    assert found.image.tolist() == [image[row["image_id"]] for row in kept]
    assert found.class_.tolist() == [category[row["category_id"]] for row in kept]
    assert found.confidence.tolist() == [row["score"] for row in kept]
    assert found.box.tolist() == [row["bbox"] for row in kept]


def test_sound_rows_are_never_walked_one_by_one(tmp_path):
    dataset = read_dataset(truth(tmp_path, TRUTH))
    path = results(tmp_path, *[RESULT] * 500)
    with (
        patch.object(json_rows, "PIECE", 1000),
        patch.object(json_rows.RowReader, "_row_by_row", side_effect=AssertionError),
    ):
        found, _ = read_predictions(path, dataset)
    assert len(found) == 500


def test_one_odd_row_costs_only_its_own_piece(tmp_path):
    dataset = read_dataset(truth(tmp_path))
    rows = [RESULT] * 300 + [{**RESULT, "score": math.nan}] + [RESULT] * 300
    slow = json_rows.RowReader._row_by_row
    lengths = []

    def watched(self, text, before):
        lengths.append(len(text))
        return slow(self, text, before)

    with (
        patch.object(json_rows, "PIECE", 1000),
        patch.object(json_rows.RowReader, "_row_by_row", watched),
    ):
        found, warnings = read_predictions(results(tmp_path, *rows), dataset)
    assert len(found) == 600
    assert warnings[0] == "results.json: 1 prediction whose score is not a finite number: left out"
    assert len(lengths) == 1
    assert lengths[0] < 2000


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[{'a'}]", "broken JSON at column 3"),
        ('[{"image_id": 1, "category_id": 3}, {"ima', r":1: broken JSON .* cut off"),
        ("[1, 2]", r"Expected `object`, got `int` at results\[0\]"),
        ("[[]]", r"Expected `object`, got `array` at results\[0\]"),
        ("7", r"Expected `array`, got `int`"),
        ('[{"image_id": 1, "category_id": 3}] and more', "Extra data"),
        ('[{"category_id": 3}]', r"missing required field `image_id` at results\[0\]"),
    ],
)
def test_a_broken_results_file_is_one_sentence_with_a_place(tmp_path, text, sentence):
    dataset = read_dataset(truth(tmp_path))
    path = results(tmp_path)
    path.write_text(text)
    with pytest.raises(DataError, match=sentence):
        read_predictions(path, dataset)


@pytest.mark.parametrize("row", [0, 7, 499])
def test_a_wrong_row_is_named_by_its_number_in_the_whole_file(tmp_path, row):
    rows = [RESULT] * 500
    rows[row] = {**RESULT, "score": "high"}
    with (
        patch.object(json_rows, "PIECE", 1000),
        pytest.raises(DataError, match=rf"got `str` at results\[{row}\]\.score"),
    ):
        read_predictions(results(tmp_path, *rows), read_dataset(truth(tmp_path)))


def test_a_byte_order_mark_is_no_obstacle(tmp_path):
    dataset = read_dataset(truth(tmp_path))
    path = results(tmp_path, RESULT)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(read_predictions(path, dataset)[0]) == 1
