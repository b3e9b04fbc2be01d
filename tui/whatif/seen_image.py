"""The chosen image as it is seen: at a threshold, perhaps changed, perhaps by two models."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

import numpy as np

from engine.cards.operating_point import Thresholds
from engine.core.arrays import NOTHING
from engine.core.assessment import Box
from engine.scoring.run.found import ClassProbabilities, FoundBoxes
from engine.scoring.run.store import ImageAnswer
from engine.whatif.comparing import AnswerChanges, answers_compared, compared, in_classes_of
from engine.whatif.perturbing import NONE, Perturbation
from tui.drawing.title_line import DOT
from tui.whatif.paint.found_lines import FoundLine, FoundList


@dataclass(frozen=True)
class TrialLook:
    """What is to be seen of an image; two equal ones need no second run."""

    place: int  # among the results
    path: str
    change: Perturbation = NONE
    second: str = ""  # digest of the other model

    @property
    def needs_run(self) -> bool:
        """Whether there is more to see than the image as it was scored."""
        return bool(self.change or self.second)


@dataclass(frozen=True, eq=False)
class SeenImage:
    """An image, and what one or two models say of it."""

    look: TrialLook
    shown: str  # the file with the pixels: of its own where they are changed
    original: ImageAnswer
    now: ImageAnswer
    second: ImageAnswer | None = None
    second_names: tuple[str, ...] = field(default=())
    second_named: bool = True  # whether these are names, or numbers that stand for them

    @property
    def failure(self) -> str:
        """Why there is nothing to see."""
        return self.now.failure

    def found(self, thresholds: Thresholds, names: tuple[str, ...]) -> FoundList:
        """The list of what a detector found."""
        now = self.now.found
        assert isinstance(now, FoundBoxes)
        kept = thresholds.kept(now.class_.astype(np.intp), now.confidence.astype(np.float64))
        lines = [
            FoundLine(names[class_], class_, confidence, counts, _box(box))
            for class_, confidence, counts, box in zip(
                now.class_.tolist(),
                now.confidence.tolist(),
                kept.tolist(),
                now.box.tolist(),
                strict=True,
            )
        ]
        if (other := self._other(names)) is None:
            return FoundList.of(lines, thresholds)
        found, all_names, heading = other
        change = self.comparison(thresholds, names)
        assert change is not None
        both = _beside(lines, found, change, all_names, by_model=heading == "2nd")
        return FoundList.of(both, thresholds, heading)

    def comparison(self, thresholds: Thresholds, names: tuple[str, ...]) -> AnswerChanges | None:
        """What changed with respect to the other answer; None without one, and for classes."""
        other, now = self._other(names), self.now.found
        if other is None or not isinstance(now, FoundBoxes):
            return None
        found, all_names, heading = other
        limits = given_for(thresholds, len(all_names))
        pair = (now, found) if heading == "2nd" else (found, now)
        return compared(*pair, limits, all_names)

    def words(self, thresholds: Thresholds, names: tuple[str, ...], second: str) -> str:
        """What is done to the image and what that changes; second names the other model."""
        if self.second is not None:
            told = self._second_words(thresholds, names)
            done = f"{self.look.change.words}{DOT}" if self.look.change else ""
            return f"{done}{second}: {told}"
        if not self.look.change:
            return ""
        now = self.now.found
        match now:
            case ClassProbabilities():
                before = self.original.found
                assert isinstance(before, ClassProbabilities)
                told = answers_compared(before, now, names)
            case FoundBoxes():
                change = self.comparison(thresholds, names)
                told = "" if change is None else change.words
                if outside := self._outside(thresholds):
                    told += f", {outside} outside the crop"
            case _:
                assert_never(now)
        return f"{self.look.change.words}: {told}"

    def _second_words(self, thresholds: Thresholds, names: tuple[str, ...]) -> str:
        assert self.second is not None
        if self.second.failure:
            return self.second.failure
        now, second = self.now.found, self.second.found
        if isinstance(now, ClassProbabilities) and isinstance(second, ClassProbabilities):
            renamed, all_names = in_classes_of(second, self.second_names, names, self.second_named)
            value = np.zeros(len(all_names), np.float32)
            value[: len(now.value)] = now.value
            assert isinstance(renamed, ClassProbabilities)
            return answers_compared(ClassProbabilities(value), renamed, all_names)
        change = self.comparison(thresholds, names)
        return "" if change is None else change.words

    def _other(self, names: tuple[str, ...]) -> tuple[FoundBoxes, tuple[str, ...], str] | None:
        """The answer to compare with, its classes, and what its column is called."""
        if self.second is not None:
            if not isinstance(self.second.found, FoundBoxes):
                return None
            found, all_names = in_classes_of(
                self.second.found, self.second_names, names, self.second_named
            )
            assert isinstance(found, FoundBoxes)
            return found, all_names, "2nd"
        if not self.look.change or not isinstance(self.original.found, FoundBoxes):
            return None
        return self._moved()[0], names, "was"

    def _moved(self) -> tuple[FoundBoxes, np.ndarray]:
        """The boxes of the image as it was where they lie now, and which of all are in sight."""
        found = self.original.found
        assert isinstance(found, FoundBoxes)
        box, seen = self.look.change.boxes(found.box.astype(np.float64), self.original.size)
        moved = FoundBoxes(found.class_[seen], found.confidence[seen], box[seen].astype(np.float32))
        return moved, seen

    def _outside(self, thresholds: Thresholds) -> int:
        found, seen = self.original.found, self._moved()[1]
        assert isinstance(found, FoundBoxes)
        kept = thresholds.kept(found.class_.astype(np.intp), found.confidence.astype(np.float64))
        return int((kept & ~seen).sum())


def given_for(thresholds: Thresholds, classes: int) -> Thresholds:
    """The thresholds for as many classes."""
    more = classes - len(thresholds.of_class)
    if more <= 0:
        return thresholds
    own = np.append(thresholds.of_class, np.full(more, thresholds.confidence))
    return replace(thresholds, of_class=own)


def _beside(
    lines: list[FoundLine],
    found: FoundBoxes,
    change: AnswerChanges,
    names: Sequence[str],
    *,
    by_model: bool,
) -> Iterator[FoundLine]:
    """The lines with what the other answer says of each, and its own lines between them."""
    partner = {(each.before if by_model else each.after): each for each in change.changes}
    merged, alone = [], []
    for row, line in enumerate(lines):
        each = partner.get(row)
        theirs = NOTHING if each is None else (each.after if by_model else each.before)
        if each is None or theirs == NOTHING:
            note = "" if by_model or each is None else "new"
            merged.append(replace(line, note=note))
            continue
        note = "lost" if each.lost and not by_model else ""
        was = int(found.class_[theirs])
        if was != line.class_:
            note = f"{'2nd' if by_model else 'was'} {names[was]}"
        merged.append(_with(line, found, theirs, note, kept=not each.lost or not by_model))
    for each in change.changes:
        own, theirs = (each.before, each.after) if by_model else (each.after, each.before)
        if own == NOTHING and theirs != NOTHING:
            class_ = int(found.class_[theirs])
            line = FoundLine(names[class_], class_, math.nan, False, None)
            alone.append(_with(line, found, theirs, "" if by_model else "lost", kept=True))
    every = [*merged, *alone]
    yield from sorted(every, key=lambda x: -(x.other if math.isnan(x.confidence) else x.confidence))


def _with(line: FoundLine, found: FoundBoxes, row: int, note: str, *, kept: bool) -> FoundLine:
    return replace(
        line,
        other=float(found.confidence[row]),
        other_kept=kept,
        other_box=_box(found.box[row].tolist()),
        note=note,
    )


def _box(corners: Sequence[float]) -> Box:
    left, top, width, height = corners
    return left, top, width, height
