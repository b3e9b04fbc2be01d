"""The second opening of a big file: the same columns, and never a broken entry."""

import json
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest

from engine.core.errors import DataError
from engine.formats import read_dataset, read_predictions
from engine.formats.parts.column_cache import ColumnCache
from engine.formats.predictions import coco_results
from tests.engine.formats.making import RESULT, results, truth


@pytest.fixture
def cache(tmp_path):
    return ColumnCache(tmp_path / "cache", worth_keeping=1)


@pytest.fixture
def dataset(tmp_path):
    return read_dataset(truth(tmp_path))


def entries(cache):
    return sorted(cache.folder.iterdir()) if cache.folder.is_dir() else []


def unparsed():
    return patch.object(coco_results, "read_results", side_effect=AssertionError("parsed again"))


def assert_same(one, other):
    assert one[1] == other[1]
    for name, column in vars(one[0]).items():
        np.testing.assert_array_equal(column, getattr(other[0], name), strict=True)


@pytest.mark.parametrize(
    "rows", [[RESULT, {**RESULT, "score": 0.25}, {**RESULT, "category_id": 8}], [RESULT], []]
)
def test_the_second_reading_is_the_first_and_parses_nothing(tmp_path, cache, dataset, rows):
    path = results(tmp_path, *rows)
    first = read_predictions(path, dataset, cache)
    assert_same(first, read_predictions(path, dataset, None))
    with unparsed():
        assert_same(first, read_predictions(path, dataset, cache))
    assert len(entries(cache)) == 1


def test_a_moved_file_is_known_by_its_content_and_named_by_its_name(tmp_path, cache, dataset):
    path = results(tmp_path, RESULT, {**RESULT, "score": None})
    read_predictions(path, dataset, cache)
    moved = path.rename(tmp_path / "other.json")
    with unparsed():
        _, warnings = read_predictions(moved, dataset, cache)
    assert warnings == ("other.json: 1 prediction whose score is not a finite number: left out",)


def test_a_change_of_the_same_length_and_time_is_noticed(tmp_path, cache, dataset):
    import os

    path = results(tmp_path, RESULT)
    before = path.stat()
    read_predictions(path, dataset, cache)
    path.write_text(json.dumps([{**RESULT, "score": 0.7}]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert read_predictions(path, dataset, cache)[0].confidence.tolist() == [0.7]


def test_other_ids_in_the_ground_truth_make_it_another_entry(tmp_path, cache, dataset):
    path = results(tmp_path, RESULT)
    read_predictions(path, dataset, cache)
    turned = replace(dataset, image_ids=dataset.image_ids[::-1])
    assert read_predictions(path, turned, cache)[0].image.tolist() == [2]
    assert read_predictions(path, dataset, cache)[0].image.tolist() == [0]


def broken_in_the_middle(content):
    return content[:-40] + bytes([content[-40] ^ 1]) + content[-39:]


@pytest.mark.parametrize(
    "harm",
    [
        lambda content: b"",
        lambda content: b"not a header\n" + content,
        lambda content: content[:-1],
        lambda content: content + b"x",
        lambda content: content.replace(b'"confidence"', b'"confidences'),
        lambda content: content.replace(b"<f8", b"<q8", 1),
        lambda content: content.replace(b"<f8", b"|O8", 1),
        broken_in_the_middle,
    ],
)
def test_a_harmed_entry_is_passed_over_and_written_anew(tmp_path, cache, dataset, harm):
    path = results(tmp_path, *[RESULT] * 20)
    first = read_predictions(path, dataset, cache)
    [entry] = entries(cache)
    content = entry.read_bytes()
    entry.write_bytes(harm(content))
    assert_same(first, read_predictions(path, dataset, cache))
    assert entry.read_bytes() == content


def test_a_killed_writer_leaves_nothing_that_is_read(tmp_path, cache, dataset):
    path = results(tmp_path, RESULT)
    with (
        patch("pathlib.Path.replace", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        read_predictions(path, dataset, cache)
    assert entries(cache) == []


def test_the_folder_stays_within_its_limit_and_the_least_used_go_first(tmp_path, dataset):
    import os

    cache = ColumnCache(tmp_path / "cache", limit=2000, worth_keeping=1)
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "left.part").write_bytes(bytes(1500))
    os.utime(tmp_path / "cache" / "left.part", (0, 0))
    paths = []
    for number in range(3):
        folder = tmp_path / str(number)
        folder.mkdir()
        paths.append(results(folder, {**RESULT, "score": number / 10}))
        read_predictions(paths[-1], dataset, cache)
        for age, entry in enumerate(sorted(entries(cache), key=lambda e: -e.stat().st_mtime_ns)):
            os.utime(entry, (1000 - age, 1000 - age))
        with unparsed():
            read_predictions(paths[0], dataset, cache)
    assert sum(entry.stat().st_size for entry in entries(cache)) <= 2000
    assert not any(entry.name == "left.part" for entry in entries(cache))
    with unparsed():
        read_predictions(paths[0], dataset, cache)


def test_an_entry_beyond_the_limit_is_not_kept(tmp_path, dataset):
    cache = ColumnCache(tmp_path / "cache", limit=10, worth_keeping=1)
    assert len(read_predictions(results(tmp_path, RESULT), dataset, cache)[0]) == 1
    assert entries(cache) == []


def test_small_files_are_not_kept(tmp_path, dataset):
    cache = ColumnCache(tmp_path / "cache")
    read_predictions(results(tmp_path, RESULT), dataset, cache)
    assert entries(cache) == []


def test_where_nothing_can_be_written_the_file_is_still_read(tmp_path, dataset):
    (tmp_path / "cache").write_text("a file, no folder")
    cache = ColumnCache(tmp_path / "cache", worth_keeping=1)
    assert len(read_predictions(results(tmp_path, RESULT), dataset, cache)[0]) == 1


def test_what_cannot_be_read_is_the_same_sentence_with_a_cache(tmp_path, cache, dataset):
    with pytest.raises(DataError, match="for another dataset"):
        read_predictions(results(tmp_path, {**RESULT, "image_id": 9}), dataset, cache)
    assert entries(cache) == []
