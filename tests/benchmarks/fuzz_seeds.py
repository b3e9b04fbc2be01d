"""Sound files of every format, and who reads them: what damaging starts from."""

import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from engine.batch.run_file import COMPARED, read_run_file
from engine.formats import read_dataset, read_predictions
from engine.formats.predictions.probability_files import read_probabilities
from engine.scoring.card import read_card
from tests.engine.formats.dialects import DIALECTS, SCENE, pictures
from tests.engine.formats.making import RESULT, TRUTH, results, truth
from tests.engine.formats.tabular import LABELS, NAMES, PROBABILITIES, TABLE, labelled, npz, parquet
from tui.application.settings import read_settings

PIXELS = (".png", ".jpg")


@dataclass(frozen=True)
class Reading:
    """A format: how a sound folder of it is made and read."""

    name: str
    write: Callable[[Path], object]
    read: Callable[[Path], object]

    def files(self, sound: Path) -> Sequence[Path]:
        """Those that are damaged, below the folder."""
        found = sorted(path for path in sound.rglob("*") if path.is_file())
        texts = [path for path in found if path.suffix not in PIXELS]
        return [path.relative_to(sound) for path in texts or found]


def dialect(name: str) -> Reading:
    place: dict[str, Path] = {}

    def write(folder: Path) -> None:
        place["at"] = DIALECTS[name][1](folder, SCENE).relative_to(folder)

    return Reading(
        f"truth-{name.replace(' ', '-')}", write, lambda at: read_dataset(at / place["at"])
    )


def coco_truth(folder: Path) -> Path:
    return truth(
        folder, TRUTH, {**TRUTH, "id": 6, "iscrowd": 1, "segmentation": [[0, 0, 9, 9, 0, 9]]}
    )


def coco_results(folder: Path) -> None:
    coco_truth(folder)
    rows = [{**RESULT, "score": score / 10} for score in range(9)]
    results(folder, *rows, {**RESULT, "file_name": "a.jpg", "category_name": "bolt"})


def predicted(folder: Path, name: str, content: str | bytes) -> None:
    coco_truth(folder)
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def read_predicted(name: str, folder: Path) -> object:
    dataset = read_dataset(folder / "truth.json")
    return read_predictions(folder / name, dataset)


BOXES = "image,class,x1,y1,x2,y2,score\na.jpg,bolt,0,0,9,9,.5\nb.jpg,nut,1,1,5,6,.25\n"


def yolo_found(folder: Path) -> None:
    coco_truth(folder)
    (folder / "labels").mkdir()
    for name in "ab":
        (folder / "labels" / f"{name}.txt").write_text("0 .5 .5 .25 .25 .9\n1 .5 .5 .5 .5 .4\n")


CARD = """task = "detect"

[input]
color = "BGR"
size = [64, 64]
scale = 1.0
mean = [0, 0, 0]

[output]
decoder = "yolox"
nms = { iou = 0.5, max_det = 100 }

[classes]
names = ["bolt", "nut"]
map = { bolt = "screw" }
"""
RUN = {
    **dict.fromkeys(COMPARED, ""),
    "counts": {"images": 1, "failed": 0},
    "listed": 1,
}


def boxes_parquet(folder: Path) -> None:
    coco_truth(folder)
    parquet(
        folder / "found.parquet",
        "SELECT 'a.jpg' image, 'bolt' class, 0 x1, 0 y1, 9 x2, 9 y2, .5 score",
    )


def probabilities(folder: Path) -> None:
    rows = np.array(PROBABILITIES)
    npz(folder / "p.npz", image=NAMES, classes=np.array(["cat", "dog"]), probabilities=rows)


def text(name: str, content: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(content)


def read_answers(name: str, folder: Path) -> object:
    return read_probabilities(folder / name, labelled())


SEEDS: tuple[Reading, ...] = (
    *map(dialect, DIALECTS),
    Reading("truth-coco", coco_truth, lambda at: read_dataset(at / "truth.json")),
    Reading("truth-labels", text("labels.csv", LABELS), lambda at: read_dataset(at / "labels.csv")),
    Reading("found-coco", coco_results, partial(read_predicted, "results.json")),
    Reading(
        "found-csv", lambda at: predicted(at, "f.csv", BOXES), partial(read_predicted, "f.csv")
    ),
    Reading("found-yolo", yolo_found, partial(read_predicted, "labels")),
    Reading("found-parquet", boxes_parquet, partial(read_predicted, "found.parquet")),
    Reading("found-table", text("p.csv", TABLE), partial(read_answers, "p.csv")),
    Reading("found-npz", probabilities, partial(read_answers, "p.npz")),
    Reading("card", text("m.card.toml", CARD), lambda at: read_card(at / "m.card.toml")),
    Reading(
        "run-file",
        text("o.jsonl.run.json", json.dumps(RUN)),
        lambda at: read_run_file(at / "o.jsonl"),
    ),
    Reading(
        "settings",
        text("config.toml", 'theme = "nord"\n[keys]\nquit = "x"\n'),
        lambda at: read_settings(at / "config.toml"),
    ),
    Reading("pixels", pictures, lambda at: read_pictures(at)),
)


def read_pictures(folder: Path) -> None:
    """Each image, or the reason why not."""
    from engine.images.pixels import UnreadableImage, read_image

    for path in sorted(folder.rglob("*.png")):
        with contextlib.suppress(UnreadableImage):
            read_image(path)
