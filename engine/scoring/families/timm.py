"""Classifiers of timm, whose `config.json` says how they were trained to be fed."""

from collections.abc import Mapping
from typing import Final

from engine.scoring.families.family import Family, FamilyMatch
from engine.scoring.families.probabilities import activation_of
from engine.scoring.families.seen import SeenModel

INTERPOLATIONS: Final = ("nearest", "bilinear", "bicubic", "lanczos")


def _timm(seen: SeenModel) -> FamilyMatch | None:
    config = seen.read_json("config.json")
    said = config.get("pretrained_cfg") if config else None
    if config is None or not isinstance(said, Mapping) or "mean" not in said:
        return None
    squashed = said.get("crop_mode") == "squash"
    interpolation = str(said.get("interpolation", "bicubic"))
    card: dict[str, object] = {
        "output.decoder": "classify",
        "output.activation": activation_of(seen, seen.outputs[0]),
        "input.scale": 1 / 255,
        "input.mean": tuple(float(mean) for mean in said["mean"]),
        "input.std": tuple(float(std) for std in said["std"]),
        "input.resize": "stretch" if squashed else "shortest-crop",
        "input.crop_ratio": min(float(said.get("crop_pct") or 0.875), 1.0),
        "input.interpolation": interpolation if interpolation in INTERPOLATIONS else "bicubic",
    }
    sides = said.get("input_size")
    if isinstance(sides, list) and len(sides) == 3:
        card["input.size"] = (int(sides[1]), int(sides[2]))
    names = config.get("label_names") or said.get("label_names")
    if isinstance(names, list) and names:
        card["classes.names"] = tuple(str(name) for name in names)
    return FamilyMatch(card, "its config.json has the pretrained_cfg of timm")


FAMILIES: Final = (Family("timm", "hf-config", _timm),)
