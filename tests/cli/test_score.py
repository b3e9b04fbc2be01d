"""`offdiag score`, `offdiag merge` and `offdiag report --save`, as a user runs them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from engine.batch.inputs import InputError
from engine.cards.operating_point import PointError, saved_point
from engine.core.errors import CardError, DataError, EngineError
from tests.cli.test_command import ROOT, offdiag
from tests.engine.scoring.making import constant_answer_model, ultralytics_metadata, yolo_answer
from tui.cli import offdiag as command

BOXES = [(16, 16, 8, 8, 0.9, 0.1), (32, 32, 16, 8, 0.6, 0.3), (48, 48, 8, 8, 0.2, 0.4)]
TRUTH = {
    "images": [{"id": 7, "file_name": "000.png", "width": 64, "height": 64}],
    "categories": [{"id": 1, "name": "bolt"}, {"id": 2, "name": "nut"}],
    "annotations": [
        {"id": 1, "image_id": 7, "category_id": 1, "bbox": [12, 12, 8, 8], "area": 64, "iscrowd": 0}
    ],
}
# Starts the program again and again, each time killed a quarter of the output later, until it
# ends by itself. A fork, so that its imports are paid for once; with a model that takes its
# time, and a journal that is written all the time.
KILLER = """
import os, signal, sys, time
from pathlib import Path
import numpy
from engine.batch import run
from tui.cli import main

out, quarter = Path(sys.argv[1]), int(sys.argv[2])
sys.argv = ["offdiag", *sys.argv[3:], "--out", str(out), "--resume"]
run.KEPT_EVERY, judged = 0.0, run.judged

def slowly(*given):
    time.sleep(0.004)
    return judged(*given)

run.judged = slowly
kills = 0
while True:
    goal = quarter + (out.stat().st_size if out.exists() else 0)
    child = os.fork()
    if child == 0:
        main()
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        if out.exists() and out.stat().st_size >= goal:
            os.kill(child, signal.SIGKILL)
            ended = os.waitpid(child, 0)
            break
        time.sleep(0.002)
    if not (os.WIFSIGNALED(ended[1]) and os.WTERMSIG(ended[1]) == signal.SIGKILL):
        print(kills, os.waitstatus_to_exitcode(ended[1]))
        break
    kills += 1
    assert not Path(f"{out}.run.json").exists()
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a model, ten images, one of them broken, and ground truth for the first."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    photos(tmp_path / "shots", 10)
    (tmp_path / "shots" / "004.png").write_bytes(b"no image")
    answer = yolo_answer(BOXES)
    constant_answer_model(tmp_path / "m.onnx", answer, metadata=ultralytics_metadata())
    (tmp_path / "truth.json").write_text(json.dumps(TRUTH))
    return tmp_path


def photos(folder: Path, count: int) -> None:
    folder.mkdir()
    for index in range(count):
        Image.new("RGB", (64, 64), (index % 256,) * 3).save(folder / f"{index:03d}.png")


def ran(*arguments: str, stdin: bytes = b"") -> Result:
    """In this process, which is ten times as fast; errors come as the engine raises them."""
    given = [*arguments, *(["--provider", "cpu"] if arguments[0] == "score" else [])]
    return CliRunner().invoke(command, given, input=stdin, catch_exceptions=False)


def save(*options: str) -> Result:
    files = ["--data", "truth.json", "--images", "shots"]
    return ran("report", "m.onnx", *files, "--provider", "cpu", "--save", *options)


def test_a_saved_point_is_what_score_applies_and_tells(here):
    with pytest.raises(PointError, match=r"no operating point is saved for it: give --confidence"):
        ran("score", "m.onnx", "shots", "--out", "o.csv")
    done = save("--confidence", "0.35", "--intervals")
    assert done.exit_code == 0
    assert "Saved in" in done.stderr
    assert "confidence .350 at IoU .50, F1" in done.stderr
    assert done.stdout.startswith("m.onnx on truth.json")
    done = ran("score", "m.onnx", "shots", "--out", "o.csv")
    assert done.exit_code == 0
    assert done.stdout == ""
    told = json.loads((here / "o.csv.run.json").read_text())
    assert told["operating_point"] == {"confidence": 0.35, "classes": {}}
    assert told["saved_point"]["confidence"] == 0.35
    assert told["saved_point"]["sha256"] == told["model"]["sha256"]
    assert told["counts"]["by_class"] == {"bolt": 18, "nut": 9}
    assert len((here / "o.csv").read_text().splitlines()) == 1 + 27


def test_thresholds_of_classes_in_the_card_are_applied(here):
    save("--confidence", "0.35")
    card = here / "m.card.toml"
    card.write_text(card.read_text() + "[operating_point.classes]\nnut = 0.05\nbolt = 0.7\n")
    ran("score", "m.onnx", "shots", "--out", "o.csv")
    told = json.loads((here / "o.csv.run.json").read_text())
    assert told["counts"]["by_class"] == {"bolt": 9, "nut": 27}


