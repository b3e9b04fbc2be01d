"""From files to an assessment: read the ground truth, then read or make the predictions."""

from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Literal, assert_never

import numpy as np

from engine.cards.binding import bound_to
from engine.cards.operating_point import SavedPoint, point_of
from engine.classification.classification import Classification
from engine.classification.joining import from_file, from_model
from engine.core.arrays import NOTHING, Indices
from engine.core.dataset import (
    ClassificationDataset,
    Dataset,
    DetectionDataset,
    Images,
    Predictions,
    places,
)
from engine.core.errors import DataError, EngineError
from engine.core.thresholds import Matching
from engine.detection.coco.params import MAX_DETECTIONS
from engine.detection.coco.ranking import found_beyond_limit
from engine.detection.detection import Detection
from engine.formats import read_dataset, read_predictions
from engine.formats.predictions.probability_files import read_probabilities, recognises
from engine.opening_facts import boxes_facts, labels_facts, model_facts
from engine.scoring.card import card_beside
from engine.scoring.kinds import kind_for
from engine.scoring.model.class_names import class_notes, mapping_of, refuse_ambiguous
from engine.scoring.model.onnx_file import size_in_words
from engine.scoring.run.runner import NO_FILE, Progress, predictions, probabilities, score
from engine.scoring.run.scorer import Scorer, open_scorer
from engine.scoring.run.store import Store
from engine.util.progress import OnBytes, Reading, StoppedError, watched
from engine.util.words import listed, number

Missing = Literal["leave-out", "count"]


class NothingToAssessError(EngineError):
    """Neither a model nor a file of predictions was named."""


@dataclass(frozen=True)
class Inputs:
    """The files that a person named."""

    data: Path
    model: Path | None = None
    images: Path | None = None
    predictions: Path | None = None
    card: Path | None = None
    card_may_be_missing: bool = False  # it is made when something is kept in it
    data_format: str | None = None
    split: str | None = None  # the part of the data to read, where they tell of parts
    logits: bool = False  # the numbers in predictions are logits, not probabilities
    matching: Matching = "class-first"  # the rule to begin with
    as_coco: bool = False  # LVIS ground truth is scored as COCO
    strict_coco: bool = False  # average precision as pycocotools has it, its slips included
    synonyms: bool = True  # classes may have other well-known names than in the data
    optimise: str = "f1"  # what "optimal" means, as goals.Goal.parse reads it
    provider: str = "auto"
    missing: Missing = "leave-out"  # what becomes of images that the model could not be run on
    store: Path | None = None  # the file of kept predictions; None: in the user's cache folder


@dataclass(frozen=True)
class LeftOut:
    """What the numbers do not count, on either side."""

    images: int = 0  # that the model could not be run on
    of: int = 0  # images that there are
    classes: tuple[str, ...] = ()  # of the model, which the dataset lacks

    @property
    def words(self) -> str:
        """6 of 11 left out; nothing where none is."""
        return f"{self.images:,} of {self.of:,} left out" if self.images else ""


@dataclass(frozen=True)
class Stage:
    """A step that has begun, in words."""

    words: str


@dataclass(frozen=True)
class Noticed:
    """What is assumed of the model and its classes, known before anything is counted."""

    sentences: tuple[str, ...]
    to_probe: "Inputs | None" = None  # where a probe could settle what is assumed


