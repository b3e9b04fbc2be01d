"""Export the models of Ultralytics with weights that find something, and keep its own answers.

Needs ultralytics and its exporter's packages, in an environment of its own:

    PYTHONPATH=. path/to/python tests/exports/make_ultralytics.py WORK [part of a variant ...]

Then `python -m tests.exports.compare WORK` in the project's environment.
"""

import sys
import traceback
from functools import partial
from pathlib import Path

import numpy as np
import onnxruntime
import torch
import ultralytics
from PIL import Image
from ultralytics import RTDETR, YOLO
from ultralytics.data.augment import LetterBox
from ultralytics.utils import nms as suppression
from ultralytics.utils import ops

from tests.exports.real_run import CONFIDENCE, PHOTOS, Probabilities, RealRun, boxes, folder_of

SIDE = 320
FOUND = 5  # scores above the confidence in the poorest photo, before suppression
HIGHEST = 3.0  # the strongest score, in logits above the confidence
FORMS = {
    "static": {},
    "dynamic": {"dynamic": True},
    "half": {"quantize": 16},
    "int8": {"quantize": 8},
}
ONE_TO_MANY = ("yolo11n", "yolo11n-seg", "yolo11n-pose", "yolo11n-obb")
ENDED = ("yolov10n", "yolo26n")
FURTHER_ENDED = ("yolo26n-seg", "yolo26n-pose", "yolo26n-obb")


def variants():
    """Configuration, classes, nms and form: what is likeliest to differ first."""
    for net in (*ONE_TO_MANY, *ENDED, *FURTHER_ENDED):
        for classes in (2, 1, 80):
            for nms in (None, False, True):
                yield net, classes, nms, "static"
    for classes in (2, 1, 80):
        yield "yolo11n-cls", classes, None, "static"
        yield "rtdetr-l", classes, None, "static"
    yield "rtdetr-l", 2, True, "static"
    for form in ("dynamic", "half"):
        for net in (*ONE_TO_MANY, *ENDED):
            for classes in (2, 1, 80):
                for nms in (None, True) if net in ONE_TO_MANY else (None, False):
                    yield net, classes, nms, form
        for net in FURTHER_ENDED:
            yield net, 2, False, form
        for classes in (2, 80):
            yield "yolo11n-cls", classes, None, form
        yield "rtdetr-l", 2, None, form
    for net in (*ONE_TO_MANY, *ENDED):
        yield net, 2, None, "int8"
    for net in ("yolo11n", "yolov10n", "yolo26n"):
        yield net, 2, net in ONE_TO_MANY, "int8"
    yield "yolo11n", 80, None, "int8"
    yield "yolo11n-cls", 2, None, "int8"
    yield "rtdetr-l", 2, None, "int8"


def photos():
    """The photos as the net sees them, [5, 3, SIDE, SIDE]."""
    place = LetterBox((SIDE, SIDE), auto=False)
    seen = [place(image=np.asarray(Image.open(path))) for path in PHOTOS]
    return torch.from_numpy(np.stack(seen).transpose(0, 3, 1, 2).copy()).float() / 255


def with_statistics(net):
    """Batch norms that know the photos, so that no layer's answers die out."""
    norms = [part for part in net.modules() if isinstance(part, torch.nn.BatchNorm2d)]
    before = [norm.momentum for norm in norms]
    for norm in norms:
        norm.momentum = None
        norm.reset_running_stats()
    net.train()
    with torch.no_grad():
        net(photos())
    for norm, momentum in zip(norms, before, strict=True):
        norm.momentum = momentum
    net.eval()


def last_layers(head):
    """The layers that give the scores: of the grids, or of RT-DETR's queries."""
    for name in ("cv3", "one2one_cv3"):
        for branch in getattr(head, name, None) or []:
            yield branch[-1]
    yield from getattr(head, "dec_score_head", [])


def score_logits(net, classes):
    """Every score of the net for each photo, as logits, the highest first."""
    with torch.no_grad():
        found = net(photos())
    while isinstance(found, tuple):
        found = found[0]
    if found.shape[-1] in (6, 7) or found.shape[1] == 300:
        scores = found[..., 4]  # ended rows, whatever follows
    else:
        scores = found[:, 4 : 4 + classes]
    logits = torch.logit(scores.flatten(1).double().clamp(1e-12, 1 - 1e-12))
    return logits.sort(dim=1, descending=True).values


def spread(net, classes):
    """Scores of the photos from nearly nothing to nearly certain, some above the confidence."""
    torch.manual_seed(1)
    head = net.model[-1]
    if hasattr(head, "linear"):
        head.linear.weight.data.normal_(0, 0.3)
        return
    if not hasattr(head, "dec_score_head"):
        with_statistics(net)
    for ends in (False, True):
        if hasattr(net, "end2end"):
            net.end2end = ends
        layers = list(last_layers(head))
        chosen = [
            layer
            for layer in layers
            if not hasattr(head, "cv3")
            or (layer in [b[-1] for b in (getattr(head, "one2one_cv3", None) or [])]) == ends
        ]
        if not chosen:
            continue
        with torch.no_grad():
            for layer in chosen:
                layer.weight.normal_(0, 0.3)
                layer.bias.fill_(0)
            logits = score_logits(net, classes)
            edge = logits[:, FOUND].min()
            by = HIGHEST / max(float(logits.max() - edge), 1e-6)
            wanted = float(np.log(CONFIDENCE / (1 - CONFIDENCE)))
            for layer in chosen:
                layer.weight.mul_(by)
                layer.bias.fill_(wanted - by * float(edge))
    for name in ("cv2", "one2one_cv2"):
        for branch in getattr(head, name, None) or []:
            branch[-1].weight.data.normal_(0, 0.3)


