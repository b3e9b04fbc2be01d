"""Which images a probe takes, and what it counts on them: the laws."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.dataset import ClassificationDataset, Images
from engine.detection.coco.average_precision import average_precision
from engine.probing.choosing import chosen_images
from engine.probing.ranking import JudgedBoxes
from tests.making import detections


def classes_of(labels: list[int], missing: set[int]) -> ClassificationDataset:
    paths = tuple(
        None if image in missing else Path(f"{image}.png") for image in range(len(labels))
    )
    names = tuple(f"{image}.png" for image in range(len(labels)))
    images = Images(names, paths, np.zeros((len(labels), 2), np.intp))
    label = np.array(labels, np.intp)
    return ClassificationDataset(Path("data"), tuple("abcde"), images, label)


@given(
    st.lists(st.integers(0, 4), max_size=60),
    st.sets(st.integers(0, 60), max_size=20),
    st.sets(st.integers(0, 4)),
    st.integers(1, 32),
)
def test_images_are_there_distinct_and_spread_over_the_classes(labels, missing, findable, limit):
    dataset = classes_of(labels, missing)
    chosen = chosen_images(dataset, findable, limit)
    possible = [
        image for image, label in enumerate(labels) if image not in missing and label in findable
    ]
    assert len(chosen) == len(set(chosen)) == min(limit, len(possible))
    assert set(chosen) <= set(possible)
    assert chosen == chosen_images(dataset, findable, limit)
    # No class has two images more than another that has some left.
    taken = np.bincount([labels[image] for image in chosen], minlength=5)
    whole = np.bincount([labels[image] for image in possible], minlength=5)
    waiting = taken < whole
    if waiting.any():
        assert taken.max() <= taken[waiting].min() + 1


@given(detections())
@settings(max_examples=30)
def test_the_score_of_a_detector_is_average_precision(detection):
    judged = JudgedBoxes.of(detection.dataset, detection.predictions)
    known = average_precision(
        detection.dataset.ground_truths, detection.predictions, len(detection.classes)
    )
    assert judged.score() == pytest.approx(known.summary.AP, abs=1e-12, nan_ok=True)


@given(detections(), st.data())
@settings(max_examples=30)
def test_a_part_of_a_dataset_holds_the_ground_truth_of_its_images(detection, data):
    count = len(detection.images)
    images = data.draw(st.lists(st.integers(0, count - 1), unique=True))
    part = detection.dataset.only(np.array(images, np.intp))
    truths, all_truths = part.ground_truths, detection.dataset.ground_truths
    for place, image in enumerate(images):
        kept, known = truths.image == place, all_truths.image == image
        assert np.array_equal(truths.box[kept], all_truths.box[known])
        assert np.array_equal(truths.crowd[kept], all_truths.crowd[known])
        assert part.images.name[place] == detection.images.name[image]
    assert len(truths) == np.isin(all_truths.image, images).sum()
