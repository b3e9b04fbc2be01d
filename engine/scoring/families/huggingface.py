"""Models of Hugging Face: `config.json` and `preprocessor_config.json` beside the model."""

from collections.abc import Mapping
from typing import Any, Final

from engine.core.errors import ModelError
from engine.scoring.families.family import CROP, RESIZE, VALUES, Family, FamilyMatch, Keys, Question
from engine.scoring.families.seen import MASK_INPUTS, SeenModel

# How `post_process_object_detection` of each model type reads its logits.
SOFTMAX: Final = frozenset({"detr", "yolos", "table-transformer"})
SIGMOID: Final = frozenset(
    (
        *("rt_detr", "rt_detr_v2", "d_fine", "lw_detr", "rf_detr"),
        *("deformable_detr", "conditional_detr", "dab-detr", "deta"),
    )
)
# Pillow's own numbers.
RESAMPLE: Final = {0: "nearest", 1: "lanczos", 2: "bilinear", 3: "bicubic", 4: "area"}
CONVNEXT_CROPPED_BELOW: Final = 384  # pixels: ConvNeXt's processor crops below, stretches above

Config = Mapping[str, Any]


def _detection(seen: SeenModel) -> FamilyMatch | None:
    if not {"logits", "pred_boxes"} <= set(seen.outputs):
        return None
    config = seen.read_json("config.json")
    kind = str(config.get("model_type", "")) if config else ""
    if kind not in SOFTMAX | SIGMOID:
        raise ModelError(
            seen.model.path,
            "has the outputs logits and pred_boxes of a transformer, but no config.json with a "
            "known model_type beside it, so it is open whether its classes exclude each other. "
            "Copy its config.json and preprocessor_config.json beside it, or say in its card",
            example=(
                "",
                "    [output]",
                '    decoder = "detr"',
                '    boxes = "pred_boxes"',
                '    scores = "logits"',
                '    activation = "sigmoid"   # RT-DETR, D-FINE; '
                '"softmax-drop-last" for DETR, YOLOS',
                "",
                "and how images are fed to it, under [input]",
            ),
        )
    card: dict[str, object] = {
        "output.decoder": "detr",
        "output.boxes": "pred_boxes",
        "output.scores": "logits",
        "output.activation": "softmax-drop-last" if kind in SOFTMAX else "sigmoid",
        # With a mask the model places boxes in the image and not in its padding.
        "output.box_space": "image" if _masked(seen) else "normalized",
        "output.nms.needed": kind == "deta",
        "provenance.family": f"huggingface-{kind}",
    }
    return _match(seen, config or {}, card, f"its config.json says model_type {kind!r}", RESIZE)


def _classification(seen: SeenModel) -> FamilyMatch | None:
    config = seen.read_json("config.json")
    if config is None or seen.outputs[:1] != ("logits",) or "id2label" not in config:
        return None
    shape = seen.shape("logits")
    if shape is None or len(shape) != 2:
        return None
    card: dict[str, object] = {
        "output.decoder": "classify",
        "output.boxes": "logits",
        "output.activation": "softmax",  # `logits` are that in every classifier of the library
        "provenance.family": f"huggingface-{config.get('model_type', 'classifier')}",
    }
    return _match(seen, config, card, "its config.json names its classes", CROP)


def _match(
    seen: SeenModel, config: Config, card: dict[str, object], reason: str, resize: Question
) -> FamilyMatch:
    names = _names(config)
    if names:
        card["classes.names"] = names
    processor = seen.read_json("preprocessor_config.json")
    if processor is None:
        questions = (VALUES.assuming("ImageNet mean and deviation"), resize)
        return FamilyMatch(
            card, f"{reason}; preprocessor_config.json is missing", "guess", questions
        )
    card.update(preprocessing(processor, fixed=all(seen.sides)))
    return FamilyMatch(card, reason)


def preprocessing(said: Config, *, fixed: bool) -> Keys:
    """A `preprocessor_config.json` as keys of a card; `fixed`: the graph fixes the input's size."""
    scale = float(said.get("rescale_factor", 1 / 255)) if said.get("do_rescale", True) else 1.0
    keys: dict[str, object] = {
        "input.scale": scale,
        "input.interpolation": RESAMPLE.get(int(said.get("resample") or 2), "bilinear"),
        "input.pad": 0,
    }
    if said.get("do_normalize", True) and "image_mean" in said:
        keys["input.mean"] = tuple(float(mean) for mean in said["image_mean"])
        keys["input.std"] = tuple(float(std) for std in said["image_std"])
    size = said.get("size")
    if isinstance(size, int):
        square = said.get("default_to_square", not said.get("do_center_crop"))
        size = {"height": size, "width": size} if square else {"shortest_edge": size}
    size = size if isinstance(size, Mapping) and said.get("do_resize", True) else {}
    keys.update(_resize(said, size, fixed=fixed))
    return keys


def _resize(said: Config, size: Config, *, fixed: bool) -> Keys:
    crop = said.get("crop_size", {})
    crop = crop.get("height") if isinstance(crop, Mapping) else crop
    shortest = size.get("shortest_edge")
    if "height" in size:
        height, width = int(size["height"]), int(size["width"])
        if said.get("do_center_crop") and crop:
            keys = {"input.resize": "shortest-crop", "input.crop_ratio": min(crop / height, 1.0)}
            return {**keys, "input.size": (int(crop), int(crop))}
        return {"input.resize": "stretch", "input.size": (height, width)}
    if shortest and said.get("do_center_crop") and crop:
        ratio = min(int(crop) / int(shortest), 1.0)
        return {
            "input.resize": "shortest-crop",
            "input.crop_ratio": ratio,
            "input.size": (int(crop), int(crop)),
        }
    if shortest and "crop_pct" in said:
        small = int(shortest) < CONVNEXT_CROPPED_BELOW
        return {
            "input.resize": "shortest-crop" if small else "stretch",
            "input.crop_ratio": float(said["crop_pct"]) if small else 1.0,
            "input.size": (int(shortest), int(shortest)),
        }
    if fixed:
        return {"input.resize": "stretch"}
    if shortest:
        longest = int(size.get("longest_edge") or 65536)
        return {
            "input.resize": "shortest-edge",
            "input.shortest": int(shortest),
            "input.longest": longest,
        }
    return {"input.resize": "none"}


def _names(config: Config) -> tuple[str, ...]:
    named = config.get("id2label")
    if not isinstance(named, Mapping) or not named:
        return ()
    known = {int(index): str(name) for index, name in named.items() if str(index).isdigit()}
    return tuple(
        known.get(index, f"(class {index})") for index in range(max(known, default=-1) + 1)
    )


def _masked(seen: SeenModel) -> bool:
    return any(port.name in MASK_INPUTS for port in seen.model.inputs)


FAMILIES: Final = (
    Family("huggingface-detection", "hf-config", _detection),
    Family("huggingface-classification", "hf-config", _classification),
)
