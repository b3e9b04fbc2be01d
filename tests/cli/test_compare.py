"""The verb compare as a user runs it: documents, gates, exit codes, wrong input."""

import json
from pathlib import Path

import pytest

from engine.compare import numbers
from tests.cli.test_command import inside as inside  # a fixture
from tests.cli.test_command import offdiag
from tui.commands import compare

KEYS = {
    *("task", "images", "left_out", "a", "b", "metrics", "objects", "broken_why", "fixed_why"),
    *("false_alarms", "per_class", "matrix_delta", "changed", "agreement", "intervals", "warnings"),
}
WHYS = ["below_threshold", "wrong_class", "taken", "box_moved", "missed"]
NAMES = ("bolt", "nut")
IMAGES = 16


@pytest.fixture
def files(tmp_path: Path) -> list[str | Path]:
    """Sixteen images with a bolt and a nut each; A finds all, B loses every second bolt."""
    annotations, a, b = [], [], []
    for image in range(1, IMAGES + 1):
        for class_ in (1, 2):
            box = {"image_id": image, "category_id": class_, "bbox": [20 * class_, 0, 10, 10]}
            annotations.append(box | {"id": 100 * image + class_, "area": 100, "iscrowd": 0})
            a.append(box | {"score": 0.9})
            if class_ == 2 or image % 2:
                b.append(box | {"score": 0.8})
    b.append({"image_id": 2, "category_id": 2, "bbox": [20, 0, 10, 10], "score": 0.85})
    b.append({"image_id": 3, "category_id": 2, "bbox": [60, 60, 10, 10], "score": 0.85})
    truth = {
        "images": [
            {"id": i, "file_name": f"{i}.jpg", "width": 90, "height": 90}
            for i in range(1, IMAGES + 1)
        ],
        "categories": [{"id": c, "name": name} for c, name in enumerate(NAMES, start=1)],
        "annotations": annotations,
    }
    for name, content in (("truth", truth), ("a", a), ("b", b)):
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    return ["compare", "a.json", "b.json", "--data", "truth.json", "--samples", "100"]


