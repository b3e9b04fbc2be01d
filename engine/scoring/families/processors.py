"""What a `preprocessor_config.json` of Hugging Face does to an image, as keys of a card."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from engine.scoring.families.family import Keys

Config = Mapping[str, Any]

# Pillow's own numbers.
RESAMPLE: Final = {0: "nearest", 1: "lanczos", 2: "bilinear", 3: "bicubic", 4: "area"}
CONVNEXT_CROPPED_BELOW: Final = 384  # pixels: ConvNeXt's processor crops below, stretches above
LEVIT_MARGIN: Final = 256 / 224
YOLOS_MULTIPLE: Final = 16  # pixels that both sides of an image are cut down to a multiple of
NOTHING_SAID: Final[Config] = MappingProxyType({})

CROPS: Final = {
    "default_to_square": False,
    "size": {"shortest_edge": 224},
    "do_center_crop": True,
    "crop_size": 224,
}
SQUARE: Final = {"default_to_square": True, "size": 224}
EDGES: Final = {"default_to_square": False, "size": {"shortest_edge": 800, "longest_edge": 1333}}
# What each processor takes where its file does not say.
DEFAULTS: Final[Mapping[str, Config]] = {
    "Beit": {**SQUARE, "resample": 3},
    "Bit": {**CROPS, "resample": 3},
    "CLIP": {**CROPS, "resample": 3},
    "ChineseCLIP": {**CROPS, "resample": 3},
    "ConditionalDetr": EDGES,
    "ConvNext": {"default_to_square": False, "resample": 3, "crop_pct": 224 / 256},
    "DeformableDetr": EDGES,
    "DeiT": {**SQUARE, "size": 256, "do_center_crop": True, "crop_size": 224, "resample": 3},
    "Detr": EDGES,
    "EfficientNet": {"default_to_square": True, "size": 346, "include_top": True},
    "Levit": {**CROPS, "resample": 3},
    "MobileNetV1": {**CROPS, "size": {"shortest_edge": 256}},
    "MobileNetV2": {**CROPS, "size": {"shortest_edge": 256}},
    "MobileViT": {
        **CROPS,
        "crop_size": 256,
        "do_normalize": False,
        "do_flip_channel_order": True,
    },
    "PoolFormer": {**CROPS, "resample": 3, "crop_pct": 0.9},
    "Pvt": {**SQUARE, "resample": 3},
    "RTDetr": {"do_normalize": False, "size": {"height": 640, "width": 640}},
    "Segformer": {"default_to_square": True, "size": 512},
    "Siglip": {"resample": 3, "size": {"height": 224, "width": 224}},
    "ViT": SQUARE,
    "Yolos": EDGES,
}
FOLLOWED: Final = frozenset(
    (
        *("do_resize", "do_rescale", "do_normalize", "do_center_crop", "do_flip_channel_order"),
        *("include_top", "rescale_offset", "default_to_square"),
    )
)
# Colours are RGB anyway, padding fills up a batch, and the rest is about ground truth.
WITHOUT_EFFECT: Final = frozenset(
    (
        *("do_convert_rgb", "do_pad", "do_convert_annotations", "do_reduce_labels"),
        *("reduce_labels", "return_segmentation_masks", "use_fast", "disable_grouping"),
    )
)


@dataclass(frozen=True)
class ReadProcessor:
    """A processor as keys of a card, and what of its file they do not follow."""

    keys: Keys
    not_followed: tuple[str, ...] = ()  # keys of the file, or the processor's name


def read_processor(file: Config, *, fixed: bool) -> ReadProcessor:
    """What a `preprocessor_config.json` says; `fixed`: the graph fixes the input's size.

    Raises `ValueError`, `TypeError` or `KeyError` for a file that is not one.
    """
    name = processor_name(file)
    said = {**DEFAULTS.get(name, NOTHING_SAID), **file}
    known = FOLLOWED | WITHOUT_EFFECT
    missed = [key for key, value in said.items() if value is True and key not in known]
    missed += ["pad_size"] if said.get("pad_size") else []
    if name and name not in DEFAULTS:
        missed.append(f"processor {name}")
    resample = said.get("resample")
    resample = 2 if resample is None else int(resample)
    if resample not in RESAMPLE:
        missed.append("resample")
    keys = {
        "input.interpolation": RESAMPLE.get(resample, "bilinear"),
        "input.pad": 0,
        **_values(said),
    }
    if said.get("do_flip_channel_order"):
        keys["input.color"] = "BGR"
    resize, left = _resize(said, name, fixed=fixed)
    return ReadProcessor({**keys, **resize}, (*missed, *left))


def processor_name(file: Config) -> str:
    """ "MobileViT" of a MobileViTImageProcessorFast; nothing where the file names none."""
    name = str(file.get("image_processor_type") or file.get("feature_extractor_type") or "")
    for ending in ("Fast", "Pil", "ImageProcessor", "FeatureExtractor"):
        name = name.removesuffix(ending)
    return name


def _values(said: Config) -> dict[str, object]:
    """What becomes of a pixel: times a factor, minus a mean, over a deviation."""
    scale = float(said.get("rescale_factor", 1 / 255)) if said.get("do_rescale", True) else 1.0
    mean, std = [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]
    if said.get("do_normalize", True) and "image_mean" in said:
        mean, std = _numbers(said["image_mean"]), _numbers(said["image_std"])
    if said.get("rescale_offset"):
        mean = [value + 1 for value in mean]
    if said.get("include_top") and "image_std" in said:
        # EfficientNet's processor divides by the deviation once more.
        again = _numbers(said["image_std"])
        std = [value * more for value, more in zip(std, again, strict=True)]
    keys: dict[str, object] = {"input.scale": scale}
    if (set(mean), set(std)) != ({0.0}, {1.0}):
        keys |= {"input.mean": tuple(mean), "input.std": tuple(std)}
    return keys


def _numbers(value: Any) -> list[float]:
    each = value if isinstance(value, list | tuple) else [value] * 3
    return [float(number) for number in each]


def _resize(said: Config, name: str, *, fixed: bool) -> tuple[Keys, tuple[str, ...]]:
    """The keys of the resize, and what they do not follow."""
    size, crop = _size(said), _crop(said)
    if not said.get("do_resize", True):
        return {"input.resize": "none"}, ("do_center_crop",) if crop else ()
    shortest = int(size.get("shortest_edge") or 0)
    sides: tuple[int, ...] = ()
    if "height" in size:
        sides = int(size["height"]), int(size["width"])
    pct = said.get("crop_pct")
    if name == "ConvNext" or (pct and not crop and shortest):
        return _convnext(shortest, float(pct or 1)), ()
    if pct and (shortest or sides):  # PoolFormer
        shortest, sides = int((shortest or sides[0]) / float(pct)), ()
    if name == "Levit" and shortest:
        shortest = int(LEVIT_MARGIN * shortest)
    if crop and (sides or shortest):
        inside = max(crop) <= (min(sides) if sides else shortest)
        square = crop[0] == crop[1] and len({*sides}) <= 1
        covered = sides[0] if sides else shortest
        keys: Keys = {
            "input.resize": "stretch-crop" if sides else "shortest-crop",
            "input.crop_ratio": min(crop[0] / covered, 1.0),
            "input.crop_rounding": "down",
            "input.size": crop,
        }
        return keys, () if inside and square else ("crop_size",)
    if sides:
        return {"input.resize": "stretch", "input.size": sides}, ()
    if fixed or not shortest:
        # An input of one size was not fed by such a processor as it is.
        left = ("size",) if size else ()
        return {"input.resize": "stretch" if fixed else "none"}, left
    keys = {
        "input.resize": "shortest-edge",
        "input.shortest": shortest,
        "input.longest": int(size.get("longest_edge") or 65536),
    }
    return keys | ({"input.cut_to": YOLOS_MULTIPLE} if name == "Yolos" else {}), ()


def _convnext(shortest: int, pct: float) -> Keys:
    small = shortest < CONVNEXT_CROPPED_BELOW
    return {
        "input.resize": "shortest-crop" if small else "stretch",
        "input.crop_ratio": shortest / int(shortest / pct) if small else 1.0,
        "input.crop_rounding": "down",
        "input.size": (shortest, shortest),
    }


def _size(said: Config) -> Config:
    """The key "size" as a dictionary; a single number is a square, or the shorter side."""
    size = said.get("size")
    if isinstance(size, int):
        square = said.get("default_to_square", not said.get("do_center_crop"))
        longest = {"longest_edge": said["max_size"]} if said.get("max_size") else {}
        if square and not longest:
            return {"height": size, "width": size}
        return {"shortest_edge": size, **longest}
    return size if isinstance(size, Mapping) else {}


def _crop(said: Config) -> tuple[int, ...]:
    """Height and width of the part in the middle that is kept; nothing where all is."""
    crop = said.get("crop_size")
    if not said.get("do_center_crop") or not crop:
        return ()
    if isinstance(crop, Mapping):
        sides = crop.get("height") or crop["shortest_edge"], crop.get("width")
        return int(sides[0]), int(sides[1] or sides[0])
    return int(crop), int(crop)
