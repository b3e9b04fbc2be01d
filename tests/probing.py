"""A model whose answers depend on how it is fed, and images that show it."""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from engine.opening import Inputs

RED, BLUE = (255, 0, 0), (0, 0, 255)
ANCHORS = 8
RIGHT = ("0 to 255", "BGR", "letterbox-topleft")  # in the order in which it is asked


def particular_model(path: Path, *, classifies: bool = False, metadata: bool = False) -> Path:
    """Sees bolts in red images and nuts in blue ones, if it gets BGR from 0 to 255.

    As a detector it has one box, 20 x 10 around (32, 16) of its 64 x 64 input. A score is
    1 - 2 |mean / 255 - 1| of its channel, and 0 where that is less.
    """
    kept = {
        "channels": np.array([2, 0], np.int64),
        "range": np.array(1 / 255, np.float32),
        "one": np.array(1, np.float32),
        "two": np.array(2, np.float32),
    }
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["means"], axes=[2, 3], keepdims=0),
        helper.make_node("Gather", ["means", "channels"], ["picked"], axis=1),
        helper.make_node("Mul", ["picked", "range"], ["share"]),
        helper.make_node("Sub", ["share", "one"], ["off"]),
        helper.make_node("Abs", ["off"], ["away"]),
        helper.make_node("Mul", ["away", "two"], ["twice"]),
        helper.make_node("Sub", ["one", "twice"], ["left"]),
        helper.make_node("Relu", ["left"], ["score"]),
    ]
    if classifies:
        shape = ["batch", 2]
        kept["much"] = np.array(20, np.float32)
        nodes.append(helper.make_node("Mul", ["score", "much"], ["output0"]))
    else:
        shape = ["batch", 6, ANCHORS]
        box = np.zeros((1, 4, ANCHORS), np.float32)
        box[0, :, 0] = 32, 16, 20, 10
        kept |= {
            "boxes": box,
            "nought": np.array(0, np.float32),
            "third": np.array([2], np.int64),
            "first": np.eye(1, ANCHORS, dtype=np.float32)[None],
        }
        nodes += [
            helper.make_node("ReduceMean", ["images"], ["mean"], axes=[1, 2, 3], keepdims=0),
            helper.make_node("Mul", ["mean", "nought"], ["zeros"]),
            helper.make_node("Reshape", ["zeros", "to"], ["zero"]),
            helper.make_node("Add", ["boxes", "zero"], ["placed"]),
            helper.make_node("Unsqueeze", ["score", "third"], ["column"]),
            helper.make_node("Mul", ["column", "first"], ["scores"]),
            helper.make_node("Concat", ["placed", "scores"], ["output0"], axis=1),
        ]
        kept["to"] = np.array([-1, 1, 1], np.int64)
    made = helper.make_graph(
        nodes,
        "particular",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["batch", 3, 64, 64])],
        [helper.make_tensor_value_info("output0", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(value, name) for name, value in kept.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    if metadata:
        names = str({0: "bolt", 1: "nut"})
        helper.set_model_props(model, {"names": names, "task": "detect", "stride": "32"})
    onnx.save(model, path)
    return path


def labelled(folder: Path, images: int = 8, size: tuple[int, int] = (64, 32)) -> Path:
    """Red images with a bolt and blue ones with a nut, and the COCO file that says so."""
    (folder / "images").mkdir(parents=True)
    rows, boxes = [], []
    for number in range(images):
        name = f"{number}.png"
        Image.new("RGB", size, (RED, BLUE)[number % 2]).save(folder / "images" / name)
        rows.append({"id": number + 1, "file_name": name, "width": size[0], "height": size[1]})
        boxes.append(
            {
                "id": number + 1,
                "image_id": number + 1,
                "category_id": number % 2 + 1,
                "bbox": [22, 11, 20, 10],
                "area": 200,
                "iscrowd": 0,
            }
        )
    categories = [{"id": 1, "name": "bolt"}, {"id": 2, "name": "nut"}]
    truth = {"images": rows, "annotations": boxes, "categories": categories}
    (folder / "truth.json").write_text(json.dumps(truth))
    return folder / "truth.json"


def in_folders(folder: Path, images: int = 8, size: tuple[int, int] = (64, 32)) -> Path:
    """The same images in a folder for each class."""
    for number in range(images):
        of_class = folder / ("bolt", "nut")[number % 2]
        of_class.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", size, (RED, BLUE)[number % 2]).save(of_class / f"{number}.png")
    return folder


def inputs_of(folder: Path, **options) -> Inputs:
    """The model, on eight images."""
    truth = labelled(folder / "data", **options)
    model = particular_model(folder / "model.onnx")
    return Inputs(truth, model, truth.parent / "images", provider="cpu")
