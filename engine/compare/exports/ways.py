"""The ways to feed a model, tried until it agrees with the other side."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from engine.compare.exports.closeness import Measured, closes, explains, gap
from engine.probing.running import Trials, Trying
from engine.probing.variants import AS_NOW, Variant, questions_of, variants_of
from engine.scoring.families.family import RESIZE, Question
from engine.scoring.run.found import ImagePredictions
from engine.scoring.run.scorer import Scorer
from engine.scoring.run.store import ImageFile

Judge: TypeAlias = Callable[[Sequence[ImagePredictions | None]], Measured]
"""What a model says of each file that is tried -> how far that agrees with the other side."""

HELPS: Final = 0.95  # what a choice leaves of the gap at most for more of them to be tried
CLOSER: Final = 0.75
"""What a better way leaves of the gap: to a model that is fed as it should be every other way does
harm, so less is enough than for other reasons. That finds it beside the rounding of int8, too."""


@dataclass(frozen=True, eq=False)
class TriedWay:
    """The way of feeding in which a model agrees most with the other side."""

    words: str  # "fed BGR"
    now: str  # "RGB", as it is fed; "" where that has no name
    before: Measured  # as it is fed
    after: Measured  # on the same images
    images: int

    @property
    def explains(self) -> bool:
        """Whether the two agree when it is fed so, and did not before."""
        return explains(self.before, self.after, CLOSER)


def tried_ways(
    scorer: Scorer,
    files: Sequence[ImageFile],
    judge: Judge,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Trying | TriedWay]:
    """Try one other choice, then several at once; last the best of all, if any is better.

    Ends with the first number of choices of which one explains why the two sides disagree, or
    where none helps: of several that are wrong, to right one is a step already.
    Nothing where nothing can be tried, or after a cancellation. Raises `ModelError`.
    """
    questions = questions_of(scorer, every=True)
    as_now, *others = variants_of(questions)
    by_changes: dict[int, list[Variant]] = defaultdict(list)
    for variant in others:
        by_changes[len(_changes(as_now, variant))].append(variant)
    before: Measured | None = None
    best: TriedWay | None = None
    for changes in sorted(by_changes):
        variants = [*by_changes[changes], *([as_now] if before is None else [])]
        rows: list[Sequence[ImagePredictions | None]] = []
        for event in Trials(scorer, variants, cancelled).of(files):
            if isinstance(event, Trying):
                yield event
            else:
                rows.append(event.tried or (None,) * len(variants))
        if cancelled():
            return
        found = [judge(by_image) for by_image in zip(*rows, strict=True)]
        if before is None:
            before = found.pop()
        for variant, after in zip(by_changes[changes], found, strict=True):
            if _gap(after) < _gap(before if best is None else best.after):
                words, now = _in_words(questions, as_now, variant)
                best = TriedWay(words, now, before, after, len(files))
        if best is None or best.explains or not closes(before, best.after, HELPS):
            break
    if best is not None:
        yield best


def _gap(measured: Measured) -> float:
    """The gap, and more than any where there is nothing to compare."""
    own = gap(measured)
    return float("inf") if np.isnan(own) else own


def _changes(as_now: Variant, variant: Variant) -> list[int]:
    """The places of the questions that have another answer than now."""
    both = enumerate(zip(as_now.choices, variant.choices, strict=True))
    return [at for at, (now, other) in both if now is not other]


def _in_words(questions: Sequence[Question], as_now: Variant, variant: Variant) -> tuple[str, str]:
    """How it is fed, and how it is now as far as that has a name."""
    fed, now = [], []
    for at in _changes(as_now, variant):
        verb = "resized by" if questions[at].about == RESIZE.about else "fed"
        fed.append(f"{verb} {variant.words[at]}")
        if as_now.words[at] != AS_NOW:
            now.append(as_now.words[at])
    return " and ".join(fed), " and ".join(now)
