"""What an output is to hold, and the columns that follow from it."""

import os
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, assert_never

from engine.batch.coco_ids import CocoIds
from engine.batch.inputs import InputError
from engine.scoring.card import Task

Format: TypeAlias = Literal["coco", "csv", "jsonl", "parquet", "yolo"]

# As a box table and a probability table have them.
BOX_COLUMNS: Final = {
    "image": "VARCHAR",
    "class": "VARCHAR",
    "class_id": "INTEGER",
    "score": "DOUBLE",
    "x1": "DOUBLE",
    "y1": "DOUBLE",
    "x2": "DOUBLE",
    "y2": "DOUBLE",
    "width": "INTEGER",
    "height": "INTEGER",
}
ANSWER_COLUMNS: Final = {
    "image": "VARCHAR",
    "class": "VARCHAR",
    "class_id": "INTEGER",
    "score": "DOUBLE",
    "width": "INTEGER",
    "height": "INTEGER",
}
DECISION_COLUMNS: Final = {"threshold": "DOUBLE", "decision": "VARCHAR"}


@dataclass(frozen=True)
class OutputPlan:
    """What the output is to hold."""

    format: Format
    task: Task
    names: tuple[str, ...]  # the model's classes in its order
    everything: bool = False  # predictions that do not count too, with the decision
    ids: CocoIds | None = None  # those of a data set, for COCO results


def columns(wanted: OutputPlan) -> dict[str, str]:
    """The columns of a table, in order, with their types in a Parquet file."""
    decision = DECISION_COLUMNS if wanted.everything else {}
    match wanted.task:
        case "detect":
            return BOX_COLUMNS | decision
        case "classify":
            named = ANSWER_COLUMNS | decision
            return _with_probabilities(named, wanted.names) if wanted.everything else named
        case _:
            assert_never(wanted.task)


def _with_probabilities(named: dict[str, str], classes: tuple[str, ...]) -> dict[str, str]:
    for name in classes:
        # A class may be called "image", and Parquet tells no upper from lower case.
        free, taken = name, {column.casefold() for column in named}
        while free.casefold() in taken:
            free = f"p_{free}"
        named = named | {free: "DOUBLE"}
    return named


def format_of(out: str) -> Format:
    """The format that the name of an output stands for; InputError when it stands for none."""
    suffixes: dict[str, Format] = {
        ".json": "coco",
        ".csv": "csv",
        ".jsonl": "jsonl",
        ".ndjson": "jsonl",
        ".parquet": "parquet",
        ".pq": "parquet",
    }
    suffix = os.path.splitext(out)[1].lower()  # noqa: PTH122
    if out == "-":
        return "jsonl"
    if suffix not in suffixes:
        known = ", ".join(suffixes)
        raise InputError(f"{out}: name a file that ends in {known}, or choose a --format")
    return suffixes[suffix]