@dataclass(frozen=True, eq=False)
class Opened:
    """An assessment, and everything that was noticed on the way to it."""

    inputs: Inputs
    assessment: Detection | Classification
    answers: str  # the name of the file that the predictions come from
    facts: tuple[tuple[str, str], ...]  # name and value, for people: family, provider, card, ...
    warnings: tuple[str, ...]
    failures: tuple[tuple[str, str], ...]  # image, reason
    digest: str = ""  # sha256 of the model; "" for predictions from a file
    made_with: Mapping[str, str] = field(default_factory=dict)  # see cards.binding
    saved: SavedPoint | None = None  # in the model's card, perhaps for the model as it was
    assumed: tuple[str, ...] = ()  # of how images are fed to the model: a probe can settle it
    floor: float = 0.0  # confidence below which the model itself is silent
    left_out: LeftOut = LeftOut()
    read: Dataset | None = None  # the ground truth before images were left out of it
    there: Indices | None = None  # rows of its images that are assessed; None: all of them

    @property
    def start_point(self) -> SavedPoint | None:
        """The saved point to begin with; None without one, or if it holds no longer."""
        return None if self.changes else self.saved

    @property
    def changes(self) -> tuple[str, ...]:
        """What is not as it was when the point in the card was saved, in words."""
        return () if self.saved is None else self.saved.changes(self.digest, self.made_with)


Event = Stage | Noticed | Reading | Progress | Opened


def opening(
    inputs: Inputs,
    cancelled: Callable[[], bool] = lambda: False,
    read: Dataset | None = None,
) -> Iterator[Event]:
    """Stages and progress as they happen, and last an Opened; nothing after a cancellation.

    The ground truth is not read again where it is given as it was read: `Opened.read`.
    Predictions that were made stay in the store, so a later call goes on from there.
    Raises EngineError for anything that a person can mend.
    """
    if inputs.model is None and inputs.predictions is None:
        raise NothingToAssessError(
            "There are no predictions to assess: name a MODEL.onnx, or a file with --predictions."
        )
    try:
        dataset = read if read is not None else (yield from _truth(inputs, cancelled))
        if (path := inputs.predictions) is not None:
            yield Stage(f"Reading {path.name}")
            yield (
                yield from watched(
                    path, lambda seen: _from_file(inputs, path, dataset, seen), cancelled
                )
            )
            return
    except StoppedError:
        return
    if inputs.model is not None:
        yield Stage(f"Loading {inputs.model.name} ({size_in_words(inputs.model)})")
        yield from _from_model(inputs, inputs.model, dataset, cancelled)


def _truth(inputs: Inputs, cancelled: Callable[[], bool]) -> Generator[Event, None, Dataset]:
    """The ground truth, read while somebody watches. Raises StoppedError after a cancellation."""
    yield Stage(f"Reading {inputs.data.name}")
    dataset = yield from watched(inputs.data, partial(_dataset, inputs), cancelled)
    return _known_rules(dataset, as_coco=inputs.as_coco)


def _dataset(inputs: Inputs, seen: OnBytes) -> Dataset:
    return read_dataset(
        inputs.data,
        inputs.images,
        inputs.data_format,
        seen,
        predictions=inputs.predictions,
        split=inputs.split,
    )


def _known_rules(dataset: Dataset, *, as_coco: bool) -> Dataset:
    """The dataset, with a word where its own rules of scoring are not applied.

    Raises DataError for ground truth of LVIS unless it is to be scored as COCO.
    """
    if not isinstance(dataset, DetectionDataset) or not dataset.federated:
        return dataset
    rules = "300 predictions an image, and only the categories that an image is labelled for"
    if not as_coco:
        raise DataError(
            dataset.source,
            f"this is ground truth of LVIS, which has rules of its own ({rules}): figures by "
            "COCO's rules would be others. --as-coco scores it so all the same",
        )
    said = f"ground truth of LVIS, scored as COCO, without LVIS's own rules ({rules})"
    return replace(dataset, warnings=(said, *dataset.warnings))


