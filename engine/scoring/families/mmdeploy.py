"""MMDetection through mmdeploy: `dets` and `labels`, and a `pipeline.json` beside the model."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from engine.scoring.families.family import RESIZE, VALUES, Family, FamilyMatch, Keys
from engine.scoring.families.seen import SeenModel


def _mmdeploy(seen: SeenModel) -> FamilyMatch | None:
    if not {"dets", "labels"} <= set(seen.outputs):
        return None
    shape = seen.shape("dets")
    if shape is None or shape[-1] != 5:
        return None
    card: Keys = {
        "output.decoder": "dets5-labels",
        "output.boxes": "dets",
        "output.labels": "labels",
        "input.pad": 114,
        "output.left_out": "masks" if "masks" in seen.outputs else "",
    }
    reason = "its outputs are dets [batch, boxes, 5] and labels"
    pipeline = seen.read_json("pipeline.json")
    fed = _preprocessing(list(_transforms(pipeline)), seen) if pipeline else None
    if fed is not None:
        return FamilyMatch({**card, **fed}, f"{reason}, and pipeline.json says how it is fed")
    imagenet = VALUES.assuming("ImageNet mean and deviation")
    resize = RESIZE.assuming("letterbox-topleft")
    return FamilyMatch(card, f"{reason}; pipeline.json is missing", "guess", (imagenet, resize))


def _transforms(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every step of the first list called "transforms", wherever it is."""
    if isinstance(value, Mapping):
        steps = value.get("transforms")
        if isinstance(steps, list):
            yield from (step for step in steps if isinstance(step, Mapping))
            return
        for inner in value.values():
            yield from _transforms(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _transforms(inner)


def _preprocessing(steps: list[Mapping[str, Any]], seen: SeenModel) -> Keys | None:
    keys: dict[str, object] = {}
    try:
        for step in steps:
            match step.get("type"):
                case "Resize":
                    keys.update(_resize(step, fixed=all(seen.sides)))
                case "Normalize":
                    keys["input.color"] = "RGB" if step.get("to_rgb", True) else "BGR"
                    keys["input.scale"] = 1.0
                    keys["input.mean"] = tuple(float(mean) for mean in step["mean"])
                    keys["input.std"] = tuple(float(std) for std in step["std"])
                    keys["input.pad"] = round(sum(map(float, step["mean"])) / len(step["mean"]))
                case "Pad" if step.get("size_divisor"):
                    keys["input.multiple"] = int(step["size_divisor"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return keys if "input.mean" in keys and "input.resize" in keys else None


def _resize(step: Mapping[str, Any], *, fixed: bool) -> Keys:
    size = step.get("size") or step.get("scale") or step.get("img_scale")
    width, height = (size, size) if isinstance(size, int) else (size or (1333, 800))
    if not step.get("keep_ratio"):
        return {"input.resize": "stretch", "input.size": () if fixed else (int(height), int(width))}
    if fixed:
        return {"input.resize": "letterbox-topleft"}
    sides = int(height), int(width)
    return {
        "input.resize": "shortest-edge",
        "input.shortest": min(sides),
        "input.longest": max(sides),
    }


FAMILIES: Final = (Family("mmdeploy", "output-names", _mmdeploy),)
