"""One small scene, written as each tool would write it."""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from engine.core.dataset import DetectionDataset

NAMES = ("bolt", "hex nut", "washer")


@dataclass(frozen=True)
class Drawn:
    """Boxes of a scene: image number, class, left, top, right, bottom."""

    sizes: tuple[tuple[int, int], ...]
    boxes: tuple[tuple[int, str, int, int, int, int], ...]

    def of(self, image: int) -> list[tuple[int, str, int, int, int, int]]:
        return [box for box in self.boxes if box[0] == image]


SCENE = Drawn(
    ((100, 80), (64, 64), (50, 40)),
    (
        (0, "bolt", 10, 20, 30, 60),
        (0, "washer", 0, 0, 100, 80),
        (1, "hex nut", 5, 6, 25, 36),
        (1, "bolt", 40, 40, 64, 64),
    ),
)  # the last image has no objects


def name(image: int) -> str:
    return f"{image:03d}.png"


def pictures(folder: Path, scene: Drawn = SCENE) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for image, size in enumerate(scene.sizes):
        Image.new("RGB", size).save(folder / name(image))
    return folder


def rows_of(dataset: DetectionDataset) -> list[tuple[object, ...]]:
    """Image, class and corners of every box, sorted."""
    truths = dataset.ground_truths
    left, top, width, height = truths.box.T
    corners = np.stack([left, top, left + width, top + height], axis=1)
    return sorted(
        (
            int(Path(dataset.images.name[image]).stem.removeprefix("frame_")),
            dataset.classes[class_],
            *np.round(box, 3).tolist(),
        )
        for image, class_, box in zip(truths.image, truths.class_, corners, strict=True)
    )


def yolo_lines(scene: Drawn, image: int) -> str:
    width, height = scene.sizes[image]
    return "".join(
        f"{NAMES.index(class_)} {(x1 + x2) / 2 / width:.8f} {(y1 + y2) / 2 / height:.8f} "
        f"{(x2 - x1) / width:.8f} {(y2 - y1) / height:.8f}\n"
        for _, class_, x1, y1, x2, y2 in scene.of(image)
    )


def yolo_labels(folder: Path, scene: Drawn) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for image in range(len(scene.sizes)):
        if text := yolo_lines(scene, image):
            (folder / name(image)).with_suffix(".txt").write_text(text)


def yolo_yaml(folder: Path, scene: Drawn) -> Path:
    pictures(folder / "images" / "val", scene)
    yolo_labels(folder / "labels" / "val", scene)
    text = f"path: .\ntrain: images/train\nval: images/val\nnames: {json.dumps(NAMES)}\n"
    (folder / "data.yaml").write_text(text)
    return folder / "data.yaml"


def yolo_folder(folder: Path, scene: Drawn) -> Path:
    pictures(folder / "images", scene)
    yolo_labels(folder / "labels", scene)
    (folder / "classes.txt").write_text("\n".join(NAMES))
    return folder


def darknet(folder: Path, scene: Drawn) -> Path:
    pictures(folder / "obj_train_data", scene)
    yolo_labels(folder / "obj_train_data", scene)
    lines = [f"data/obj_train_data/{name(image)}" for image in range(len(scene.sizes))]
    (folder / "valid.txt").write_text("\n".join(lines))
    (folder / "obj.names").write_text("\n".join(NAMES))
    says = "classes = 3\nvalid = data/valid.txt\nnames = data/obj.names\nbackup = backup/\n"
    (folder / "obj.data").write_text(says)
    return folder


def voc_xml(scene: Drawn, image: int, extra: str = "") -> str:
    objects = "".join(
        f"<object><name>{class_}</name>{extra}<bndbox><xmin>{x1}</xmin><ymin>{y1}</ymin>"
        f"<xmax>{x2}</xmax><ymax>{y2}</ymax></bndbox></object>"
        for _, class_, x1, y1, x2, y2 in scene.of(image)
    )
    width, height = scene.sizes[image]
    size = f"<size><width>{width}</width><height>{height}</height></size>"
    return f"<annotation><filename>{name(image)}</filename>{size}{objects}</annotation>"


def voc(folder: Path, scene: Drawn) -> Path:
    pictures(folder / "JPEGImages", scene)
    (folder / "Annotations").mkdir()
    for image in range(len(scene.sizes)):
        (folder / "Annotations" / f"{image:03d}.xml").write_text(voc_xml(scene, image))
    return folder


def cvat(folder: Path, scene: Drawn) -> Path:
    pictures(folder, scene)
    images = "".join(
        f'<image id="{image}" name="{name(image)}" width="{size[0]}" height="{size[1]}">'
        + "".join(
            f'<box label="{class_}" xtl="{x1}" ytl="{y1}" xbr="{x2}" ybr="{y2}" z_order="0"></box>'
            for _, class_, x1, y1, x2, y2 in scene.of(image)
        )
        + "</image>"
        for image, size in enumerate(scene.sizes)
    )
    (folder / "annotations.xml").write_text(f"<annotations>{images}</annotations>")
    return folder / "annotations.xml"