def test_json_has_the_keys_that_others_rely_on(tmp_path, files, inside):
    done = inside(*files, "--format", "json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told.keys() == KEYS
    assert (told["task"], told["images"]) == ("detection", IMAGES)
    assert told["left_out"] == {"images": 0, "classes": []}
    point = {"iou": 0.5, "confidence": 0.9, "matching": "class-first", "source": "optimal"}
    assert told["a"] == {"name": "a.json", "operating_point": point}
    assert told["b"] == {"name": "b.json", "operating_point": point | {"confidence": 0.8}}
    assert told["objects"] == {"both_right": 24, "fixed": 0, "broken": 8, "both_wrong": 0}
    assert [*told["broken_why"]] == [*told["fixed_why"]] == WHYS
    assert told["broken_why"] == dict.fromkeys(WHYS, 0) | {"wrong_class": 1, "missed": 7}
    assert told["false_alarms"] == {"shared": 0, "gone": 0, "new": 1}
    names = [each["name"] for each in told["metrics"]]
    assert names[:3] == ["AP", "AP50", "AP75"]
    assert names[-3:] == ["precision", "recall", "f1"]
    recall = told["metrics"][-2]
    assert recall.keys() == {"name", "a", "b", "delta", "low", "high", "certain", "p"}
    assert (recall["a"], recall["b"], recall["delta"]) == (1, 0.75, -0.25)
    assert recall["low"] < -0.25 < recall["high"] < 0
    assert recall["certain"]
    bolt, nut = told["per_class"]
    assert bolt.keys() == {
        *("class", "ground_truths", "fixed", "broken", "p", "certain", "AP", "recall", "f1")
    }
    counts = [bolt[name] for name in ("class", "ground_truths", "broken", "fixed")]
    assert counts == ["bolt", IMAGES, 8, 0]
    assert (bolt["certain"], nut["certain"], nut["broken"]) == (True, False, 0)
    assert {"a", "b", "delta", "low", "high"} <= bolt["AP"].keys()
    matrix = told["matrix_delta"]
    assert matrix["rows"] == [*NAMES, "Not an object"]
    assert matrix["columns"] == [*NAMES, "Not detected"]
    assert matrix["counts"] == [[-8, 1, 7], [0, 0, 0], [0, 1, 0]]
    changed = {
        "image": "2.jpg",
        "ground_truth": 201,
        "class": "bolt",
        "was": "bolt",
        "is": "nut",
        "why": "wrong_class",
        "status": "broken",
    }
    assert told["changed"][0] == changed
    assert len(told["changed"]) == 8


def test_totals_are_those_of_two_single_reports_to_the_last_bit(tmp_path, files, inside):
    told = json.loads(inside(*files, "--format", "json", cwd=tmp_path).stdout)
    matrices = []
    for side in ("a", "b"):
        given = ["--data", "truth.json", "--predictions", f"{side}.json", "--format", "json"]
        alone = json.loads(inside("report", *given, cwd=tmp_path).stdout)
        expected = alone["coco"] | {
            name: alone["operating_point"][name] for name in ("precision", "recall", "f1")
        }
        assert {each["name"]: each[side] for each in told["metrics"]} == expected
        for ours, theirs in zip(told["per_class"], alone["per_class"], strict=True):
            for name in ("AP", "recall", "f1"):
                assert ours[name][side] == theirs[name]
        matrices.append(alone["matrix"]["counts"])
        card = alone["operating_point"]
        assert told[side]["operating_point"]["confidence"] == card["confidence"]
    delta = [[b - a for a, b in zip(*rows, strict=True)] for rows in zip(*matrices, strict=True)]
    assert told["matrix_delta"]["counts"] == delta


def test_text_says_what_is_worse_for_certain_and_shows_what_broke(tmp_path, files, inside):
    done = inside(*files, cwd=tmp_path)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "A a.json · B b.json on truth.json: 16 images, 32 ground truths"
    assert lines[1].startswith("IoU .50 · matching class-first · confidence A .900 (optimal)")
    assert lines[3].startswith("B is worse for certain in AP")
    assert "objects: both right 24 · fixed 0 · broken 8 · both wrong 0" in lines
    assert "broken, why: wrong class 1 · missed 7" in lines
    agreed = "agreement of boxes from confidence .250 on: Another model: "
    assert any(line.startswith(agreed) for line in lines)
    assert "  bolt 201 in 2.jpg: bolt → nut (wrong class)" in lines
    assert "  bolt → Not detected: 0 → 7 (+7)" in lines


def test_markdown_shows_every_name_as_it_stands(tmp_path, files, inside):
    (tmp_path / "a.json").rename(tmp_path / "a_[x]|y.json")
    files[1] = "a_[x]|y.json"
    done = inside(*files, "--format", "md", "--out", "said.md", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    said = (tmp_path / "said.md").read_text()
    assert said.startswith("### b.json against a\\_\\[x\\]\\|y.json\n")
    assert "| recall | 1.000 | .750 | -.250 |" in said
    assert "<details><summary>Broken: 8</summary>" in said
    tables = [line for line in said.splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in tables} <= {6, 7, 10}


def test_markdown_says_how_many_of_the_classes_it_shows(tmp_path, files, inside, monkeypatch):
    monkeypatch.setattr("engine.report.comparison_markdown.CLASSES_SHOWN", 1)
    said = inside(*files, "--format", "md", cwd=tmp_path).stdout
    assert "<summary>Classes that changed, 1 of 2 (--format json has all of them)</summary>" in said


@pytest.mark.parametrize(
    ("gates", "code", "said"),
    [
        (["worse"], 1, "F1 is worse for certain"),
        (["worse=recall"], 1, "recall is worse for certain: -.250"),
        (["broken=7"], 1, "8 objects broken, at most 7 may be"),
        (["broken=8"], 0, ""),
        (["worse=APl"], 0, ""),
        (["worse=APm", "broken=9"], 0, ""),
    ],
)
def test_a_gate_that_fails_is_a_sentence_and_ends_with_1(
    tmp_path, files, inside, gates, code, said
):
    asked = [part for gate in gates for part in ("--fail-on", gate)]
    done = inside(*files, *asked, cwd=tmp_path)
    assert done.returncode == code
    assert said in done.stderr
    assert bool(done.stderr) == bool(code)
    assert "objects: both right 24" in done.stdout


def test_the_same_file_twice_is_said_and_all_zeros(tmp_path, files, inside):
    files[2] = "a.json"
    done = inside(*files, "--format", "json", "--fail-on", "worse", cwd=tmp_path)
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert told["warnings"] == ["A and B are the same file (a.json): nothing can differ."]
    assert {each["delta"] for each in told["metrics"]} <= {0, None}
    assert not any(each["certain"] for each in (*told["metrics"], *told["per_class"]))
    assert told["changed"] == []
    assert not any(map(any, told["matrix_delta"]["counts"]))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (["--fail-on", "better"], "unknown gate 'better'"),
        (["--fail-on", "worse=accuracy"], "have no accuracy to compare"),
        (["--fail-on", "worse", "--samples", "0"], "needs resamples"),
        (["--confidence", "top-1"], "--confidence top-1 is for classifiers"),
        (["--confidence", "saved"], "no saved operating point"),
        (["--confidence", "2"], "nor a number from 0 to 1"),
        (["--optimise", "luck"], "unknown goal"),
        (["more.jpg"], "name their folder with --images"),
        (["--out", "nowhere/said.txt"], "there is no such folder"),
    ],
)
def test_a_wrong_command_line_is_one_sentence_and_ends_with_2(
    tmp_path, files, inside, changes, problem
):
    done = inside(*files, *changes, cwd=tmp_path)
    assert done.returncode == 2
    assert problem in " ".join(done.stderr.split())
    assert not done.stdout


