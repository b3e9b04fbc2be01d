"""Export detectors and classifiers of Hugging Face's transformers, and keep its own answers.

Needs transformers, torch and torchvision, in an environment of its own:

    PYTHONPATH=. path/to/python tests/exports/make_transformers.py WORK [part of a variant ...]
"""

import importlib
import sys
import traceback
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import onnxruntime
import torch
import transformers
from PIL import Image
from transformers import AutoConfig, AutoModelForImageClassification, AutoModelForObjectDetection

from tests.exports.real_run import CONFIDENCE, PHOTOS, Probabilities, RealRun, boxes, folder_of

WIDE = {"hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4}
WIDE |= {"intermediate_size": 96}
FOUR = {"depths": [1, 1, 1, 1], "hidden_sizes": [16, 24, 32, 48]}
# Model type, options of its configuration, module and class of its processor, its options.
CLASSIFIERS = {
    "vit": ("vit", WIDE, "vit", "ViT", {}),
    "deit": ("deit", WIDE, "deit", "DeiT", {}),
    "beit": ("beit", WIDE, "beit", "Beit", {}),
    "dinov2": (
        "dinov2",
        WIDE | {"image_size": 224},
        "bit",
        "Bit",
        {"size": {"shortest_edge": 256}},
    ),
    "siglip": (
        "siglip",
        {"vision_config": WIDE | {"image_size": 224, "patch_size": 16}},
        "siglip",
        "Siglip",
        {},
    ),
    "convnext 224": ("convnext", FOUR, "convnext", "ConvNext", {"size": {"shortest_edge": 224}}),
    "convnext 384": ("convnext", FOUR, "convnext", "ConvNext", {}),
    "convnextv2": (
        "convnextv2",
        FOUR,
        "convnext",
        "ConvNext",
        {"size": {"shortest_edge": 224}, "crop_pct": 0.95},
    ),
    "mobilevit": (
        "mobilevit",
        {},
        "mobilevit",
        "MobileViT",
        {"size": {"shortest_edge": 288}, "crop_size": {"height": 256, "width": 256}},
    ),
    "resnet": (
        "resnet",
        FOUR | {"embedding_size": 16},
        "convnext",
        "ConvNext",
        {"size": {"shortest_edge": 224}, "crop_pct": 0.875},
    ),
    "regnet": (
        "regnet",
        FOUR | {"embedding_size": 16, "groups_width": 8},
        "convnext",
        "ConvNext",
        {"size": {"shortest_edge": 224}, "crop_pct": 0.875},
    ),
    "levit": ("levit", {}, "levit", "Levit", {}),
    "poolformer": (
        "poolformer",
        FOUR | {"num_encoder_blocks": 4},
        "poolformer",
        "PoolFormer",
        {"crop_pct": 0.95},
    ),
    "swin": (
        "swin",
        {"embed_dim": 24, "depths": [1, 1], "num_heads": [2, 4]},
        "vit",
        "ViT",
        {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225], "resample": 3},
    ),
    "mobilenet_v2": ("mobilenet_v2", {}, "mobilenet_v2", "MobileNetV2", {}),
    "mobilenet_v1": ("mobilenet_v1", {}, "mobilenet_v1", "MobileNetV1", {}),
}
RESNET = {"embedding_size": 16, "hidden_sizes": [16, 24, 32, 48], "depths": [1, 1, 1, 1]}
SMALL = {
    "d_model": 32,
    "encoder_layers": 1,
    "decoder_layers": 2,
    "encoder_ffn_dim": 48,
    "decoder_ffn_dim": 48,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
}
OWN_RESNET = {
    "use_timm_backbone": False,
    "backbone": None,
    "use_pretrained_backbone": False,
    "backbone_config": {"model_type": "resnet", **RESNET, "out_features": ["stage4"]},
}
THREE_STAGES = {
    "backbone_config": {
        "model_type": "resnet",
        **RESNET,
        "out_features": ["stage2", "stage3", "stage4"],
    },
    "use_timm_backbone": False,
    "use_pretrained_backbone": False,
    "backbone": None,
}
EDGES = {"size": {"shortest_edge": 256, "longest_edge": 384}}
FIXED = {"size": {"height": 256, "width": 256}}
DETECTORS = {
    "detr": ("detr", SMALL | OWN_RESNET | {"num_queries": 40}, "detr", "Detr", EDGES),
    "detr with a mask": ("detr", SMALL | OWN_RESNET | {"num_queries": 40}, "detr", "Detr", EDGES),
    "conditional_detr": (
        "conditional_detr",
        SMALL | OWN_RESNET | {"num_queries": 40},
        "conditional_detr",
        "ConditionalDetr",
        EDGES,
    ),
    "table-transformer": (
        "table-transformer",
        SMALL | OWN_RESNET | {"num_queries": 40},
        "detr",
        "Detr",
        EDGES,
    ),
    "deformable_detr": (
        "deformable_detr",
        SMALL | THREE_STAGES | {"num_queries": 40, "num_feature_levels": 3},
        "deformable_detr",
        "DeformableDetr",
        EDGES,
    ),
    "yolos": (
        "yolos",
        WIDE | {"image_size": [256, 384], "num_detection_tokens": 40},
        "yolos",
        "Yolos",
        {"size": {"shortest_edge": 256, "longest_edge": 384}},
    ),
    "rt_detr": (
        "rt_detr",
        {"num_queries": 100, "decoder_layers": 2, "anchor_image_size": [256, 256]},
        "rt_detr",
        "RTDetr",
        FIXED,
    ),
    "rt_detr_v2": (
        "rt_detr_v2",
        {"num_queries": 100, "decoder_layers": 2, "anchor_image_size": [256, 256]},
        "rt_detr",
        "RTDetr",
        FIXED,
    ),
    "d_fine": (
        "d_fine",
        {"num_queries": 100, "decoder_layers": 2, "anchor_image_size": [256, 256]},
        "rt_detr",
        "RTDetr",
        FIXED,
    ),
}
CLASSES = (3, 1)
FOUND = 5  # queries that find something in the poorest photo
# Of two classifiers, the one that the library's own checkpoints are.
TWO_NETS = {"deit": "DeiTForImageClassification", "levit": "LevitForImageClassification"}


