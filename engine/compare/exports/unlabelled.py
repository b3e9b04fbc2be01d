"""What models and files of predictions say of images that nobody labelled, in classes of both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Final, TypeAlias

import numpy as np

from engine.batch.inputs import named_images
from engine.classification.joining import from_file
from engine.compare.exports.agreement import FROM
from engine.compare.same_boxes import paired_boxes
from engine.core.arrays import NOTHING, Indices, Mask
from engine.core.dataset import (
    ClassificationDataset,
    DetectionDataset,
    GroundTruths,
    Images,
    Predictions,
    Probabilities,
)
from engine.core.similar_names import found_names
from engine.formats import read_predictions
from engine.formats.parts.column_names import BESIDE, BOXES, CLASS, IMAGE
from engine.formats.parts.gathering import image_ids
from engine.formats.parts.tables import column_named, header_of, open_table
from engine.formats.predictions.npz import SUFFIX
from engine.formats.predictions.probability_files import read_probabilities
from engine.formats.predictions.result_categories import classes_named
from engine.scoring.card import Task
from engine.scoring.model.class_names import ClassMapping, mapping_of
from engine.scoring.model.coco_names import COCO_IDS, COCO_NAMES
from engine.scoring.run.runner import predictions, probabilities
from engine.scoring.run.scorer import Scorer
from engine.scoring.run.store import Store

IMAGES_NAMED: Final = Path("the list of images")  # what a reader of predictions calls the data
MOST_UNNAMED: Final = 1_000  # classes of a model that nobody names and that says no number of them
Answers: TypeAlias = Predictions | Probabilities


@dataclass(frozen=True, eq=False)
class SideAnswers:
    """What one side says of the images."""

    found: Answers  # in the classes of both
    knows: Mask  # [C] the classes that it can find
    besides: tuple[str, ...] = ()  # classes that it knows besides
    failures: Mapping[int, str] = field(default_factory=dict)  # image: why it was not scored
    notes: tuple[str, ...] = ()


def listed_images(inputs: Sequence[str], stdin: IO[bytes] | None = None) -> Images:
    """The images that a person names as for `offdiag score`, each once. Raises EngineError."""
    paths = list(dict.fromkeys(image.path for image in named_images(inputs, stdin)))
    sizes = np.zeros((len(paths), 2), np.intp)
    return Images(tuple(paths), tuple(map(Path, paths)), sizes)


def task_of_file(path: Path) -> Task:
    """Whether predictions from a file are boxes or probabilities, as its name or header shows."""
    header = header_of(path)
    boxes = any(column.casefold() in BOXES for column in header)
    table = bool(header) and not boxes and column_named(header, IMAGE) is not None
    return "classify" if table or path.suffix.lower() == SUFFIX else "detect"


def classes_of_model(scorer: Scorer) -> tuple[str, ...]:
    """The names of a model's classes, or their numbers, in its order."""
    return scorer.class_names or tuple(str(index) for index in range(MOST_UNNAMED))


def classes_in_file(path: Path, task: Task) -> tuple[str, ...]:
    """The classes that a file of predictions names; none where it only counts them."""
    header = header_of(path)
    if task == "classify":
        if path.suffix.lower() == SUFFIX:
            return ()
        image = column_named(header, IMAGE)
        return tuple(c for c in header if c and c != image and c.casefold() not in BESIDE)
    if (column := column_named(header, CLASS)) is not None:
        cells, _ = open_table(path).read([column])
        return tuple(sorted({name for name in cells[column] if name}))
    return classes_named(path) if path.is_file() and not header else ()


def answers_of_model(
    scorer: Scorer, images: Images, store: Store, names: Sequence[str], synonyms: bool
) -> SideAnswers:
    """What the store holds of a model for these images, which were scored."""
    if scorer.card.task == "detect":
        scored = predictions(scorer, images, store, names, synonyms)
        seen = int(scored.predictions.class_.max(initial=-1)) + 1
        mapping = mapping_of(scorer.card, names, seen, synonyms)
        return SideAnswers(
            scored.predictions,
            _known(mapping.to_dataset, len(names)),
            scored.classes_left_out,
            dict(scored.failures),
            _notes(scorer, mapping),
        )
    made = probabilities(scorer, images, store)
    mapping = mapping_of(scorer.card, names, synonyms=synonyms)
    to_names, value = mapping.to_dataset, np.zeros((len(made.probabilities), len(names)))
    value[:, to_names[to_names != NOTHING]] = made.probabilities.value[:, to_names != NOTHING]
    return SideAnswers(
        Probabilities(made.probabilities.image, value),
        _known(to_names, len(names)),
        mapping.without_dataset,
        dict(made.failures),
        _notes(scorer, mapping),
    )