def test_saving_again_tells_what_changes(here):
    save("--confidence", "0.35")
    told = save("--confidence", "0.7").stderr
    assert "From confidence .350: true positives 1 → 1 (+0) · false positives 2 → 0 (-2)" in told
    assert saved_point(here / "m.onnx").confidence == 0.7


def test_a_model_that_changed_is_refused_with_the_way_out(here):
    save("--confidence", "0.35")
    changed = yolo_answer([*BOXES, BOXES[0]])
    constant_answer_model(here / "m.onnx", changed, metadata=ultralytics_metadata())
    with pytest.raises(PointError, match="has changed since its operating point was saved"):
        ran("score", "m.onnx", "shots", "--out", "o.csv")
    assert ran("score", "m.onnx", "shots", "--out", "o.csv", "--confidence", "0.4").exit_code == 0


def test_saving_needs_a_model_and_a_confidence(here):
    done = ran("report", "--data", "truth.json", "--predictions", "x.json", "--save")
    assert done.exit_code == 2
    assert "--save needs MODEL" in done.stderr
    (here / "none.json").write_text("[]")
    with pytest.raises(PointError, match="there is no best confidence to save"):
        save("--predictions", "none.json")
    (here / "m.card.toml").write_text("[operating_point]\nconfidence = 2\n")
    with pytest.raises(CardError, match=r"operating_point\.confidence must be a number"):
        ran("score", "m.onnx", "shots", "--out", "o.csv")


def test_images_that_fail_end_with_0_and_only_if_strict_with_1(here):
    options = ["score", "m.onnx", "shots", "--confidence", "0.5", "--out", "o.jsonl"]
    done = ran(*options)
    assert done.exit_code == 0
    assert "1 of 10 images could not be scored; o.jsonl.run.json lists them:" in done.stderr
    assert "shots/004.png: not an image that Pillow knows" in done.stderr
    assert ran(*options, "--force", "--strict").exit_code == 1
    done = ran(*options[:2], "shots/001.png", *options[3:], "--force", "--strict")
    assert (done.exit_code, done.stderr) == (0, "")


def test_standard_output_holds_data_and_nothing_else(here):
    names = b"shots/001.png\nshots/004.png\n"
    done = ran("score", "m.onnx", "-", "--out", "-", "--confidence", "0.5", stdin=names)
    first, second = map(json.loads, done.stdout.splitlines())
    assert [each["class"] for each in first["predictions"]] == ["bolt", "bolt"]
    assert second == {"image": "shots/004.png", "error": "not an image that Pillow knows"}
    assert "1 of 2 images could not be scored" in done.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["*.gif", "--out", "o.csv"], "nothing matches this pattern"),
        (["shots", "--out", "o.xml"], "choose a --format"),
        (["shots", "--out", "no/o.csv"], "there is no such folder for the output"),
        (["shots", "--out", "o.csv", "--shard", "4"], "write 3/16"),
        (["shots", "--out", "-", "--shard", "1/4"], "name a file with --out"),
        (["@none", "--out", "o.csv"], "this list cannot be read"),
    ],
)
def test_a_wrong_request_is_told_in_a_sentence(here, options, words):
    with pytest.raises(EngineError, match=words):
        ran("score", "m.onnx", *options, "--confidence", "0.5")
    assert not list(here.glob("o.*"))


def test_a_wrong_confidence_is_told(here):
    done = ran("score", "m.onnx", "shots", "--out", "o.csv", "--confidence", "optimal")
    assert done.exit_code == 2
    assert "neither 'saved' nor a number from 0 to 1" in done.stderr


def test_what_score_writes_as_coco_is_read_back_by_the_names_of_images_and_classes(here):
    ran("score", "m.onnx", "shots", "--out", "o.json", "--confidence", "0.5")
    turned = [{"id": 5, "name": "nut"}, {"id": 9, "name": "bolt"}]  # not the model's order
    bolt = [{**TRUTH["annotations"][0], "category_id": 9}]
    truth = {**TRUTH, "categories": turned, "annotations": bolt}
    (here / "turned.json").write_text(json.dumps(truth))
    read = ["report", "--data", "turned.json", "--predictions", "o.json", "--format", "json"]
    (here / "o.json").write_text(json.dumps(json.loads((here / "o.json").read_text())[:2]))
    told = json.loads(ran(*read, "--confidence", "0.7").stdout)
    assert told["coco"]["AP50"] == pytest.approx(1)
    assert "known by name" in told["warnings"][0]
    (here / "o.json.run.json").unlink()
    assert json.loads(ran(*read, "--confidence", "0.7").stdout) == told  # by the rows alone


TURNED = [{"id": 5, "name": "nut"}, {"id": 9, "name": "bolt"}]  # not the model's order


