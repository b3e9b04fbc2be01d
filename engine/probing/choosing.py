"""Which of the labelled images to try a model on."""

from collections import Counter
from collections.abc import Set
from typing import Final, assert_never

import numpy as np

from engine.core.arrays import Indices
from engine.core.dataset import ClassificationDataset, Dataset, DetectionDataset

SEED: Final = 0


def chosen_images(dataset: Dataset, findable: Set[int], limit: int) -> list[int]:
    """At most `limit` labelled images that are there, spread over the classes of `findable`.

    The same dataset gives the same images. Each in turn shows the class that the images
    chosen so far show least, the rarer of equals; among its images chance decides, because
    neighbours in a file are often frames of one film.
    """
    image, class_ = _labels(dataset)
    there = np.array([path is not None for path in dataset.images.path], np.bool_)
    wanted = there[image] & np.isin(class_, sorted(findable))
    shows: dict[int, set[int]] = {}
    for one, label in zip(image[wanted].tolist(), class_[wanted].tolist(), strict=True):
        shows.setdefault(one, set()).add(label)
    random = np.random.default_rng(SEED)
    waiting = random.permutation(sorted(shows)).tolist()
    of_class: dict[int, list[int]] = {}
    for one in reversed(waiting):  # the first that waits is the last of each list
        for label in shows[one]:
            of_class.setdefault(label, []).append(one)
    seen: Counter[int] = Counter()
    chosen: list[int] = []
    taken: set[int] = set()
    while of_class and len(chosen) < limit:
        label = min(of_class, key=lambda each: (seen[each], len(of_class[each]), each))
        one = of_class[label].pop()
        if not of_class[label]:
            del of_class[label]
        if one not in taken:
            taken.add(one)
            chosen.append(one)
            seen.update(shows[one])
    return sorted(chosen)


def _labels(dataset: Dataset) -> tuple[Indices, Indices]:
    """Image and class of all that people labelled, crowds left out."""
    match dataset:
        case DetectionDataset():
            truths = dataset.ground_truths
            return truths.image[~truths.crowd], truths.class_[~truths.crowd]
        case ClassificationDataset():
            return np.arange(len(dataset.label)), dataset.label
        case _:
            assert_never(dataset)
