"""Offdiag's answer to a photo against a framework's own: what both have, and how far apart."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from engine.scoring.run.found import ClassProbabilities, FoundBoxes
from engine.scoring.run.pipeline import Pipeline
from engine.scoring.run.scorer import Scorer
from engine.scoring.run.store import ImageFile
from tests.exports.real_run import CONFIDENCE

FAR = 20.0  # pixels beyond which two boxes are not the same


@dataclass
class Agreement:
    """How far two answers to the same photos agree."""

    theirs: int = 0  # boxes of the framework above the confidence; photos of a classifier
    ours: int = 0
    only_theirs: int = 0  # without a partner, and not merely just above the confidence
    only_ours: int = 0
    pixels: list[float] = field(default_factory=list)  # the side furthest off, of each pair
    scores: list[float] = field(default_factory=list)  # of each pair; of each class

    def within(self, pixels: float, score: float, spare: float) -> bool:
        """Whether the answers are the same but for so much, and such a share of the boxes."""
        near = max(self.pixels, default=0) <= pixels and max(self.scores, default=0) <= score
        return near and max(self.only_theirs, self.only_ours) <= spare * max(self.theirs, 1)


def answers(scorer: Scorer, photos: list[Path]) -> list[FoundBoxes | ClassProbabilities]:
    """What Offdiag finds in the photos, in the model's own classes."""
    files = [ImageFile.at(path, (0, 0)) for path in photos]
    portions = Pipeline(scorer, lambda: False).answers([file for file in files if file])
    given = [answer for portion in portions for answer in portion]
    assert not any(answer.failure for answer in given), [answer.failure for answer in given]
    return [answer.found for answer in given]


def agreed(
    theirs: dict[str, list],
    ours: FoundBoxes | ClassProbabilities,
    tolerance: float,
    into: Agreement,
) -> None:
    """Add one photo: `theirs` as real_run.Boxes or real_run.Probabilities."""
    if isinstance(ours, ClassProbabilities):
        into.theirs += 1
        same = len(theirs.get("values", ())) == len(ours.value)
        into.ours += same
        into.only_theirs += not same
        if same:
            into.scores += np.abs(np.array(theirs["values"]) - ours.value).tolist()
        return
    corners = np.array(theirs["corners"], float).reshape(-1, 4)
    scores, classes = np.array(theirs["scores"], float), np.array(theirs["classes"], int)
    box = np.concatenate([ours.box[:, :2], ours.box[:, :2] + ours.box[:, 2:]], axis=1)
    into.theirs += len(scores)
    into.ours += int((ours.confidence >= CONFIDENCE).sum())
    used = np.zeros(len(box), bool)
    for corner, score, class_ in zip(corners, scores, classes, strict=True):
        off = np.abs(box - corner).max(axis=1, initial=0)
        apart = np.abs(ours.confidence - score)
        other = used | (ours.class_ != class_) | (off > FAR)
        cost = np.where(other, np.inf, off + 100 * apart)
        if not len(cost) or not np.isfinite(best := cost[cost.argmin()]) or best > FAR:
            into.only_theirs += bool(score >= CONFIDENCE + tolerance)
            continue
        chosen = cost.argmin()
        used[chosen] = True
        into.pixels.append(float(off[chosen]))
        into.scores.append(float(apart[chosen]))
    into.only_ours += int((~used & (ours.confidence >= CONFIDENCE + tolerance)).sum())
