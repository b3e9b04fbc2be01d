"""The second reading of big ground truth gives what the first gave, whatever happened between."""

import json
from dataclasses import fields

import numpy as np
import pytest

from engine.formats import read_dataset
from engine.formats.parts.column_cache import ColumnCache
from engine.formats.truth import coco_truth
from tests.benchmarks.coco_shaped import SIZES, ground_truth_document, make


@pytest.fixture(scope="module")
def document():
    document = ground_truth_document(make(SIZES["XS"]))
    document["annotations"][3]["image_id"] = -5
    document["images"][2]["weather"] = "ümlaut\nrain"
    return document


@pytest.fixture
def truth(tmp_path, document):
    path = tmp_path / "truth.json"
    path.write_text(json.dumps(document))
    return path


@pytest.fixture
def cache(tmp_path):
    return ColumnCache(tmp_path / "cache", worth_keeping=1)


def entries(cache):
    return sorted(cache.folder.iterdir()) if cache.folder.is_dir() else []


def assert_same(one, other):
    for field in fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if field.name == "ground_truths":
            for name, column in vars(a).items():
                assert np.array_equal(column, getattr(b, name)), name
        elif field.name == "images":
            assert (a.name, a.path, a.tags) == (b.name, b.path, b.tags)
            assert np.array_equal(a.size, b.size)
        else:
            assert a == b


def no_parsing(*_):
    raise AssertionError("the annotations were parsed again")


def test_the_second_reading_parses_no_annotation_and_gives_the_same(truth, cache, monkeypatch):
    first = read_dataset(truth, cache=cache)
    assert first.warnings
    assert first.images.tags
    assert_same(first, read_dataset(truth, cache=None))
    monkeypatch.setattr(coco_truth, "read_annotations", no_parsing)
    assert_same(first, read_dataset(truth, cache=cache))
    renamed = truth.rename(truth.with_name("other.json"))
    assert read_dataset(renamed, cache=cache).source == renamed


def test_images_are_looked_for_again(truth, cache):
    assert read_dataset(truth, cache=cache).images.path[0] is None
    name = read_dataset(truth, cache=cache).images.name[0]
    (truth.parent / name).write_bytes(b"")
    assert read_dataset(truth, cache=cache).images.path[0] == truth.parent / name


def test_a_changed_file_is_read_anew(truth, cache, document):
    before = read_dataset(truth, cache=cache)
    truth.write_text(json.dumps(document).replace('"iscrowd": 1', '"iscrowd": 0'))
    after = read_dataset(truth, cache=cache)
    assert before.ground_truths.crowd.sum() > after.ground_truths.crowd.sum() == 0
    assert len(entries(cache)) == 2


def test_a_broken_entry_is_no_entry(truth, cache):
    first = read_dataset(truth, cache=cache)
    (entry,) = entries(cache)
    whole = entry.read_bytes()
    changed = whole[:-2000] + b"12345678" + whole[-1992:]
    for broken in (whole[:-1], whole[: len(whole) // 2], b"", changed):
        entry.write_bytes(broken)
        assert_same(first, read_dataset(truth, cache=cache))
        assert entry.read_bytes() == whole


def test_an_entry_that_does_not_fit_is_not_believed(truth, cache):
    first = read_dataset(truth, cache=cache)
    (entry,) = entries(cache)
    kept = cache.find(entry)
    kept.columns["image"] = kept.columns["image"] + len(first.images)
    cache.keep(entry, kept)
    assert_same(first, read_dataset(truth, cache=cache))


def test_a_small_file_is_not_kept(truth, tmp_path):
    small = ColumnCache(tmp_path / "cache")
    read_dataset(truth, cache=small)
    assert not entries(small)
