"""Numbers that no model can mean refute a layout, whoever named it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.errors import ModelError
from engine.scoring.card import ModelCard, OutputCard, card_beside
from engine.scoring.heads import CLASSIFIERS, HEADS
from engine.scoring.heads.plausible import RawNumbers, impossible
from engine.scoring.run.scorer import open_scorer
from tests.engine.scoring.family_cases import CENTERS, CLASSES, CONFIDENCES, CORNERS, rows
from tests.engine.scoring.graphs import Out, graph

BOX = st.tuples(*[st.floats(0, 600)] * 4).map(lambda box: (*box[:2], box[0] + box[2], box[1] + 9))
ROW = st.tuples(BOX, st.floats(0, 1), st.integers(0, 90))


@given(st.lists(ROW, max_size=20))
def test_what_a_detector_may_answer_is_never_refuted(found):
    boxes = np.array([box for box, _, _ in found], np.float32).reshape(-1, 4)
    scores = np.array([score for _, score, _ in found], np.float32)
    classes = np.array([class_ for _, _, class_ in found], np.float32)
    assert impossible(RawNumbers(boxes, scores, classes), "xyxy") == ""


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        (RawNumbers(scores=np.array([0.5, 1.53])), "confidences such as 1.53"),
        (RawNumbers(scores=np.array([[0.5, -0.4]])), "confidences such as -0.4"),
        (
            RawNumbers(scores=np.array([0.5]), classes=np.array([0.37])),
            "classes such as 0.37, which are no whole numbers",
        ),
        (
            RawNumbers(np.array([[9, 0, 3, 5], [0, 0, 5, 5]]), np.array([0.5, 0.4])),
            "1 of 2 boxes end before they begin",
        ),
    ],
)
def test_what_refutes_a_layout_is_said_with_a_number(numbers, words):
    assert words in impossible(numbers, "xyxy")


def test_padding_and_nan_and_boxes_of_no_confidence_are_no_signs():
    boxes = np.array([[0, 0, 5, 5], [-1, -1, -2, -2], [9, 9, 0, 0]])
    scores = np.array([0.9, -1, 0])
    assert impossible(RawNumbers(boxes, scores, np.array([1, -1, 0.5])), "xyxy") == ""
    assert impossible(RawNumbers(boxes, np.full(3, np.nan)), "xyxy") == ""


def test_the_sides_of_a_box_may_not_be_below_0():
    boxes = np.array([[5, 5, -1, 4]])
    assert "end before" in impossible(RawNumbers(boxes, np.array([0.5])), "cxcywh")
    assert impossible(RawNumbers(np.array([[5, 5, 1, 4]]), np.array([0.5])), "cxcywh") == ""


def test_what_becomes_probabilities_here_is_not_looked_at():
    for decoder, head in (HEADS | CLASSIFIERS).items():
        if decoder in ("yolo", "yolo-obj", "detr", "classify"):
            card = ModelCard(output=OutputCard(decoder=decoder, activation="sigmoid"))
            assert head.numbers((np.full((8, 8), -7.0),), card).scores is None


@pytest.mark.parametrize(
    ("said", "table", "words"),
    [
        ('decoder = "rows6"', rows(CENTERS / 64, CONFIDENCES, CLASSES), "end before they begin"),
        ('decoder = "rows6"', rows(CORNERS, CLASSES, CONFIDENCES), "classes such as 0.9"),
        ('decoder = "yolo"', np.full((1, 40, 84), 1.53), "confidences such as 1.53"),
        ('decoder = "yolo-obj"', np.full((1, 84, 7), 2.0), "confidences such as 2,"),
        ('decoder = "yolox"', np.full((1, 84, 7), 2.0), "confidences such as 2,"),
        ('decoder = "classify"', np.array([[-2.3, 4.0]]), "confidences such as 4,"),
    ],
)
def test_a_card_is_refuted_by_a_trial(tmp_path, said, table, words):
    model = graph(tmp_path / "model.onnx", {"output": Out(table)}, shape=[1, 3, 64, 64])
    task = "classify" if "classify" in said else "detect"
    card_beside(model).write_text(f'task = "{task}"\n[output]\n{said}\n')
    with pytest.raises(ModelError, match="cannot be what its outputs mean") as error:
        open_scorer(model)
    assert words in str(error.value)
    assert str(card_beside(model)) in str(error.value)
