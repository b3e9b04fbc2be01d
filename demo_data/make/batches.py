"""Rendered scenes as batches for the trainer, each a little different every time."""

from __future__ import annotations

import json
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from demo_data.make.loss import Truth
from demo_data.make.scenes import HEIGHT, WIDTH

INPUT_SIDE = 256  # pixels; the detector reads squares
SCALE = INPUT_SIDE / WIDTH
PICTURE_HEIGHT = round(HEIGHT * SCALE)
TRAIN_HEIGHT = 224  # less padding than in the square, to save a seventh of the work
PADDING = 114  # the grey Ultralytics puts above and below

Picture: TypeAlias = NDArray[np.uint8]  # [PICTURE_HEIGHT, INPUT_SIDE, 3]
Parts: TypeAlias = NDArray[np.float32]  # [T, 5] class, left, top, right, bottom in input pixels


@dataclass(frozen=True, eq=False)
class Scenes:
    """All scenes of a folder, shrunk to what the detector reads."""

    pictures: list[Picture]
    parts: list[Parts]


def loaded(folder: Path) -> Scenes:
    """Read the images and the truth that `render` wrote."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    parts = defaultdict(list)
    for annotation in truth["annotations"]:
        left, top, width, height = (length * SCALE for length in annotation["bbox"])
        row = (annotation["category_id"] - 1, left, top, left + width, top + height)
        parts[annotation["image_id"]].append(row)
    paths = [folder / "images" / image["file_name"] for image in truth["images"]]
    with ThreadPoolExecutor(2) as threads:
        pictures = list(threads.map(shrunk, paths))
    ids = [image["id"] for image in truth["images"]]
    return Scenes(pictures, [np.array(parts[id_], np.float32).reshape(-1, 5) for id_ in ids])


def shrunk(path: Path) -> Picture:
    """The image at the size in which it stands in the detector's input."""
    with Image.open(path) as image:
        size = INPUT_SIDE, PICTURE_HEIGHT
        return np.asarray(image.convert("RGB").resize(size, Image.Resampling.BILINEAR))


def batch(scenes: Scenes, seed: int, step: int, size: int) -> tuple[Tensor, Truth]:
    """The images [size, 3, TRAIN_HEIGHT, INPUT_SIDE], 0 to 1, and truth of one training step.

    Each epoch takes every scene once, in its own order. The batch follows from
    seed and step alone, so a training that was interrupted can go on.
    """
    batches_per_epoch = len(scenes.pictures) // size
    epoch, place = divmod(step, batches_per_epoch)
    order = np.random.default_rng([seed, epoch]).permutation(len(scenes.pictures))
    rng = np.random.default_rng([seed, epoch, place])
    members = order[place * size : (place + 1) * size]
    varied_scenes = [varied(scenes.pictures[i], scenes.parts[i], rng) for i in members]

    most = max(1, *(len(parts) for _, parts in varied_scenes))
    rows = torch.zeros(size, most, 5)
    exists = torch.zeros(size, most, dtype=torch.bool)
    for place_in_batch, (_, parts) in enumerate(varied_scenes):
        rows[place_in_batch, : len(parts)] = torch.from_numpy(parts)
        exists[place_in_batch, : len(parts)] = True
    images = torch.from_numpy(np.stack([picture for picture, _ in varied_scenes]))
    truth = Truth(box=rows[..., 1:], label=rows[..., 0].long(), exists=exists)
    return images.permute(0, 3, 1, 2) / 255, truth


def varied(
    picture: Picture, parts: Parts, rng: np.random.Generator
) -> tuple[NDArray[np.float32], Parts]:
    """The scene mirrored, tinted and shifted at random, padded to [TRAIN_HEIGHT, INPUT_SIDE, 3]."""
    parts = parts.copy()
    if rng.random() < 0.5:
        picture = picture[:, ::-1]
        parts[:, [1, 3]] = INPUT_SIDE - parts[:, [3, 1]]
    if rng.random() < 0.5:
        picture = picture[::-1]
        parts[:, [2, 4]] = PICTURE_HEIGHT - parts[:, [4, 2]]
    tint = rng.uniform(0.7, 1.3, 3) * rng.uniform(0.8, 1.2)
    tinted = (picture * tint.astype(np.float32)).clip(0, 255)
    if rng.random() < 0.5:
        tinted = tinted[..., rng.permutation(3)]
    top = int(rng.integers(0, TRAIN_HEIGHT - PICTURE_HEIGHT + 1))
    parts[:, [2, 4]] += top
    padded = np.full((TRAIN_HEIGHT, INPUT_SIDE, 3), PADDING, np.float32)
    padded[top : top + PICTURE_HEIGHT] = tinted
    return padded, parts
