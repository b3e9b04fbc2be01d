from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.core.dataset import ClassificationDataset, DetectionDataset, GroundTruths, Images
from engine.core.fingerprint import fingerprint
from tests.making import detection, detections

BASE = detection(
    [(0, 0, (1, 2, 10, 10)), (1, 1, (3, 4, 10, 10)), (1, 1, (5, 4, 9, 9))], [], images=3
).dataset


def shuffled(dataset: DetectionDataset, rng: np.random.Generator) -> DetectionDataset:
    """The same content in a file of another order."""
    images = rng.permutation(len(dataset.images))
    classes = rng.permutation(len(dataset.classes))
    truths = dataset.ground_truths
    rows = rng.permutation(len(truths))
    return replace(
        dataset,
        classes=tuple(dataset.classes[c] for c in classes),
        images=Images(
            tuple(dataset.images.name[i] for i in images),
            (None,) * len(images),
            dataset.images.size[images],
        ),
        ground_truths=GroundTruths(
            np.argsort(images)[truths.image[rows]],
            np.argsort(classes)[truths.class_[rows]],
            truths.box[rows],
            truths.area[rows],
            truths.crowd[rows],
        ),
    )


@given(detections(), st.integers(0, 2**32 - 1))
def test_the_order_of_a_file_makes_no_difference(made, seed):
    dataset = made.dataset
    assert fingerprint(shuffled(dataset, np.random.default_rng(seed))) == fingerprint(dataset)


def test_whatever_is_changed_changes_the_fingerprint():
    truths = BASE.ground_truths
    changed = [
        replace(BASE, classes=("Bolt", *BASE.classes[1:])),
        replace(BASE, images=replace(BASE.images, name=("x.jpg", *BASE.images.name[1:]))),
        replace(BASE, images=replace(BASE.images, size=BASE.images.size + 1)),
        replace(BASE, ground_truths=replace(truths, box=truths.box + 1e-6)),
        replace(BASE, ground_truths=replace(truths, class_=truths.class_[::-1])),
        replace(BASE, ground_truths=replace(truths, image=np.array([0, 1, 2]))),
        replace(BASE, ground_truths=replace(truths, crowd=~truths.crowd)),
    ]
    found = {fingerprint(dataset) for dataset in (BASE, *changed)}
    assert len(found) == len(changed) + 1


def test_labels_have_a_fingerprint_too():
    images = Images(("a", "b"), (None, None), np.zeros((2, 2), np.intp))
    labels = ClassificationDataset(Path("x"), ("cat", "dog"), images, np.array([0, 1]))
    swapped = replace(labels, classes=("dog", "cat"), label=np.array([1, 0]))
    assert fingerprint(swapped) == fingerprint(labels)
    assert fingerprint(replace(labels, label=np.array([1, 1]))) != fingerprint(labels)
