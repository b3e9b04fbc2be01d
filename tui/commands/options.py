"""The options that say what to read and how to assess it, for every verb that does."""

from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, get_args

import click
from click import Context, Parameter


class NamedPath(click.Path):
    """A path whose last part is a name: `.` and `..` stand for the folder that they are."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> Any:
        """A pathlib.Path."""
        path = super().convert(value, param, ctx)
        return path.resolve() if isinstance(path, Path) and path.name in ("", "..") else path


FILE = NamedPath()
OPTIMISE = "f1"
STDOUT = Path("-")

DemoTask: TypeAlias = Literal["detection", "classification"]
DEMO_TASKS: Final[tuple[DemoTask, ...]] = get_args(DemoTask)

DATA_FORMATS = (  # engine.formats.READERS has them; a test holds the two equal
    *("createml", "coco", "pixel-text", "yolo", "voc", "cvat", "labelme", "open-images"),
    *("tensorflow-csv", "retinanet-csv", "box-table", "dataiku"),
    *("class-folders", "label-table", "one-hot-table"),
)

DATA = click.option(
    "--data", type=FILE, required=True, help="Ground truth, a file or a folder in any format."
)
DATA_IF_ANY = click.option(
    "--data", type=FILE, help="Ground truth, a file or a folder in any format."
)
DATA_FORMAT = click.option(
    "--data-format",
    type=click.Choice(DATA_FORMATS),
    metavar="FORMAT",
    help=f"Read the ground truth as this format: {', '.join(DATA_FORMATS)}.",
)
SPLIT = click.option(
    "--split",
    metavar="NAME",
    help="The part of the data to read, such as test; the validation part otherwise, if they tell.",
)
CARD = click.option("--card", type=FILE, help="Model card, if it is not MODEL.card.toml.")
# As engine.scoring.model.providers names them, which --help does not wait for.
PROVIDERS = ("auto", "cpu", "cuda", "tensorrt", "coreml", "openvino")
PROVIDER = click.option(
    "--provider",
    type=click.Choice(PROVIDERS),
    default="auto",
    show_default=True,
    help="Where the model runs; 'auto' is the best there is, but TensorRT only when named.",
)
DEBUG = click.option("--debug", is_flag=True, help="Show the traceback of an error.")
IMAGES = click.option("--images", type=FILE, help="Folder of the images, if not beside the data.")
FORCE = click.option("--force", is_flag=True, help="Write over a page or a baseline that is there.")
PICTURES = 24
"""In a page of html, at most."""
PREDICTIONS = click.option(
    "--predictions",
    type=FILE,
    help="Predictions to assess instead of a model: COCO results, YOLO text files, a table, "
    "probabilities as CSV, Parquet or NPZ.",
)
SYNONYMS = click.option(
    "--synonyms/--no-synonyms",
    default=True,
    help="Whether classes of the same meaning are one, such as motorbike and motorcycle. "
    "They are, unless told otherwise.",
)

SHARED = [
    DATA,
    IMAGES,
    PREDICTIONS,
    click.option("--logits", is_flag=True, help="The predictions are logits: take their softmax."),
    CARD,
    DATA_FORMAT,
    SPLIT,
    click.option(
        "--missing",
        type=click.Choice(["leave-out", "count"]),
        default="leave-out",
        show_default=True,
        help="Images that the model could not be run on: leave them out with what is in them, or "
        "count that as not detected.",
    ),
    click.option(
        "--matching",
        type=click.Choice(["class-first", "agnostic", "iou", "supervision"]),
        default="class-first",
        show_default=True,
        help="How predictions are paired with ground truths.",
    ),
    click.option(
        "--optimise",
        default=OPTIMISE,
        show_default=True,
        help="What the optimal confidence is best for: f1, f0.5, f2, precision, recall, "
        "recall@precision=.9, recall@fp-per-image=1.",
    ),
    click.option(
        "--as-coco", is_flag=True, help="Score LVIS ground truth as COCO, without LVIS's own rules."
    ),
    click.option(
        "--strict-coco",
        is_flag=True,
        help="Average precision with pycocotools' slips, such as annotation id 0 never matching.",
    ),
    SYNONYMS,
    PROVIDER,
]


def confidence_of(text: str, *words: str) -> float | None:
    """The number of a --confidence from 0 to 1, None for a word that stands for another."""
    if text in words:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise click.BadParameter(
            f"{text!r} is neither {' nor '.join(map(repr, words))} nor a number from 0 to 1.",
            param_hint="--confidence",
        )
    return value


def check_goal(goal: str) -> None:
    """A goal that nobody knows is refused before any work is done. Raises GoalError."""
    if goal == OPTIMISE:
        return  # the engine need not be asked, which takes as long as the first frame
    from engine.core.goals import Goal

    Goal.parse(goal)
