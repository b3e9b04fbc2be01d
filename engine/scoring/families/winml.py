"""The metadata of Windows ML, which completes the preprocessing of any family."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from engine.scoring.families.family import MINUS_ONE_TO_ONE, RAW, ZERO_TO_ONE, FamilyMatch, Keys

FORMAT: Final = "Image.BitmapPixelFormat"
RANGE: Final = "Image.NominalPixelRange"

COLORS: Final = {"bgr8": "BGR", "bgra8": "BGR", "rgb8": "RGB", "rgba8": "RGB", "gray8": "GRAY"}
RANGES: Final[Mapping[str, Keys]] = {
    "nominalrange_0_255": RAW,
    "normalized_0_1": ZERO_TO_ONE,
    "normalized_1_1": MINUS_ONE_TO_ONE,
}


def completed(match: FamilyMatch, metadata: Mapping[str, str]) -> FamilyMatch:
    """The match with what the metadata says of colours and pixel values, which is then settled."""
    keys: dict[str, object] = {}
    if color := COLORS.get(metadata.get(FORMAT, "").lower()):
        keys["input.color"] = color
    keys.update(RANGES.get(metadata.get(RANGE, "").lower(), {}))
    if not keys:
        return match
    said = frozenset(keys)
    left = tuple(asked for asked in match.open_questions if not asked.answered_by(said))
    signs = " and ".join(name for name in (FORMAT, RANGE) if name in metadata)
    level = "likely" if match.level == "guess" and not left else match.level
    return replace(
        match,
        card={**match.keys, **keys},
        open_questions=left,
        level=level,
        reason=f"{match.reason}; {signs} says how it is fed",
    )
