"""One made graph for each family of classifiers."""

from dataclasses import dataclass, field
from functools import partial

import numpy as np
import onnx
from onnx import helper

from tests.engine.scoring.family_cases import as_json
from tests.engine.scoring.graphs import BYTE, FLOAT, HALF, Out, graph

NAMES = ("bolt", "nut", "gear")
SHARES = np.array([[0.2, 0.7, 0.1]])
LOGITS = np.log(SHARES)
IMAGENET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}
ID2LABEL = {str(index): name for index, name in enumerate(NAMES)}
WINML = {"Image.NominalPixelRange": "NominalRange_0_255", "Image.BitmapPixelFormat": "Bgr8"}
ASKED = ("pixel values", "resize", "color order")


@dataclass
class Case:
    """A made graph, and what must be known of it."""

    family: str
    level: str
    made: partial
    fed: str
    activation: str
    files: dict = field(default_factory=dict)
    assumed: tuple = ()
    named: bool = True


def zipped(path):
    """The output of a Custom Vision classifier: a dictionary of names and probabilities."""
    graph(path, {"probabilities": Out(SHARES)}, image="data", shape=[1, 3, 32, 32])
    model = onnx.load(path)
    zip_map = helper.make_node(
        "ZipMap",
        ["probabilities"],
        ["loss"],
        domain="ai.onnx.ml",
        classlabels_strings=sorted(NAMES),
    )
    model.graph.node.append(zip_map)
    pairs = helper.make_map_type_proto(
        onnx.TensorProto.STRING, helper.make_tensor_type_proto(FLOAT, [])
    )
    kind = helper.make_sequence_type_proto(pairs)
    del model.graph.output[:]
    model.graph.output.append(helper.make_value_info("loss", kind))
    model.opset_import.append(helper.make_opsetid("ai.onnx.ml", 1))
    onnx.save(model, path)
    return path


def case(family, level, fed, activation, outputs, *, files=None, assumed=(), named=True, **options):
    made = partial(graph, outputs=outputs, **options)
    return Case(family, level, made, fed, activation, files or {}, assumed, named)


