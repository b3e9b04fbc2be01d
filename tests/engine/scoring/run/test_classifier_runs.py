"""A classifier on images: one vector of probabilities each, kept as a detector's boxes are."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.opening import Inputs, Opened, opening
from engine.scoring.card import changed
from engine.scoring.run.found import ClassProbabilities, FoundBoxes, from_blobs
from engine.scoring.run.runner import probabilities, score
from engine.scoring.run.scorer import Scorer
from tests.engine.scoring.making import images_of

NAMES = ("bolt", "nut", "gear")
CARD = {
    "task": "classify",
    "output.decoder": "classify",
    "output.activation": "softmax",
    "classes.names": NAMES,
}


@pytest.fixture
def classifier(scorer: Scorer) -> tuple[Scorer, list[int]]:
    """A scorer whose logits are the mean of its input times 0, 1 and 2, and its calls."""
    calls: list[int] = []

    def run(batch: np.ndarray, *_: np.ndarray) -> Sequence[np.ndarray]:
        calls.append(len(batch))
        return (batch.mean(axis=(1, 2, 3))[:, None] * np.arange(3, dtype=np.float32),)

    return replace(scorer, card=changed(scorer.card, CARD), detector=run), calls


def expected(level: float) -> np.ndarray:
    powers = np.exp(level * np.arange(3))
    return powers / powers.sum()


def test_each_image_has_its_probabilities_in_the_order_of_the_model(classifier, photos, store):
    scorer, calls = classifier
    images = photos(*[(64, 64)] * 6, gray=255)
    list(score(scorer, images, store))
    result = probabilities(scorer, images, store)
    assert result.probabilities.image.tolist() == list(range(6))
    assert result.probabilities.value.dtype == np.float64  # of logits
    assert np.allclose(result.probabilities.value, expected(1.0), atol=1e-6)
    assert (result.failures, result.warnings) == ((), scorer.notes)
    assert sum(calls) == 6


def test_a_run_that_was_killed_goes_on_where_it_was(classifier, photos, store):
    scorer, calls = classifier
    images = photos(*[(64, 64)] * 9)
    steps = score(scorer, images, store)
    next(steps), next(steps)
    steps.close()
    left = probabilities(scorer, images, store)
    done = len(left.probabilities)
    assert 0 < done < 9
    assert left.warnings[-1] == f"{9 - done} of 9 images are not scored yet."
    calls.clear()
    *_, last = score(scorer, images, store)
    assert (last.done, sum(calls)) == (9, 9 - done)
    calls.clear()
    (only,) = score(scorer, images, store)
    assert (only.from_store, calls) == (9, [])
    assert len(probabilities(scorer, images, store).probabilities) == 9


def test_images_that_fail_have_no_row_and_are_named(classifier, photos, store, tmp_path):
    scorer, _ = classifier
    good = photos((64, 64), (64, 64)).path
    broken = tmp_path / "letter.jpg"
    broken.write_text("dear reader")
    images = images_of([good[0], None, broken, good[1]])
    list(score(scorer, images, store))
    result = probabilities(scorer, images, store)
    assert result.probabilities.image.tolist() == [0, 3]
    assert result.failures == ((1, "no such file"), (2, "not an image that Pillow knows"))


def test_an_answer_of_nan_is_the_failure_of_its_image(classifier, photos, store):
    scorer, _ = classifier
    scorer = replace(scorer, detector=lambda batch: (np.full((len(batch), 3), np.nan, "f4"),))
    images = photos((64, 64))
    list(score(scorer, images, store))
    ((_, reason),) = probabilities(scorer, images, store).failures
    assert "NaN" in reason


vectors = hnp.arrays(np.float32, st.integers(1, 9), elements=st.floats(0, 1, width=32))


@given(vectors)
def test_probabilities_come_back_from_the_store_to_the_last_bit(value):
    again = from_blobs(*ClassProbabilities(value).blobs())
    assert isinstance(again, ClassProbabilities)
    assert np.array_equal(again.value, value)
    assert isinstance(from_blobs(*FoundBoxes.nothing().blobs()), FoundBoxes)


def test_the_demos_classifier_is_right_for_most_images_and_not_for_all(store):
    folder = Path(__file__).resolve().parents[4] / "demo_data" / "classification"
    *_, opened = opening(
        Inputs(
            data=folder / "images", model=folder / "model.onnx", provider="cpu", store=store.path
        )
    )
    assert isinstance(opened, Opened)
    value = opened.assessment.probabilities.value
    assert len(value) == len(opened.assessment.images)
    assert np.allclose(value.sum(axis=1), 1, atol=1e-5)
    assert 0.7 < opened.assessment.answers.right.mean() < 0.9


@given(vectors)
def test_the_store_keeps_what_is_made_of_logits_to_the_last_bit(value):
    for kept in (value, value.astype(np.float64) / 3):
        again = from_blobs(*ClassProbabilities(kept).blobs())
        assert isinstance(again, ClassProbabilities)
        assert again.value.dtype == kept.dtype
        assert np.array_equal(again.value, kept)
