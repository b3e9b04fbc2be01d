"""Export models of timm and torchvision, and keep their own answers.

Needs timm, torchvision and onnxruntime, in an environment of its own:

    PYTHONPATH=. path/to/python tests/exports/make_timm_torchvision.py WORK [part of a variant ...]
"""

import json
import sys
import traceback
from pathlib import Path

import onnxruntime
import timm
import torch
import torchvision
from PIL import Image
from torchvision.transforms import functional

from tests.exports.real_run import CONFIDENCE, PHOTOS, Probabilities, RealRun, boxes, folder_of

TIMM = ("resnet18", "vit_tiny_patch16_224", "mobilenetv3_small_100", "efficientnet_lite0")
TIMM += ("convnext_atto", "deit_tiny_patch16_224", "regnetx_002", "fastvit_t8", "repvgg_a0")
TIMM += ("mobilenetv4_conv_small", "tf_efficientnetv2_b0", "swin_tiny_patch4_window7_224")
CLASSIFIERS = {"resnet18": "ResNet18_Weights", "mobilenet_v3_small": "MobileNet_V3_Small_Weights"}
CLASSIFIERS |= {"efficientnet_b0": "EfficientNet_B0_Weights", "swin_t": "Swin_T_Weights"}
CLASSIFIERS |= {
    "squeezenet1_1": "SqueezeNet1_1_Weights",
    "regnet_y_400mf": "RegNet_Y_400MF_Weights",
}
DETECTORS = (
    "ssd300_vgg16",
    "ssdlite320_mobilenet_v3_large",
    "retinanet_resnet50_fpn",
    "fasterrcnn_mobilenet_v3_large_320_fpn",
    "fcos_resnet50_fpn",
    "maskrcnn_resnet50_fpn",
    "keypointrcnn_resnet50_fpn",
)


