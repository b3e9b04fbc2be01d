"""A probe: the labelled images, the ways to feed the model, and what became of them."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, assert_never

import numpy as np

from engine.cards.file import write_keys
from engine.core.arrays import NOTHING
from engine.core.dataset import ClassificationDataset, Dataset, DetectionDataset
from engine.core.errors import DataError, ModelError, PlacedError
from engine.formats import read_dataset
from engine.opening import Inputs, Stage, refuse_other_task
from engine.probing.choosing import chosen_images
from engine.probing.ranking import JudgedBoxes, JudgedClasses, VariantRanking, VariantScore
from engine.probing.running import ProbeEvent, Trials, TriedImages, Trying
from engine.probing.variants import questions_of, variants_of
from engine.scoring.card import card_beside
from engine.scoring.model.class_names import mapping_of, refuse_ambiguous
from engine.scoring.model.onnx_file import size_in_words
from engine.scoring.run.found import only_boxes, only_probabilities
from engine.scoring.run.runner import dataset_size, joined
from engine.scoring.run.scorer import Scorer, open_scorer
from engine.scoring.run.store import ImageFile

LIMIT: Final = 32  # images that are tried


class NothingOpenError(PlacedError):
    """A model whose file or card says all that a probe could find out."""


def probing(
    inputs: Inputs,
    limit: int = LIMIT,
    *,
    every: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[ProbeEvent]:
    """Try the model of the inputs in every way that is open, and last yield a Ranking.

    With `every` also what its file or card settles is asked. Nothing is kept; a probe that
    was cancelled ends without a ranking. Raises EngineError for anything that a person can
    mend, NothingOpenError where there is nothing to try.
    """
    assert inputs.model is not None
    yield Stage(f"Reading {inputs.data.name}")
    dataset = read_dataset(inputs.data, inputs.images, inputs.data_format, split=inputs.split)
    yield Stage(f"Loading {inputs.model.name} ({size_in_words(inputs.model)})")
    missing = inputs.card_may_be_missing
    scorer = open_scorer(inputs.model, inputs.card, inputs.provider, card_may_be_missing=missing)
    refuse_other_task(scorer, dataset)
    refuse_ambiguous(inputs.model, scorer.card, dataset.classes)
    questions = questions_of(scorer, every=every)
    if not questions:
        raise NothingOpenError(inputs.model, _nothing_open(scorer))
    variants = variants_of(questions)
    chosen = _chosen(dataset, scorer, limit, inputs.synonyms)
    yield Stage(f"Trying {len(variants)} ways on {len(chosen)} images")
    tried: list[tuple[int, TriedImages]] = []
    unread: list[tuple[str, str]] = []
    for event in Trials(scorer, variants, cancelled).of(_files(dataset, chosen)):
        if isinstance(event, Trying):
            yield event
        elif event.tried is None:
            unread.append((dataset.images.name[chosen[event.index]], event.reason))
        else:
            tried.append((chosen[event.index], event.tried))
    if cancelled():
        return
    if not tried:
        name, reason = unread[0]
        raise DataError(inputs.data, f"none of the images tried can be read; {name}: {reason}")
    yield Stage(f"Comparing {len(variants)} ways")
    metric, judged = _judged(dataset, scorer, tried, inputs.synonyms)
    ranking = VariantRanking(metric, len(tried), tuple(unread), questions, variants, tuple(judged))
    yield ranking.worked_out()


def write_winner(ranking: VariantRanking, model: Path, card_path: Path | None = None) -> Path:
    """Put how the winner is fed into the card of the model, and return where that is.

    What else stands in the card stays. Raises `CardError`, and `ModelError` for a ranking
    without a winner.
    """
    if ranking.found_nothing:
        raise ModelError(model, NO_WINNER)
    return write_keys(card_path or card_beside(model), {"schema": 1, **ranking.values})


NO_WINNER: Final = (
    "gets nothing right however it is fed: see whether its outputs are read as they are meant "
    "(output.decoder in its card) and its classes are those of the data (classes.names)"
)


def _nothing_open(scorer: Scorer) -> str:
    where = scorer.card.provenance
    return (
        f"says itself, or in its card, how it is fed ({scorer.preprocessing}; {where.confidence}, "
        f"because {where.reason}). To try other ways all the same: --all-variants"
    )


def _chosen(dataset: Dataset, scorer: Scorer, limit: int, synonyms: bool) -> list[int]:
    """The images to try; those with classes that the model can find, where these are known."""
    to_dataset = mapping_of(scorer.card, dataset.classes, synonyms=synonyms).to_dataset
    findable = set(to_dataset[to_dataset != NOTHING].tolist()) or set(range(len(dataset.classes)))
    chosen = chosen_images(dataset, findable, limit)
    if not chosen:
        raise DataError(
            dataset.source,
            f"none of its {len(dataset.images):,} images is there and labelled with a class "
            "that the model knows: name their folder with --images",
        )
    return chosen


def _files(dataset: Dataset, chosen: Sequence[int]) -> list[ImageFile]:
    files = []
    for image in chosen:
        path = dataset.images.path[image]
        size = dataset_size(dataset.images, image)
        assert path is not None
        # A file that has gone since is an image that cannot be read, like any other.
        files.append(ImageFile.at(path, size) or ImageFile(str(path), 0, 0, size))
    return files


def _judged(
    dataset: Dataset, scorer: Scorer, tried: Sequence[tuple[int, TriedImages]], synonyms: bool
) -> tuple[str, Iterator[VariantScore]]:
    """What the variants are measured by, and each one's score."""
    match dataset:
        case DetectionDataset():
            some = dataset.only(np.array([image for image, _ in tried]))
            return "AP", _judged_boxes(some, scorer, [found for _, found in tried], synonyms)
        case ClassificationDataset():
            return "accuracy", _judged_classes(dataset, scorer, tried, synonyms)
        case _:
            assert_never(dataset)


def _judged_boxes(
    dataset: DetectionDataset, scorer: Scorer, tried: Sequence[TriedImages], synonyms: bool
) -> Iterator[VariantScore]:
    every = [
        joined([(at, only_boxes(found)) for at, found in enumerate(by_image) if found is not None])
        for by_image in zip(*tried, strict=True)
    ]
    seen = 1 + max(int(found.class_.max(initial=-1)) for found in every)
    to_dataset = mapping_of(scorer.card, dataset.classes, seen, synonyms).to_dataset
    for found in every:
        class_ = to_dataset[found.class_]
        mapped = class_ != NOTHING
        found = type(found)(found.image, class_, found.confidence, found.box).where(mapped)
        yield JudgedBoxes.of(dataset, found)


def _judged_classes(
    dataset: ClassificationDataset,
    scorer: Scorer,
    tried: Sequence[tuple[int, TriedImages]],
    synonyms: bool,
) -> Iterator[VariantScore]:
    to_dataset = mapping_of(scorer.card, dataset.classes, synonyms=synonyms).to_dataset
    column = np.full(len(dataset.classes), NOTHING)
    column[to_dataset[to_dataset != NOTHING]] = np.flatnonzero(to_dataset != NOTHING)
    label = dataset.label[[image for image, _ in tried]]
    for by_image in zip(*(found for _, found in tried), strict=True):
        top = np.full(len(label), NOTHING)
        probability = np.zeros(len(label))
        for row, found in enumerate(by_image):
            if found is not None:
                value = only_probabilities(found).value
                top[row] = to_dataset[int(np.argmax(value))]
                if column[label[row]] != NOTHING:
                    probability[row] = value[column[label[row]]]
        yield JudgedClasses.of(label, top, probability)
