import shutil

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch.inputs import InputError, Shard
from engine.batch.merging import merge
from engine.batch.run_file import packed, unpacked
from engine.cards.operating_point import given as one_confidence
from engine.core.errors import DataError
from tests.engine.batch.making import FORMATS, SUFFIX, content, facts, job, run

SHARDS = 3


@given(st.lists(st.text(min_size=1), max_size=30), st.integers(1, 12))
def test_every_path_is_in_exactly_one_shard(paths, of):
    shards = [Shard(index, of) for index in range(1, of + 1)]
    for path in paths:
        assert sum(shard.has(path) for shard in shards) == 1


def test_shards_are_about_equal_and_a_path_never_changes_its_shard():
    shards = [Shard(index, 16) for index in range(1, 17)]
    sizes = [sum(shard.has(f"img/{n:06d}.jpg") for n in range(4800)) for shard in shards]
    assert all(240 < size < 360 for size in sizes)
    # Python's own hash differs from run to run, this one must not.
    assert [n for n in range(8) if Shard(1, 2).has(f"{n}.jpg")] == [0, 2, 3, 6, 7]


@pytest.mark.parametrize("text", ["", "3", "0/4", "5/4", "a/b", "1/0", "-1/4", "1/4/2"])
def test_what_is_no_shard_is_refused(text):
    with pytest.raises(InputError, match="write 3/16 for the third of sixteen"):
        Shard.parse(text)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**7)), max_size=20))
@settings(max_examples=50)
def test_positions_come_back_from_their_short_text(pairs):
    places = sorted(dict(pairs).items())
    assert list(unpacked(packed(places))) == places


@pytest.mark.parametrize(
    ("format_", "everything"), [*((each, False) for each in FORMATS), ("csv", True)]
)
def test_merged_shards_are_the_whole(scorer, folder, out, format_, everything):
    whole, merged = out / f"whole.{SUFFIX[format_]}", out / f"merged.{SUFFIX[format_]}"
    options = {"format": format_, "everything": everything}
    run(job(scorer, whole, folder, **options))
    parts = [out / f"{index}.{SUFFIX[format_]}" for index in range(SHARDS)]
    for index, part in enumerate(parts):
        run(job(scorer, part, folder, shard=Shard(index + 1, SHARDS), **options))
    finished = merge(merged, parts[::-1])
    if format_ == "parquet":
        rows = [duckdb.sql(f"SELECT * FROM '{path}'").fetchall() for path in (merged, whole)]
        assert rows[0] == rows[1]
    else:
        assert content(merged) == content(whole)
    assert facts(merged)["counts"] == facts(whole)["counts"]
    assert facts(merged)["shard"] is None
    reasons = [sorted(f["image"] for f in facts(path)["failures"]) for path in (merged, whole)]
    assert reasons[0] == reasons[1]
    assert finished.counts.images == 23


def test_a_shard_without_an_image_is_merged_too(scorer, folder, out):
    one = folder / "000.png"
    parts = [out / f"{index}.json" for index in range(SHARDS)]
    for index, part in enumerate(parts):
        shard = Shard(index + 1, SHARDS)
        run(job(scorer, part, one, folder / "001.png", format="coco", shard=shard))
    run(job(scorer, out / "whole.json", one, folder / "001.png", format="coco"))
    merge(out / "merged.json", parts)
    assert content(out / "merged.json") == content(out / "whole.json")


@pytest.fixture
def parts(scorer, folder, out):
    made = [out / f"{index}.jsonl" for index in range(SHARDS)]
    for index, part in enumerate(made):
        run(job(scorer, part, folder, shard=Shard(index + 1, SHARDS)))
    return made


def test_a_missing_shard_is_named(out, parts):
    with pytest.raises(InputError, match="of 3 shards these are missing: 2"):
        merge(out / "m.jsonl", [parts[0], parts[2]])


def test_a_shard_given_twice_is_named(out, parts):
    shutil.copy(parts[0], out / "copy.jsonl")
    shutil.copy(f"{parts[0]}.run.json", out / "copy.jsonl.run.json")
    with pytest.raises(InputError, match=r"are the same shard, 1/3"):
        merge(out / "m.jsonl", [*parts, out / "copy.jsonl"])


def test_shards_of_other_runs_do_not_merge(scorer, folder, out, parts):
    shard = Shard(2, SHARDS)
    run(job(scorer, out / "x", folder, shard=shard, thresholds=one_confidence(0.6, 2)))
    with pytest.raises(InputError, match="differ in the operating point"):
        merge(out / "m.jsonl", [parts[0], out / "x", parts[2]])
    run(job(scorer, out / "y", folder, shard=Shard(2, 4)))
    with pytest.raises(InputError, match="is one of 4 shards"):
        merge(out / "m.jsonl", [parts[0], out / "y", parts[2]])
    run(job(scorer, out / "z", folder / "000.png", shard=shard))
    with pytest.raises(InputError, match="differ in the images named"):
        merge(out / "m.jsonl", [parts[0], out / "z", parts[2]])


def test_a_folder_that_changed_between_the_shards_is_noticed(scorer, folder, out, tmp_path):
    photos = shutil.copytree(folder, tmp_path / "photos")
    run(job(scorer, out / "1", photos, shard=Shard(1, 2)))
    shutil.copy(photos / "000.png", photos / "new.png")
    run(job(scorer, out / "2", photos, shard=Shard(2, 2)))
    with pytest.raises(InputError, match="other lists of images"):
        merge(out / "m", [out / "1", out / "2"])


def test_a_part_that_was_changed_is_noticed(out, parts):
    parts[1].write_bytes(parts[1].read_bytes()[:-40])
    with pytest.raises(DataError, match="was changed since it was scored"):
        merge(out / "m.jsonl", parts)
    assert not (out / "m.jsonl").exists()


def test_what_is_no_shard_is_not_merged(scorer, folder, out, parts):
    run(job(scorer, out / "whole", folder))
    with pytest.raises(InputError, match="was not written with --shard"):
        merge(out / "m.jsonl", [out / "whole"])
    with pytest.raises(InputError, match=r"nothing\.run\.json is not beside it"):
        merge(out / "m.jsonl", [out / "nothing"])
    with pytest.raises(InputError, match="exists already"):
        merge(parts[0], [out / "whole"])
