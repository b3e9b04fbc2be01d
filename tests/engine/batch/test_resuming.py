import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from engine.batch import run as running
from engine.batch.inputs import InputError
from engine.batch.job import check_places, journal_file
from engine.batch.journal import Journal
from engine.cards.operating_point import given
from engine.core.errors import StoreError
from tests.engine.batch.making import (
    FORMATS,
    SUFFIX,
    content,
    facts,
    job,
    killed_after,
    lines,
    printed,
    run,
)


@pytest.fixture(params=["every portion", "never"])
def kept(request, monkeypatch):
    """How often the journal is written: a kill costs nothing, or everything."""
    monkeypatch.setattr(running, "KEPT_EVERY", 0.0 if request.param == "every portion" else 1e9)


@pytest.mark.parametrize("format_", FORMATS)
def test_a_run_killed_anywhere_and_resumed_gives_the_same_bytes(
    scorer, folder, out, tmp_path, format_, kept
):
    name = f"o.{SUFFIX[format_]}"
    whole = out / name
    run(job(scorer, whole, folder, format=format_))
    expected, told = content(whole), facts(whole)
    for events in (2, 5):
        place = tmp_path / f"killed{events}"
        place.mkdir()
        half = job(scorer, place / name, folder, format=format_)
        killed_after(half, events, place, tmp_path / f"left{events}")
        left = tmp_path / f"left{events}" / name
        assert not Path(f"{left}.run.json").exists()
        run(job(scorer, left, folder, format=format_, resume=True))
        assert content(left) == expected
        assert facts(left)["counts"] == told["counts"]
        assert facts(left)["failures"] == told["failures"]
        assert not list(left.parent.glob("*.journal*"))
        assert not list(left.parent.glob("*.part"))


def test_what_a_kill_left_behind_the_journal_is_cut_off(scorer, folder, out, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "KEPT_EVERY", 0.0)
    run(job(scorer, tmp_path / "whole.jsonl", folder))
    killed_after(job(scorer, out / "o.jsonl", folder), 4, out, tmp_path / "left")
    left = tmp_path / "left" / "o.jsonl"
    with left.open("ab") as file:
        file.write(b'{"image": "a line that was never fin')
    *_, last = run(job(scorer, left, folder, resume=True))
    assert content(left) == content(tmp_path / "whole.jsonl")
    assert last.counts.images == 23


def test_a_resumed_run_scores_only_what_is_left(scorer, folder, out, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "KEPT_EVERY", 0.0)
    killed_after(job(scorer, out / "o.csv", folder, format="csv"), 4, out, tmp_path / "left")
    seen = []

    def counting(batch):
        seen.append(len(batch))
        return scorer.detector(batch)

    again = replace(scorer, detector=counting)
    run(job(again, tmp_path / "left" / "o.csv", folder, format="csv", resume=True))
    assert sum(seen) < 20


def test_growing_outputs_hold_whole_lines_at_any_moment(scorer, folder, out, tmp_path):
    killed_after(job(scorer, out / "o.jsonl", folder), 5, out, tmp_path / "left")
    text = (tmp_path / "left" / "o.jsonl").read_bytes()
    assert text == b"" or text.endswith(b"\n")


def test_a_list_is_at_its_place_only_when_it_is_whole(scorer, folder, out, tmp_path):
    (out / "o.json").write_text("[]")
    made = job(scorer, out / "o.json", folder, format="coco", force=True)
    killed_after(made, 5, out, tmp_path / "left")
    assert (tmp_path / "left" / "o.json").read_text() == "[]"
    run(made)
    assert len(json.loads((out / "o.json").read_text())) == facts(out / "o.json")["counts"]["kept"]


