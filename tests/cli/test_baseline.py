"""Baselines as a user keeps and names them: files, exit codes, wrong input."""

import json
from pathlib import Path

import pytest

from tests.cli.test_command import inside as inside  # a fixture
from tests.cli.test_command import offdiag
from tests.cli.test_compare import files as files  # a fixture: sixteen images, B loses bolts

DATA = ["--data", "truth.json"]
OLD, NEW = ["--predictions", "a.json", *DATA], ["--predictions", "b.json", *DATA]


@pytest.fixture
def kept(tmp_path, files, inside) -> Path:
    """The folder of both models, with the baseline of A."""
    done = inside("report", *OLD, "--write-baseline", "main.bl", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        0,
        "Baseline written to main.bl: 16 images, 2 classes.\n",
    )
    assert done.stdout == inside("report", *OLD, cwd=tmp_path).stdout
    return tmp_path


def test_what_became_worse_ends_with_1_and_a_sentence_as_compare_does(kept):
    done = offdiag("report", *NEW, "--baseline", "main.bl", "--fail-on", "worse", cwd=kept)
    assert done.returncode == 1
    assert done.stderr.startswith("offdiag: F1 is worse for certain: -.")
    assert "b.json is worse for certain in recall and F1." in done.stdout.splitlines()
    gate = ["--data", "truth.json", "--fail-on", "worse=f1", "--samples", "20"]
    compared = offdiag("compare", "a.json", "b.json", *gate, cwd=kept)
    assert (compared.returncode, compared.stderr) == (1, done.stderr)


def test_what_is_not_worse_ends_with_0(kept, inside):
    gates = ["--fail-on", "worse", "--fail-on", "worse=recall[nut]"]
    done = inside("report", *OLD, "--baseline", "main.bl", *gates, cwd=kept)
    assert (done.returncode, done.stderr) == (0, "")
    assert "The baseline was made of the very same predictions: nothing differs." in done.stdout
    shown = inside("report", *NEW, "--baseline", "main.bl", cwd=kept)
    assert shown.returncode == 0  # without a gate it is only told


def test_json_has_the_baseline_under_a_key_of_its_own(kept, inside):
    given = ["--baseline", "main.bl", "--fail-on", "worse=recall", "--format", "json"]
    done = inside("report", *NEW, *given, cwd=kept)
    assert done.returncode == 1
    told = json.loads(done.stdout)["baseline"]
    assert told["file"] == "main.bl"
    assert told["failures"] == [done.stderr.removeprefix("offdiag: ").rstrip()]
    assert [each["name"] for each in told["metrics"]][-3:] == ["precision", "recall", "f1"]
    without = json.loads(inside("report", *NEW, "--format", "json", cwd=kept).stdout)
    assert "baseline" not in without


def test_a_baseline_is_the_same_bytes_each_time_and_written_over_only_by_force(kept, inside):
    before = (kept / "main.bl").read_bytes()
    done = inside("report", *NEW, "--write-baseline", "main.bl", cwd=kept)
    assert done.returncode == 2
    assert done.stderr == (
        "offdiag: main.bl: is there already: name another file, or add --force\n"
    )
    assert (kept / "main.bl").read_bytes() == before
    again = inside("report", *OLD, "--write-baseline", "main.bl", "--force", cwd=kept)
    assert again.returncode == 0
    assert (kept / "main.bl").read_bytes() == before
    assert inside("report", *NEW, "--write-baseline", "main.bl", "--force", cwd=kept).stderr
    assert (kept / "main.bl").read_bytes() != before


def test_a_baseline_moves_on_only_where_nothing_is_worse(kept, inside):
    before = (kept / "main.bl").read_bytes()
    test = ["--baseline", "main.bl", "--fail-on", "worse", "--write-baseline", "main.bl", "--force"]
    done = inside("report", *NEW, *test, cwd=kept)
    assert done.returncode == 1
    assert "The baseline main.bl is not written: something is worse for certain." in done.stderr
    assert (kept / "main.bl").read_bytes() == before
    done = inside("report", *NEW, *test, "--fail-on", "worse=precision", cwd=kept)
    assert done.returncode == 1
    done = inside("report", *OLD, *test, cwd=kept)
    assert (done.returncode, (kept / "main.bl").read_bytes()) == (0, before)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--fail-on", "worse"], "--fail-on tests against a baseline: name one with --baseline"),
        (["--baseline", "none.bl"], "none.bl: there is no such baseline"),
        (["--baseline", "truth.json"], "truth.json: is no baseline"),
        (
            ["--baseline", "main.bl", "--iou", ".75"],
            "main.bl: was made at IoU .50, and",
        ),
        (["--baseline", "main.bl", "--matching", "iou"], "give --matching class-first, or make"),
        (["--baseline", "main.bl", "--fail-on", "worse=AP"], "AP is not tested against a baseline"),
        (["--baseline", "main.bl", "--fail-on", "worse=f1[nutt]"], "did you mean nut?"),
        (["--baseline", "main.bl", "--fail-on", "better"], "unknown gate 'better'"),
        (["--write-baseline", "no/main.bl"], "no: there is no such folder for the baseline"),
        (["--write-baseline", "."], ": is a folder: name a file in it"),
        (["--write-baseline", "x", "--out", "x"], "--write-baseline and --out name the same file"),
    ],
)
def test_wrong_input_is_a_sentence_and_ends_with_2(kept, inside, options, sentence):
    done = inside("report", *OLD, *options, cwd=kept)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_other_data_are_refused_with_what_differs(kept, inside):
    truth = json.loads((kept / "truth.json").read_text())
    truth["images"][0]["file_name"] = "other.jpg"
    (kept / "truth.json").write_text(json.dumps(truth))
    done = inside("report", *OLD, "--baseline", "main.bl", cwd=kept)
    assert done.returncode == 2
    assert done.stderr == (
        "offdiag: main.bl: is of other data (1 image new: other.jpg; 1 image gone: 1.jpg): give "
        "--data what it was made on (truth.json), or make the baseline anew with "
        "--write-baseline\n"
    )


def test_a_classifier_is_tested_by_its_accuracy(tmp_path, inside):
    names = [f"{i}.jpg" for i in range(30)]
    labels = ["bolt" if i % 2 else "nut" for i in range(30)]
    table = ["image,label", *(f"{n},{label}" for n, label in zip(names, labels, strict=True))]
    (tmp_path / "labels.csv").write_text("\n".join(table))
    for side, right in (("a", 30), ("b", 20)):
        rows = ["image,bolt,nut"]
        for i, (name, label) in enumerate(zip(names, labels, strict=True)):
            is_bolt = (label == "bolt") == (i < right)
            rows.append(f"{name},{0.9 if is_bolt else 0.1},{0.1 if is_bolt else 0.9}")
        (tmp_path / f"{side}.csv").write_text("\n".join(rows))
    data = ["--data", "labels.csv"]
    old, new = (["report", "--predictions", f"{side}.csv", *data] for side in "ab")
    assert inside(*old, "--write-baseline", "main.bl", cwd=tmp_path).returncode == 0
    gates = ["--fail-on", "worse", "--fail-on", "worse=recall[bolt]"]
    done = inside(*new, "--baseline", "main.bl", *gates, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("offdiag: accuracy is worse for certain: -.333 (p 0.002)\n")
    assert "b.csv is worse for certain in accuracy, " in done.stdout
    assert inside(*old, "--baseline", "main.bl", *gates, cwd=tmp_path).returncode == 0
