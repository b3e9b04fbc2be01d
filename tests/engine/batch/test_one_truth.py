"""The app and a scoring run give the same detections of the same images, to the last bit."""

import json
import shutil
from pathlib import Path

import pytest

from engine.batch.inputs import Shard
from engine.cards.operating_point import applied, saved_point
from engine.cards.point_writer import save_point
from engine.opening import Inputs, Opened, opening
from engine.report.reporting import reported
from engine.scoring.run.scorer import open_scorer
from tests.engine.batch.making import job, lines, run

DEMO = Path(__file__).resolve().parents[3] / "demo_data" / "detection"
# In a batch of four, the last bits of some of these would depend on their neighbours.
CHOSEN = (*range(15, 21), *range(46, 50), *range(54, 58), *range(96, 100))


@pytest.fixture(scope="module")
def some(tmp_path_factory) -> Path:
    """A few images of the demo with their ground truth, and the model."""
    place = tmp_path_factory.mktemp("demo")
    truth = json.loads((DEMO / "truth.json").read_text())
    truth["images"] = [truth["images"][index] for index in CHOSEN]
    known = {image["id"] for image in truth["images"]}
    truth["annotations"] = [row for row in truth["annotations"] if row["image_id"] in known]
    (place / "truth.json").write_text(json.dumps(truth))
    (place / "images").mkdir()
    for image in truth["images"]:
        name = Path(image["file_name"]).name
        shutil.copy(DEMO / "images" / name, place / "images" / name)
    shutil.copy(DEMO / "model.onnx", place / "model.onnx")
    return place


def opened(some: Path) -> Opened:
    inputs = Inputs(
        data=some / "truth.json",
        model=some / "model.onnx",
        images=some / "images",
        provider="cpu",
        store=some / "store.sqlite",
    )
    *_, last = opening(inputs)
    assert isinstance(last, Opened)
    return last


def test_a_saved_point_gives_in_score_what_the_app_shows(some, tmp_path):
    app = opened(some)
    made = reported(app, 0.5, None, with_intervals=False)
    save_point(some / "model.onnx", made.point())
    point = saved_point(some / "model.onnx")
    shown = app.assessment.predictions
    names = app.assessment.dataset.images.name
    rows = zip(shown.image, shown.class_, shown.confidence.tolist(), shown.box, strict=True)
    expected = [
        (Path(names[image]).name, app.assessment.classes[class_], score, [x, y, x + w, y + h])
        for image, class_, score, (x, y, w, h) in rows
    ]
    counted = sorted(each for each in expected if each[2] >= point.confidence)
    assert len(CHOSEN) < len(counted) < len(expected) / 10

    scorer = open_scorer(some / "model.onnx", provider="cpu")
    thresholds = applied(point, scorer.model, scorer.digest, scorer.class_names, scorer.card)
    # In another order, and in parts: neighbours of an image must not change its answer.
    files = sorted((some / "images").iterdir(), reverse=True)
    found = []
    for index in (1, 2):
        out, shard = tmp_path / f"{index}.jsonl", Shard(index, 2)
        run(job(scorer, out, *files, thresholds=thresholds, everything=True, shard=shard))
        found += [
            (Path(line["image"]).name, each["class"], each["score"], each["box"], each["decision"])
            for line in lines(out)
            for each in line["predictions"]
        ]
    assert sorted(each[:4] for each in found) == sorted(expected)
    assert sorted(each[:4] for each in found if each[4] == "keep") == counted


def test_the_app_begins_at_the_saved_point_unless_the_model_has_changed(some):
    app = opened(some)
    point = reported(app, 0.5, 0.37, with_intervals=True).point()
    assert (point.confidence, point.iou, point.goal) == (0.37, 0.5, "f1")
    card = app.assessment.at_iou(0.5, "class-first").scorecard(0.37)
    assert point.value == pytest.approx(card.f1)
    low, high = point.interval
    assert low < point.value < high
    save_point(some / "model.onnx", point)
    assert opened(some).start_point.confidence == 0.37
    other = some / "model.card.toml"
    other.write_text(other.read_text() + f'sha256 = "{"0" * 64}"\n')
    again = opened(some)
    assert again.start_point is None
    assert again.saved.confidence == 0.37
