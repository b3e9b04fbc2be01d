"""Record what Ultralytics' predict finds with graphs of the signatures of -seg, -pose and -obb.

Needs ultralytics, onnx and onnxruntime, in an environment of its own, and a folder of its exports:

    PYTHONPATH=. path/to/python tests/exports/make_tasks.py EXPORTS

The rows are those of real runs, of each box only the best class: `predict` gives no other.
"""

import ast
import json
import sys
import tempfile
from pathlib import Path

import numpy as np

from tests.exports.photo import photo
from tests.exports.tasks import SIDE, made

RECORDED = Path(__file__).parent / "tasks.json"
KEPT = ("task", "names", "stride", "imgsz", "head", "end2end", "args", "kpt_shape", "author")
MOST = 16  # boxes of a case
TASKS = ("seg", "pose", "obb")
NAMES = [
    f"{version}-{task}-{classes}{ending}"
    for version, ending, classes in (
        ("v8", "", 1),
        ("v8", "", 2),
        ("v8", "-nms", 2),
        ("26", "", 1),
        ("26", "-end2end", 2),
    )
    for task in TASKS
]


def rows_of(session, metadata, image: np.ndarray) -> np.ndarray:
    """The most confident boxes, as the graph lays them out; random nets give some without sides."""
    output = session.run(None, {"images": image})[0][0]
    if "nms': True" in metadata["args"] or metadata["end2end"] == "True":
        sides = output[:, 2:4] - output[:, :2] * (metadata["task"] != "obb")
        # A box outside the input has no mask, and predict drops it.
        inside = (np.abs(output[:, :2] - SIDE / 2) < SIDE / 2).all(axis=1)
        rows = output[inside & (sides > 8).all(axis=1)][:MOST]
        rows[:, 6] = 1 if metadata["task"] == "segment" else rows[:, 6]
        return rows
    classes = len(ast.literal_eval(metadata["names"]))
    output = output[:, (output[2:4] > 1).all(axis=0)]
    scores = output[4 : 4 + classes]
    best = np.argsort(-scores.max(axis=0), kind="stable")[:MOST]
    columns = output[:, best]
    scores = columns[4 : 4 + classes]
    scores[scores < scores.max(axis=0)] = 0
    if metadata["task"] == "segment":
        columns[4 + classes] = 1  # the coefficient of the mask that is everywhere
    return columns


def main(exports: Path) -> None:
    import onnxruntime
    import ultralytics
    from ultralytics.data.augment import LetterBox

    bgr = np.ascontiguousarray(np.asarray(photo())[..., ::-1])
    image = LetterBox((SIDE, SIDE))(image=bgr)[..., ::-1].transpose(2, 0, 1)[None]
    image = np.ascontiguousarray(image).astype(np.float32) / 255
    cases = {}
    for name in NAMES:
        session = onnxruntime.InferenceSession(exports / f"{name}.onnx")
        said = session.get_modelmeta().custom_metadata_map
        metadata = {key: said[key] for key in KEPT if key in said}
        rows = rows_of(session, metadata, image).astype(float).round(3)
        case = {"metadata": metadata, "rows": rows.tolist()}
        with tempfile.TemporaryDirectory() as folder:
            model = ultralytics.YOLO(made(Path(folder) / "m.onnx", case), task=metadata["task"])
            (answer,) = model.predict(bgr, imgsz=SIDE, conf=0.25, iou=0.7, verbose=False)
        found = answer.boxes if answer.obb is None else answer.obb
        edges = found.xyxy.numpy().clip(0, [*bgr.shape[1::-1]] * 2)
        case["found"] = [
            [round(float(value), 3) for value in (*box, confidence, class_)]
            for box, confidence, class_ in zip(
                edges, found.conf.numpy(), found.cls.numpy(), strict=True
            )
        ]
        cases[name] = case
        print(name, len(case["found"]))
    RECORDED.write_text(json.dumps({"ultralytics": ultralytics.__version__, "cases": cases}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