def test_a_kill_at_the_very_end_is_mended_too(scorer, folder, out, monkeypatch):
    for format_ in ("coco", "parquet", "jsonl"):
        place = out / f"o.{format_}"
        monkeypatch.setattr(running, "write_run_file", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run(job(scorer, place, folder, format=format_))
        expected = content(place)
        monkeypatch.undo()
        run(job(scorer, place, folder, format=format_, resume=True))
        assert content(place) == expected
        assert facts(place)["counts"]["images"] == 23


def test_the_list_of_images_is_that_of_the_first_start(scorer, folder, out, tmp_path):
    photos = tmp_path / "more"
    shutil.copytree(folder, photos)
    killed_after(job(scorer, out / "o.jsonl", photos), 3, out, tmp_path / "left")
    shutil.copy(photos / "000.png", photos / "0001.png")
    run(job(scorer, tmp_path / "left" / "o.jsonl", photos, resume=True))
    assert len(lines(tmp_path / "left" / "o.jsonl")) == 23


def test_a_complete_output_is_left_alone_by_resume(scorer, folder, out):
    run(job(scorer, out / "o.jsonl", folder))
    before = (out / "o.jsonl").stat().st_mtime_ns
    (last,) = run(job(scorer, out / "o.jsonl", folder, resume=True))
    assert last.already
    assert last.counts.images == 23
    assert (out / "o.jsonl").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"thresholds": given(0.5, 2)}, "the operating point"),
        ({"everything": True}, "--all"),
        ({"format": "csv"}, "--format"),
    ],
)
def test_a_run_is_not_resumed_with_another_choice(scorer, folder, out, tmp_path, other, words):
    killed_after(job(scorer, out / "o", folder), 3, out, tmp_path / "left")
    with pytest.raises(InputError, match=f"another choice of {words}"):
        run(job(scorer, tmp_path / "left" / "o", folder, resume=True, **other))
    run(job(scorer, out / "whole", folder))
    with pytest.raises(InputError, match=f"another choice of {words}"):
        run(job(scorer, out / "whole", folder, resume=True, **other))


def test_an_output_that_was_changed_is_not_gone_on_with(scorer, folder, out, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "KEPT_EVERY", 0.0)
    killed_after(job(scorer, out / "o.jsonl", folder), 4, out, tmp_path / "left")
    (tmp_path / "left" / "o.jsonl").write_bytes(b"")
    with pytest.raises(StoreError, match=r"was changed since the run was interrupted: --force"):
        run(job(scorer, tmp_path / "left" / "o.jsonl", folder, resume=True))


def test_nothing_is_overwritten_without_force(scorer, folder, out, tmp_path):
    made = job(scorer, out / "o.jsonl", folder)
    run(made)
    with pytest.raises(InputError, match=r"exists already: --force overwrites it"):
        check_places(made.request)
    killed_after(job(scorer, out / "half.csv", folder, format="csv"), 2, out, tmp_path / "left")
    (tmp_path / "left" / "half.csv").unlink()
    half = job(scorer, tmp_path / "left" / "half.csv", folder, format="csv")
    with pytest.raises(InputError, match=r"was begun and not finished: --resume goes on"):
        check_places(half.request)
    check_places(replace(half.request, force=True))


def test_two_runs_do_not_write_one_output(scorer, folder, out):
    journal = Journal(journal_file(out / "o.jsonl"))
    try:
        with pytest.raises(StoreError, match="another run writes this output"):
            run(job(scorer, out / "o.jsonl", folder))
    finally:
        journal.close()


def test_standard_output_gets_the_same_bytes(scorer, folder, out):
    for format_ in ("coco", "csv", "jsonl"):
        run(job(scorer, out / format_, folder, format=format_))
        streamed = printed(job(scorer, None, folder, format=format_))
        assert streamed == (out / format_).read_bytes()
    with pytest.raises(InputError, match="cannot go to standard output"):
        printed(job(scorer, None, folder, format="parquet"))


def test_force_begins_anew_whatever_is_there(scorer, folder, out):
    made = job(scorer, out / "o.jsonl", folder, force=True)
    (out / "o.jsonl").write_text("something else, and longer than any output of this run" * 200)
    (out / "o.jsonl.run.json").write_text("{}")
    journal_file(out / "o.jsonl").write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match="is damaged"):
        run(replace(made, request=replace(made.request, force=False, resume=True)))
    run(made)
    assert len(lines(out / "o.jsonl")) == 23
    assert facts(out / "o.jsonl")["counts"]["images"] == 23


def test_an_older_run_file_does_not_stand_beside_an_unfinished_output(
    scorer, folder, out, tmp_path
):
    run(job(scorer, out / "o.jsonl", folder))
    killed_after(job(scorer, out / "o.jsonl", folder, force=True), 2, out, tmp_path / "left")
    assert not (tmp_path / "left" / "o.jsonl.run.json").exists()
