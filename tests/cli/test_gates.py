"""Limits of the verb report: exit codes, what stderr and JSON say, JUnit, what is refused."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from defusedxml import ElementTree

from tests.cli.test_command import ROOT
from tests.cli.test_command import inside as inside  # a fixture
from tests.schemas import problems
from tui.commands import plain

IMAGES = 40
HARD = 'a "b"[c]=d'


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str | Path]:
    """Forty images with a bolt and a nut each; every fourth bolt is missed, one alarm is false."""
    monkeypatch.delenv("CI", raising=False)
    annotations, found = [], []
    for image in range(1, IMAGES + 1):
        for class_ in (1, 2):
            box = {"image_id": image, "category_id": class_, "bbox": [20 * class_, 0, 10, 10]}
            annotations.append(box | {"area": 100, "iscrowd": 0, "id": 100 * image + class_})
            if class_ == 2 or image % 4:
                found.append(box | {"score": 0.9})
    found.append({"image_id": 3, "category_id": 2, "bbox": [60, 60, 10, 10], "score": 0.85})
    truth = {
        "images": [
            {"id": i, "file_name": f"{i}.jpg", "width": 90, "height": 90}
            for i in range(1, IMAGES + 1)
        ],
        "categories": [{"id": 1, "name": "bolt"}, {"id": 2, "name": HARD}],
        "annotations": annotations,
    }
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    (tmp_path / "found.json").write_text(json.dumps(found))
    given = ["--data", "truth.json", "--predictions", "found.json", "--confidence", "0.5"]
    return ["report", *given]


def said(done) -> list[str]:
    return [line.removeprefix("offdiag: ") for line in done.stderr.splitlines()]


@pytest.mark.parametrize(
    ("limits", "code", "lines"),
    [
        (["--fail-under", "precision=.9"], 0, ["pass: precision .986: at least .9"]),
        (["--fail-under", "recall=.9"], 1, ["fail: recall .875: under .9"]),
        (["--fail-under", "recall[bolt]=.75"], 0, ["pass: recall[bolt] .750: at least .75"]),
        (
            ["--fail-over", "false_alarms_per_image=.02"],
            1,
            ["fail: false_alarms_per_image .025: over .02"],
        ),
        (
            ["--fail-over", "not_detected[bolt]=10", "--fail-under", f"recall[{HARD}]=1"],
            0,
            [f"pass: recall[{HARD}] 1.000: at least 1", "pass: not_detected[bolt] 10: at most 10"],
        ),
        (
            ["--fail-under", "APl=0", "--fail-under", "AP=.1"],
            1,
            [
                "fail: APl \N{EN DASH}: undefined, so not at least 0: there is no large object in "
                "the ground truth",
                "pass: AP .876: at least .1",
            ],
        ),
    ],
)
def test_the_command_ends_with_1_where_a_limit_is_not_kept(
    tmp_path, files, inside, limits, code, lines
):
    done = inside(*files, *limits, cwd=tmp_path)
    assert (done.returncode, said(done)) == (code, lines)
    assert done.stdout.startswith("found.json on truth.json: 40 images")


@pytest.mark.parametrize(
    ("ci", "options", "code", "last"),
    [
        (None, [], 0, "what cannot be told is a warning, as CI is not set: --cannot-tell fail"),
        ("", [], 0, "what cannot be told is a warning, as CI is not set"),
        ("false", [], 0, "what cannot be told is a warning, as CI is not set"),
        ("true", [], 1, "what cannot be told fails, as CI is set: --cannot-tell pass"),
        ("1", ["--cannot-tell", "pass"], 0, "what cannot be told is a warning: --cannot-tell fail"),
        (None, ["--cannot-tell", "fail"], 1, "what cannot be told fails: --cannot-tell pass"),
    ],
)
def test_what_cannot_be_told_fails_where_ci_is_set_unless_the_command_decides(
    tmp_path, files, inside, monkeypatch, ci, options, code, last
):
    if ci is not None:
        monkeypatch.setenv("CI", ci)
    limits = ["--intervals", "--fail-under", "recall=.86", *options]
    done = inside(*files, *limits, "--junit", "gate.xml", cwd=tmp_path)
    assert done.returncode == code
    verdict, decided = said(done)
    assert verdict.startswith("cannot tell: recall .875 (95 %: .8")
    assert "some of it is under .86; about " in verdict
    assert verdict.endswith("more images like these would tell, should it stay as it is")
    assert decided.startswith(last)
    (case,) = ElementTree.parse(tmp_path / "gate.xml").iter("testcase")
    (child,) = case
    assert child.tag == ("failure" if code else "skipped")
    assert child.get("message") == verdict


def test_json_has_the_verdicts_and_the_intervals_they_come_from(tmp_path, files, inside):
    limits = ["--fail-under", "recall=.86", "--fail-under", "AP75[bolt]=.99", "--intervals"]
    done = inside(*files, *limits, "--format", "json", cwd=tmp_path)
    told = json.loads(done.stdout)
    unsure, bad = told["gates"]
    assert (unsure["key"], unsure["verdict"]) == ("recall", "cannot tell")
    assert [unsure["low"], unsure["high"]] == told["intervals"]["recall"]
    assert (bad["key"], bad["verdict"], bad["limit"]) == ("AP75[bolt]", "fail", 0.99)
    assert bad["low"] < bad["value"] < bad["high"] < 0.99
    assert done.returncode == 1
    without = json.loads(inside(*files, "--format", "json", cwd=tmp_path).stdout)
    assert "gates" not in without


def test_junit_has_a_case_for_each_limit_and_says_what_was_assessed(tmp_path, files, inside):
    limits = ["--fail-under", "AP=.1", "--fail-under", "APl=.5", "--fail-under", "recall=.9"]
    done = inside(*files, *limits, "--junit", "gate.xml", "--out", "report.txt", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    root = ElementTree.parse(tmp_path / "gate.xml").getroot()
    (suite,) = root
    assert suite.get("name") == "found.json on truth.json"
    properties = {each.get("name"): each.get("value") for each in suite.iter("property")}
    assert properties == {
        "task": "detection",
        "images": "40",
        "iou": "0.5",
        "confidence": "0.5",
        "matching": "class-first",
        "source": "given",
    }
    names = [case.get("name") for case in suite.iter("testcase")]
    assert names == ["AP at least .1", "APl at least .5", "recall at least .9"]
    assert [[each.tag for each in case] for case in suite.iter("testcase")] == [
        [],
        ["error"],
        ["failure"],
    ]
    assert sorted(path.name for path in tmp_path.glob("*.xml*")) == ["gate.xml"]


def test_a_classifier_has_limits_too(tmp_path, inside, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    names = [f"{n}.jpg" for n in range(20)]
    rows = [f"{name},{'cat' if n % 2 else 'dog'}" for n, name in enumerate(names)]
    (tmp_path / "t.csv").write_text("\n".join(["image,label", *rows]))
    found = [f"{name},{0.8 if n % 2 or not n else 0.2}" for n, name in enumerate(names)]
    found = [f"{row},{1 - float(row.rsplit(',')[-1]):.1f}" for row in found]
    (tmp_path / "p.csv").write_text("\n".join(["image,cat,dog", *found]))
    given = ["report", "--data", "t.csv", "--predictions", "p.csv", "--format", "json"]
    limits = ["--fail-under", "accuracy=.9", "--fail-under", "recall[dog]=.95"]
    more = ["--fail-over", "log_loss=.3", "--fail-under", "roc_auc[cat]=.9"]
    done = inside(*given, *limits, *more, cwd=tmp_path)
    gates = {each["key"]: each["verdict"] for each in json.loads(done.stdout)["gates"]}
    expected = dict.fromkeys(["accuracy", "log_loss", "roc_auc[cat]"], "pass")
    assert gates == expected | {"recall[dog]": "fail"}
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--fail-under", "AP=nan"], "nothing is under or over NaN"),
        (["--fail-over", "AP=1.5"], "--fail-over AP=1.5: AP goes from 0 to 1"),
        (["--fail-under", "recal[bolt]=.5"], "did you mean recall[CLASS]"),
        (["--fail-under", "recall[blot]=.5"], "the data have no class 'blot': did you mean bolt?"),
        (["--fail-under", "accuracy=.5"], "the report of a detector has no number 'accuracy'"),
        (["--junit", "gate.xml"], "--junit needs a limit: name one with --fail-under."),
        (["--fail-under", "AP=.5", "--junit", "no/gate.xml"], "there is no such folder"),
        (["--fail-under", "AP=.5", "--cannot-tell", "fail"], "--cannot-tell needs a limit, and"),
        (
            ["--fail-under", "AP=.5", "--junit", "gate.xml", "--out", "gate.xml"],
            "--junit and --out name the same file.",
        ),
        (["--intervals", "--cannot-tell", "fail"], "--cannot-tell needs a limit, and"),
    ],
)
def test_a_wrong_limit_is_one_sentence_and_ends_with_2(tmp_path, files, inside, options, sentence):
    done = inside(*files, *options, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert not (tmp_path / "gate.xml").exists()


@pytest.mark.parametrize("limit", ["AP=nan", "AP=2", "luck=.5", "AP"])
def test_a_limit_that_no_report_has_is_refused_before_any_work(
    tmp_path, files, inside, monkeypatch, limit
):
    monkeypatch.setattr(plain, "opened", lambda _: pytest.fail("was opened"))
    assert inside(*files, "--fail-under", limit, cwd=tmp_path).returncode == 2


@pytest.mark.parametrize("verb", ["report", "compare"])
def test_the_schema_is_printed_without_any_file(tmp_path, inside, verb):
    done = inside(verb, "--schema", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert told["title"] == f"offdiag {verb} --format json"
    assert len(told["oneOf"]) == (2 if verb == "report" else 4)
    assert problems(verb, {"task": "detection"})


@pytest.mark.slow
def test_a_shell_sees_pass_fail_and_wrong_input_as_0_1_and_2(tmp_path, files):
    """One real shell, as CI has it: each exit code is that of a process of its own."""
    command = shlex.join([sys.executable, str(ROOT / "tui" / "cli.py"), *map(str, files)])
    script = "\n".join(
        f"{command} {options} > out.txt 2> err.txt; echo $?"
        for options in ("--fail-under recall=.5", "--fail-under recall=.9", "--fail-under recall=9")
    )
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    done = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.stdout.split() == ["0", "1", "2"]
