"""Classifiers that answer with a dictionary of names and probabilities, as Custom Vision's do."""

from typing import Final

from engine.scoring.families.family import ZERO_TO_ONE, Family, FamilyMatch
from engine.scoring.families.seen import SeenModel

DICTIONARY: Final = "seq(map(string,tensor(float)))"


def _named_probabilities(seen: SeenModel) -> FamilyMatch | None:
    ports = [port for port in seen.model.outputs if port.type == DICTIONARY]
    answer = seen.dry_run.get(ports[0].name) if ports else None
    if not answer or seen.image is None:
        return None
    card = {
        "output.decoder": "classify",
        "output.boxes": ports[0].name,
        "input.resize": "shortest-crop",  # its sample crops the middle and resizes it
        "input.crop_ratio": 1.0,
        "classes.names": tuple(str(name) for name in answer[0]),
        **ZERO_TO_ONE,
    }
    reason = f"its output {ports[0].name} names classes and their probabilities"
    return FamilyMatch(card, reason, "likely")


FAMILIES: Final = (Family("custom-vision", "output-names", _named_probabilities),)
