"""The command as a user runs it: another process, another folder."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.schemas import hold_against_schema
from tui.cli import main

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "demo_data" / "detection"
NEARLY_1, NEARLY_HALF = pytest.approx(1), pytest.approx(0.5)  # pycocotools adds an epsilon
TRUTH = {
    "images": [{"id": 1, "file_name": "a.jpg", "width": 40, "height": 40}],
    "categories": [{"id": 1, "name": "bolt"}, {"id": 2, "name": "nut"}],
    "annotations": [
        {"image_id": 1, "category_id": 1, "bbox": [0, 0, 10, 10], "area": 100, "iscrowd": 0},
        {"image_id": 1, "category_id": 2, "bbox": [20, 0, 10, 10], "area": 100, "iscrowd": 0},
    ],
}
RESULTS = [
    {"image_id": 1, "category_id": 1, "bbox": [0, 0, 10, 10], "score": 0.9},
    {"image_id": 1, "category_id": 1, "bbox": [20, 0, 10, 10], "score": 0.4},
    {"image_id": 1, "category_id": 2, "bbox": [0, 20, 10, 10], "score": 0.3},
]


def offdiag(*arguments: str | Path, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "XDG_CACHE_HOME": str(cwd / "cache"), **environ}
    command = [sys.executable, str(ROOT / "tui" / "cli.py"), *map(str, arguments)]
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    if done.returncode in (0, 1):
        hold_against_schema(arguments, cwd, done.stdout)
    return done


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]):
    """The same in this process, ten times as fast, where another process is not the point."""

    def offdiag(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(cwd)
        monkeypatch.setenv("XDG_CACHE_HOME", str(cwd / "cache"))
        monkeypatch.setattr(sys, "argv", ["offdiag", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        done = subprocess.CompletedProcess(arguments, ended.value.code, *capfd.readouterr())
        if done.returncode in (0, 1):
            hold_against_schema(arguments, cwd, done.stdout)
        return done

    return offdiag


@pytest.fixture
def files(tmp_path: Path) -> list[str | Path]:
    (tmp_path / "truth.json").write_text(json.dumps(TRUTH))
    (tmp_path / "results.json").write_text(json.dumps(RESULTS))
    return ["--data", "truth.json", "--predictions", "results.json"]


def test_the_report_has_the_keys_that_others_rely_on(tmp_path, files):
    done = offdiag("report", *files, "--format", "json", "--confidence", "0.35", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "task": "detection",
        "images": 1,
        "ground_truths": 2,
        "predictions": 3,
        "crowds": 0,
        "left_out": {"images": 0, "classes": []},
        "operating_point": {
            "iou": 0.5,
            "confidence": 0.35,
            "matching": "class-first",
            "source": "given",
            "precision": 0.5,
            "recall": 0.5,
            "f1": 0.5,
        },
        "optimal": {"metric": "f1", "confidence": 0.9, "value": 2 / 3, "flat": [0.9, 0.9]},
        "coco": {
            **dict.fromkeys(
                ["AP", "AP50", "AP75", "APs", "AR1", "AR10", "AR100", "ARs"], NEARLY_HALF
            ),
            **dict.fromkeys(["APm", "APl", "ARm", "ARl"]),
        },
        "per_class": [
            {
                "class": "bolt",
                "ground_truths": 1,
                "predictions": 2,
                "AP": NEARLY_1,
                "AP50": NEARLY_1,
                "AP75": NEARLY_1,
                "APs": NEARLY_1,
                "APm": None,
                "APl": None,
                "ap_by_iou": [NEARLY_1] * 10,
                "precision": 0.5,
                "recall": 1.0,
                "f1": 2 / 3,
                "true_positives": 1,
                "false_positives": 1,
                "not_detected": 0,
                "false_alarms_per_image": 0.0,
            },
            {
                "class": "nut",
                "ground_truths": 1,
                "predictions": 0,
                "AP": 0.0,
                "AP50": 0.0,
                "AP75": 0.0,
                "APs": 0.0,
                "APm": None,
                "APl": None,
                "ap_by_iou": [0.0] * 10,
                "precision": None,
                "recall": 0.0,
                "f1": 0.0,
                "true_positives": 0,
                "false_positives": 0,
                "not_detected": 1,
                "false_alarms_per_image": 0.0,
            },
        ],
        "matrix": {
            "rows": ["bolt", "nut", "Not an object"],
            "columns": ["bolt", "nut", "Not detected"],
            "counts": [[1, 0, 0], [1, 0, 0], [0, 0, 0]],
            "ignored": 0,
        },
        "false_alarms_per_image": 0.0,
        "false_positives_on_empty_images": 0,
        "classes_never_shown": [],
        "warnings": [],
    }


def test_without_a_terminal_open_prints_the_text_report_and_ends_with_0(tmp_path, files):
    done = offdiag("open", *files, cwd=tmp_path)
    assert done.returncode == 0
    assert "results.json on truth.json: 1 image, 2 ground truths, 3 predictions" in done.stdout
    assert "confidence .900 (optimal)" in done.stdout
    assert done.stderr == ""


def test_the_demo_runs_its_model_and_finds_the_confusions(tmp_path):
    done = offdiag("demo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Largest confusions:" in done.stdout
    assert "washer" in done.stdout
    again = offdiag("demo", cwd=tmp_path)
    assert again.stdout == done.stdout


def test_an_engine_py_of_the_user_does_not_get_in_the_way(tmp_path, files):
    (tmp_path / "engine.py").write_text("raise SystemExit('the wrong engine')")
    (tmp_path / "tui.py").write_text("raise SystemExit('the wrong tui')")
    done = offdiag("open", *files, cwd=tmp_path, PYTHONPATH=".")
    assert done.returncode == 0, done.stderr


def test_the_report_goes_to_a_file_whole(tmp_path, files, inside):
    done = inside("report", *files, "--format", "json", "--out", "out.json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert json.loads((tmp_path / "out.json").read_text())["images"] == 1
    assert sorted(path.name for path in tmp_path.glob("*.json*")) == [
        "out.json",
        "results.json",
        "truth.json",
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["open", "--data", "truth.json"], "name a MODEL.onnx, or a file with --predictions"),
        (["open", "--data", "no.json", "--predictions", "x"], "no.json: there is no such file"),
        (["open", "--data", "results.json", "--predictions", "truth.json"], "this is a list"),
        (["open", "no.onnx", "--data", "truth.json"], "no.onnx"),
        (["report", "--data", "truth.json", "--confidence", "much"], "neither 'optimal' nor"),
        (["report"], "Missing option '--data'"),
        (["report", "--data", "no.json", "--out", "no/x"], "no: there is no such folder for"),
        (["nonsense"], "No such command"),
    ],
)
def test_a_wrong_input_is_one_sentence_and_ends_with_2(
    tmp_path, files, inside, arguments, sentence
):
    done = inside(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_debug_shows_the_traceback(tmp_path, files):
    done = offdiag("open", "--data", "no.json", "--predictions", "x", "--debug", cwd=tmp_path)
    assert "Traceback" in done.stderr


def test_the_report_matches_by_the_rule_that_is_asked_for(tmp_path, files, inside):
    options = ["--format", "json", "--confidence", "0.2", "--matching", "iou"]
    done = inside("report", *files, *options, cwd=tmp_path)
    assert json.loads(done.stdout)["operating_point"]["matching"] == "iou"


def test_the_report_adds_error_types(tmp_path, files, inside):
    done = inside("report", *files, "--format", "json", "--error-types", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    types = json.loads(done.stdout)["error_types"]
    assert {error: each["count"] for error, each in types.items() if each["count"]} == {
        "classification": 1,
        "background": 1,
    }
    # Bolt is found before its false alarm; a corrected nut comes before nothing of its class.
    assert types["classification"]["dAP"] == pytest.approx(0.5)
    assert types["missed"]["count_at_point"] == 1  # the nut, at the best confidence of .9
    assert "Error types" in inside("report", *files, "--error-types", cwd=tmp_path).stdout


def test_the_report_finds_the_optimum_for_another_goal_and_adds_intervals(tmp_path, files, inside):
    options = ["--format", "json", "--optimise", "recall@precision=.5", "--intervals"]
    report = json.loads(inside("report", *files, *options, cwd=tmp_path).stdout)
    best = {"metric": "recall@precision=.5", "confidence": 0.9, "value": 0.5}
    assert best.items() <= report["optimal"].items()
    assert report["intervals"]["samples"] == 200
    assert report["intervals"]["recall"] == [0.5, 0.5]  # one image has nothing to vary


def test_a_goal_that_nobody_knows_is_refused_before_any_work(tmp_path, files, inside):
    done = inside("report", *files, "--optimise", "speed", cwd=tmp_path)
    assert done.returncode == 2
    assert "unknown goal 'speed': choose one like f1, f0.5" in done.stderr


def test_strict_coco_copies_what_pycocotools_makes_of_annotation_id_0(tmp_path, files, inside):
    annotations = [{**row, "id": id_} for id_, row in enumerate(TRUTH["annotations"])]
    (tmp_path / "truth.json").write_text(json.dumps({**TRUTH, "annotations": annotations}))
    for options, expected in (([], NEARLY_HALF), (["--strict-coco"], 0.0)):
        done = inside("report", *files, "--format", "json", *options, cwd=tmp_path)
        assert json.loads(done.stdout)["coco"]["AP"] == expected


def test_synonyms_are_one_class_unless_the_command_keeps_them_apart(tmp_path, inside):
    head = "image,class,x1,y1,x2,y2"
    rows = [f"{name},0,0,9,9" for name in ("a.jpg,couch", "a.jpg,cat")]
    (tmp_path / "t.csv").write_text("\n".join([head, *rows]))
    found = [f"{row.replace('couch', 'sofa')},1" for row in rows]
    (tmp_path / "p.csv").write_text("\n".join([f"{head},score", *found]))
    given = ("--data", "t.csv", "--predictions", "p.csv", "--format", "json")
    report = json.loads(inside("report", *given, cwd=tmp_path).stdout)
    assert report["predictions"] == 2
    assert "p.csv: taken as synonyms: sofa is couch (--no-synonyms" in report["warnings"][0]
    report = json.loads(inside("report", *given, "--no-synonyms", cwd=tmp_path).stdout)
    assert report["predictions"] == 1
    assert 'of categories that the ground truth does not list ("sofa")' in report["warnings"][0]


@pytest.mark.parametrize("place", [".", "..", "./", "../parts/in/.."])
def test_a_folder_that_is_named_by_its_place_is_told_by_its_name(tmp_path, inside, place):
    folder = tmp_path / "parts"
    inner = folder / "in"
    inner.mkdir(parents=True)
    (tmp_path / "results.json").write_text(json.dumps(RESULTS[:1]))
    (folder / "1.xml").write_text(
        "<annotation><filename>1.jpg</filename><object><name>bolt</name><bndbox><xmin>0</xmin>"
        "<ymin>0</ymin><xmax>10</xmax><ymax>10</ymax></bndbox></object></annotation>"
    )
    cwd = inner if place == ".." else folder
    given = ("--data", place, "--predictions", tmp_path / "results.json", "--data-format", "voc")
    done = inside("report", *given, "--out", "-", cwd=cwd)
    assert done.stdout.startswith("results.json on parts: 1 image")
    assert not (cwd / "-").exists()


def test_the_part_of_the_data_is_chosen_by_the_command(tmp_path, inside):
    rows = ["a.jpg,bolt,0,0,9,9,train", "b.jpg,bolt,0,0,9,9,val", "c.jpg,bolt,0,0,9,9,train"]
    (tmp_path / "t.csv").write_text("\n".join(["image,class,x1,y1,x2,y2,split", *rows]))
    found = [f"{name}.jpg,bolt,0,0,9,9,.9" for name in "abc"]
    (tmp_path / "p.csv").write_text("\n".join(["image,class,x1,y1,x2,y2,score", *found]))
    given = ("--data", "t.csv", "--predictions", "p.csv", "--format", "json")
    done = inside("report", *given, cwd=tmp_path)
    assert "another dataset, or another part of it?" in done.stderr
    report = json.loads(inside("report", *given, "--split", "train", cwd=tmp_path).stdout)
    assert (report["images"], report["coco"]["AP"]) == (2, NEARLY_1)
    done = inside("convert", "t.csv", "--split", "val", "--out", "-", cwd=tmp_path)
    assert len(json.loads(done.stdout)["images"]) == 1