@dataclass(frozen=True)
class PredictionFile:
    """A file or folder of predictions, and how it is to be read."""

    path: Path
    task: Task
    synonyms: bool = True
    logits: bool = False


def answers_in_file(
    file: PredictionFile, images: Images, names: tuple[str, ...], beside: Answers | None
) -> SideAnswers:
    """What a file says of these images.

    What the other side says, where that is known, stands for what people would have said: it
    tells how numbers of classes are counted. Raises DataError.
    """
    if file.task == "detect":
        boxes = beside if isinstance(beside, Predictions) else Predictions.none()
        return _boxes_in_file(file, images, names, boxes)
    label = np.zeros(len(images), np.intp)
    if isinstance(beside, Probabilities) and len(beside):
        label[beside.image] = beside.value.argmax(axis=1)
    dataset = ClassificationDataset(IMAGES_NAMED, names, images, label)
    read = read_probabilities(file.path, dataset, logits=file.logits)
    made = from_file(dataset, read, file.synonyms).assessment
    found, classes = made.probabilities, len(names)
    knows = _known(found_names(read.classes or names, names, file.synonyms).place, classes)
    if not knows.any():  # its classes are numbers
        knows = np.ones(classes, np.bool_)
    value = found.value[:, :classes]
    return SideAnswers(
        Probabilities(found.image, value), knows, made.classes[classes:], {}, tuple(read.warnings)
    )


def _notes(scorer: Scorer, mapping: ClassMapping) -> tuple[str, ...]:
    """What a person should know of a model: what is assumed, and how its classes were found."""
    unnamed = ("names none of its classes: they are taken in the order of the other side's",)
    order = unnamed if scorer.card.classes.names is None else ()
    return (*scorer.notes, *order, *filter(None, (mapping.synonyms,)))


def _boxes_in_file(
    file: PredictionFile, images: Images, names: tuple[str, ...], beside: Predictions
) -> SideAnswers:
    path, synonyms = file.path, file.synonyms
    dataset = DetectionDataset(
        source=IMAGES_NAMED,
        classes=names,
        images=images,
        ground_truths=_as_truth(beside),
        image_ids=image_ids(images.name),
        category_ids=tuple(range(1, len(names) + 1)),
        ids_are_ours=True,
    )
    found, notes = read_predictions(path, dataset, synonyms=synonyms)
    if (ids := _coco_ids(path, names, synonyms)) is not None:
        # COCO's own ids leave gaps, which counting from 1 does not: the boxes tell which it is.
        by_id = replace(dataset, category_ids=ids, ids_are_ours=False)
        other, other_notes = read_predictions(path, by_id, synonyms=synonyms)
        if _alike(other, beside) > _alike(found, beside):
            found, notes = other, other_notes
    return SideAnswers(found, np.ones(len(names), np.bool_), notes=notes)


def _coco_ids(path: Path, names: Sequence[str], synonyms: bool) -> tuple[int, ...] | None:
    """COCO's ids of all 80 of its classes, where results may mean them."""
    if path.suffix.lower() != ".json" or len(names) != len(COCO_NAMES) or classes_named(path):
        return None
    place = found_names(names, COCO_NAMES, synonyms).place
    return None if (place == NOTHING).any() else tuple(COCO_IDS[at] for at in place.tolist())


def _alike(found: Predictions, beside: Predictions) -> tuple[int, int]:
    """Boxes that the other side has too, and all that could be used."""
    return len(paired_boxes(found, beside)), len(found)


def _as_truth(boxes: Predictions) -> GroundTruths:
    sure = boxes.where(boxes.confidence >= FROM)
    area = sure.box[:, 2] * sure.box[:, 3]
    return GroundTruths(sure.image, sure.class_, sure.box, area, np.zeros(len(sure), np.bool_))


def _known(to_names: Indices, classes: int) -> Mask:
    known = np.zeros(classes, np.bool_)
    known[to_names[to_names != NOTHING]] = True
    return known
