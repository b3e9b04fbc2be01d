"""What the five numbers of a prediction are: confidence and box, decided by the data.

Boxes of a detector lie within their images, nearly all of them. So of each way to read
the columns we count how many boxes would, and take the way that fits best.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from engine.core.arrays import Boxes, Scores
from engine.formats.parts.boxes_in_parts import PARTS_TO

BoxForm = Literal["centre", "corner", "corners"]

WORDS: Final[dict[BoxForm, str]] = {
    "centre": "centre x, centre y, width, height",
    "corner": "left, top, width, height",
    "corners": "left, top, right, bottom",
}
SLACK: Final = 0.01  # of the image's side, by which a box may stand out of it
SLIP: Final = 1e-3  # by which rounding may put a confidence above 1
PERCENT: Final = 100.0
CLEARLY: Final = 0.02  # of the boxes, by which one way must fit better than another to be sure


@dataclass(frozen=True)
class TxtColumns:
    """A way to read five numbers."""

    confidence_last: bool  # else it comes before the box
    shape: BoxForm
    parts: bool  # of the image's width and height, else pixels
    sure: bool  # whether no other way fits about as well

    def confidence(self, numbers: Boxes) -> Scores:
        """[N] from [N, 5]."""
        return numbers[:, 4 if self.confidence_last else 0]

    def boxes(self, numbers: Boxes, size: Boxes) -> Boxes:
        """[N, 4] left, top, width, height in pixels; size is [N, 2], NaN where unknown."""
        first, second = self._box(numbers)
        if self.parts:
            first, second = first * size, second * size
        if self.shape == "corners":
            return np.hstack([first, second - first])
        return np.hstack([first - second / 2 if self.shape == "centre" else first, second])

    def fitting(self, numbers: Boxes, size: Boxes) -> float:
        """Which part of the boxes has an area and lies within its image."""
        box = self.boxes(numbers, size)
        low, side = box[:, :2], box[:, 2:]
        slack = SLACK * size + 1
        # An image of unknown size has no right or lower edge.
        beyond = (low + side > size + slack) | (low < np.where(np.isnan(slack), 0, -slack))
        fits = np.logical_and((side > 0).all(axis=1), ~beyond.any(axis=1))
        return float(np.mean(fits))

    @property
    def sentence(self) -> str:
        """What the columns were taken for."""
        return f"{self.words}{self._doubt}"

    @property
    def words(self) -> str:
        """The same, without a word on how sure that is."""
        where = f", confidence {'last' if self.confidence_last else 'second'}"
        return f"columns taken as {self.boxes_words}{where}"

    @property
    def boxes_sentence(self) -> str:
        """What the columns of boxes alone were taken for."""
        return f"columns taken as {self.boxes_words}{self._doubt}"

    @property
    def boxes_words(self) -> str:
        """What the columns of the box are."""
        return f"{WORDS[self.shape]}, {'in parts of the image' if self.parts else 'in pixels'}"

    @property
    def _doubt(self) -> str:
        return "" if self.sure else "; other ways to read them fit as well"

    def _box(self, numbers: Boxes) -> tuple[Boxes, Boxes]:
        box = numbers[:, :4] if self.confidence_last else numbers[:, 1:]
        return box[:, :2], box[:, 2:]


def fitting_ways(numbers: Boxes, size: Boxes, form: str = "") -> list[TxtColumns]:
    """The ways to read [N, 5] numbers by which most boxes lie within images of [N, 2] size.

    The first fits best, the others about as well. The confidence is a column, the first or
    the last, whose numbers are all from 0 to 1. Where nothing else tells two ways apart the more
    usual one comes first: the confidence last, and from the centre in parts, from the corner
    in pixels. In an image of unknown size every box from a corner has room, so there two
    corners are the better guess. form is that of boxes in pixels, if something else tells it.
    One of the columns must be a confidence: see why_no_confidence.
    """
    sized = bool(np.isfinite(size).any())
    ways = [way for last in (True, False) for way in _ways(numbers, last, sized)]
    told = [way for way in ways if way.parts or way.shape == form]
    return _fitting(told if form and told else ways, numbers, size)


def decide_boxes(box: Boxes, size: Boxes) -> TxtColumns:
    """The best way to read [N, 4] numbers of boxes alone, as fitting_ways finds them.

    Where two corners fit as well as any other way they are taken.
    """
    return _ways_of_boxes(box, size)[0]


def decide_together(
    box: Boxes, size: Boxes, numbers: Boxes, their_size: Boxes
) -> tuple[TxtColumns, str]:
    """The best way to read boxes [N, 4] of the ground truth, and the form of both, or "".

    Ground truth and predictions [M, 5] are mostly written alike, so where one of them leaves
    it open both tell. Where no way fits both, and where each is sure by itself, each is read by
    itself.
    """
    ours, theirs = _ways_of_boxes(box, size), fitting_ways(numbers, their_size)
    their_forms = {way.shape: way for way in reversed(theirs) if not way.parts}
    both = [way for way in ours if way.shape in their_forms and not way.parts]
    if not both or len(ours) == len(theirs) == 1:
        return ours[0], ""
    fits = [
        way.fitting(_with_confidence(box), size)
        + their_forms[way.shape].fitting(numbers, their_size)
        for way in both
    ]
    best = both[int(np.argmax(fits))]
    return replace(best, sure=len(both) == 1), best.shape


def why_no_confidence(numbers: Boxes) -> str:
    """What is wrong with [N, 5] numbers of which none can be a confidence, or ""."""
    if not len(numbers):
        return ""
    first, last = numbers[:, 0], numbers[:, 4]
    parts = bool(((numbers[:, :4] >= 0) & (numbers[:, :4] <= PARTS_TO)).all())
    if _are_confidences(last) or (_are_confidences(first) and not parts):
        return ""
    some = ", ".join(f"{value:.6g}" for value in dict.fromkeys(last.tolist()[:3]))
    if parts and (last == np.floor(last)).all():
        percent = " If it is in percent, divide it by 100" if (last <= PERCENT).all() else ""
        return (
            f"the last column ({some}) is no confidence from 0 to 1: is it the id of a track? "
            f"Ultralytics writes confidences with save_conf=True.{percent}"
        )
    return (
        f"neither the second nor the last column ({some}) is a confidence from 0 to 1: in "
        "percent? Then divide it by 100"
    )


def may_be_tracks(confidence: Scores) -> str:
    """What to say of [N] confidences in a last column that may be the ids of tracks, or ""."""
    if not len(confidence) or not np.isin(confidence, (0, 1)).all():
        return ""
    kinds = " or ".join(f"{value:.0f}" for value in np.unique(confidence).tolist())
    return f"every confidence is {kinds}: if the last column is the id of a track, none is"


def _are_confidences(column: Scores) -> bool:
    return bool(((column >= 0) & (column <= 1 + SLIP)).all())


def _ways_of_boxes(box: Boxes, size: Boxes) -> list[TxtColumns]:
    numbers = _with_confidence(box)
    return _fitting(_ways(numbers, True, sized=False), numbers, size)


def _with_confidence(box: Boxes) -> Boxes:
    """[N, 5] boxes alone as predictions that are all sure."""
    return np.hstack([box, np.ones((len(box), 1))])


def _fitting(ways: Sequence[TxtColumns], numbers: Boxes, size: Boxes) -> list[TxtColumns]:
    fits = np.array([way.fitting(numbers, size) for way in ways])
    order = np.argsort(-fits, kind="stable").tolist()
    found = [ways[at] for at in order if fits[at] >= fits.max() - CLEARLY]
    return [replace(way, sure=len(found) == 1) for way in found]


def _ways(numbers: Boxes, last: bool, sized: bool) -> list[TxtColumns]:
    """Those in which the column of the confidence may be one, the usual ones first."""
    confidence = numbers[:, 4 if last else 0]
    if not _are_confidences(confidence):
        return []
    box = numbers[:, :4] if last else numbers[:, 1:]
    parts = bool((np.abs(box) <= PARTS_TO).all())
    pixels: tuple[BoxForm, ...] = ("corner", "corners") if sized else ("corners", "corner")
    shapes: tuple[BoxForm, ...] = ("centre", "corners") if parts else (*pixels, "centre")
    return [TxtColumns(last, shape, parts, False) for shape in shapes]
