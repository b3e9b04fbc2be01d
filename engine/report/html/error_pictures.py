"""The largest errors of a report, each with a few pictures."""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import numpy as np

from engine.core.arrays import NOTHING, Areas
from engine.core.dataset import DetectionDataset, Predictions
from engine.core.outcomes import Outcomes
from engine.report.error_cells import ErrorCell, first_rows
from engine.report.html.blocks import (
    Block,
    PageSection,
    PictureFigure,
    PicturesBlock,
    ReportPicture,
    WordsBlock,
)
from engine.report.html.pictures import PictureBox, PictureMaker, box_of
from engine.util.words import share

OF_ONE_ERROR: Final = 4
RowFigure: TypeAlias = Callable[[Outcomes], PictureFigure | None]


def error_section(
    errors: Sequence[ErrorCell],
    outcomes: Outcomes,
    sizes: Areas | None,
    maker: PictureMaker,
    figure: RowFigure,
    none: str,
) -> PageSection:
    """A heading for each of the errors, and pictures as far as there are any.

    The pictures are shared out evenly. figure makes one of a table of a single row.
    """
    blocks: list[Block] = []
    for place, error in enumerate(errors):
        fair = -(-maker.left // (len(errors) - place))
        rows = outcomes.select(error.selection)
        chosen = first_rows(rows, min(fair, OF_ONE_ERROR), sizes)
        figures = [figure(rows.where(np.array([row]))) for row in chosen.tolist()]
        blocks.append(PicturesBlock(error.words, tuple(each for each in figures if each)))
    return PageSection("errors", "Largest errors", tuple(blocks) or (WordsBlock((none,)),))


def box_figure(
    rows: Outcomes,
    dataset: DetectionDataset,
    predictions: Predictions,
    maker: PictureMaker,
) -> PictureFigure | None:
    """A ground truth, a prediction or both, of a table of one row."""
    boxes = []
    truth, predicted = int(rows.ground_truth[0]), int(rows.prediction[0])
    image, said = int(rows.image[0]), []
    if truth != NOTHING:
        name = dataset.classes[int(dataset.ground_truths.class_[truth])]
        tag = "FN" if predicted == NOTHING else "truth"
        boxes.append(
            PictureBox(
                box_of(dataset.ground_truths.box[truth]), tag, f"truth {name}", is_truth=True
            )
        )
        said.append(f"ground truth {name}")
    if predicted != NOTHING:
        name = dataset.classes[int(predictions.class_[predicted])]
        confidence = share(float(predictions.confidence[predicted]))
        boxes.append(PictureBox(box_of(predictions.box[predicted]), "FP", f"{name} {confidence}"))
        said.append(f"predicted {name} {confidence}")
    if truth != NOTHING and predicted != NOTHING:
        said.append(f"IoU {share(float(rows.iou[0]))}")
    elif truth != NOTHING:
        said.append("not detected")
    else:
        said.append("no such object there")
    return picture_figure(maker.crop, image, boxes, dataset.images.name[image], said)


def image_figure(
    rows: Outcomes, names: Sequence[str], images: Sequence[str], maker: PictureMaker
) -> PictureFigure | None:
    """A whole image with its label and its answer; NOTHING is the last of the names."""
    image, confidence = int(rows.image[0]), float(rows.confidence[0])
    said = [f"label {names[int(rows.truth[0])]}"]
    answer = names[int(rows.predicted[0])]
    said.append(f"answer {answer}" + (f" {share(confidence)}" if confidence == confidence else ""))
    words = " · ".join(said)
    picture = maker.whole(image, f"{images[image]}: {words}")
    return None if picture is None else PictureFigure((picture,), (words, images[image]))


def picture_figure(
    crop: Callable[[int, Sequence[PictureBox], str], ReportPicture | None],
    image: int,
    boxes: Sequence[PictureBox],
    name: str,
    said: Sequence[str],
) -> PictureFigure | None:
    """A crop, what it shows, and the image that it is of."""
    words = " · ".join(said)
    picture = crop(image, boxes, f"Part of {name}: {words}")
    return None if picture is None else PictureFigure((picture,), (words, name))
