"""Which image each row of COCO results is of: by its id, by a name, or by what ids are made from.

Tools that know no ids make them from the names of the image files: Ultralytics takes the
name without its suffix, as a number if it is one, and writes file_name beside it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.core.arrays import NOTHING, Indices, Mask
from engine.core.dataset import DetectionDataset, Predictions
from engine.formats.parts.class_evidence import found_objects, plainly
from engine.formats.parts.ids import AS_TEXT, Id, IdIndex, Ids, as_number, examples
from engine.formats.parts.image_names import ImageNames, images_of_numbers, number_in_name
from engine.util.words import number

SOME: Final = 100  # images that are looked at before all are
SURE: Final = 3  # ids, of which none is known as it stands
BY_NAME: Final = "image ids are the names of image files"


@dataclass(frozen=True)
class OtherIds:
    """What the ids of results are where they are not those of the ground truth."""

    ids: tuple[int | str, ...]  # [I]
    sentence: str


@dataclass
class ResultImages:
    """Finds images, and remembers how they were found."""

    dataset: DetectionDataset
    ids: IdIndex
    used: Mask  # [I + 2] the images that are named by their ids; the last two mean none
    unknown: set[float] = field(default_factory=set)  # numbers that are no ids
    by_name: int = 0  # ids that are names of files
    contradicted: int = 0  # rows whose file_name is that of another image than their id
    nameless: int = 0  # rows whose file_name no image has
    unnamed: int = 0  # rows without a file_name, whose id is that of an image
    first_contradicted: str = ""
    first_nameless: str = ""
    first_unnamed: list[Id] = field(default_factory=list)

    @classmethod
    def of(cls, dataset: DetectionDataset) -> "ResultImages":
        """For the ids and names of a dataset."""
        ids = IdIndex(dataset.image_ids)
        return cls(dataset, ids, np.zeros(len(dataset.image_ids) + 2, np.bool_))

    @cached_property
    def _names(self) -> ImageNames:
        """Made for the few files that need it."""
        return ImageNames(self._file_names)

    def of_numbers(self, ids: NDArray[np.float64], names: Sequence[str | None] = ()) -> Indices:
        """[N] the image of each id, or of the file_name beside it; NOTHING if none has it."""
        image = self.ids.of_numbers(ids)
        if names:
            return self._named(image, ids, names)
        self.used[image] = True
        return self._seen(image, ids)

    def of_rows(self, ids: Sequence[Id], names: Sequence[str | None]) -> Indices:
        """As of_numbers, for ids that may be text: that of an id, or of the name of a file."""
        image = self.ids.of(ids)
        named = any(name is not None for name in names)
        if not named:
            self.used[image] = True
        for row in np.flatnonzero(image == NOTHING).tolist():
            id_ = ids[row]
            if isinstance(id_, str) and as_number(id_) is None:
                image[row] = self._names.find(id_)
                self.by_name += int(image[row] != NOTHING)
        if named:
            return self._named(image, ids, names)
        return self._seen(image, ids)

    def _seen(self, image: Indices, ids: Ids) -> Indices:
        lacking = image == NOTHING
        self._count_unnamed(ids, ~lacking)
        if lacking.any():
            if isinstance(ids, np.ndarray):
                self.unknown.update(np.unique(ids[lacking]).tolist())
            else:
                self.unknown.update(_number(ids[row]) for row in np.flatnonzero(lacking).tolist())
        return image

    def _count_unnamed(self, ids: Ids, unnamed: Mask) -> None:
        if (count := int(unnamed.sum())) and not self.first_unnamed:
            self.first_unnamed = [ids[int(unnamed.argmax())]]
        self.unnamed += count

    def _named(self, image: Indices, ids: Ids, names: Sequence[str | None]) -> Indices:
        """A name that an image has decides."""
        place = {name: self._names.find(name) for name in set(names) if name is not None}
        found = np.array([place.get(name, NOTHING) if name else NOTHING for name in names], np.intp)
        said = np.array([name is not None for name in names], np.bool_)
        self._count_unnamed(ids, ~said & (image != NOTHING))
        nameless = said & (found == NOTHING) & (image != NOTHING)
        other = (found >= 0) & (found != image)
        for row in np.flatnonzero(nameless)[:1].tolist():
            self.first_nameless = self.first_nameless or str(names[row])
        for row in np.flatnonzero(other)[:1].tolist():
            first = f"{examples([ids[row]])} for {names[row]}"
            self.first_contradicted = self.first_contradicted or first
        self.nameless += int(nameless.sum())
        self.contradicted += int(other.sum())
        return np.where(found >= 0, found, image)

    @property
    def _file_names(self) -> Sequence[str]:
        return self.dataset.images.name

    @cached_property
    def _image_of_number(self) -> Mapping[float | str, int]:
        """The image whose file has a number for its name, where only one has that number."""
        return dict(images_of_numbers(self._file_names).items())

    def other_ids(self, kept: Predictions) -> OtherIds | None:
        """Other ids than those of the dataset, if these are what the ids of the results are.

        kept are the predictions as the ids of the dataset place them.
        """
        return self._ids_in_names(kept) or self._ids_a_step_on(kept)

    def _ids_in_names(self, kept: Predictions) -> OtherIds | None:
        """The numbers in the names of files, if these are what the ids of the results are.

        They are where some ids of the results are none of the dataset but such numbers, and
        those that are ids of the dataset all are such numbers as well, unless the objects
        plainly show that these are ids. Ids that are neither tell nothing. Elsewhere they are
        where the objects plainly show it.
        """
        if self.dataset.ids_are_ours or self._ids_are_in_names():
            return None
        in_names = self._image_of_number
        used = [self.dataset.image_ids[image] for image in np.flatnonzero(self.used[:-2]).tolist()]
        only_names = sorted(number_ for number_ in self.unknown if number_ in in_names)
        both = sorted(id_ for id_ in used if not isinstance(id_, str) and id_ in in_names)
        if not only_names and not both:
            return None
        other = [in_names.get(id_, NOTHING) for id_ in self.dataset.image_ids]
        by_id = self._right(kept, kept.image)
        by_name = self._right(kept, np.array(other, np.intp).take(kept.image))
        example = int((only_names or both)[0])
        said = (
            f"image ids are not those of {self.dataset.source.name}, but numbers in its file "
            f"names: {example} is {self._file_names[in_names[example]]}"
        )
        if not only_names or len(both) < len(used):
            if not plainly(by_name, by_id):
                return None
            said += (
                f"; so {number(by_name, 'box', 'boxes')} lie on an object of their class, as ids "
                f"{by_id:,}"
            )
        elif plainly(by_id, by_name):
            return None
        of_image = {image: int(number_) for number_, image in in_names.items()}
        ids = tuple(of_image.get(image, name) for image, name in enumerate(self._file_names))
        return OtherIds(ids, said)

    @cached_property
    def _step(self) -> int:
        """1 if the ids may count from 1 where the dataset counts from 0, -1 the other way round.

        They may where every one of them is such a number, and 0 where one is not.
        """
        ids = self.dataset.image_ids
        if self.dataset.ids_are_ours or not ids or any(isinstance(id_, str) for id_ in ids):
            return 0
        known, used = {*ids}, np.flatnonzero(self.used[:-2]).tolist()
        step = {0: 1, 1: -1}.get(min(int(id_) for id_ in ids), 0)
        theirs = (*self.unknown, *(float(ids[image]) for image in used))
        fits = bool(step and theirs) and all(id_ - step in known for id_ in theirs)
        return step if fits else 0

    def _ids_a_step_on(self, kept: Predictions) -> OtherIds | None:
        """Ids that count from 1 and not from 0, or the other way round, if that is sure.

        It is where the objects plainly show it, or none of at least so many is an id as it
        stands.
        """
        if not (step := self._step):
            return None
        ids = [int(id_) for id_ in self.dataset.image_ids]
        place = {id_: image for image, id_ in enumerate(ids)}
        other = np.array([place.get(id_ - step, NOTHING) for id_ in ids], np.intp)
        by_id, by_step = self._right(kept, kept.image), self._right(kept, other.take(kept.image))
        shown = plainly(by_step, by_id)
        if not shown and (self.used[:-2].any() or len(self.unknown) < SURE):
            return None
        first, second = (0, 1) if step < 0 else (1, 0)
        said = (
            f"image ids count from {first}, where those of {self.dataset.source.name} count from "
            f"{second}: {first} is {self._file_names[place[second]]}"
        )
        if shown:
            said += (
                f"; so {number(by_step, 'box', 'boxes')} lie on an object of their class, as ids "
                f"{by_id:,}"
            )
        return OtherIds(tuple(id_ + step for id_ in ids), said)

    @property
    def guess(self) -> str:
        """What ids may be that are not known, as a question; "" where nothing speaks for it."""
        if not (self.unknown and (step := self._step)):
            return ""
        first, second = (0, 1) if step < 0 else (1, 0)
        return f"Do they count images from {first}, where the ground truth counts from {second}?"

    def _right(self, kept: Predictions, image: Indices) -> int:
        """How many of the most confident boxes lie on an object of their class in these images."""
        objects = found_objects(self.dataset, image, kept.confidence, kept.box)
        return int((objects.class_ == kept.class_[objects.row]).sum())

    def _ids_are_in_names(self) -> bool:
        """Whether the ids that are used are the numbers in the names of their own images."""
        used = np.flatnonzero(self.used[:-2]).tolist()
        some = used[:: 1 + len(used) // SOME]  # where names are made from ids, all are
        names, ids = self._file_names, self.dataset.image_ids
        return bool(some) and all(number_in_name(names[image]) == ids[image] for image in some)

    def _also_numbers_in_names(self) -> str:
        """An id that also is the number in the name of another image, if all used ids are such."""
        names, ids = self._file_names, self.dataset.image_ids
        used = np.flatnonzero(self.used[:-2]).tolist()
        if not used or self._ids_are_in_names():
            return ""
        other = [self._image_of_number.get(ids[image], NOTHING) for image in used]
        if NOTHING in other:
            return ""
        which, another = next(pair for pair in zip(used, other, strict=True) if pair[0] != pair[1])
        return f"{ids[which]} is {names[which]}, not {names[another]}"

    def notes(self) -> Iterator[str]:
        """How images were found, where that may surprise."""
        if self.contradicted:
            yield (
                f"{number(self.contradicted, 'prediction')} whose image_id is not that of their "
                f"file_name ({self.first_contradicted}): the file_name decides"
            )
        if self.nameless:
            yield (
                f"{number(self.nameless, 'prediction')} whose file_name no image has "
                f"({self.first_nameless}): the image_id decides"
            )
        if self.contradicted and self.unnamed:
            yield (
                f"{number(self.unnamed, 'prediction')} without a file_name, where that of others "
                f"is not that of their image_id ({examples(self.first_unnamed)}): the image_id "
                "decides"
            )
        if which := self._also_numbers_in_names():
            yield (
                "image ids are also the numbers in the names of other image files: they are taken "
                f"for ids, so {which}"
            )
        if self.guess:
            yield f"some image ids are none of the ground truth. {self.guess}"
        if self.by_name and not self.dataset.ids_are_ours:
            yield BY_NAME
        if self.ids.across:
            yield f"image {AS_TEXT}"


def _number(id_: Id) -> float:
    """An id as a number, NaN for text that is none."""
    number_ = as_number(id_) if isinstance(id_, str) else id_
    return np.nan if number_ is None else float(number_)
