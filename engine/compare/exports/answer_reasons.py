"""Why two classifiers disagree, as far as their probabilities show it: no model is run for it."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from engine.compare.exports.agreement import AnswerAgreement
from engine.compare.exports.closeness import explains
from engine.compare.exports.reasons import Reason, order_in_words, renamed_classes
from engine.core.arrays import NOTHING
from engine.core.dataset import Probabilities
from engine.util.words import share

FEWEST: Final = 3  # images that a reason must rest on
WHOLE: Final = 0.01  # how far the probabilities of an image may be from 1 together


@dataclass(frozen=True, eq=False)
class AnswerSides:
    """The probabilities of both sides, of the same images and classes."""

    names: tuple[str, ...]  # [C]
    a: Probabilities
    b: Probabilities

    @property
    def agreement(self) -> AnswerAgreement:
        """How far they agree."""
        return AnswerAgreement.of(self.a, self.b)


def answers_explained(sides: AnswerSides) -> Reason | None:
    """The first reason without which the two agree, at least but for rounding; None for none."""
    before = sides.agreement
    for look in (_other_order, _no_probabilities):
        found = look(sides)
        if found is not None and explains(before, found.without):
            return found
    return None


def _other_order(sides: AnswerSides) -> Reason | None:
    """What B calls the classes of A, by the images in which they come first."""
    measured, classes = sides.agreement, len(sides.names)
    counts = np.zeros((classes, classes), np.int64)
    np.add.at(counts, (measured.top_a, measured.top_b), 1)
    seen = np.flatnonzero(counts.sum(axis=1) > 0)
    called = np.full(classes, NOTHING)
    called[seen] = counts[seen].argmax(axis=1)
    wrong = seen[called[seen] != seen]
    if counts[wrong].sum() < FEWEST or len(np.unique(called[seen])) < len(seen):
        return None
    value = np.empty_like(sides.b.value)
    value[:, renamed_classes(called)] = sides.b.value
    words = f"the classes of B are in another order: {order_in_words(sides.names, called, wrong)}"
    renamed = replace(sides, b=Probabilities(sides.b.image, value))
    return Reason(words, renamed.agreement)


def _no_probabilities(sides: AnswerSides) -> Reason | None:
    """The numbers of one side are no probabilities, and become them by a softmax."""
    for name, own in (("B", sides.b), ("A", sides.a)):
        total = own.value.sum(axis=1)
        if (np.abs(total - 1) < WHOLE).all():
            continue
        risen = np.exp(own.value - own.value.max(axis=1, keepdims=True))
        value = risen / risen.sum(axis=1, keepdims=True)
        changed = Probabilities(own.image, value)
        other = replace(sides, b=changed) if name == "B" else replace(sides, a=changed)
        low, high = share(float(total.min())), share(float(total.max()))
        words = (
            f"the numbers of {name} are no probabilities, they add up to {low} to {high}: "
            "a softmax makes them those of the other side"
        )
        return Reason(words, other.agreement)
    return None