def test_coco_results_have_the_ids_of_the_ground_truth_that_is_named(here):
    bolt = [{**TRUTH["annotations"][0], "category_id": 9}]
    truth = {**TRUTH, "categories": TURNED, "annotations": bolt}
    (here / "turned.json").write_text(json.dumps(truth))
    done = ran(
        "score",
        "m.onnx",
        "shots/000.png",
        "--out",
        "o.json",
        "--confidence",
        "0.5",
        "--data",
        "turned.json",
    )
    assert "Image ids are paths" not in done.stderr
    rows = json.loads((here / "o.json").read_text())
    assert [(row["image_id"], row["category_id"]) for row in rows] == [(7, 9), (7, 9)]
    assert set(rows[0]) == {"image_id", "category_id", "bbox", "score"}
    ground_truth = COCO(str(here / "turned.json"))
    judged = COCOeval(ground_truth, ground_truth.loadRes(str(here / "o.json")), "bbox")
    judged.evaluate()
    judged.accumulate()
    judged.summarize()
    read = ["report", "--data", "turned.json", "--predictions", "o.json", "--format", "json"]
    told = json.loads(ran(*read).stdout)
    assert told["coco"]["AP"] == judged.stats[0] > 0
    assert told["warnings"] == []


def test_an_image_that_the_ground_truth_does_not_have_is_listed_and_other_ids_are_another_run(here):
    (here / "turned.json").write_text(json.dumps({**TRUTH, "categories": TURNED}))
    options = ["score", "m.onnx", "shots", "--out", "o.json", "--confidence", "0.5"]
    done = ran(*options, "--data", "truth.json")
    assert "001.png: is no image of truth.json" in done.stderr
    assert json.loads((here / "o.json.run.json").read_text())["ids_of"] == "truth.json"
    with pytest.raises(InputError, match="another choice of --data"):
        ran(*options, "--resume")
    (here / "boxes.csv").write_text("image,class,x1,y1,x2,y2\n000.png,bolt,1,1,9,9\n")
    with pytest.raises(DataError, match="says no ids of images and categories"):
        ran(*options, "--force", "--data", "boxes.csv")


def test_without_a_ground_truth_the_ids_are_told(here):
    done = ran("score", "m.onnx", "shots/000.png", "--out", "o.json", "--confidence", "0.5")
    assert "Image ids are paths and category ids count the model's classes from 1" in done.stderr
    assert "--data TRUTH.json" in done.stderr
    row = json.loads((here / "o.json").read_text())[0]
    assert (row["file_name"], row["category_name"]) == ("shots/000.png", "bolt")
    with pytest.raises(InputError, match="--data gives COCO results their ids"):
        ran(
            "score",
            "m.onnx",
            "shots",
            "--out",
            "o.csv",
            "--confidence",
            "0.5",
            "--data",
            "truth.json",
        )


def test_shards_merge_into_the_whole(here):
    point = ["--confidence", "0.5"]
    ran("score", "m.onnx", "shots", "--out", "whole.json", *point)
    for index in (1, 2, 3):
        shard = ["--shard", f"{index}/3", "--out", f"{index}.json"]
        assert ran("score", "m.onnx", "shots", *shard, *point).exit_code == 0
    assert ran("merge", "m.json", "1.json", "2.json", "3.json").exit_code == 0
    assert (here / "m.json").read_bytes() == (here / "whole.json").read_bytes()
    with pytest.raises(EngineError, match=r"m\.csv: the parts are coco: give it the suffix"):
        ran("merge", "m.csv", "1.json", "2.json", "3.json")


@pytest.mark.slow
def test_a_process_that_is_killed_again_and_again_ends_with_the_same_bytes(here):
    photos(here / "many", 160)
    arguments = ["score", "m.onnx", "many", "--confidence", "0.3", "--provider", "cpu"]
    assert ran(*arguments, "--out", "whole.jsonl").exit_code == 0
    whole = (here / "whole.jsonl").read_bytes()
    killer = [sys.executable, "-c", KILLER, "o.jsonl", str(len(whole) // 4), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(killer, cwd=here, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    kills, code = map(int, done.stdout.split())
    assert kills >= 2, done.stderr
    assert code == 0
    assert (here / "o.jsonl").read_bytes() == whole
    assert sorted(path.name for path in here.glob("o.*")) == ["o.jsonl", "o.jsonl.run.json"]


def test_what_is_no_model_is_told_before_that_no_point_is_saved_for_it(here):
    (here / "lfs.onnx").write_text("version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(EngineError, match="is a Git LFS pointer"):
        ran("score", "lfs.onnx", "shots", "--out", "o.csv")


def test_a_refusal_is_one_sentence_and_2_for_the_shell(here):
    done = offdiag("score", "m.onnx", "shots", "--out", "o.csv", cwd=here)
    assert done.returncode == 2
    assert done.stderr.startswith("offdiag: m.onnx: no operating point is saved for it")
    assert len(done.stderr.splitlines()) == 1
