"""Record what the image processors of Hugging Face make of a picture.

Needs transformers, in an environment of its own:

    PYTHONPATH=. path/to/python tests/exports/make_processors.py
"""

import importlib
import json
from pathlib import Path

import numpy as np

from tests.exports.photo import photo, sampled

RECORDED = Path(__file__).parent / "processors.json"


def edges(shortest, **others):
    return {"size": {"shortest_edge": shortest, **others}}


def crop(side):
    return {"crop_size": {"height": side, "width": side}}


# Module, class without its ending, and what differs from its defaults.
PROCESSORS = {
    "beit": ("beit", "Beit", {}),
    "beit, cropped": (
        "beit",
        "Beit",
        {"size": {"height": 64, "width": 64}, "do_center_crop": True, **crop(56)},
    ),
    "bit, an odd margin": ("bit", "Bit", {**edges(64), **crop(61)}),
    "clip": ("clip", "CLIP", {**edges(65), **crop(64)}),
    "convnext, cropped": ("convnext", "ConvNext", edges(64)),
    "convnext, stretched": ("convnext", "ConvNext", {}),
    "deit": ("deit", "DeiT", {}),
    "detr": ("detr", "Detr", edges(80, longest_edge=110)),
    "efficientnet": ("efficientnet", "EfficientNet", {"resample": 0}),
    "efficientnet, shifted": (
        "efficientnet",
        "EfficientNet",
        {"include_top": False, "rescale_offset": True, "rescale_factor": 1 / 127.5},
    ),
    "levit": ("levit", "Levit", {}),
    "mobilenet": ("mobilenet_v2", "MobileNetV2", {}),
    "mobilevit": ("mobilevit", "MobileViT", {**edges(288), "resample": 2}),
    "poolformer": ("poolformer", "PoolFormer", {}),
    "poolformer, .95": ("poolformer", "PoolFormer", {"crop_pct": 0.95}),
    "rt_detr": ("rt_detr", "RTDetr", {}),
    "siglip": ("siglip", "Siglip", {}),
    "vit": ("vit", "ViT", {}),
    "yolos": ("yolos", "Yolos", edges(512, longest_edge=1333)),
    "yolos, a long side": ("yolos", "Yolos", edges(500, longest_edge=600)),
}


def main() -> None:
    import transformers

    recorded = {}
    for name, (module, kind, options) in PROCESSORS.items():
        place = f"transformers.models.{module}.image_processing_pil_{module}"
        processor = getattr(importlib.import_module(place), f"{kind}ImageProcessorPil")(**options)
        pixels = np.asarray(processor(photo(), return_tensors="np")["pixel_values"])[0]
        file = json.loads(processor.to_json_string())
        file["image_processor_type"] = file["image_processor_type"].removesuffix("Pil")
        recorded[name] = {"file": file, "shape": pixels.shape, "values": sampled(pixels)}
    text = json.dumps({"transformers": transformers.__version__, "processors": recorded})
    RECORDED.write_text(text + "\n")


if __name__ == "__main__":
    main()