def labelme(folder: Path, scene: Drawn) -> Path:
    pictures(folder, scene)
    for image, (width, height) in enumerate(scene.sizes):
        shapes = [
            {"label": class_, "points": [[x2, y1], [x1, y2]], "shape_type": "rectangle"}
            for _, class_, x1, y1, x2, y2 in scene.of(image)
        ]
        says = {"imagePath": f"..\\img\\{name(image)}", "shapes": shapes}
        says |= {"imageWidth": width, "imageHeight": height, "imageData": None}
        (folder / f"{image:03d}.json").write_text(json.dumps(says))
    return folder


def table(path: Path, rows: list[list[object]], delimiter: str = ",") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def box_table(folder: Path, scene: Drawn) -> Path:
    pictures(folder, scene)
    rows: list[list[object]] = [["image", "class", "x1", "y1", "x2", "y2"]]
    for image in range(len(scene.sizes)):
        rows += [[name(image), *box[1:]] for box in scene.of(image)]
        rows += [] if scene.of(image) else [[name(image), "", "", "", "", ""]]
    return table(folder / "boxes.csv", rows)


def tensorflow(folder: Path, scene: Drawn) -> Path:
    pictures(folder, scene)
    head = ["filename", "width", "height", "class", "xmin", "ymin", "xmax", "ymax"]
    rows = [[name(b[0]), *scene.sizes[b[0]], b[1], *b[2:]] for b in scene.boxes]
    return table(folder / "labels.csv", [head, *rows])


def open_images(folder: Path, scene: Drawn) -> Path:
    pictures(folder, scene)
    rows: list[list[object]] = [
        "ImageID Source LabelName Confidence XMin XMax YMin YMax IsOccluded IsGroupOf".split()  # noqa: SIM905
    ]
    for image, class_, x1, y1, x2, y2 in scene.boxes:
        width, height = scene.sizes[image]
        edges = [x1 / width, x2 / width, y1 / height, y2 / height]
        label = f"/m/{NAMES.index(class_)}"
        rows.append([f"{image:03d}", "xclick", label, 1, *edges, 0, 0])
    described = [[f"/m/{i}", class_] for i, class_ in enumerate(NAMES)]
    table(folder / "class-descriptions-boxable.csv", described)
    return table(folder / "validation-annotations-bbox.csv", rows)


def dataiku(folder: Path, scene: Drawn) -> Path:
    pictures(folder, scene)
    rows: list[list[object]] = [["path", "label"]]
    for image in range(len(scene.sizes)):
        boxes = [
            {"bbox": [x1, y1, x2 - x1, y2 - y1], "category": class_}
            for _, class_, x1, y1, x2, y2 in scene.of(image)
        ]
        rows.append([f"/{name(image)}", json.dumps(boxes)])
    return table(folder / "export.csv", rows)


def createml(folder: Path, scene: Drawn) -> Path:
    pictures(folder, scene)
    says = [
        {
            "image": name(image),
            "annotations": [
                {
                    "label": class_,
                    "coordinates": {
                        "x": (x1 + x2) / 2,
                        "y": (y1 + y2) / 2,
                        "width": x2 - x1,
                        "height": y2 - y1,
                    },
                }
                for _, class_, x1, y1, x2, y2 in scene.of(image)
            ],
        }
        for image in range(len(scene.sizes))
    ]
    (folder / "_annotations.createml.json").write_text(json.dumps(says))
    return folder / "_annotations.createml.json"


def retinanet(folder: Path, scene: Drawn) -> Path:
    pictures(folder, scene)
    rows: list[list[object]] = []
    for image in range(len(scene.sizes)):
        rows += [[name(image), *box[2:], box[1]] for box in scene.of(image)]
        rows += [] if scene.of(image) else [[name(image), "", "", "", "", ""]]
    return table(folder / "_annotations.csv", rows)


def cartucho(folder: Path, scene: Drawn) -> Path:
    """Corners in pixels; the names of Cartucho's own classes have no spaces, but may."""
    pictures(folder / "images-optional", scene)
    (folder / "ground-truth").mkdir()
    for image in range(len(scene.sizes)):
        lines = [f"{class_} {x1} {y1} {x2} {y2}\n" for _, class_, x1, y1, x2, y2 in scene.of(image)]
        (folder / "ground-truth" / f"{image:03d}.txt").write_text("".join(lines))
    return folder


DIALECTS: dict[str, tuple[str, Callable[[Path, Drawn], Path]]] = {
    "data.yaml": ("yolo", yolo_yaml),
    "YOLO folder": ("yolo", yolo_folder),
    "darknet": ("yolo", darknet),
    "VOC": ("voc", voc),
    "CVAT": ("cvat", cvat),
    "LabelMe": ("labelme", labelme),
    "box table": ("box-table", box_table),
    "TensorFlow": ("tensorflow-csv", tensorflow),
    "Open Images": ("open-images", open_images),
    "Dataiku": ("dataiku", dataiku),
    "CreateML": ("createml", createml),
    "RetinaNet": ("retinanet-csv", retinanet),
    "Cartucho": ("pixel-text", cartucho),
}
