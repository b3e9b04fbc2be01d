"""From files to an assessment: read the ground truth, then read or make the predictions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.dataset import DetectionDataset
from engine.errors import EngineError
from engine.formats import read_dataset, read_predictions
from engine.kinds.detection import Detection
from engine.scoring.runner import Progress, predictions, score
from engine.scoring.scorer import Scorer, open_scorer
from engine.scoring.store import Store
from engine.thresholds import Matching


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
    data_format: str | None = None
    matching: Matching = "class-first"  # the rule to begin with
    strict_coco: bool = False  # average precision as pycocotools has it, its slips included
    optimise: str = "f1"  # what "optimal" means, as goals.Goal.parse reads it
    provider: str = "auto"
    store: Path | None = None  # the file of kept predictions; None: in the user's cache folder


@dataclass(frozen=True)
class Stage:
    """A step that has begun, in words."""

    words: str


@dataclass(frozen=True, eq=False)
class Opened:
    """An assessment, and everything that was noticed on the way to it."""

    inputs: Inputs
    assessment: Detection
    answers: str  # the name of the file that the predictions come from
    facts: tuple[tuple[str, str], ...]  # name and value, for people: family, provider, card, ...
    warnings: tuple[str, ...]
    failures: tuple[tuple[str, str], ...]  # image, reason


Event = Stage | Progress | Opened


def opening(inputs: Inputs, cancelled: Callable[[], bool] = lambda: False) -> Iterator[Event]:
    """Stages and progress as they happen, and last an Opened; nothing after a cancellation.

    Predictions that were made stay in the store, so a later call goes on from there.
    Raises EngineError for anything that a person can mend.
    """
    if inputs.model is None and inputs.predictions is None:
        raise NothingToAssessError(
            "There are no predictions to assess: name a MODEL.onnx, or a file with --predictions."
        )
    yield Stage(f"Reading {inputs.data.name}")
    dataset = read_dataset(inputs.data, inputs.images, inputs.data_format)
    if inputs.predictions is not None:
        yield Stage(f"Reading {inputs.predictions.name}")
        yield _from_file(inputs, inputs.predictions, dataset)
    elif inputs.model is not None:
        yield Stage(f"Loading {inputs.model.name}")
        yield from _from_model(inputs, inputs.model, dataset, cancelled)


def _from_file(inputs: Inputs, path: Path, dataset: DetectionDataset) -> Opened:
    found, warnings = read_predictions(path, dataset)
    facts = (("Predictions", str(path)), *_dataset_facts(dataset))
    missing = _missing(dataset) if inputs.images is not None else ()
    every = (*dataset.warnings, *missing, *warnings)
    return Opened(inputs, Detection(dataset, found), path.name, facts, every, ())


def _from_model(
    inputs: Inputs, model: Path, dataset: DetectionDataset, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    scorer = open_scorer(model, inputs.card, inputs.provider)
    store = Store(inputs.store)
    yield from score(scorer, dataset.images, store, cancelled=cancelled)
    if cancelled():
        return
    yield Stage("Matching predictions with ground truth")
    scored = predictions(scorer, dataset.images, store, dataset.classes)
    names = dataset.images.name
    yield Opened(
        inputs,
        Detection(dataset, scored.predictions),
        model.name,
        (*_model_facts(scorer), *_dataset_facts(dataset)),
        (*dataset.warnings, *_missing(dataset), *scored.warnings),
        tuple((names[image], reason) for image, reason in scored.failures),
    )


def _missing(dataset: DetectionDataset) -> tuple[str, ...]:
    count = dataset.images.missing
    if not count:
        return ()
    return (
        f"{count:,} of {len(dataset.images):,} image files were not found: "
        "name their folder with --images",
    )


def _model_facts(scorer: Scorer) -> tuple[tuple[str, str], ...]:
    provenance = scorer.card.provenance
    nms = scorer.card.output.nms
    suppression = f"IoU {nms.iou:g}, at most {nms.max_det} an image" if nms.needed else "inside"
    return (
        ("Model", str(scorer.model)),
        ("Family", f"{provenance.family} ({provenance.confidence}, by {provenance.detected_by})"),
        ("Runs on", scorer.provider),
        ("Preprocessing", scorer.preprocessing),
        ("Suppression", suppression),
        ("Kept from", f"confidence {scorer.confidence_floor:g}"),
    )


def _dataset_facts(dataset: DetectionDataset) -> tuple[tuple[str, str], ...]:
    truths = dataset.ground_truths
    return (
        ("Ground truth", str(dataset.source)),
        ("Images", f"{len(dataset.images):,}"),
        ("Classes", f"{len(dataset.classes):,}"),
        ("Boxes", f"{len(truths) - int(truths.crowd.sum()):,}"),
        ("Crowds", f"{int(truths.crowd.sum()):,}"),
    )
