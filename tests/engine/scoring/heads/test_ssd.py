"""SSDs with a background column beside a loop after UltraFace's detect_imgs_onnx.py."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.scoring.heads.reading import card_of, in_order, read


def reference(boxes, confidences, least):
    found = []
    for column in range(1, confidences.shape[1]):
        for box, confidence in zip(boxes, confidences[:, column], strict=True):
            if confidence >= least:
                found.append((*box, confidence, column - 1))
    return in_order(found)


@given(st.integers(1, 5), st.integers(0, 99))
def test_boxes_are_those_of_its_authors_loop_and_the_background_is_none(classes, seed):
    values = np.random.default_rng(seed)
    boxes = values.random((60, 4))
    scores = values.random((60, classes + 1))
    scores /= scores.sum(axis=1, keepdims=True)
    found = read("ssd", (boxes, scores), card_of("ssd", (48, 64)), 0.3)
    assert found == pytest.approx(reference(boxes, scores, 0.3))


def test_logits_become_shares_first():
    boxes = np.array([[0.1, 0.1, 0.5, 0.5]])
    card = card_of("ssd", (48, 64), activation="softmax")
    found = read("ssd", (boxes, np.log([[0.2, 0.7, 0.1]])), card, 0.5)
    assert found == pytest.approx(np.array([[0.1, 0.1, 0.5, 0.5, 0.7, 0]]))
