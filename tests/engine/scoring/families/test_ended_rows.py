"""Three hundred rows of six numbers: what each exporter means by them."""

from pathlib import Path

import numpy as np
import pytest

from engine.scoring.run.runner import predictions, score
from engine.scoring.run.scorer import open_scorer
from tests.engine.scoring.family_cases import (
    CENTERS,
    CLASSES,
    CONFIDENCES,
    CORNERS,
    IMAGE,
    SCORES,
    in_image,
    rows,
    shares_of,
)
from tests.engine.scoring.graphs import Out, graph, names_metadata, suppression

SHARED = Path(__file__).parents[5] / "shared" / "cases" / "exports"
HEAD = {"head": "RTDETRDecoder", "end2end": "False", "args": "{'nms': None}"}
PAIRS = rows(shares_of(CENTERS), CONFIDENCES, CLASSES, least=300)
PIXELS = rows(CORNERS, CONFIDENCES, CLASSES, least=300)
EACH = rows(shares_of(CENTERS), SCORES, least=300)
ONE = rows(CORNERS, CONFIDENCES, [0, 0], least=300)
OF_ONE = rows(shares_of(CENTERS), CONFIDENCES, [0, 0], least=300)


def names(count):
    return ("bolt", "nut", *(f"class {index}" for index in range(2, count)))[:count]


def found_in(model, photos, store, classes):
    scorer = open_scorer(model)
    images = photos(IMAGE)
    list(score(scorer, images, store))
    return scorer, predictions(scorer, images, store, classes).predictions


@pytest.mark.parametrize(
    ("classes", "table", "said", "family", "level", "resize"),
    [
        (80, PAIRS, HEAD, "ultralytics-rtdetr", "certain", "stretch"),
        (2, PAIRS, HEAD, "ultralytics-rtdetr", "certain", "stretch"),
        (1, OF_ONE, HEAD, "ultralytics-rtdetr", "certain", "stretch"),
        (80, PAIRS, {}, "ultralytics-rtdetr", "likely", "stretch"),
        (2, PAIRS, {}, "ultralytics-rtdetr", "likely", "stretch"),
        (2, EACH, {}, "ultralytics-rtdetr", "certain", "stretch"),
        (2, PIXELS, {}, "ultralytics-end2end", "likely", "letterbox"),
        (80, PIXELS, {}, "ultralytics-end2end", "likely", "letterbox"),
        (1, ONE, {}, "ultralytics-end2end", "likely", "letterbox"),
        (1, ONE, {"end2end": "True"}, "ultralytics-end2end", "certain", "letterbox"),
    ],
)
def test_rows_of_six_are_read_as_their_exporter_means_them(
    tmp_path, photos, store, classes, table, said, family, level, resize
):
    known = names(classes)
    model = graph(
        tmp_path / "m.onnx", {"output0": Out(table)}, metadata=names_metadata(known) | said
    )
    scorer, found = found_in(model, photos, store, known)
    provenance = scorer.card.provenance
    assert (provenance.family, provenance.confidence) == (family, level)
    assert found.class_.tolist() == (CLASSES if classes > 1 else [0, 0])
    assert found.confidence == pytest.approx(CONFIDENCES)
    assert found.box == pytest.approx(in_image(resize), abs=0.02)


def test_a_query_may_be_two_classes(tmp_path, photos, store):
    box = shares_of([CENTERS[0]])
    both = np.concatenate([np.repeat(box, 2, axis=0), [[0.9, 1], [0.6, 0]]], axis=1)
    table = np.concatenate([both, np.zeros((298, 6))])[None]
    model = graph(tmp_path / "m.onnx", {"output0": Out(table)}, metadata=names_metadata() | HEAD)
    _, found = found_in(model, photos, store, names(2))
    assert found.class_.tolist() == [1, 0]
    assert found.box[0] == pytest.approx(found.box[1])


def test_as_many_rows_as_there_are_anchors_are_those_of_yolov5(tmp_path):
    table = rows(CENTERS, [0.9, 0.6], [1, 1], least=252)
    model = graph(
        tmp_path / "m.onnx",
        {"output0": Out(table)},
        shape=[1, 3, 64, 64],
        metadata=names_metadata(("bolt",)),
    )
    assert open_scorer(model).card.provenance.family == "ultralytics-v5"


@pytest.mark.skipif(not SHARED.exists(), reason="the graphs of real signatures are not here")
@pytest.mark.parametrize(
    ("name", "classes", "confidences", "boxes"),
    [
        ("rtdetr_8.4_80classes", [0, 79], [0.9, 0.6], [(40, 30, 20, 40), (15, 15, 10, 10)]),
        ("rtdetr_8.4_2classes", [0, 1], [0.9, 0.6], [(40, 30, 20, 40), (15, 15, 10, 10)]),
        ("yolov10_own_code_1class", [0, 0], [0.9, 0.6], None),
    ],
)
def test_graphs_of_real_signatures_find_their_boxes(
    name, classes, confidences, boxes, photos, store
):
    scorer = open_scorer(SHARED / f"{name}.onnx")
    images = photos((100, 100)) if boxes else photos((320, 320))
    list(score(scorer, images, store))
    found = predictions(scorer, images, store, scorer.class_names).predictions
    assert found.class_.tolist() == classes
    assert found.confidence == pytest.approx(confidences)
    wanted = np.array(boxes or [(96, 64, 128, 192), (10, 10, 50, 50)], float)
    assert found.box == pytest.approx(wanted, abs=0.01)


def test_what_lies_below_an_assumed_threshold_is_kept_and_nothing_is_said(tmp_path, photos, store):
    table = rows(CORNERS, [0.9, 0.12], CLASSES, least=300)
    said = names_metadata(args="{'nms': True}")  # exported with conf=.01, which nothing says
    model = graph(tmp_path / "m.onnx", {"output0": Out(table)}, metadata=said)
    scorer = open_scorer(model)
    images = photos(IMAGE)
    list(score(scorer, images, store))
    result = predictions(scorer, images, store, names(2))
    assert result.predictions.confidence == pytest.approx([0.9, 0.12])
    assert (result.warnings, result.silent_below) == ((), 0)


def test_a_threshold_in_the_graph_is_stated_unless_the_run_shows_less(tmp_path, photos, store):
    for least, below in ((0.3, 0.25), (0.12, 0)):
        operators, constants = suppression(0.25)
        model = graph(
            tmp_path / f"{least}.onnx",
            {"output0": Out(rows(CORNERS, [0.9, least], CLASSES, least=300))},
            metadata=names_metadata(args="{'nms': True}"),
            operators=operators,
            constants=constants,
        )
        scorer = open_scorer(model)
        images = photos(IMAGE)
        list(score(scorer, images, store))
        result = predictions(scorer, images, store, names(2))
        assert result.predictions.confidence == pytest.approx([0.9, least])
        assert result.silent_below == pytest.approx(below)
        assert any("drops confidences" in said for said in result.warnings) == bool(below)


@pytest.mark.skipif(not SHARED.exists(), reason="the graphs of real signatures are not here")
def test_an_export_with_a_threshold_of_its_own_keeps_its_box_of_little_confidence(photos, store):
    scorer = open_scorer(SHARED / "v8_nms_true_conf.01.onnx")
    images = photos((320, 320))
    list(score(scorer, images, store))
    found = predictions(scorer, images, store, scorer.class_names).predictions
    assert found.confidence == pytest.approx([0.9, 0.12])