CASES = {
    "torchvision": case(
        "classifier",
        "guess",
        "RGB 0 to 1, normalised, shortest-crop to 96 x 96",
        "softmax",
        {"output": Out(LOGITS, ["batch", 3])},
        image="input",
        shape=["batch", 3, 96, 96],
        assumed=ASKED,
        named=False,
    ),
    "torchvision with labels.txt": case(
        "classifier",
        "guess",
        "RGB 0 to 1, normalised, shortest-crop to 96 x 96",
        "softmax",
        {"output": Out(LOGITS, ["batch", 3])},
        image="input",
        shape=["batch", 3, 96, 96],
        assumed=ASKED,
        files={"labels.txt": "\n".join(NAMES)},
    ),
    "timm": case(
        "timm",
        "certain",
        "RGB 0 to 1, normalised, shortest-crop to 32 x 32",
        "softmax",
        {"output0": Out(LOGITS, ["batch", 3])},
        image="input0",
        shape=["batch", 3, "height", "width"],
        files={
            "config.json": as_json(
                architecture="resnet50",
                label_names=NAMES,
                pretrained_cfg={
                    **IMAGENET,
                    "crop_pct": 0.95,
                    "input_size": [3, 32, 32],
                    "interpolation": "bicubic",
                },
            )
        },
    ),
    "Hugging Face": case(
        "huggingface-vit",
        "certain",
        "RGB 0 to 1, normalised, stretch to 32 x 32",
        "softmax",
        {"logits": Out(LOGITS, ["batch", 3])},
        image="pixel_values",
        shape=["batch", 3, "height", "width"],
        files={
            "config.json": as_json(model_type="vit", id2label=ID2LABEL),
            "preprocessor_config.json": as_json(
                image_mean=[0.5] * 3, image_std=[0.5] * 3, size={"height": 32, "width": 32}
            ),
        },
    ),
    "Hugging Face without its preprocessor": case(
        "huggingface-vit",
        "guess",
        "RGB 0 to 1, normalised, shortest-crop to 96 x 96",
        "softmax",
        {"logits": Out(LOGITS, ["batch", 3])},
        image="pixel_values",
        shape=["batch", 3, 96, 96],
        assumed=ASKED[:2],
        files={"config.json": as_json(model_type="vit", id2label=ID2LABEL)},
    ),
    "Ultralytics": case(
        "ultralytics-cls",
        "certain",
        "RGB 0 to 1, shortest-crop to 32 x 32",
        "none",
        {"output0": Out(SHARES)},
        shape=[1, 3, 32, 32],
        metadata={"names": str(dict(enumerate(NAMES))), "task": "classify", "stride": "1"},
    ),
    "Keras": case(
        "classifier",
        "guess",
        "RGB 0 to 255, stretch to 96 x 96",
        "none",
        {"predictions": Out(SHARES, ["N", 3])},
        image="input_1",
        shape=["N", 96, 96, 3],
        assumed=ASKED,
        named=False,
    ),
    "Keras with bytes": case(
        "classifier",
        "guess",
        "RGB 0 to 255, stretch to 96 x 96",
        "none",
        {"predictions": Out(SHARES, ["N", 3])},
        image="input_1",
        shape=["N", 96, 96, 3],
        kind=BYTE,
        assumed=ASKED[1:],
        named=False,
    ),
    "a quantised graph that answers in bytes": case(
        "classifier",
        "guess",
        "RGB 0 to 255, stretch to 96 x 96",
        "none",
        {"predictions": Out(np.round(SHARES * 255), kind=BYTE)},
        shape=[1, 96, 96, 3],
        kind=BYTE,
        assumed=ASKED[1:],
        named=False,
    ),
    "Windows ML SqueezeNet": case(
        "classifier",
        "guess",
        "BGR 0 to 255, shortest-crop to 96 x 96",
        "none",
        {"softmaxout_1": Out(SHARES[..., None, None], kind=HALF)},
        image="data_0",
        shape=[1, 3, 96, 96],
        kind=HALF,
        metadata=WINML,
        assumed=("resize",),
        named=False,
    ),
    "MNIST": case(
        "classifier",
        "guess",
        "GRAY 0 to 255, stretch to 28 x 28",
        "softmax",
        {"Plus214_Output_0": Out(LOGITS)},
        image="Input3",
        shape=[1, 1, 28, 28],
        metadata=WINML | {"Image.BitmapPixelFormat": "Gray8"},
        assumed=("resize",),
        named=False,
    ),
    "digits of torch": case(
        "classifier",
        "guess",
        "GRAY 0 to 1, stretch to 28 x 28",
        "softmax",
        {"output": Out(LOGITS, ["batch", 3])},
        image="input",
        shape=["batch", 1, 28, 28],
        assumed=ASKED[:2],
        named=False,
    ),
    "digits of Keras": case(
        "classifier",
        "guess",
        "GRAY 0 to 1, stretch to 28 x 28",
        "none",
        {"dense": Out(SHARES, ["N", 3])},
        image="input",
        shape=["N", 28, 28, 1],
        assumed=ASKED[:2],
        named=False,
    ),
    "CIFAR": case(
        "classifier",
        "guess",
        "RGB 0 to 1, stretch to 32 x 32",
        "softmax",
        {"output": Out(LOGITS, ["batch", 3])},
        image="input",
        shape=["batch", 3, 32, 32],
        assumed=ASKED,
        named=False,
    ),
    "grey of any size": case(
        "classifier",
        "guess",
        "GRAY 0 to 1, stretch to 128 x 96",
        "softmax",
        {"output": Out(LOGITS, ["batch", 3])},
        image="input",
        shape=["batch", 1, 96, 128],
        assumed=ASKED[:2],
        named=False,
    ),
    "Hugging Face's digits without their preprocessor": case(
        "huggingface-vit",
        "guess",
        "GRAY 0 to 1, stretch to 28 x 28",
        "softmax",
        {"logits": Out(LOGITS, ["batch", 3])},
        image="pixel_values",
        shape=["batch", 1, 28, 28],
        assumed=ASKED[:2],
        files={"config.json": as_json(model_type="vit", id2label=ID2LABEL)},
    ),
    "Hugging Face with bytes": case(
        "huggingface-vit",
        "certain",
        "RGB 0 to 255, stretch to 32 x 32",
        "softmax",
        {"logits": Out(LOGITS, ["batch", 3])},
        image="pixel_values",
        shape=["batch", 3, 32, 32],
        kind=BYTE,
        files={
            "config.json": as_json(model_type="vit", id2label=ID2LABEL),
            "preprocessor_config.json": as_json(
                image_mean=[0.5] * 3, image_std=[0.5] * 3, size={"height": 32, "width": 32}
            ),
        },
    ),
}
