import csv
import io
import json
import os
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.batch import run as running
from engine.batch.inputs import InputError
from engine.batch.judged import boxed
from engine.cards.operating_point import Thresholds
from engine.cards.operating_point import given as one_confidence
from engine.core.dataset import ClassificationDataset, Images
from engine.formats.predictions.probability_files import read_probabilities
from engine.scoring.run.found import FoundBoxes
from tests.engine.batch.making import SUFFIX, classifier, facts, job, lines, printed, run
from tests.engine.scoring.making import NAMES

OWN = Thresholds(0.3, np.array([0.5, 0.1]), "saved")


def test_a_line_for_each_image_says_what_was_found_or_why_not(scorer, folder, out):
    run(job(scorer, out / "o.jsonl", folder))
    told = lines(out / "o.jsonl")
    assert [Path(line["image"]).name for line in told] == [f"{n:03d}.png" for n in range(23)]
    assert told[3] == {
        "image": f"{folder}/003.png",
        "error": "not an image that Pillow knows",
    }
    assert told[0]["predictions"] == []
    gray = 37 * 6 / 255
    first, second = told[6]["predictions"][:2]
    assert (first["class"], first["class_id"]) == ("bolt", 0)
    assert first["score"] == pytest.approx(gray, abs=0.01)
    assert told[6]["width"], told[6]["height"] == (16, 16)
    assert first["score"] > second["score"]


def test_numbers_are_the_models_to_the_last_bit(scorer, folder, out):
    for format_ in ("coco", "csv", "jsonl", "parquet", "yolo"):
        run(job(scorer, out / SUFFIX[format_], folder, format=format_))
    rows = json.loads((out / "json").read_text())
    detailed = [
        (each["class_id"], each["score"], each["box"])
        for line in lines(out / "jsonl")
        for each in line.get("predictions", [])
    ]
    assert [row["score"] for row in rows] == [score for _, score, _ in detailed]
    assert all(np.float32(row["score"]) == row["score"] for row in rows)
    for row, (class_id, _, (left, top, right, bottom)) in zip(rows, detailed, strict=True):
        assert row["category_id"] == class_id + 1
        assert row["bbox"] == [left, top, right - left, bottom - top]
    table = list(csv.DictReader(io.StringIO((out / "csv").read_text())))
    assert [float(row["score"]) for row in table] == [score for _, score, _ in detailed]
    columns = "class_id, score, x1, y1, x2, y2"
    kept = duckdb.sql(f"SELECT {columns} FROM read_parquet('{out / 'parquet'}')").fetchall()
    assert kept == [(class_id, score, *box) for class_id, score, box in detailed]


def test_yolo_labels_are_parts_of_the_image_with_the_confidence_last(scorer, folder, out):
    run(job(scorer, out / "labels", folder, format="yolo"))
    run(job(scorer, out / "o.jsonl", folder))
    files = {path.name for path in (out / "labels").iterdir()}
    assert files == {f"{n:03d}.txt" for n in range(23) if n % 7 != 3}
    (told,) = [line for line in lines(out / "o.jsonl") if line["image"].endswith("005.png")]
    text = (out / "labels" / "005.txt").read_text()
    rows = [[float(number) for number in line.split()] for line in text.splitlines()]
    assert len(rows) == len(told["predictions"]) > 0
    for (class_, x, y, width, height, confidence), each in zip(
        rows, told["predictions"], strict=True
    ):
        left, top, right, bottom = each["box"]
        size = told["width"], told["height"]
        assert (class_, confidence) == (each["class_id"], each["score"])
        assert (x * size[0], width * size[0]) == pytest.approx(((left + right) / 2, right - left))
        assert (y * size[1], height * size[1]) == pytest.approx(((top + bottom) / 2, bottom - top))


