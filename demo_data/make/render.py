"""Render scenes to JPEG files and write the truth about them in COCO's format.

Use: python -m demo_data.make.render --seed 2 --count 230 --to demo_data/detection
"""

from __future__ import annotations

import argparse
import json
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from demo_data.make.parts import CLASSES
from demo_data.make.scenes import HEIGHT, WIDTH, Scene, scene

JPEG_QUALITY = 80


def main() -> None:
    """Render what the command line asks for."""
    parser = argparse.ArgumentParser(description="Render scenes of parts on a conveyor.")
    parser.add_argument("--seed", type=int, required=True, help="another seed, other scenes")
    parser.add_argument("--count", type=int, required=True, help="number of images")
    parser.add_argument("--to", type=Path, required=True, help="folder for images/ and truth.json")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()

    images = asked.to / "images"
    images.mkdir(parents=True, exist_ok=True)
    with Pool(asked.processes) as pool:
        save = partial(save_scene, asked.seed, images)
        scenes = pool.map(save, range(asked.count), chunksize=16)
    write_truth(scenes, asked.to / "truth.json")
    size = sum((images / image_name(index)).stat().st_size for index in range(asked.count))
    boxes = sum(len(made.parts) for made in scenes)
    empty = sum(not made.parts for made in scenes)
    print(f"{asked.count} images ({empty} empty), {boxes} boxes, {size / 1e6:.2f} MB")


def save_scene(seed: int, folder: Path, index: int) -> Scene:
    """Render one scene and write its image."""
    made = scene(seed, index)
    made.image.save(folder / image_name(index), quality=JPEG_QUALITY)
    return made


def image_name(index: int) -> str:
    """The file name of the scene with this number."""
    return f"{index:04d}.jpg"


def write_truth(scenes: list[Scene], path: Path) -> None:
    """Write a COCO file in which every image and every box keeps its own line."""
    annotations: list[dict[str, Any]] = []
    for image_id, made in enumerate(scenes, start=1):
        for part in made.parts:
            left, top, right, bottom = part.box
            width, height = right - left, bottom - top
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": image_id,
                    "category_id": part.label + 1,
                    "bbox": [left, top, width, height],
                    "area": width * height,
                    "iscrowd": 0,
                    "occlusion": part.occlusion,
                }
            )
    truth = {
        "images": [image_entry(index, made) for index, made in enumerate(scenes)],
        "annotations": annotations,
        "categories": [{"id": id_, "name": name} for id_, name in enumerate(CLASSES, start=1)],
    }
    sections = (
        f'"{name}": [\n' + ",\n".join(json.dumps(entry) for entry in entries) + "\n]"
        for name, entries in truth.items()
    )
    path.write_text("{\n" + ",\n".join(sections) + "\n}\n", encoding="utf-8")


def image_entry(index: int, made: Scene) -> dict[str, Any]:
    """The scene's image as COCO describes it, with the conditions it was taken in."""
    return {
        "id": index + 1,
        "file_name": image_name(index),
        "width": WIDTH,
        "height": HEIGHT,
        "background": made.background,
        "light": made.light,
        "blur": made.blur,
    }


if __name__ == "__main__":
    main()
