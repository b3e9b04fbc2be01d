"""Predictions as any file gives them: which can be used, and what to say of the others."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

import numpy as np

from engine.core.arrays import Boxes, Indices, Mask, Scores
from engine.core.dataset import DetectionDataset, Predictions
from engine.core.errors import DataError
from engine.formats.parts.boxes import NO_BOX, NO_PIXELS, repeated, unusable
from engine.formats.parts.boxes_in_parts import BOXES_ARE_PARTS, BoxesInParts, larger_than_parts
from engine.formats.parts.class_evidence import meant_otherwise
from engine.formats.parts.ids import EXAMPLES, Id, Ids, examples
from engine.formats.parts.image_names import SEVERAL, ImageNames
from engine.util.words import be, number

UNKNOWN_IMAGE = "for images that the ground truth does not list"
SHARED_NAME = "for a name that several images have"
UNKNOWN_CATEGORY = "of categories that the ground truth does not list"
NO_SCORE = "whose score is not a finite number"
XYWH: Final = "a box is [left, top, width, height], not two corners"
PERCENT: Final = 100.0
LEFT_OUT: Final = (
    UNKNOWN_IMAGE,
    SHARED_NAME,
    UNKNOWN_CATEGORY,
    NO_SCORE,
    NO_BOX,
    NO_PIXELS,
)  # the first that applies


@dataclass(frozen=True, eq=False)
class BoxesInFile:
    """Predictions as they stand in the file; NaN for what is missing."""

    image_id: Ids
    image: Indices
    category_id: Ids
    class_: Indices
    score: Scores
    box: Boxes
    unscored: Mask | None = None  # those that say no score at all; None where each says one


@dataclass
class Sieve:
    """Keeps the predictions that can be used, and remembers what was seen of the others."""

    furthest: Boxes  # [2, I] right and bottom from where on a box is far beyond its image
    hint: str = XYWH  # how a box should be written
    called: str = "image_id"  # how the file calls the name of an image
    strict: bool = False  # whether NaN and infinite scores are kept, as pycocotools does
    total: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    unknown_images: list[Id] = field(default_factory=list)
    shared_names: list[Id] = field(default_factory=list)
    unknown_categories: list[Id] = field(default_factory=list)
    outside: int = 0  # scores not from 0 to 1
    lowest: float = 0.0  # score, but for 0 to 1
    highest: float = 1.0
    odd: int = 0  # scores that are NaN or infinite, and kept
    negative: int = 0  # boxes with a negative width or height
    flat: int = 0  # boxes whose width or height is 0
    beyond: int = 0  # boxes that end far beyond their image
    parts: BoxesInParts = field(default_factory=BoxesInParts)

    @classmethod
    def of(
        cls,
        dataset: DetectionDataset,
        hint: str = XYWH,
        called: str = "image_id",
        strict: bool = False,
    ) -> Self:
        """A sieve for the predictions of a dataset."""
        size = dataset.images.size.T.astype(float)
        furthest = np.where(size > 0, size * 1.1 + 1, np.inf)
        return cls(furthest, hint, called, strict)

    def kept(self, found: BoxesInFile) -> Predictions:
        """Those that can be used; the others are counted."""
        self.total += len(found.image)
        no_image, no_category = found.image < 0, found.class_ < 0
        shared = found.image == SEVERAL
        no_image &= ~shared
        _remember(self.unknown_images, found.image_id, no_image)
        _remember(self.shared_names, found.image_id, shared)
        _remember(self.unknown_categories, found.category_id, no_category)
        no_score, (no_box, no_pixels) = self._no_score(found), unusable(found.box)
        kept = np.ones(len(found.image), np.bool_)
        every = (no_image, shared, no_category, no_score, no_box, no_pixels)
        for reason, bad in zip(LEFT_OUT, every, strict=True):
            if count := int((bad & kept).sum()):
                self.left_out[reason] += count
                kept &= ~bad
        rows = Predictions(found.image, found.class_, found.score, found.box)
        rows = rows if kept.all() else rows.where(kept)
        self._look_at(rows)
        return rows

    def _no_score(self, found: BoxesInFile) -> Mask:
        if not self.strict:
            return ~np.isfinite(found.score)
        return np.zeros(len(found.score), np.bool_) if found.unscored is None else found.unscored

    def _look_at(self, rows: Predictions) -> None:
        finite = np.isfinite(rows.confidence)
        self.odd += int((~finite).sum())
        outside = ((rows.confidence < 0) | (rows.confidence > 1)) & finite
        if outside.any():
            beyond = rows.confidence[outside]
            self.outside += len(beyond)
            self.lowest = min(self.lowest, float(beyond.min()))
            self.highest = max(self.highest, float(beyond.max()))
        left, top, width, height = rows.box.T
        negative = (width < 0) | (height < 0)
        self.negative += int(negative.sum())
        self.flat += int((((width == 0) | (height == 0)) & ~negative).sum())
        right, bottom = self.furthest
        far = (left + width > right.take(rows.image)) | (top + height > bottom.take(rows.image))
        self.beyond += int(far.sum())
        self.parts.look_at(rows.box)

    def refuse(
        self, path: Path, dataset: DetectionDataset, known: Sequence[Id], guess: str = ""
    ) -> None:
        """Raise DataError for what cannot be assessed.

        That is when more than half are for images that are not known by these ids, when none of
        them can be used, and when their boxes are parts of larger images. guess is a question
        on what the ids may be, where something speaks for it.
        """
        self._refuse_other_images(path, dataset, known, guess)
        if self.left_out.total() == self.total > 0:
            reason = max(LEFT_OUT, key=self.left_out.__getitem__)
            count = self.left_out[reason]
            which = self._instances(reason)
            raise DataError(
                path,
                f"none of its {number(self.total, 'prediction')} can be used: {count:,} {reason}"
                f"{f' ({examples(which)})' if which else ''}",
            )
        if self.parts.found and larger_than_parts(dataset):
            raise DataError(path, BOXES_ARE_PARTS)

    def _refuse_other_images(
        self, path: Path, dataset: DetectionDataset, known: Sequence[Id], guess: str
    ) -> None:
        unknown, shared = self.left_out[UNKNOWN_IMAGE], self.left_out[SHARED_NAME]
        if 2 * (unknown + shared) <= self.total:
            return
        every = number(self.total, "prediction")
        if shared >= unknown:
            raise DataError(
                path, f"{shared:,} of {every} {be(shared)} {SHARED_NAME}: {self._why(dataset)}"
            )
        seen, there = examples(self.unknown_images), examples(known)
        raise DataError(
            path,
            f"{unknown:,} of {every} {be(unknown)} {UNKNOWN_IMAGE}: "
            f"{'it says' if unknown == 1 else 'they say'} "
            f"{self.called} {seen}, where {dataset.source.name} has {there or 'no images'}. "
            f"{guess or 'Were they made for another dataset, or another part of it?'}",
        )

    def _why(self, dataset: DetectionDataset) -> str:
        """Which images share the first such name, and the way out."""
        return ImageNames(dataset.images.name).why_several(str(self.shared_names[0]))

    def _instances(self, reason: str) -> Sequence[Id]:
        """Ids that are not known, where these are the reason."""
        instances = {UNKNOWN_IMAGE: self.unknown_images, UNKNOWN_CATEGORY: self.unknown_categories}
        return instances.get(reason, ())

    def notes(self, kept: Predictions, dataset: DetectionDataset) -> Iterator[str]:
        """What was left out or looks wrong, in words: what changes the numbers most first."""
        if doubt := meant_otherwise(dataset, kept):
            yield doubt
        for reason in LEFT_OUT:
            if count := self.left_out[reason]:
                ids = self._instances(reason)
                which = f" ({examples(ids)})" if ids else ""
                why = f" ({self._why(dataset)})" if reason == SHARED_NAME else ""
                yield f"{number(count, 'prediction')} {reason}{which}{why}: left out"
        if again := len(repeated(kept.image, kept.class_, kept.box, kept.confidence)):
            yield (
                f"{number(again, 'prediction')} with the box and score of an earlier one: each "
                "counts, and at most one of them is right"
            )
        if self.odd:
            yield f"{number(self.odd, 'score')} not a finite number: kept, as in pycocotools"
        if self.outside:
            yield self._outside()
        if self.negative:
            yield (
                f"{number(self.negative, 'prediction')} with a negative width or height, which can "
                f"match nothing: {self.hint}"
            )
        if self.flat:
            flat = number(self.flat, "prediction")
            yield f"{flat} with a box of no area, which can match nothing"
        if 2 * self.beyond > len(kept):
            every = number(len(kept), "box", "boxes")
            ends = "ends far beyond its" if self.beyond == 1 else "end far beyond their"
            yield f"{self.beyond:,} of {every} {ends} image: {self.hint}"

    def _outside(self) -> str:
        said = f"{number(self.outside, 'score')} outside 0 to 1"
        if self.lowest < 0 or self.highest > PERCENT:
            return said
        return (
            f"{said}, up to {self.highest:.6g}: in percent? They are taken as they are, so no "
            "threshold is above them: divide all scores by 100"
        )


def _remember(known: list[Id], ids: Ids, which: Mask) -> None:
    """The first few ids that are marked, each once."""
    if len(known) < EXAMPLES and which.any():
        marked = (ids[int(row)] for row in np.flatnonzero(which))
        known[:] = list(dict.fromkeys((*known, *marked)))[:EXAMPLES]
