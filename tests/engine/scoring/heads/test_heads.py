"""Models whose answers are written into them, through the real session to image pixels."""

import numpy as np
import pytest
from onnx import TensorProto

from engine.core.errors import ModelError
from engine.scoring.run.runner import predictions, score
from engine.scoring.run.scorer import open_scorer
from tests.engine.scoring.making import (
    NAMES,
    constant_answer_model,
    ultralytics_metadata,
    yolo_answer,
)

YOLOX_CARD = """
[input]
color = "BGR"
resize = "letterbox-topleft"
scale = 1.0
[output]
decoder = "yolox"
[output.nms]
iou = 0.45
[classes]
names = ["bolt", "nut"]
"""


def scored(scorer, images, store, classes=NAMES):
    for _ in score(scorer, images, store):
        pass
    return predictions(scorer, images, store, classes)


def test_an_ultralytics_model_finds_its_boxes_in_image_pixels(tmp_path, photos, store):
    answer = yolo_answer(
        [
            (32, 32, 16, 8, 0.9, 0.3),  # two classes above the floor: two predictions
            (33, 32, 16, 8, 0.8, 0.0),  # the same bolt again
            (32, 20, 300, 8, 0.0, 0.5),  # wider than the image
            (50, 50, 4, 4, 0.0005, 0.0),  # below the floor
        ]
    )
    model = constant_answer_model(tmp_path / "m.onnx", answer, metadata=ultralytics_metadata())
    # 128 x 96 becomes 64 x 48 with 8 rows above: an input pixel is two image pixels.
    found = scored(open_scorer(model), photos((128, 96)), store).predictions
    assert found.class_.tolist() == [0, 1, 1]
    assert found.confidence == pytest.approx([0.9, 0.5, 0.3])
    assert found.box == pytest.approx(
        np.array([[48, 40, 32, 16], [0, 16, 128, 16], [48, 40, 32, 16]]), abs=1e-4
    )


@pytest.mark.parametrize(
    ("card", "gray", "mean"),
    [
        ("", 200, 200 / 255),
        ("[input]\nscale = 1.0\nmean = [100.0, 100.0, 100.0]\nstd = [4.0, 4.0, 4.0]", 200, 25),
    ],
)
def test_the_model_is_fed_what_the_card_says(tmp_path, photos, store, card, gray, mean):
    # The model adds the mean pixel of its input to the center of its first box.
    model = constant_answer_model(
        tmp_path / "m.onnx",
        np.array([[30], [32], [4], [4], [0.9], [0]]),
        metadata=ultralytics_metadata(),
    )
    (tmp_path / "m.card.toml").write_text(card)
    found = scored(open_scorer(model), photos((64, 64), gray=gray), store).predictions
    assert found.box[0, 0] == pytest.approx(28 + mean, abs=0.1)


@pytest.mark.parametrize("kind", [TensorProto.FLOAT16, TensorProto.UINT8])
def test_half_floats_and_bytes_are_fed_in_their_own_type(tmp_path, photos, store, kind):
    model = constant_answer_model(
        tmp_path / "m.onnx",
        np.array([[30], [32], [4], [4], [0.9], [0]]),
        metadata=ultralytics_metadata(),
        input_type=kind,
    )
    found = scored(open_scorer(model), photos((640, 640), gray=20), store).predictions
    mean = 20 if kind == TensorProto.UINT8 else 20 / 255
    # An input pixel is ten image pixels.
    assert found.box[0, 0] == pytest.approx(280 + 10 * mean, abs=0.2)


def yolox_answer(at, row):
    """84 cells of a 64 x 64 input: 8 x 8 of stride 8, 4 x 4 of 16, 2 x 2 of 32."""
    table = np.zeros((84, 7))
    table[at] = row
    return table


