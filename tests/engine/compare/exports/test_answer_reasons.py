"""Why classifiers disagree, told by their probabilities."""

import numpy as np
import pytest

from engine.compare.exports.answer_reasons import AnswerSides
from engine.compare.exports.verdicts import agreement
from engine.core.dataset import Probabilities
from tests.making import NAMES

LOGITS = np.random.default_rng(0).normal(0, 3, (200, 4))


def softmax(logits: np.ndarray) -> np.ndarray:
    risen = np.exp(logits)
    return risen / risen.sum(axis=1, keepdims=True)


def answers(value: np.ndarray) -> Probabilities:
    return Probabilities(np.arange(len(value)), value)


def found(a: np.ndarray, b: np.ndarray):
    return agreement(AnswerSides(NAMES, answers(a), answers(b)))


def test_equal_answers_are_the_same_model():
    one = found(softmax(LOGITS), softmax(LOGITS))
    assert one.verdict == "same"
    assert "the top class is the same in all 200 images" in one.sentence


@pytest.mark.parametrize("by", [0.003, 0.05])
def test_a_little_noise_is_rounding(by):
    noise = np.random.default_rng(1).normal(0, by, LOGITS.shape)
    assert found(softmax(LOGITS), softmax(LOGITS + noise)).verdict == "rounding"


def test_another_model_is_another_one():
    other = np.random.default_rng(2).normal(0, 3, LOGITS.shape)
    one = found(softmax(LOGITS), softmax(other))
    assert (one.verdict, one.reason) == ("other", "")


def test_another_order_of_classes_is_named():
    one = found(softmax(LOGITS), softmax(LOGITS)[:, [1, 0, 2, 3]])
    assert one.verdict == "other"
    assert "bolt of A is nut of B, nut of A is bolt of B" in one.reason


@pytest.mark.parametrize("swapped", [False, True])
def test_logits_that_were_never_made_probabilities_are_found(swapped):
    pair = (softmax(LOGITS), LOGITS)
    one = found(*pair[::-1]) if swapped else found(*pair)
    assert one.verdict == "other"
    assert f"the numbers of {'A' if swapped else 'B'} are no probabilities" in one.reason