def _from_file(inputs: Inputs, path: Path, dataset: Dataset, seen: OnBytes) -> Opened:
    missing = _missing(dataset.images, inputs.images) if inputs.images is not None else ()
    said = ("Predictions", str(path))
    match dataset:
        case DetectionDataset():
            _refuse_probabilities(inputs, path, dataset)
            found, warnings = read_predictions(
                path, dataset, strict_coco=inputs.strict_coco, seen=seen, synonyms=inputs.synonyms
            )
            every = (*_limited(dataset, found), *dataset.warnings, *missing, *warnings)
            facts = (said, *boxes_facts(dataset))
            detection = Detection(dataset, found, inputs.strict_coco)
            return Opened(inputs, detection, path.name, facts, every, (), read=dataset)
        case ClassificationDataset():
            file = read_probabilities(path, dataset, logits=inputs.logits)
            classified = from_file(dataset, file, inputs.synonyms)
            every = (*dataset.warnings, *missing, *file.warnings, *classified.warnings)
            facts = (said, *file.facts, *labels_facts(classified.assessment.dataset))
            return Opened(inputs, classified.assessment, path.name, facts, every, (), read=dataset)
        case _:
            assert_never(dataset)


def _from_model(
    inputs: Inputs, model: Path, dataset: Dataset, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    missing = inputs.card_may_be_missing
    scorer = open_scorer(model, inputs.card, inputs.provider, card_may_be_missing=missing)
    refuse_other_task(scorer, dataset)
    refuse_ambiguous(model, scorer.card, dataset.classes)
    _refuse_other_classes(inputs, scorer, dataset)
    if inputs.missing == "count" and isinstance(dataset, ClassificationDataset):
        raise DataError(
            dataset.source,
            "has one class for each image, and an image without an answer counts nowhere: "
            "--missing count is for detectors",
        )
    notes = (*scorer.notes, *class_notes(scorer.card, dataset.classes, inputs.synonyms))
    yield Noticed(notes, inputs if scorer.open_questions else None)
    store = Store(inputs.store)
    yield from score(scorer, dataset.images, store, cancelled=cancelled)
    if cancelled():
        return
    match dataset:
        case DetectionDataset():
            yield Stage("Matching predictions with ground truth")
            yield _detected(inputs, scorer, dataset, store)
        case ClassificationDataset():
            yield Stage("Comparing predictions with labels")
            yield _classified(inputs, scorer, dataset, store)
        case _:
            assert_never(dataset)


def _detected(inputs: Inputs, scorer: Scorer, dataset: DetectionDataset, store: Store) -> Opened:
    scored = predictions(scorer, dataset.images, store, dataset.classes, inputs.synonyms)
    read, every, found = dataset, dataset.images, scored.predictions
    there = None
    failed = _failed(inputs, every, scored.failures)
    if scored.failures and inputs.missing == "leave-out":
        there = np.delete(np.arange(len(every)), [index for index, _ in scored.failures])
        dataset = dataset.only(there)
        found = replace(found, image=places(there, len(every)).take(found.image))
    return Opened(
        inputs,
        Detection(dataset, found, inputs.strict_coco),
        scorer.model.name,
        (*model_facts(scorer), *boxes_facts(dataset)),
        (*failed, *_limited(dataset, found), *dataset.warnings, *scored.warnings),
        _named(every, scored.failures),
        scorer.digest,
        bound_to(scorer.card, inputs.synonyms),
        _saved_point(inputs, scorer),
        scorer.assumed,
        scored.silent_below,
        LeftOut(len(every) - len(dataset.images), len(every), scored.classes_left_out),
        read,
        there,
    )


def _classified(
    inputs: Inputs, scorer: Scorer, dataset: ClassificationDataset, store: Store
) -> Opened:
    scored = probabilities(scorer, dataset.images, store)
    mapping = mapping_of(scorer.card, dataset.classes, synonyms=inputs.synonyms)
    told = mapping.without_dataset or mapping.without_model or not mapping.to_check
    order = (mapping.synonyms if told else mapping.sentence,)
    names = scorer.card.classes.names
    made = from_model(dataset, scored.probabilities, names, mapping.to_dataset, scorer.model)
    failed = _failed(inputs, dataset.images, scored.failures)
    every = (*failed, *dataset.warnings, *filter(None, order), *scored.warnings)
    return Opened(
        inputs,
        made.assessment,
        scorer.model.name,
        (*model_facts(scorer), *labels_facts(made.assessment.dataset)),
        (*every, *made.warnings),
        _named(dataset.images, scored.failures),
        scorer.digest,
        bound_to(scorer.card, inputs.synonyms),
        _saved_point(inputs, scorer),
        scorer.assumed,
        left_out=LeftOut(len(scored.failures), len(dataset.images)),
        read=dataset,
    )


def _limited(dataset: DetectionDataset, found: Predictions) -> tuple[str, ...]:
    """A sentence where COCO's average precision does not see what was found."""
    images, objects = found_beyond_limit(found, dataset.ground_truths)
    if not images:
        return ()
    return (
        f"COCO's limit of {MAX_DETECTIONS[-1]} predictions of a class in an image bites in "
        f"{number(images, 'image')}: AP counts {number(objects, 'object')} there as not detected "
        "that predictions of less confidence find",
    )


def _saved_point(inputs: Inputs, scorer: Scorer) -> SavedPoint | None:
    return point_of(scorer.card, inputs.card or card_beside(scorer.model))


def refuse_other_task(scorer: Scorer, dataset: Dataset) -> None:
    """Raise DataError where the ground truth is for another kind of model."""
    kind, fitting = scorer.kind, kind_for(dataset)
    if kind is not fitting:
        raise DataError(
            dataset.source,
            f"{scorer.model.name} is {kind.words}, but this ground truth has "
            f"{fitting.truth_words}: give it {kind.truth_words} with --data, or "
            f"{fitting.words} as the model",
        )


def _refuse_other_classes(inputs: Inputs, scorer: Scorer, dataset: Dataset) -> None:
    """Raise DataError where a detector that names its classes finds none of the dataset's."""
    names = scorer.class_names
    if not isinstance(dataset, DetectionDataset) or not names or not dataset.classes:
        return
    mapping = mapping_of(scorer.card, dataset.classes, synonyms=inputs.synonyms)
    if (mapping.to_dataset == NOTHING).all():
        raise DataError(
            dataset.source,
            f"none of its classes ({listed(dataset.classes)}) is a class of {scorer.model.name} "
            f"({listed(names)}): say which is which under [classes.map] in "
            f"{card_beside(scorer.model).name}",
        )


def _refuse_probabilities(inputs: Inputs, path: Path, dataset: DetectionDataset) -> None:
    if inputs.logits or recognises(path, dataset.classes):
        raise DataError(
            path,
            f"these are probabilities of classes, but the ground truth {dataset.source.name} has "
            "boxes: give labels with --data, or predicted boxes with --predictions",
        )


def _named(images: Images, failures: tuple[tuple[int, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((images.name[image], reason) for image, reason in failures)


def _failed(
    inputs: Inputs, images: Images, failures: tuple[tuple[int, str], ...]
) -> tuple[str, ...]:
    """What became of the images that the model could not be run on; DataError if of all."""
    if not failures:
        return ()
    reasons = Counter(reason for _, reason in failures)
    told = listed([f"{count:,} {reason}" for reason, count in reasons.most_common()], 3)
    way_out = "name their folder with --images" if reasons[NO_FILE] else "the report names them"
    if len(failures) == len(images):
        raise DataError(
            inputs.data,
            f"not one of its {number(len(images), 'image')} could be scored ({told}): {way_out}",
        )
    said = f"{len(failures):,} of {len(images):,} images could not be scored ({told})"
    if inputs.missing == "count":
        return (f"{said}: what is in them counts as not detected, as --missing count wants it.",)
    return (f"{said} and are left out, with all that is in them: {way_out}.",)


def _missing(images: Images, folder: Path) -> tuple[str, ...]:
    if not (count := images.missing):
        return ()
    return (f"{count:,} of {len(images):,} image files were not found in {folder}",)
