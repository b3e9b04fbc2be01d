"""Write crops of parts to one folder for each class, a few of them to a wrong one on purpose.

Use: python -m demo_data.make.render_crops --seed 3 --count 190 --to demo_data/classification/images
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from functools import partial
from itertools import chain
from multiprocessing import Pool
from pathlib import Path

import numpy as np

from demo_data.make.crops import Crop, crops
from demo_data.make.parts import CLASSES

SHARE_OF_LABEL_ERRORS = 0.02
LOOK_ALIKES = (
    ("nut", "washer", "bearing", "gear"),
    ("bolt", "screw", "pin", "spring"),
    ("clip", "bracket"),
)


def main() -> None:
    """Render what the command line asks for."""
    parser = argparse.ArgumentParser(description="Render crops of parts into class folders.")
    parser.add_argument("--seed", type=int, required=True, help="another seed, other scenes")
    parser.add_argument("--count", type=int, required=True, help="number of scenes to cut from")
    parser.add_argument("--to", type=Path, required=True, help="folder for the class folders")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()

    cut = all_crops(asked.seed, asked.count, asked.processes)
    mislabelled = label_errors([crop.label for crop in cut], asked.seed)
    folders = [mislabelled.get(row, CLASSES[crop.label]) for row, crop in enumerate(cut)]
    for crop, folder in zip(cut, folders, strict=True):
        path = asked.to / folder / crop.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(crop.jpeg)
    size = sum(len(crop.jpeg) for crop in cut)
    print(f"{len(cut)} images, {size / 1e6:.2f} MB")
    counts = Counter(folders)
    print(", ".join(f"{name} {counts[name]}" for name in CLASSES))
    for row, folder in mislabelled.items():
        print(f"{folder}/{cut[row].name} shows a {CLASSES[cut[row].label]}")


def all_crops(seed: int, scenes: int, processes: int) -> list[Crop]:
    """The crops of the first scenes with this seed."""
    with Pool(processes) as pool:
        return list(chain(*pool.map(partial(crops, seed), range(scenes), chunksize=8)))


def label_errors(labels: Sequence[int], seed: int) -> dict[int, str]:
    """Which rows go to the folder of which look-alike."""
    rng = np.random.default_rng(seed)
    rows = rng.choice(len(labels), round(SHARE_OF_LABEL_ERRORS * len(labels)), replace=False)
    wrong = {}
    for row in sorted(rows.tolist()):
        name = CLASSES[labels[row]]
        (alike,) = (names for names in LOOK_ALIKES if name in names)
        wrong[row] = str(rng.choice([other for other in alike if other != name]))
    return wrong


if __name__ == "__main__":
    main()
