from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.core.dataset import ClassificationDataset, DetectionDataset, GroundTruths, Images
from engine.core.fingerprint import answers_fingerprint, fingerprint
from tests.making import detection, detections
from tests.making_classes import classification

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


def test_any_change_of_what_a_model_says_shows():
    box = (1, 2, 10, 10)
    found = detection([], [(0, 0, 0.5, box), (1, 1, 0.5, box)], images=3).predictions
    changes = (
        {},
        {"image": np.array([0, 2])},
        {"class_": np.array([0, 0])},
        {"confidence": np.array([0.5, 0.6])},
        {"box": found.box * 2},
    )
    each = [answers_fingerprint(BASE, replace(found, **change)) for change in changes]
    each.append(answers_fingerprint(BASE, found.where(np.array([1, 0]))))
    assert len({*each}) == len(each)
    made = classification([0, 1, 0], [[0.9, 0.1], [0.2, 0.8]], image=[2, 1])
    other = replace(made.probabilities, value=made.probabilities.value[:, ::-1])
    row = made.probabilities
    turned = replace(row, image=row.image[::-1], value=row.value[::-1])
    told = [answers_fingerprint(made.dataset, each) for each in (row, other, turned)]
    assert told[0] != told[1]
    assert told[0] == told[2]  # an image has one row, wherever it stands
