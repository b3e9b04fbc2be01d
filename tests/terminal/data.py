"""A little dataset with images, to open as a person does: no model has to run."""

import json
from pathlib import Path

import numpy as np
from PIL import Image

SIZE = (320, 240)  # width, height


def make(folder: Path, images: int = 6, predictions: int = 60) -> list[str]:
    """The options that open it, the files written to the folder."""
    rng = np.random.default_rng(7)
    names = ["bolt", "nut", "washer"]
    truth, found = [], []
    (folder / "images").mkdir()
    for image in range(images):
        slope = np.linspace(0, 255, SIZE[0])[None, :, None] * np.ones((SIZE[1], 1, 3))
        noise = rng.integers(0, 40, (SIZE[1], SIZE[0], 3))
        Image.fromarray(np.clip(slope + noise, 0, 255).astype(np.uint8)).save(
            folder / "images" / f"{image}.png"
        )
    for number in range(predictions):
        x, y = (int(v) for v in rng.integers(0, 180, 2))
        place = {"image_id": number % images, "category_id": number % 3}
        box = [x, y, 40, 40]
        truth.append({**place, "id": number + 1, "bbox": box, "area": 1600, "iscrowd": 0})
        place["category_id"] = number % 3 if number % 4 else (number + 1) % 3
        found.append({**place, "bbox": box, "score": round(0.05 + 0.9 * number / predictions, 3)})
    sizes = dict(zip(("width", "height"), SIZE, strict=True))
    files = [{"id": i, "file_name": f"{i}.png", **sizes} for i in range(images)]
    classes = [{"id": i, "name": name} for i, name in enumerate(names)]
    document = {"images": files, "categories": classes, "annotations": truth}
    (folder / "truth.json").write_text(json.dumps(document))
    (folder / "found.json").write_text(json.dumps(found))
    named = ("data", "truth.json"), ("images", "images"), ("predictions", "found.json")
    return [part for option, name in named for part in (f"--{option}", str(folder / name))]