def built(name, classes):
    """A net of this configuration and so many classes, which finds something."""
    torch.manual_seed(0)
    model = (RTDETR if name.startswith("rtdetr") else YOLO)(f"{name}.yaml")
    more = {"data_kpt_shape": (5, 3)} if name.endswith("-pose") else {}
    net = type(model.model)(f"{name}.yaml", ch=3, nc=classes, verbose=False, **more)
    net.names = {index: f"c{index}" for index in range(classes)}
    net.args = {**model.overrides, "imgsz": SIDE, "data": None}
    net.task = model.task
    net.eval()
    spread(net, classes)
    model.model = net
    return model


def calibration(work, task):
    """A few photos as a dataset of this task, without anything in them."""
    folder = work / f"calibration-{task}"
    if task == "classify":
        for part in ("train", "val"):
            for number, path in enumerate(PHOTOS):
                to = folder / part / f"c{number % 2}" / path.name
                to.parent.mkdir(parents=True, exist_ok=True)
                Image.open(path).save(to)
        return str(folder)
    (folder / "images").mkdir(parents=True, exist_ok=True)
    for path in PHOTOS:
        Image.open(path).save(folder / "images" / path.name)
    said = f"path: {folder}\ntrain: images\nval: images\nnames: [c0, c1]\n"
    (folder / "data.yaml").write_text(said + "kpt_shape: [5, 3]\n" * (task == "pose"))
    return str(folder / "data.yaml")


def answer(result, path):
    if result.probs is not None:
        return Probabilities(np.asarray(result.probs.data, np.float64).tolist())
    found = result.obb if result.obb is not None else result.boxes
    return boxes(found.xyxy, found.conf, found.cls, Image.open(path).size)


def make(work, net, classes, nms, form):
    variant = f"{net} {classes} nms={nms} {form}"
    folder = folder_of(work, "ultralytics", variant)
    model = built(net, classes)
    options = dict(FORMS[form])
    if form == "int8":
        options["data"] = calibration(work, model.task)
    exported = model.export(
        format="onnx", imgsz=SIDE, simplify=False, device="cpu", nms=nms, **options
    )
    to = folder / "model.onnx"
    Path(exported).replace(to)
    opened = RTDETR(to) if net.startswith("rtdetr") else YOLO(to, task=model.task)
    found = [
        answer(opened.predict(str(path), conf=CONFIDENCE, imgsz=SIDE, verbose=False)[0], path)
        for path in PHOTOS
    ]
    versions = {
        "ultralytics": ultralytics.__version__,
        "torch": torch.__version__,
        "onnxruntime": onnxruntime.__version__,
    }
    scored = {"output0": [2, 4, 4 + classes]}
    # 16 bits round a side to a quarter of a pixel and more, and what is suppressed follows.
    # With 8 bits many scores are equal, and each code takes another of them first.
    wide = {"tolerance": 0.1, "pixels": 20.0, "spare": 0.03} if form in ("half", "int8") else {}
    if net.startswith("rtdetr") and wide:
        wide["tolerance"] = 0.2  # a millionth of a pixel more moves its scores by .05
    kept = form == "static" or classes == 2
    run = RealRun("ultralytics", variant, versions, found, scored, keep=kept, **wide)
    run.leave(folder.parents[1])
    counts = [len(getattr(each, "scores", getattr(each, "values", []))) for each in found]
    print("MADE", variant, counts, flush=True)


def main():
    work = Path(sys.argv[1]).absolute()
    torch.set_num_threads(1)
    # As its `val` suppresses: an anchor may have several classes. `predict` keeps the best only.
    every = partial(suppression.non_max_suppression, multi_label=True)
    suppression.non_max_suppression = every
    # Nor does `val` drop boxes whose mask is empty.
    ops.process_mask = lambda protos, masks, *_, **__: torch.ones(len(masks), 1, 1)
    for net, classes, nms, form in variants():
        variant = f"{net} {classes} nms={nms} {form}"
        if sys.argv[2:] and not any(part in variant for part in sys.argv[2:]):
            continue
        if (folder_of(work, "ultralytics", variant) / "run.json").exists():
            continue
        try:
            make(work, net, classes, nms, form)
        except Exception as error:  # noqa: BLE001  # one that cannot be exported is named
            print("NOT MADE", variant, repr(error)[:300], flush=True)
            traceback.print_exc(limit=-2)


if __name__ == "__main__":
    main()
