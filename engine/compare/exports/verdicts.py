"""The verdict on two sides: the same model, rounding, another preprocessing, or another model."""

from dataclasses import dataclass, replace
from typing import Final, Literal, Self, TypeAlias, assert_never

from engine.compare.exports.agreement import AnswerAgreement, BoxAgreement
from engine.compare.exports.answer_reasons import AnswerSides, answers_explained
from engine.compare.exports.closeness import (
    FINE,
    IN_8_BITS,
    Measured,
    RoundingLimits,
    closeness,
    gap,
)
from engine.compare.exports.reasons import BoxSides, coarse_scores, explained
from engine.util.words import number, share

Verdict: TypeAlias = Literal["same", "rounding", "preprocessing", "other"]
ComparedSides: TypeAlias = BoxSides | AnswerSides
NOTHING_FOUND: Final = "neither side has a box that counts"


@dataclass(frozen=True, eq=False)
class Agreement:
    """How far two sides agree, and what that means."""

    measured: Measured
    verdict: Verdict
    reason: str = ""  # why they disagree, as far as it was found

    @property
    def worth_trying(self) -> bool:
        """Whether ways of feeding a model may tell more: nothing explains what is apart."""
        apart = not gap(self.measured) <= FINE  # also where there is nothing to compare
        return apart and (not self.reason or self.verdict == "rounding")

    @property
    def sentence(self) -> str:
        """The verdict in words."""
        match self.verdict:
            case "same":
                return f"The same model: {self._words}."
            case "rounding":
                why = f"; {self.reason}" if self.reason else ""
                return f"The same model but for rounding: {self._words}{why}."
            case "preprocessing":
                return f"Another preprocessing: {self.reason}."
            case "other" if self.reason:
                return f"Not the same model as it stands, {self._words}: {self.reason}."
            case "other":
                return f"Another model: {self._words}."
            case _:
                assert_never(self.verdict)

    def explained_by(self, verdict: Verdict, reason: str) -> Self:
        """With what was found out since."""
        return replace(self, verdict=verdict, reason=reason)

    @property
    def _words(self) -> str:
        measured = self.measured
        match measured:
            case BoxAgreement():
                boxes = number(measured.boxes_a, "box", "boxes")
                both = f"{boxes} of A and {measured.boxes_b:,} of B"
                if measured.share == 1:
                    return f"all {both} agree"
                return f"{share(measured.share, 4)} of the boxes agree ({both})"
            case AnswerAgreement():
                images = number(len(measured.images), "image")
                if measured.share == 1:
                    return f"the top class is the same in all {images}"
                return f"the top class is the same in {share(measured.share, 4)} of {images}"
            case _:
                assert_never(measured)


def agreement(sides: ComparedSides, limits: RoundingLimits = IN_8_BITS) -> Agreement:
    """Compare the answers of two sides; reasons are looked for where they disagree.

    Limits are those in 8 bits unless it is known that neither side computes so.
    Whether a model is fed another way than the other one takes runs of it: see ways.
    """
    measured = sides.agreement
    close = closeness(measured, limits)
    if close == "same":
        return Agreement(measured, "same")
    match sides:
        case BoxSides():
            found = explained(sides)
            rest = _evidence(sides, sides.agreement) if close == "other" else ""
        case AnswerSides():
            found, rest = answers_explained(sides), ""
        case _:
            assert_never(sides)
    if found is not None:
        return Agreement(measured, "other", found.words)
    return Agreement(measured, close, rest)


def _evidence(sides: BoxSides, measured: BoxAgreement) -> str:
    """What may be why, where nothing was found without which the two agree."""
    if not measured.boxes_a + measured.boxes_b:
        return NOTHING_FOUND
    return coarse_scores(sides)
