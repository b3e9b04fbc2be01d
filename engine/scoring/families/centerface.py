"""CenterFace, known by the shapes of its four maps."""

from typing import Final

from engine.core.errors import ModelError
from engine.scoring.families.family import RAW, RESIZE, Family, FamilyMatch, Keys
from engine.scoring.families.seen import SeenModel
from engine.scoring.heads.centerface import PUBLISHED, STRIDE

NUMBERS: Final = (1, 2, 2, 10)  # of a cell: heat, sides, offsets, five points


def _centerface(seen: SeenModel) -> FamilyMatch | None:
    shapes = [seen.shape(name) for name in seen.outputs]
    if [len(shape or ()) for shape in shapes] != [4] * len(NUMBERS):
        return None
    if tuple(shape[1] for shape in shapes if shape) != NUMBERS:
        return None
    sides = tuple(side // STRIDE for side in seen.input_size)
    maps = {shape[2:] for shape in shapes if shape}
    heat = seen.values(seen.outputs[0])
    if len(maps) != 1 or sides not in ((), *maps) or heat is None:
        return None
    if not ((heat >= 0) & (heat <= 1)).all():
        return None
    if seen.sides == PUBLISHED:
        raise ModelError(
            seen.model.path,
            "is CenterFace as its authors publish it: it declares an input of 32 x 32 pixels, "
            "which only OpenCV overrides. Give its axes other sizes, or free ones, with "
            "onnx.tools.update_model_dims",
        )
    card: Keys = {
        "output.decoder": "centerface",
        "output.grids": seen.outputs[:3],
        "output.left_out": "five points a face",
        "classes.names": ("face",),
        "input.color": "RGB",
        "input.antialias": False,
        **RAW,
    }
    reason = "its outputs are maps of 1, 2, 2 and 10 numbers for each cell of 4 x 4 pixels"
    # Its authors stretch a picture to the next multiple of 32, so hardly.
    return FamilyMatch(card, reason, "likely", (RESIZE.assuming("stretch"),))


FAMILIES: Final = (Family("centerface", "shapes", _centerface),)