def test_a_side_that_is_not_there_is_told_before_the_other_is_read(tmp_path, files, inside):
    (tmp_path / "a.json").write_text("not JSON")
    files[2] = "c.onnx"
    done = inside(*files, cwd=tmp_path)
    assert done.returncode == 2
    assert "c.onnx: there is no such file" in done.stderr


def test_probabilities_are_no_boxes(tmp_path, files, inside):
    (tmp_path / "b.csv").write_text("image,bolt,nut\n1.jpg,.9,.1\n")
    files[2] = "b.csv"
    done = inside(*files, cwd=tmp_path)
    assert done.returncode == 2
    assert "these are probabilities of classes" in done.stderr


def test_as_many_samples_are_taken_as_the_engine_calls_whole():
    assert compare.SAMPLES == numbers.SAMPLES


def test_one_confidence_is_that_of_both(tmp_path, files, inside):
    done = inside(*files, "--format", "json", "--confidence", "0.85", cwd=tmp_path)
    told = json.loads(done.stdout)
    points = [told[side]["operating_point"] for side in ("a", "b")]
    assert [(each["confidence"], each["source"]) for each in points] == 2 * [(0.85, "given")]
    assert told["objects"]["broken"] == 32
    assert told["broken_why"]["below_threshold"] == 24


def test_classifiers_are_compared_image_by_image(tmp_path, inside):
    rows = [f"{i}.jpg,{NAMES[i % 2]}" for i in range(8)]
    (tmp_path / "labels.csv").write_text("\n".join(["image,class", *rows]))
    right = [f"{i}.jpg,{1 - i % 2},{i % 2}" for i in range(8)]
    wrong = [f"{i}.jpg,0.8,0.2" for i in range(7)]
    (tmp_path / "a.csv").write_text("\n".join(["image,bolt,nut", *right]))
    (tmp_path / "b.csv").write_text("\n".join(["image,bolt,nut", *wrong]))
    named = ["compare", "a.csv", "b.csv", "--data", "labels.csv", "--samples", "50"]
    told = json.loads(inside(*named, "--format", "json", cwd=tmp_path).stdout)
    assert told.keys() == (KEYS - {"false_alarms"}) | {"p", "answers"}
    assert (told["task"], told["images"], told["left_out"]["images"]) == ("classification", 7, 1)
    assert told["objects"] == {"both_right": 4, "fixed": 0, "broken": 3, "both_wrong": 0}
    assert told["broken_why"]["wrong_class"] == 3
    assert told["p"] == pytest.approx(0.25)
    assert told["answers"] == [{"was": "nut", "is": "bolt", "images": 3, "fixed": 0, "broken": 3}]
    assert told["a"]["operating_point"] == {"confidence": 0, "source": "top-1"}
    assert told["matrix_delta"]["rows"] == told["matrix_delta"]["columns"] == [*NAMES]
    text = inside(*named, cwd=tmp_path).stdout
    assert text.splitlines()[2].startswith("1 of 8 images left out on both sides")
    assert "images: both right 4 · fixed 0 · broken 3 · both wrong 0" in text
    assert "  nut → bolt: 3 images (0 fixed, 3 broken)" in text
    assert "| nut | bolt | 3 | 0 | 3 |" in inside(*named, "--format", "md", cwd=tmp_path).stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("task", "said"),
    [("detection", "on truth.json: 230 images"), ("classification", "on images: 457 images")],
)
def test_the_demo_compares_a_model_with_its_copy_in_8_bits(tmp_path, task, said):
    done = offdiag("demo", "--compare", "--task", task, cwd=tmp_path)
    assert done.returncode == 0
    assert f"A model.onnx · B model_int8.onnx {said}" in done.stdout
    assert "· broken " in done.stdout
