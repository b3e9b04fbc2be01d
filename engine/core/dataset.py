"""Ground truth and predictions as columns, whatever file they came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import NOTHING, Areas, Boxes, Indices, Mask, Scores


@dataclass(frozen=True, eq=False)
class Images:
    """The images of a dataset, in the order of its file."""

    name: tuple[str, ...]  # [I] as the file writes it
    path: tuple[Path | None, ...]  # [I] where the pixels are; None when no such file was found
    size: Indices  # [I, 2] width, height in pixels as the file says; 0 where it does not
    tags: tuple[Mapping[str, str], ...] = ()  # [I] or empty: what else the file says of an image

    def __len__(self) -> int:
        return len(self.name)

    @property
    def missing(self) -> int:
        """How many images have no file."""
        return sum(path is None for path in self.path)

    def only(self, images: Indices) -> Self:
        """These images alone, in this order."""
        rows = images.tolist()
        return type(self)(
            tuple(self.name[row] for row in rows),
            tuple(self.path[row] for row in rows),
            self.size.take(images, axis=0),
            tuple(self.tags[row] for row in rows) if self.tags else (),
        )


@dataclass(frozen=True, eq=False)
class GroundTruths:
    """The boxes that people drew, one row each, in file order."""

    image: Indices  # [T]
    class_: Indices  # [T]
    box: Boxes  # [T, 4]
    area: Areas  # [T] as the file says, else width times height
    crowd: Mask  # [T] a region of many objects: no row of the matrix, and no error to find it
    id: Indices | None = None  # [T] as the file says, not always distinct; None if not all have one
    difficult: Mask | None = None  # [T] the crowds that are one object too hard to ask for, or none

    def __len__(self) -> int:
        return len(self.image)

    @property
    def region(self) -> Mask:
        """[T] the crowds that a prediction need only lie in.

        A difficult object, as Pascal VOC marks it, is no row and no error to find, as a
        crowd is, but it has an outline: what overlaps it must reach the IoU, as VOC's
        own evaluation asks. A small box somewhere on a difficult bus stays an error.
        """
        return self.crowd if self.difficult is None else self.crowd & ~self.difficult

    def only(self, place: Indices) -> Self:
        """Those of images that have a place, which is NOTHING for the others; place [I]."""
        kept = self.where(np.flatnonzero(place.take(self.image) != NOTHING))
        return replace(kept, image=place.take(kept.image))

    def where(self, rows: Indices) -> Self:
        """Only these rows, in this order."""
        return type(self)(
            self.image.take(rows),
            self.class_.take(rows),
            self.box.take(rows, axis=0),
            self.area.take(rows),
            self.crowd.take(rows),
            None if self.id is None else self.id.take(rows),
            None if self.difficult is None else self.difficult.take(rows),
        )


@dataclass(frozen=True, eq=False)
class Predictions:
    """The boxes that a model found, one row each, in file order."""

    image: Indices  # [N]
    class_: Indices  # [N]
    confidence: Scores  # [N]
    box: Boxes  # [N, 4]

    def __len__(self) -> int:
        return len(self.image)

    def where(self, rows: Mask | Indices) -> Self:
        """Only these rows, in this order."""
        places = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        return type(self)(
            self.image.take(places),
            self.class_.take(places),
            self.confidence.take(places),
            self.box.take(places, axis=0),
        )

    @classmethod
    def join(cls, parts: Sequence[Self]) -> Self:
        """Several tables one below the other."""
        if not parts:
            return cls.none()
        return cls(
            np.concatenate([part.image for part in parts]),
            np.concatenate([part.class_ for part in parts]),
            np.concatenate([part.confidence for part in parts]),
            np.concatenate([part.box for part in parts]),
        )

    @classmethod
    def none(cls) -> Self:
        """A table without a row."""
        index = np.zeros(0, np.intp)
        return cls(index, index, np.zeros(0), np.zeros((0, 4)))


@dataclass(frozen=True, eq=False)
class DetectionDataset:
    """Images and the ground truth boxes in them."""

    source: Path
    classes: tuple[str, ...]  # [C]
    images: Images
    ground_truths: GroundTruths
    image_ids: tuple[int | str, ...] = ()  # [I] the names that a results file uses
    category_ids: tuple[int, ...] = ()  # [C]
    ids_are_ours: bool = False  # no file of the dataset says any ids
    text_form: str = ""  # how text files of boxes in pixels that go with it are read
    federated: bool = False  # as LVIS has it: an image is labelled for some of the classes only
    warnings: tuple[str, ...] = field(default=())

    def only(self, images: Indices) -> Self:
        """The dataset with these images alone, in this order."""
        return replace(
            self,
            images=self.images.only(images),
            ground_truths=self.ground_truths.only(places(images, len(self.images))),
            image_ids=tuple(map(self.image_ids.__getitem__, images)) if self.image_ids else (),
        )


def places(images: Indices, every: int) -> Indices:
    """[I] where each of so many images stands among some of them, NOTHING for the others."""
    place = np.full(every, NOTHING)
    place[images] = np.arange(len(images))
    return place


@dataclass(frozen=True, eq=False)
class ClassificationDataset:
    """Images and the one class that people gave to each of them."""

    source: Path
    classes: tuple[str, ...]  # [C] by name, then those that only the model knows
    images: Images
    label: Indices  # [I] class of each image
    warnings: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()  # what was chosen in reading it: name and value

    def only(self, images: Indices) -> Self:
        """The dataset with these images alone, in this order."""
        return replace(self, images=self.images.only(images), label=self.label.take(images))


Dataset: TypeAlias = DetectionDataset | ClassificationDataset


@dataclass(frozen=True, eq=False)
class Probabilities:
    """What a classifier says of the images that it answered for, one row each."""

    image: Indices  # [N] distinct
    value: NDArray[np.floating[Any]]  # [N, C] for each class of the dataset, as the file has it

    def __len__(self) -> int:
        return len(self.image)