@given(
    st.lists(st.tuples(st.integers(0, 2), st.floats(0, 1, width=32)), max_size=20),
    st.lists(st.floats(0, 1), min_size=3, max_size=3),
)
def test_a_prediction_counts_from_the_threshold_of_its_own_class(found, own):
    class_ = np.array([row[0] for row in found], np.int32)
    confidence = np.array([row[1] for row in found], np.float32)
    answer = FoundBoxes(class_, confidence, np.zeros((len(found), 4), np.float32))
    image = boxed("a.jpg", (10, 10), answer, Thresholds(0.5, np.array(own), "saved"))
    assert image.kept.tolist() == [float(score) >= own[c] for c, score in found]


def test_all_keeps_everything_and_its_kept_rows_are_those_without_it(scorer, folder, out):
    for format_ in ("coco", "csv", "jsonl"):
        options = {"format": format_, "thresholds": OWN}
        run(job(scorer, out / f"few{format_}", folder, **options))
        run(job(scorer, out / f"all{format_}", folder, everything=True, **options))
    every, few = (json.loads((out / f"{n}coco").read_text()) for n in ("all", "few"))
    assert 0 < len(few) < len(every)
    kept = [{key: row[key] for key in few[0]} for row in every if row["decision"] == "keep"]
    assert kept == few
    for row in every:
        threshold = OWN.of_class[row["category_id"] - 1]
        assert row["threshold"] == threshold
        assert (row["decision"] == "keep") == (row["score"] >= threshold)
    counts = facts(out / "allcoco")["counts"]
    assert (counts["kept"], counts["dropped"]) == (len(few), len(every) - len(few))
    assert sum(counts["by_class"].values()) == len(few)


def test_a_classifier_answers_or_abstains(scorer, folder, out):
    made, strict = classifier(scorer), Thresholds(0.9, np.array([0.9, 0.6]), "given")
    run(job(made, out / "o.jsonl", folder, thresholds=strict))
    run(job(made, out / "all.csv", folder, thresholds=strict, format="csv", everything=True))
    told = [line for line in lines(out / "o.jsonl") if "error" not in line]
    dark, middle = told[0], next(line for line in told if line["class"] is None)
    assert (dark["class"], dark["class_id"], dark["score"]) == ("nut", 1, 1.0)
    assert 0.5 <= middle["score"] < 0.9
    table = list(csv.DictReader(io.StringIO((out / "all.csv").read_text())))
    assert {row["decision"] for row in table} == {"keep", "drop"}
    for row, line in zip(table, told, strict=True):
        assert float(row[row["class"]]) == float(row["score"]) == line["score"]
        assert float(row["bolt"]) + float(row["nut"]) == pytest.approx(1)
        assert (row["decision"] == "keep") == (line["class"] is not None)
    with pytest.raises(InputError, match="this model classifies: choose --format csv"):
        run(job(made, out / "o.json", folder, format="coco"))


def test_all_probabilities_are_a_table_that_can_be_assessed(scorer, folder, out):
    whole = Thresholds(0.0, np.zeros(2), "given")
    images = Images(
        tuple(f"{n:03d}.png" for n in range(23)), (None,) * 23, np.zeros((23, 2), np.intp)
    )
    dataset = ClassificationDataset(folder, NAMES, images, np.zeros(23, np.intp))
    for format_ in ("csv", "parquet"):
        made = job(classifier(scorer), out / f"o.{format_}", folder, format=format_)
        made = replace(made, thresholds=whole, request=replace(made.request, everything=True))
        run(made)
        table = read_probabilities(out / f"o.{format_}", dataset)
        assert table.classes == NAMES
        assert len(table.value) == 20
        assert np.asarray(table.value).sum(axis=1) == pytest.approx(1)


