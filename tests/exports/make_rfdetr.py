"""Export RF-DETR, and keep its own answers.

Needs rfdetr and its exporter's packages, in an environment of its own:

    PYTHONPATH=. path/to/python tests/exports/make_rfdetr.py WORK [part of a variant ...]
"""

import importlib.metadata
import sys
import traceback
from pathlib import Path

import numpy as np
import rfdetr
import torch
from PIL import Image

from tests.exports.real_run import CONFIDENCE, PHOTOS, RealRun, boxes, folder_of

NETS = {"nano": "RFDETRNano", "seg nano": "RFDETRSegNano", "base": "RFDETRBase"}
VARIANTS = [
    ("nano", 3, {}),
    ("nano", 1, {}),
    ("nano", 90, {}),
    ("nano", 3, {"dynamic_batch": True}),
    ("seg nano", 3, {}),
    ("base", 3, {}),
]


def spread(net):
    """Scores that differ between the queries of a photo, some above the confidence."""
    torch.manual_seed(1)
    heads = [net.class_embed, *(getattr(net.transformer, "enc_out_class_embed", None) or [])]
    with torch.no_grad():
        for name in ("query_feat", "refpoint_embed"):
            getattr(net, name).weight.normal_(0, 1)
        for head in heads:
            head.weight.normal_(0, 0.15)
            head.bias.fill_(-3.0 - np.log(len(head.bias)))
            head.bias[-1] = -20  # of no object, which no trained net answers
        for layer in net.bbox_embed.layers:
            layer.weight.normal_(0, 0.7 / layer.in_features**0.5)


def make(work, name, classes, options):
    variant = " ".join([name, str(classes), *options])
    torch.manual_seed(0)
    model = getattr(rfdetr, NETS[name])(pretrain_weights=None, num_classes=classes, device="cpu")
    spread(model.model.model)
    model.model.class_names = [f"c{index}" for index in range(classes)]
    folder = folder_of(work, "rfdetr", variant)
    exported = model.export(output_dir=str(folder / "made"), verbose=False, **options)
    Path(exported).replace(folder / "model.onnx")
    found = []
    for path in PHOTOS:
        photo = Image.open(path).convert("RGB")
        told = model.predict(photo, threshold=CONFIDENCE)
        found.append(boxes(told.xyxy, told.confidence, np.asarray(told.class_id), photo.size))
    versions = {"rfdetr": importlib.metadata.version("rfdetr"), "torch": torch.__version__}
    RealRun("rfdetr", variant, versions, found).leave(work)
    print("MADE", variant, [len(each.scores) for each in found], flush=True)


def main():
    work = Path(sys.argv[1]).absolute()
    torch.set_num_threads(1)
    for name, classes, options in VARIANTS:
        variant = " ".join([name, str(classes), *options])
        if sys.argv[2:] and not any(part in variant for part in sys.argv[2:]):
            continue
        if (folder_of(work, "rfdetr", variant) / "run.json").exists():
            continue
        try:
            make(work, name, classes, options)
        except Exception as error:  # noqa: BLE001  # one that cannot be exported is named
            print("NOT MADE", variant, repr(error)[:300], flush=True)
            traceback.print_exc(limit=-3)


if __name__ == "__main__":
    main()
