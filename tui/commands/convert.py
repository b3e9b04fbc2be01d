"""The verb convert: ground truth or predictions in any format, written as COCO."""

from pathlib import Path
from typing import assert_never

import click

from engine.util.visible import visible_json
from tui.commands.options import DATA_FORMAT, DEBUG, FILE, IMAGES, SPLIT, STDOUT, SYNONYMS
from tui.commands.telling import tell
from tui.commands.writing import write


@click.command()
@click.argument("data", type=FILE)
@click.option("--predictions", type=FILE, help="Write these as COCO results, not the ground truth.")
@click.option(
    "--out", type=FILE, required=True, help="JSON file to write, '-' for standard output."
)
@IMAGES
@DATA_FORMAT
@SPLIT
@SYNONYMS
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@DEBUG
def convert(
    data: Path,
    predictions: Path | None,
    out: Path,
    images: Path | None,
    data_format: str | None,
    split: str | None,
    synonyms: bool,
    force: bool,
    debug: bool,
) -> None:
    """Write COCO from ground truth or predictions in any format.

    DATA is ground truth as --data takes it. With --predictions those are written, with the
    ids that converting DATA gives. What was left out or assumed is told on standard error.
    """
    from engine.core.errors import DataError

    if out != STDOUT and out.exists() and not force:
        raise DataError(out, "is there already: name another file, or add --force")
    if out != STDOUT and not out.absolute().parent.is_dir():
        raise DataError(out.parent, "there is no such folder for the output: make it first")
    content, notes = _converted(data, images, data_format, predictions, split, synonyms)
    if out == STDOUT:
        click.echo(visible_json(content.decode()), nl=False)
    else:
        write(out, content)
    for note in notes:
        tell(note, err=True)


def _converted(
    data: Path,
    images: Path | None,
    data_format: str | None,
    predictions: Path | None,
    split: str | None,
    synonyms: bool,
) -> tuple[bytes, tuple[str, ...]]:
    """The JSON, and what is to be said of it."""
    from engine.core.dataset import ClassificationDataset, DetectionDataset
    from engine.core.errors import DataError
    from engine.formats import read_dataset, read_predictions
    from engine.formats.write_coco import keeps_image_ids, results_json, truth_json
    from engine.util.words import number

    dataset = read_dataset(data, images, data_format, predictions=predictions, split=split)
    match dataset:
        case DetectionDataset():
            pass
        case ClassificationDataset():
            problem = "this has a class for each image and no boxes, and COCO holds boxes"
            raise DataError(data, problem)
        case _:
            assert_never(dataset)
    notes, pictures = dataset.warnings, number(len(dataset.images), "image")
    if predictions is not None:
        found, said = read_predictions(predictions, dataset, synonyms=synonyms)
        if not keeps_image_ids(dataset):
            said = (*said, f"images are numbered as converting {data.name} numbers them")
        counted = f"{pictures}, {number(len(found), 'prediction')}"
        return results_json(dataset, found), (*notes, *said, counted)
    truths = dataset.ground_truths
    if truths.difficult is not None:
        hard = number(int(truths.difficult.sum()), "difficult box", "difficult boxes")
        notes = (*notes, f"{hard} written as crowds: COCO knows no difficult ones")
    boxes = number(len(truths), "box", "boxes")
    classes = number(len(dataset.classes), "class", "classes")
    return truth_json(dataset), (*notes, f"{pictures}, {boxes} of {classes}")