def with_statistics(net, pixels):
    norms = [part for part in net.modules() if isinstance(part, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = None
        norm.reset_running_stats()
        norm.train()
    with torch.no_grad():
        for image in pixels:
            net(torch.cat([image, image.flip(3)]))
    for norm in norms:
        norm.eval()


def spread(net, last, pixels):
    """Logits of the last layer that differ between the photos."""
    with torch.no_grad():
        logits = torch.cat([net(image) for image in pixels])
        last.weight.mul_(2 / max(float(logits.std(dim=0).mean()), 1e-6))
        last.bias.zero_()
        last.bias.sub_(torch.cat([net(image) for image in pixels]).mean(dim=0).flatten())


def classified(work, framework, variant, net, pixels, dynamo, versions):
    folder = folder_of(work, framework, variant)
    options = {"dynamic_axes": {"input": {0: "batch"}, "output": {0: "batch"}}}
    torch.onnx.export(
        net,
        (pixels[0],),
        str(folder / "model.onnx"),
        input_names=["input"],
        output_names=["output"],
        dynamo=dynamo,
        **({} if dynamo else options),
    )
    with torch.no_grad():
        found = [Probabilities(net(image).double().softmax(-1)[0].tolist()) for image in pixels]
    RealRun(framework, variant, versions, found).leave(work)
    print("MADE", variant, [round(max(each.values), 3) for each in found], flush=True)


def of_timm(work, variant):
    torch.manual_seed(0)
    name, _, classes = variant.partition(" ")
    net = timm.create_model(name, num_classes=int(classes)).eval()
    cfg = timm.data.resolve_model_data_config(net)
    transform = timm.data.create_transform(**cfg, is_training=False)
    pixels = [transform(Image.open(path))[None] for path in PHOTOS]
    with_statistics(net, pixels)
    last = net.get_classifier()
    spread(net, last, pixels)
    folder = folder_of(work, "timm", variant)
    versions = {"timm": timm.__version__, "torch": torch.__version__}
    classified(work, "timm", variant, net, pixels, False, versions)
    timm.models.save_for_hf(
        net,
        folder,
        safe_serialization=False,
        model_config={
            "num_classes": int(classes),
            "label_names": [f"c{index}" for index in range(int(classes))],
        },
    )
    for weights in folder.glob("*.bin"):
        weights.unlink()
    json.loads((folder / "config.json").read_text())


def of_torchvision(work, variant):
    torch.manual_seed(0)
    name, *said = variant.split(" ")
    net = getattr(torchvision.models, name)(num_classes=5).eval()
    transform = getattr(torchvision.models, CLASSIFIERS[name]).DEFAULT.transforms()
    if "V1" in said:
        transform = getattr(torchvision.models, CLASSIFIERS[name]).IMAGENET1K_V1.transforms()
    pixels = [transform(Image.open(path))[None] for path in PHOTOS]
    with_statistics(net, pixels)
    layers = [p for p in net.modules() if isinstance(p, (torch.nn.Linear, torch.nn.Conv2d))]
    last = [p for p in layers if getattr(p, "out_features", getattr(p, "out_channels", 0)) == 5]
    spread(net, last[-1], pixels)
    versions = {"torchvision": torchvision.__version__, "torch": torch.__version__}
    classified(work, "torchvision", variant, net, pixels, "dynamo" in said, versions)


class Told(torch.nn.Module):
    """The net with its three tables, and its masks or points, as outputs."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, images):
        return tuple(self.net(images)[0].values())


def detected(work, variant):
    torch.manual_seed(0)
    name, _ = variant.split(" ")
    build = getattr(torchvision.models.detection, name)
    more = {} if name.startswith("ssd") else {"min_size": 240, "max_size": 320}
    if name.startswith("keypoint"):
        more["num_keypoints"] = 5
    classes = 2 if name.startswith("keypoint") else 4
    net = build(weights=None, weights_backbone=None, num_classes=classes, **more).eval()
    photos = [Image.open(path).convert("RGB") for path in PHOTOS]
    given = [functional.to_tensor(photo)[None] for photo in photos]
    with torch.no_grad():
        _statistics_of(net, given)
        for part in net.modules():
            # The layers of scores and boxes are the last of their heads.
            if isinstance(part, (torch.nn.Linear, torch.nn.Conv2d)) and part.bias is not None:
                part.bias.zero_()
        _spread(net, given)
    folder = folder_of(work, "torchvision", variant)
    names = list(net(given[0])[0])
    axes = {"images": {2: "height", 3: "width"}}
    torch.onnx.export(
        Told(net),
        (given[0],),
        str(folder / "model.onnx"),
        input_names=["images"],
        output_names=names,
        dynamic_axes=axes | {each: {0: f"{each}_found"} for each in names},
        opset_version=17,
        dynamo=False,
    )
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"))
    found = []
    for photo, image in zip(photos, given, strict=True):
        told = dict(zip(names, session.run(names, {"images": image.numpy()}), strict=True))
        real = told["labels"] > 0  # 0 is the background, which no trained net answers
        table = (told[each][real] for each in ("boxes", "scores", "labels"))
        corners, scores, labels = table
        found.append(boxes(corners, scores, labels - 1, photo.size))
    versions = {"torchvision": torchvision.__version__, "torch": torch.__version__}
    RealRun("torchvision", variant, versions, found).leave(work)
    print("MADE", variant, [len(each.scores) for each in found], flush=True)


def _statistics_of(net, given):
    norms = [part for part in net.modules() if isinstance(part, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = None
        norm.reset_running_stats()
        norm.train()
    for image in given:
        net(torch.cat([image, image.flip(3)]))
    for norm in norms:
        norm.eval()


def _last_layers(net):
    """The layers that give the scores, and whether their first class is the background."""
    if hasattr(net, "roi_heads"):
        return [net.roi_heads.box_predictor.cls_score], True
    head = net.head.classification_head
    if hasattr(head, "cls_logits"):
        return [head.cls_logits], False
    ends = [
        part[-1] if isinstance(part, torch.nn.Sequential) else part for part in head.module_list
    ]
    return ends, True


def _spread(net, given):
    """Raise the scores' weights until some are above the confidence in each photo."""
    layers, background = _last_layers(net)
    classes = (
        net.roi_heads.box_predictor.cls_score.out_features
        if background and hasattr(net, "roi_heads")
        else 4
    )
    for layer in layers:
        layer.weight.mul_(3)
        if background:
            layer.bias.view(-1, classes)[:, 0] = 2
        else:
            layer.bias.fill_(-2)
    for _ in range(30):
        counts = [int((net(image)[0]["scores"] >= CONFIDENCE).sum()) for image in given]
        if min(counts) >= 3:
            return
        for layer in layers:
            layer.weight.mul_(1.3)


def variants():
    for name in TIMM:
        yield f"{name} 5", of_timm
    yield "resnet18 1000", of_timm
    for name in CLASSIFIERS:
        yield f"{name} legacy", of_torchvision
    yield "resnet18 dynamo", of_torchvision
    yield "mobilenet_v3_small dynamo", of_torchvision
    yield "resnet18 V1 legacy", of_torchvision
    for name in DETECTORS:
        yield f"{name} dynamic", detected


def main():
    work = Path(sys.argv[1]).absolute()
    torch.set_num_threads(1)
    for variant, make in variants():
        framework = "timm" if make is of_timm else "torchvision"
        if sys.argv[2:] and not any(part in f"{framework} {variant}" for part in sys.argv[2:]):
            continue
        if (folder_of(work, framework, variant) / "run.json").exists():
            continue
        try:
            make(work, variant)
        except Exception as error:  # noqa: BLE001  # one that cannot be exported is named
            print("NOT MADE", variant, repr(error)[:300], flush=True)
            traceback.print_exc(limit=-2)


if __name__ == "__main__":
    main()
