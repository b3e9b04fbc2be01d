"""The ids that a data set has for its images and categories, for results that others read."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self

from engine.core.arrays import NOTHING
from engine.core.dataset import DetectionDataset
from engine.core.errors import DataError
from engine.formats import read_dataset
from engine.formats.parts.image_names import SEVERAL, ImageNames
from engine.scoring.card import ModelCard
from engine.scoring.model.class_names import mapping_of
from engine.util.words import listed


@dataclass(frozen=True, eq=False)
class CocoIds:
    """Of a data set, by the names of its images and the places of the model's classes."""

    source: str  # the name of its file
    images: tuple[str, ...]  # [I] names
    image_ids: tuple[int | str, ...]  # [I]
    categories: tuple[int | None, ...]  # [M] for each class of the model; None: the data lack it
    notes: tuple[str, ...] = field(default=())

    @classmethod
    def read(
        cls, path: Path, card: ModelCard, classes: Sequence[str], synonyms: bool = True
    ) -> Self:
        """Those of a ground truth, for the classes of a model. Raises DataError."""
        dataset = read_dataset(path)
        if not isinstance(dataset, DetectionDataset) or dataset.ids_are_ours:
            raise DataError(
                path, "says no ids of images and categories: name a ground truth in COCO's format"
            )
        mapping = mapping_of(card, dataset.classes, len(classes), synonyms)
        place = mapping.to_dataset.tolist()
        if not (mapping.to_dataset != NOTHING).any():
            raise DataError(
                path,
                f"none of its classes ({listed(dataset.classes)}) is a class of the model "
                f"({listed(classes)})",
            )
        known = (*dataset.category_ids, None)  # NOTHING means the last
        return cls(
            path.name,
            dataset.images.name,
            dataset.image_ids,
            tuple(known[index] for index in place),
            (mapping.sentence,) if mapping.to_check else (),
        )

    @cached_property
    def _names(self) -> ImageNames:
        return ImageNames(self.images)

    def image(self, path: str) -> int | str | None:
        """The id of an image file; None where the data set does not have it, or has several."""
        index = self._names.find(path)
        return None if index in (NOTHING, SEVERAL) else self.image_ids[index]

    def why_not(self, path: str) -> str:
        """Why an image has no id."""
        if self._names.find(path) == SEVERAL:
            return f"{self.source} has several images of this name"
        return f"is no image of {self.source}"

    def category(self, class_: int) -> int | None:
        """The id of the category of a class of the model."""
        return self.categories[class_] if class_ < len(self.categories) else None


def digest_of(ids: CocoIds | None) -> str | None:
    """What two runs must share to give the same ids."""
    if ids is None:
        return None
    said = repr((ids.images, ids.image_ids, ids.categories))
    return hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()
