"""Every kind of export that is known, in the order in which they are tried.

A family is a name, a test of what a model shows and a card to begin with; those
that say most of themselves come first. Adding one is a function, its name in its
module's FAMILIES, and a test with a graph of its exact signature.
"""

from dataclasses import replace
from typing import Final

from engine.scoring.families import (
    centerface,
    fastest,
    huggingface,
    mmdeploy,
    named,
    rfdetr,
    scrfd,
    service,
    shapes,
    ssd,
    timm,
    ultralytics,
    unnamed,
    winml,
    yunet,
)
from engine.scoring.families.family import RAW, Choice, Family, FamilyMatch, Question
from engine.scoring.families.feeding import asked
from engine.scoring.families.probabilities import judged
from engine.scoring.families.seen import SeenModel

FAMILIES: Final[tuple[Family, ...]] = (
    *rfdetr.FAMILIES,
    *ultralytics.FAMILIES,
    *huggingface.FAMILIES,
    *timm.FAMILIES,
    *service.FAMILIES,
    *mmdeploy.FAMILIES,
    *rfdetr.OLDER_FAMILIES,
    *named.FAMILIES,
    *scrfd.FAMILIES,
    *yunet.FAMILIES,
    *ssd.FAMILIES,
    *centerface.FAMILIES,
    *fastest.FAMILIES,
    *unnamed.FAMILIES,
    *shapes.FAMILIES,
)

__all__ = ["FAMILIES", "Choice", "Family", "FamilyMatch", "Question", "SeenModel", "recognised"]


def recognised(seen: SeenModel) -> FamilyMatch | None:
    """The first family whose signs a model shows; None when it is of no known kind.

    Raises `ModelError` for a model of a known family that cannot be read.
    """
    for family in FAMILIES:
        match = family.match(seen)
        if match is not None:
            rule = {"provenance.family": family.name, "provenance.detected_by": family.detected_by}
            known = judged(replace(match, card={**rule, **match.card}), seen)
            return winml.completed(_of_bytes(known, seen), seen.metadata)
    return None


def _of_bytes(match: FamilyMatch, seen: SeenModel) -> FamilyMatch:
    """A model that takes bytes does to them inside what its family does to images before."""
    if not seen.raw_bytes:
        return match
    said = {key: RAW.get(key, value) for key, value in match.card.items()}
    return replace(match, card=said, open_questions=asked(seen, *match.open_questions))