def test_a_yolox_model_with_a_card_finds_its_box_in_image_pixels(tmp_path, photos, store):
    # Second grid (after 64 cells), row 1, column 2, stride 16: center (2.5, 1.25) * 16.
    answer = yolox_answer(64 + 4 + 2, [0.5, 0.25, np.log(1.5), np.log(0.5), 0.8, 0.5, 0.001])
    model = constant_answer_model(tmp_path / "yolox.onnx", answer, batch=1)
    (tmp_path / "yolox.card.toml").write_text(YOLOX_CARD)
    scorer = open_scorer(model)
    assert (scorer.batch, scorer.fixed_batch) == (1, True)
    assert scorer.card.provenance.family == "yolox"
    found = scored(scorer, photos((128, 64), (32, 32)), store).predictions
    assert found.image.tolist() == [0, 1]
    assert found.class_.tolist() == [0, 0]
    assert found.confidence == pytest.approx([0.4, 0.4])
    # center (40, 20), 24 x 8; the first image is halved, the second doubled, both top left.
    assert found.box == pytest.approx(np.array([[56, 32, 48, 16], [14, 8, 12, 4]]), abs=1e-4)


def test_rows_of_a_model_that_suppresses_by_itself_are_taken_as_they_are(tmp_path, photos, store):
    rows = np.array(
        [[0, 0, 0, 0, 0, 0], [10, 10, 20, 30, 0.6, 1], [10, 10, 20, 30, 0.5, 1], [-1] * 6]
    )
    model = constant_answer_model(
        tmp_path / "m.onnx", rows, metadata=ultralytics_metadata(end2end="True")
    )
    (tmp_path / "m.card.toml").write_text('[output]\ndecoder = "rows6"')
    found = scored(open_scorer(model), photos((64, 64)), store).predictions
    assert found.confidence == pytest.approx([0.6, 0.5])
    assert found.box == pytest.approx(np.array([[10, 10, 10, 20]] * 2))
    assert found.class_.tolist() == [1, 1]


def test_a_class_that_the_card_does_not_name_is_an_error(tmp_path, photos, store):
    rows = np.array([[0, 0, 0, 0, 0, 0], [10, 10, 20, 30, 0.6, 5]])
    model = constant_answer_model(tmp_path / "m.onnx", rows)
    (tmp_path / "m.card.toml").write_text(
        '[output]\ndecoder = "rows6"\n[classes]\nnames = ["bolt", "nut"]'
    )
    with pytest.raises(ModelError, match="found class 5, but its card names 2"):
        scored(open_scorer(model), photos((64, 64)), store)


def test_a_model_that_answers_with_nan_fails_the_image(tmp_path, photos, store):
    answer = yolo_answer([(32, 32, 16, 8, np.nan, 0.3)])
    model = constant_answer_model(tmp_path / "m.onnx", answer, metadata=ultralytics_metadata())
    result = scored(open_scorer(model), photos((64, 64)), store)
    assert result.failures == ((0, "the model gave NaN instead of confidences"),)


def test_boxes_that_overflow_are_dropped(tmp_path, photos, store):
    answer = yolox_answer(3, [0, 0, 4000, 1, 1, 1, 0])
    model = constant_answer_model(tmp_path / "yolox.onnx", answer, batch=1)
    (tmp_path / "yolox.card.toml").write_text(YOLOX_CARD)
    assert len(scored(open_scorer(model), photos((64, 64)), store).predictions) == 0


def test_every_batch_size_finds_the_same(tmp_path, photos, store):
    answer = yolo_answer([(32, 32, 16, 8, 0.9, 0.3)])
    images = photos(*[(100 + index, 80) for index in range(7)])
    tables = []
    for number, batch in enumerate([1, 3, "batch"]):
        path = constant_answer_model(
            tmp_path / f"{number}.onnx", answer, batch=batch, metadata=ultralytics_metadata()
        )
        tables.append(scored(open_scorer(path), images, store).predictions)
    for table in tables[1:]:
        assert np.array_equal(table.box, tables[0].box)
        assert np.array_equal(table.image, tables[0].image)
    assert tables[0].image.tolist() == [index for index in range(7) for _ in range(2)]


def test_no_more_than_max_det_boxes_stay_and_they_are_the_best(tmp_path, photos, store):
    answer = yolo_answer([(i % 60, i // 2, 1, 1, 0.1 + i / 1000, 0) for i in range(100)])
    model = constant_answer_model(tmp_path / "m.onnx", answer, metadata=ultralytics_metadata())
    (tmp_path / "m.card.toml").write_text("[output.nms]\nmax_det = 5")
    found = scored(open_scorer(model), photos((64, 64)), store).predictions
    assert found.confidence == pytest.approx([0.199, 0.198, 0.197, 0.196, 0.195])