def processor_of(module, name, options, backend):
    """The library's own processor, with Pillow or with torchvision."""
    ending = "_pil" if backend == "Pil" else ""
    place = f"transformers.models.{module}.image_processing{ending}_{module}"
    return getattr(importlib.import_module(place), f"{name}ImageProcessor{backend}")(**options)


def with_statistics(net, pixels):
    norms = [part for part in net.modules() if isinstance(part, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = None
        norm.reset_running_stats()
        norm.train()
    with torch.no_grad():
        for image in pixels:
            net(pixel_values=torch.cat([image, image.flip(3)]))
    for norm in norms:
        norm.eval()


class Told(torch.nn.Module):
    """The net with the outputs that an export has."""

    def __init__(self, net, names):
        super().__init__()
        self.net, self.names = net, names

    def forward(self, pixel_values, pixel_mask=None):
        masks = {} if pixel_mask is None else {"pixel_mask": pixel_mask}
        found = self.net(pixel_values=pixel_values, **masks)
        return tuple(getattr(found, name) for name in self.names)


def export(net, pixels, folder, outputs, masked=False):
    """As Optimum does: the axes that may change have names."""
    image = {0: "batch_size", 1: "num_channels", 2: "height", 3: "width"}
    axes = {"pixel_values": image} | {name: {0: "batch_size"} for name in outputs}
    given = (pixels,)
    names = ["pixel_values"]
    if masked:
        given, names = (
            (pixels, torch.ones(1, *pixels.shape[2:], dtype=torch.int64)),
            [
                *names,
                "pixel_mask",
            ],
        )
        axes["pixel_mask"] = {0: "batch_size", 1: "height", 2: "width"}
    torch.onnx.export(
        Told(net, outputs),
        given,
        str(folder / "model.onnx"),
        input_names=names,
        output_names=list(outputs),
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


def versions():
    return {"transformers": transformers.__version__, "torch": torch.__version__}


def exported(folder, outputs):
    """What the export answers to pixels, as the net would."""
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"))

    def run(pixels):
        feeds = {"pixel_values": pixels.numpy()}
        if len(session.get_inputs()) == 2:
            feeds["pixel_mask"] = np.ones((1, *pixels.shape[2:]), np.int64)
        given = session.run(list(outputs), feeds)
        return SimpleNamespace(**dict(zip(outputs, map(torch.from_numpy, given), strict=True)))

    return run


def prepared(folder, module, name, options, backend):
    processor = processor_of(module, name, options, backend)
    processor.save_pretrained(folder)
    file = folder / "preprocessor_config.json"
    file.write_text(file.read_text().replace("ImageProcessorPil", "ImageProcessor"))
    pixels = [
        torch.as_tensor(np.asarray(processor(Image.open(path), return_tensors="pt").pixel_values))
        for path in PHOTOS
    ]
    return processor, pixels


def classifier(work, variant, spec, classes, backend):
    kind, options, module, name, fed = spec
    folder = folder_of(work, "transformers", variant)
    torch.manual_seed(0)
    config = AutoConfig.for_model(kind, num_labels=classes, **options)
    if kind in TWO_NETS:
        config.architectures = [TWO_NETS[kind]]
    net = AutoModelForImageClassification.from_config(config).eval()
    _, pixels = prepared(folder, module, name, fed, backend)
    with_statistics(net, pixels)
    with torch.no_grad():
        logits = torch.cat([net(image).logits for image in pixels])
        linear = [part for part in net.modules() if isinstance(part, torch.nn.Linear)]
        last = [part for part in linear if part.out_features == classes][-1]
        last.weight.mul_(2 / max(float(logits.std(dim=0).mean()), 1e-6))
        last.bias.sub_(last.bias)
        shift = torch.cat([net(image).logits for image in pixels]).mean(dim=0)
        if last.bias.shape == shift.shape:
            last.bias.sub_(shift)
    config.save_pretrained(folder)
    export(net, pixels[0], folder, ("logits",))
    run = exported(folder, ("logits",))
    values = [run(image).logits.double().softmax(-1)[0] for image in pixels]
    found = [Probabilities(value.tolist()) for value in values]
    RealRun("transformers", variant, versions(), found, tolerance=0.01).leave(work)
    print("MADE", variant, [round(max(each.values), 3) for each in found], flush=True)


def class_layers(net):
    """The last layers, which give the scores of a query."""
    names = {"class_embed", "class_labels_classifier", "enc_score_head"}
    for name, part in net.named_modules():
        if isinstance(part, torch.nn.Linear) and names & set(name.split(".")):
            # YOLOS has a whole perceptron there, whose last layer has a class more.
            whole = "class_labels_classifier" in name and net.config.model_type == "yolos"
            if not whole or part.out_features == net.config.num_labels + 1:
                yield part


def detector(work, variant, spec, classes, backend):
    kind, options, module, name, fed = spec
    folder = folder_of(work, "transformers", variant)
    torch.manual_seed(0)
    config = AutoConfig.for_model(kind, **{"num_labels": classes, **options})
    net = AutoModelForObjectDetection.from_config(config).eval()
    processor, pixels = prepared(folder, module, name, fed, backend)
    with_statistics(net, pixels)
    layers = list(class_layers(net))
    with torch.no_grad():
        for name, part in net.named_modules():
            if isinstance(part, torch.nn.Embedding):
                part.weight.normal_(0, 2)
            elif isinstance(part, torch.nn.Linear) and ("decoder" in name or kind == "yolos"):
                part.weight.normal_(0, 1.5 / part.in_features**0.5)
        for name, values in net.named_parameters():
            if name.endswith("detection_tokens"):
                values.normal_(0, 2)
        for layer in layers:
            layer.weight.normal_(0, 0.5)
            layer.bias.fill_(0)
        logits = torch.stack([net(image).logits[0] for image in pixels])
        softmax = logits.shape[-1] == classes + 1
        margin = logits.amax(-1)
        if softmax:
            margin = logits[..., :-1].logsumexp(-1) - logits[..., -1]
        spread = 2 / max(float(margin.std(dim=1).mean()), 1e-6)
        edge = float(margin.sort(dim=1, descending=True).values[:, FOUND].min())
        for layer in layers:
            layer.weight.mul_(spread)
            if softmax:
                layer.bias[-1] = spread * edge
            else:
                layer.bias.fill_(-spread * edge - 1)
    config.save_pretrained(folder)
    outputs = ("logits", "pred_boxes")
    export(net, pixels[0], folder, outputs, masked="mask" in variant)
    run = exported(folder, outputs)
    found = []
    for path, image in zip(PHOTOS, pixels, strict=True):
        size = Image.open(path).size
        (told,) = processor.post_process_object_detection(
            run(image), threshold=CONFIDENCE, target_sizes=[size[::-1]]
        )
        found.append(boxes(told["boxes"], told["scores"], told["labels"], size))
    pixels = 0.5 if backend else 1.5  # torchvision averages pixels with other roundings
    RealRun("transformers", variant, versions(), found, pixels=pixels).leave(work)
    print("MADE", variant, [len(each.scores) for each in found], flush=True)


def variants():
    for variant, spec in CLASSIFIERS.items():
        yield variant, classifier, spec, 5, "Pil"
    yield "vit 1000", classifier, CLASSIFIERS["vit"], 1000, "Pil"
    for variant, spec in DETECTORS.items():
        # Of these with one class no weights of chance find anything.
        for classes in CLASSES[: 1 if variant in ("rt_detr_v2", "d_fine") else None]:
            yield f"{variant} {classes}", detector, spec, classes, "Pil"
    yield "detr 91", detector, DETECTORS["detr"], 91, "Pil"
    for variant in ("vit", "convnext 224", "deit", "mobilevit"):
        yield f"{variant} by torchvision", classifier, CLASSIFIERS[variant], 5, ""
    for variant in ("detr", "yolos", "rt_detr"):
        yield f"{variant} 3 by torchvision", detector, DETECTORS[variant], 3, ""


def main():
    work = Path(sys.argv[1]).absolute()
    torch.set_num_threads(1)
    for variant, make, spec, classes, backend in variants():
        if sys.argv[2:] and not any(part in variant for part in sys.argv[2:]):
            continue
        if (folder_of(work, "transformers", variant) / "run.json").exists():
            continue
        try:
            make(work, variant, spec, classes, backend)
        except Exception as error:  # noqa: BLE001  # one that cannot be exported is named
            print("NOT MADE", variant, repr(error)[:300], flush=True)
            traceback.print_exc(limit=-2)


if __name__ == "__main__":
    main()
