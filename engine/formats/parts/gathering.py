"""Boxes as readers find them, gathered into a dataset; what cannot be used is counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.core.arrays import Boxes, Indices, Mask
from engine.core.dataset import DetectionDataset, GroundTruths, Images
from engine.core.errors import DataError
from engine.formats.parts.boxes import NO_BOX, NO_PIXELS, repeated, stands_twice, unusable
from engine.formats.parts.boxes_in_parts import BOXES_ARE_PARTS, are_parts
from engine.util.parsed import whole_number
from engine.util.words import number

NO_AREA: Final = "whose right or lower edge is not beyond the left or upper one"


@dataclass
class Oddities:
    """Rows that cannot be used: how many for each reason, and where the first of them is."""

    counts: dict[str, int] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)

    def add(self, reason: str, place: str = "", count: int = 1) -> None:
        """Count a row; the place of the first one is told."""
        self.counts[reason] = self.counts.get(reason, 0) + count
        self.first.setdefault(reason, place)

    def add_where(self, reason: str, bad: Mask, places: Sequence[str] = ()) -> None:
        """Count the rows that are marked."""
        if count := int(bad.sum()):
            self.add(reason, places[int(bad.argmax())] if len(places) else "", count)

    def total(self) -> int:
        """Of all reasons."""
        return sum(self.counts.values())

    def sentences(self, noun: str, plural: str = "", what: str = "left out") -> tuple[str, ...]:
        """One for each reason: 3 boxes without a class (a.xml, object 2): left out."""
        return tuple(
            f"{number(count, noun, plural)} {reason}"
            f"{f' ({self.first[reason]})' if self.first[reason] else ''}: {what}"
            for reason, count in self.counts.items()
        )


@dataclass(frozen=True, eq=False)
class DrawnBoxes:
    """Boxes as a file has them, one row each: pixels, and nothing checked yet."""

    image: Indices  # [T]
    class_: Indices  # [T]
    box: Boxes  # [T, 4]
    crowd: Mask  # [T] the difficult ones included
    difficult: Mask  # [T]
    place: Sequence[str] = ()  # [T] or empty: where a row stands in its file, for people


@dataclass
class BoxGatherer:
    """Boxes one after the other, as a reader goes through its files."""

    image: list[int] = field(default_factory=list)
    class_: list[str] = field(default_factory=list)
    box: list[tuple[float, float, float, float]] = field(default_factory=list)
    crowd: list[bool] = field(default_factory=list)
    difficult: list[bool] = field(default_factory=list)
    place: list[str] = field(default_factory=list)

    def add(
        self,
        image: int,
        class_: str,
        box: tuple[float, float, float, float],
        place: str,
        *,
        crowd: bool = False,
        difficult: bool = False,
    ) -> None:
        """A box as left, top, width, height."""
        self.image.append(image)
        self.class_.append(class_)
        self.box.append(box)
        self.crowd.append(crowd or difficult)
        self.difficult.append(difficult)
        self.place.append(place)

    def columns(self, classes: Sequence[str]) -> DrawnBoxes:
        """The boxes with their classes as places in these, which hold all of them."""
        index = {name: place for place, name in enumerate(classes)}
        return drawn_boxes(
            self.image,
            [index[name] for name in self.class_],
            self.box,
            self.crowd,
            self.difficult,
            self.place,
        )


def drawn_boxes(
    image: ArrayLike,
    class_: ArrayLike,
    box: ArrayLike,
    crowd: ArrayLike | None = None,
    difficult: ArrayLike | None = None,
    place: Sequence[str] = (),
) -> DrawnBoxes:
    """Columns from anything that NumPy takes for them."""
    images = np.asarray(image, np.intp)
    none = np.zeros(len(images), np.bool_)
    return DrawnBoxes(
        images,
        np.asarray(class_, np.intp),
        np.asarray(box, np.float64).reshape(-1, 4),
        none if crowd is None else np.asarray(crowd, np.bool_),
        none if difficult is None else np.asarray(difficult, np.bool_),
        place,
    )


def around(points: Sequence[Sequence[float]]) -> tuple[float, float, float, float]:
    """The upright box around points, as left, top, width, height."""
    across, down = [point[0] for point in points], [point[1] for point in points]
    left, top = min(across), min(down)
    return left, top, max(across) - left, max(down) - top


def in_order(listed: Sequence[str], used: Iterable[str]) -> tuple[str, ...]:
    """The classes that a file lists, then those that its boxes have besides.

    These are in the order of their names, but numbers before, in theirs: so one stray word
    does not change which class a number is the index of.
    """
    known = dict.fromkeys(listed)
    others = sorted({name for name in used if name not in known})
    value = {name: number for name in others if (number := whole_number(name)) is not None}
    return (*known, *sorted(value, key=value.__getitem__), *(n for n in others if n not in value))


def made_dataset(
    source: Path,
    classes: Sequence[str],
    images: Images,
    drawn: DrawnBoxes,
    warnings: Sequence[str],
    odd: Oddities | None = None,
) -> DetectionDataset:
    """The dataset of the boxes that can be used; the others are counted in the warnings.

    Left out are boxes that are not four finite numbers, lie absurdly far away or have
    no area, which nothing could ever match. Raises DataError where all are parts of their image
    and no pixels. Where results name images and classes by
    ids these are as Ultralytics writes them: an image's file name without its suffix,
    as a number if it is one, and classes from 1.
    """
    odd = odd or Oddities()
    if are_parts(drawn.box):
        raise DataError(source, BOXES_ARE_PARTS)
    no_box, no_pixels = unusable(drawn.box)
    no_area = ~((drawn.box[:, 2] > 0) & (drawn.box[:, 3] > 0)) & ~no_box & ~no_pixels
    for reason, bad in ((NO_BOX, no_box), (NO_PIXELS, no_pixels), (NO_AREA, no_area)):
        odd.add_where(reason, bad, drawn.place)
    rows = np.flatnonzero(~(no_box | no_pixels | no_area))
    box, difficult = drawn.box.take(rows, axis=0), drawn.difficult.take(rows)
    ground_truths = GroundTruths(
        drawn.image.take(rows),
        drawn.class_.take(rows),
        box,
        box[:, 2] * box[:, 3],
        drawn.crowd.take(rows),
        difficult=difficult if difficult.any() else None,
    )
    again = rows.take(repeated(ground_truths.image, ground_truths.class_, box))
    where = drawn.place[int(again[0])] if len(again) and len(drawn.place) else ""
    left_out = odd.sentences("box", "boxes")
    notes = [*left_out, *stands_twice(len(again), where), *warnings]
    if hard := int(difficult.sum()):
        notes.append(
            f"{number(hard, 'box', 'boxes')} marked difficult: they need not be found, and to "
            "find them is neither right nor wrong"
        )
    return DetectionDataset(
        source=source,
        classes=tuple(classes),
        images=images,
        ground_truths=ground_truths,
        image_ids=image_ids(images.name),
        category_ids=tuple(range(1, len(classes) + 1)),
        ids_are_ours=True,
        warnings=tuple(notes),
    )


def image_ids(names: Sequence[str]) -> tuple[int | str, ...]:
    """What results call images: the name without folder and suffix, if that tells them apart."""
    stems = [name.rpartition("/")[2].rpartition(".")[0] or name for name in names]
    ids = [stem if (number := whole_number(stem)) is None else number for stem in stems]
    return tuple(ids) if len(set(ids)) == len(ids) else tuple(names)
