"""The answers of two sides to the images that both answered, in the classes that both know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np

from engine.compare.exports.unlabelled import Answers, SideAnswers
from engine.core.arrays import NOTHING, Indices, Mask
from engine.core.dataset import Images, Predictions, Probabilities, places
from engine.core.errors import DataError
from engine.util.words import listed, number


@dataclass(frozen=True, eq=False)
class CommonAnswers:
    """The answers of both sides to the images and in the classes that both have."""

    images: Images
    found: tuple[Answers, Answers]
    knows: Indices  # [K] the classes of both
    warnings: tuple[str, ...]

    @classmethod
    def of(
        cls,
        images: Images,
        sides: tuple[SideAnswers, SideAnswers],
        names: tuple[str, str],
        classes: Sequence[str],
        path_b: Path,
    ) -> Self:
        """What is left out is told; DataError where nothing is left."""
        failed = sorted({image for side in sides for image in side.failures})
        kept = np.setdiff1d(np.arange(len(images)), failed)
        told = _failures(sides, names)
        if not len(kept):
            raise DataError(
                path_b, f"not one of {number(len(images), 'image')} could be scored by both: {told}"
            )
        unanswered = [np.setdiff1d(kept, _answered(each.found, kept)) for each in sides]
        kept = np.setdiff1d(kept, np.concatenate(unanswered))
        if not len(kept):
            raise DataError(
                path_b,
                f"has an answer for none of the images that {names[0]} has one for: give answers "
                "for the same images",
            )
        warnings = [
            f"{name} has no answer for {len(without):,} of {number(len(images), 'image')}, left "
            f"out on both sides: {listed([images.name[image] for image in without.tolist()])}."
            for name, without in zip(names, unanswered, strict=True)
            if len(without)
        ]
        if failed:
            those = listed([images.name[image] for image in failed])
            warnings.append(
                f"{number(len(failed), 'image')} of {len(images):,} left out on both sides "
                f"({told}): {those}."
            )
        both = sides[0].knows & sides[1].knows
        if not both.any():
            lacking = [listed([*_named(classes, each.knows), *each.besides]) for each in sides]
            raise DataError(
                path_b,
                f"none of its classes ({lacking[1]}) is a class of {names[0]} ({lacking[0]}): say "
                "which is which under [classes.map] in its card",
            )
        for at, other in ((0, 1), (1, 0)):
            alone = [*_named(classes, sides[at].knows & ~sides[other].knows), *sides[at].besides]
            if alone:
                few = number(len(alone), "class", "classes")
                warnings.append(
                    f"{few} of {names[at]} left out, which {names[other]} lacks: {listed(alone)}."
                )
        place = places(kept, len(images))
        found_a, found_b = (_restricted(each.found, place, both) for each in sides)
        whole = images if len(kept) == len(images) else images.only(kept)
        return cls(whole, (found_a, found_b), np.flatnonzero(both), tuple(warnings))

    def class_names(self, classes: Sequence[str]) -> tuple[str, ...]:
        """[K] of the classes of both."""
        return tuple(classes[class_] for class_ in self.knows.tolist())


def _answered(found: Answers, images: Indices) -> Indices:
    """Those that a side has an answer for: boxes do not say where nothing was looked for."""
    return found.image if isinstance(found, Probabilities) else images


def _named(classes: Sequence[str], which: Mask) -> list[str]:
    return [classes[class_] for class_ in np.flatnonzero(which).tolist()]


def _restricted(found: Answers, place: Indices, both: Mask) -> Answers:
    """Answers to images that have a place, in classes of both; columns of others go."""
    if isinstance(found, Predictions):
        kept = found.where(both[found.class_] & (place[found.image] != NOTHING))
        return replace(kept, image=place[kept.image])
    there = place[found.image] != NOTHING
    return Probabilities(place[found.image[there]], found.value[there][:, both])


def _failures(sides: Sequence[SideAnswers], names: Sequence[str]) -> str:
    return " and ".join(
        f"{name} could not be run on {len(side.failures):,}: "
        f"{listed(list(dict.fromkeys(side.failures.values())), 3)}"
        for name, side in zip(names, sides, strict=True)
        if side.failures
    )