@pytest.mark.skipif(os.name != "posix", reason="file names are text here")
def test_a_file_name_that_is_no_text_is_kept_in_every_format(scorer, folder, out, tmp_path):
    name = b'caf\xe9 "1",\n.png'
    path = os.fsencode(tmp_path) + b"/" + name
    with open(path, "wb") as file:  # noqa: PTH123
        file.write((folder / "005.png").read_bytes())
    listed = path.replace(b"\n", b"\n") + b"\0"
    for format_ in ("coco", "csv", "jsonl"):
        made = printed(job(scorer, None, "-", format=format_), listed)
        if format_ == "csv":
            text = io.StringIO(made.decode("utf-8", "surrogateescape"), newline="")
            found = [row["image"] for row in csv.DictReader(text)]
        else:
            rows = json.loads(made)
            rows = rows if format_ == "coco" else [rows]
            found = [row.get("image_id", row.get("image")) for row in rows]
        assert {os.fsencode(each) for each in found} == {path}
    place = job(scorer, out / "o.parquet", os.fsdecode(path), format="parquet")
    run(place)
    (kept,) = duckdb.sql(f"SELECT DISTINCT image FROM '{out / 'o.parquet'}'").fetchall()
    assert kept[0].endswith('caf\\udce9 "1",\n.png')
    assert facts(out / "o.parquet")["inputs"] == [kept[0]]


def test_failures_are_listed_with_their_reason_and_counted(scorer, folder, out):
    listed = f"{folder}/gone.png\n{folder}/000.png\n{folder}/003.png\n".encode()
    (out / "list").write_bytes(listed)
    *_, last = run(job(scorer, out / "o.csv", f"@{out}/list", format="csv"))
    told = facts(out / "o.csv")
    assert told["failures"] == [
        {"image": f"{folder}/gone.png", "reason": "no such file"},
        {"image": f"{folder}/003.png", "reason": "not an image that Pillow knows"},
    ]
    assert (told["counts"]["scored"], told["counts"]["failed"]) == (1, 2)
    assert last.failures[0] == (f"{folder}/gone.png", "no such file")


def test_classes_without_a_name_are_called_by_their_number(scorer, folder, out):
    classes = replace(scorer.card.classes, names=())
    made = replace(scorer, card=replace(scorer.card, classes=classes))
    run(job(made, out / "o.csv", folder, format="csv", thresholds=one_confidence(0.3, 0)))
    assert set(facts(out / "o.csv")["counts"]["by_class"]) == {"0", "1"}


def test_the_list_is_read_in_pieces(scorer, folder, out, monkeypatch):
    run(job(scorer, out / "o.jsonl", folder))
    monkeypatch.setattr(running, "LISTED", 1)
    run(job(scorer, out / "pieces.jsonl", folder))
    assert (out / "pieces.jsonl").read_bytes() == (out / "o.jsonl").read_bytes()


def test_an_image_that_is_named_twice_is_scored_once(scorer, folder, out):
    run(job(scorer, out / "o.jsonl", folder / "001.png", folder, folder / "001.png"))
    names = [Path(line["image"]).name for line in lines(out / "o.jsonl")]
    assert len(names) == 23
    assert names[:2] == ["001.png", "000.png"]


def test_two_images_never_share_a_label_file(scorer, folder, out, tmp_path):
    (tmp_path / "x").mkdir()
    Image.new("RGB", (8, 8)).save(tmp_path / "x" / "001.jpg")
    with pytest.raises(InputError, match="would be written to the same file"):
        run(job(scorer, out / "labels", folder, tmp_path / "x" / "001.jpg", format="yolo"))


def test_pictures_have_the_boxes_that_count_drawn_in(scorer, folder, out):
    (out / "in" / "sub").mkdir(parents=True)
    Image.new("RGB", (200, 200), (250, 250, 250)).save(out / "in" / "sub" / "a.png")
    Image.new("RGB", (200, 200), (0, 0, 0)).save(out / "in" / "b.png")
    run(job(scorer, out / "o.jsonl", out / "in", draw=out / "drawn"))
    with Image.open(out / "drawn" / "sub" / "a.jpg") as picture:
        pixels = np.asarray(picture).astype(int)
    (first, *_) = lines(out / "o.jsonl")[1]["predictions"]
    left, top, right, _ = map(round, first["box"])
    assert first["class"] == "bolt"
    line = pixels[top, (left + right) // 2]
    assert line[0] > 180 > 120 > line[1]  # the red of the first class
    with Image.open(out / "drawn" / "b.jpg") as dark:
        assert np.asarray(dark).max() < 12
