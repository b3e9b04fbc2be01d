"""What a model says of one image, with the decision that its operating point takes."""

from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never

import numpy as np
from numpy.typing import NDArray

from engine.cards.operating_point import Thresholds, name_of
from engine.core.arrays import Boxes, Indices, Mask, Scores
from engine.images.pixels import Size
from engine.scoring.run.found import ClassProbabilities, FoundBoxes
from engine.scoring.run.store import ImageAnswer

Prediction: TypeAlias = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Boxed:
    """The boxes in an image, the most confident first."""

    path: str
    size: Size  # width, height in pixels
    class_: Indices  # [N] the model's own class
    confidence: Scores  # [N]
    box: Boxes  # [N, 4] left, top, width, height in pixels of the image
    threshold: Scores  # [N] of the class of each
    kept: Mask  # [N] whether it counts at the operating point

    @property
    def asked(self) -> int:
        """How many predictions there are, those that do not count too."""
        return len(self.class_)

    @property
    def kept_classes(self) -> list[int]:
        """The class of each prediction that counts."""
        classes: list[int] = self.class_[self.kept].tolist()
        return classes

    def told(self, names: tuple[str, ...], *, everything: bool) -> Prediction:
        """The image's part of a line of JSON."""
        return {"predictions": self.predictions(names, everything=everything)}

    def predictions(self, names: tuple[str, ...], *, everything: bool) -> list[Prediction]:
        """As JSON has them: class, class_id, score and box (left, top, right, bottom).

        With everything those that do not count are there too, each with its threshold
        and its decision. Numbers are those of the model, to the last bit.
        """
        corners = self.box.copy()
        corners[:, 2:] += corners[:, :2]
        rows = zip(
            self.class_.tolist(),
            self.confidence.tolist(),
            corners.tolist(),
            self.threshold.tolist(),
            self.kept.tolist(),
            strict=True,
        )
        told = []
        for class_, confidence, box, threshold, kept in rows:
            if kept or everything:
                row = {
                    "class": name_of(names, class_),
                    "class_id": class_,
                    "score": confidence,
                    "box": box,
                }
                if everything:
                    row |= {"threshold": threshold, "decision": decision(kept)}
                told.append(row)
        return told


@dataclass(frozen=True, eq=False)
class Classed:
    """The probabilities of an image's classes."""

    path: str
    size: Size
    probability: NDArray[np.float64]  # [C] in the model's order
    threshold: float  # of the most probable class

    @property
    def top(self) -> int:
        """The most probable class; of equal ones the first."""
        return int(self.probability.argmax())

    @property
    def score(self) -> float:
        """The probability of the top class."""
        return float(self.probability[self.top])

    @property
    def kept(self) -> bool:
        """Whether the model answers; below the threshold it abstains."""
        return self.score >= self.threshold

    @property
    def asked(self) -> int:
        """How many predictions there are, one that does not count too."""
        return 1

    @property
    def kept_classes(self) -> list[int]:
        """The class of the answer, if it counts."""
        return [self.top] if self.kept else []

    def told(self, names: tuple[str, ...], *, everything: bool) -> Prediction:
        """The image's part of a line of JSON; class and class_id are null where the model abstains.

        With everything the top class is told in any case, with the decision and all
        probabilities.
        """
        silent = not (self.kept or everything)
        told: Prediction = {
            "class": None if silent else name_of(names, self.top),
            "class_id": None if silent else self.top,
            "score": self.score,
        }
        if everything:
            told |= {"threshold": self.threshold, "decision": decision(self.kept)}
            told["probabilities"] = {
                name_of(names, class_): value
                for class_, value in enumerate(self.probability.tolist())
            }
        return told


@dataclass(frozen=True)
class FailedImage:
    """An image that could not be scored."""

    path: str
    reason: str


ScoredImage: TypeAlias = Boxed | Classed
JudgedImage: TypeAlias = ScoredImage | FailedImage


def decision(kept: bool) -> str:
    """What the operating point says of a prediction."""
    return "keep" if kept else "drop"


def boxed(path: str, size: Size, found: FoundBoxes, thresholds: Thresholds) -> Boxed:
    """The boxes found in an image, against the thresholds."""
    class_ = found.class_.astype(np.intp)
    confidence = found.confidence.astype(np.float64)
    return Boxed(
        path,
        size,
        class_,
        confidence,
        found.box.astype(np.float64),
        thresholds.of(class_),
        thresholds.kept(class_, confidence),
    )


def classed(
    path: str, size: Size, probability: NDArray[np.floating[Any]], thresholds: Thresholds
) -> Classed:
    """The probabilities of an image, against the threshold of the most probable class."""
    wide = probability.astype(np.float64)
    top = np.array([wide.argmax()])
    return Classed(path, size, wide, float(thresholds.of(top)[0]))


def judged(path: str, answer: ImageAnswer, thresholds: Thresholds) -> JudgedImage:
    """An answer of the pipeline, whatever the task of the model."""
    if answer.failure:
        return FailedImage(path, answer.failure)
    found = answer.found
    match found:
        case FoundBoxes():
            return boxed(path, answer.size, found, thresholds)
        case ClassProbabilities():
            return classed(path, answer.size, found.value, thresholds)
        case _:
            assert_never(found)
