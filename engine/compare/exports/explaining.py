"""The agreement of two sides, and the reasons that take runs of a model."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias, assert_never

import numpy as np

from engine.compare.exports.agreement import AnswerAgreement, BoxAgreement, box_agreement
from engine.compare.exports.answer_reasons import AnswerSides
from engine.compare.exports.closeness import Measured, closes
from engine.compare.exports.eight_bits import computes_in_8_bits, limits_of
from engine.compare.exports.reasons import BoxSides
from engine.compare.exports.verdicts import Agreement, ComparedSides, agreement
from engine.compare.exports.ways import TriedWay, tried_ways
from engine.core.arrays import NOTHING, Indices
from engine.core.dataset import Images, Predictions, Probabilities, places
from engine.opening import Stage
from engine.probing.running import Trying
from engine.scoring.model.class_names import mapping_of
from engine.scoring.run.found import ImagePredictions, only_boxes, only_probabilities
from engine.scoring.run.runner import dataset_size, joined
from engine.scoring.run.scorer import Scorer
from engine.scoring.run.store import ImageFile
from engine.util.words import number, share

BOX_IMAGES: Final = 16  # that ways are tried on
ANSWER_IMAGES: Final = 48  # which have one answer each, where others have several boxes
ExplainingEvent: TypeAlias = Stage | Trying | Agreement


@dataclass(frozen=True)
class CheckedModel:
    """The model behind one side."""

    path: Path
    opened: Callable[[], Scorer]  # called at most once, and only where it is to be run


@dataclass(frozen=True, eq=False)
class CheckedSides:
    """Two sides to check: what they answer, and the models behind it where there are any."""

    compared: ComparedSides
    images: Images  # [I] of both
    model_a: CheckedModel | None  # None for predictions from a file
    model_b: CheckedModel | None
    synonyms: bool = True


def explaining(
    sides: CheckedSides, cancelled: Callable[[], bool] = lambda: False
) -> Iterator[ExplainingEvent]:
    """Stages and progress, and last the Agreement; nothing after a cancellation.

    Where the two disagree and their answers do not say why, the ways to feed the model of B,
    else that of A, are tried on a few images until it agrees with the other side. Raises
    EngineError for a model that cannot be run.
    """
    models = (sides.model_a, sides.model_b)
    paths = [None if model is None else model.path for model in models]
    found = agreement(sides.compared, limits_of(*paths))
    model = sides.model_b or sides.model_a
    if not found.worth_trying or model is None:
        yield found.explained_by(found.verdict, found.reason or _in_8_bits(sides, found))
        return
    name, other = ("B", "A") if sides.model_b is not None else ("A", "B")
    if (images := _images_to_try(sides)).size:
        yield Stage(f"Trying ways to feed {model.path.name} on {number(len(images), 'image')}")
        scorer = model.opened()
        judge = _judge(sides, scorer, images, b_is_tried=name == "B")
        files = [_file(sides.images, image) for image in images.tolist()]
        way: TriedWay | None = None
        for event in tried_ways(scorer, files, judge, cancelled):
            if isinstance(event, TriedWay):
                way = event
            else:
                yield event
        if cancelled():
            return
        if way is not None and way.explains:
            yield found.explained_by("preprocessing", _way_in_words(way, name, other))
            return
        if way is not None and found.verdict == "other" and closes(way.before, way.after):
            reason = f"{_way_in_words(way, name, other)}, which does not explain all of it"
            yield found.explained_by("other", reason)
            return
    yield found.explained_by(found.verdict, found.reason or _in_8_bits(sides, found))


def _way_in_words(way: TriedWay, name: str, other: str) -> str:
    """B agrees with A to .9981 when fed BGR, not RGB (.7815 as it is, on 16 images)."""
    when = f"when {way.words}, not {way.now}" if way.now else f"when {way.words}"
    on = number(way.images, "image")
    match way.before, way.after:
        case BoxAgreement(), BoxAgreement():
            reached, was = share(way.after.share, 4), share(way.before.share, 4)
            return f"{name} agrees with {other} to {reached} {when} ({was} as it is, on {on})"
        case _:
            reached, was = share(way.after.distance, 4), share(way.before.distance, 4)
            return (
                f"{name} agrees with {other} {when}: their probabilities then differ by {reached} "
                f"on average, and by {was} as it is, on {on}"
            )


def _in_8_bits(sides: CheckedSides, found: Agreement) -> str:
    """Words where one of the two models computes in 8 bits and the other does not."""
    if found.verdict == "same" or sides.model_a is None or sides.model_b is None:
        return ""
    a, b = (computes_in_8_bits(model.path) for model in (sides.model_a, sides.model_b))
    if a == b:
        return ""
    name = "A" if a else "B"
    if found.verdict == "rounding":
        return f"{name} computes in 8 bits"
    return (
        f"{name} computes in 8 bits, which costs it more than rounding does: calibrate it on more "
        "images like these, or keep the layers that suffer in float"
    )


def _images_to_try(sides: CheckedSides) -> Indices:
    """A few images, spread over those in which either side has a box, or answers."""
    compared = sides.compared
    match compared:
        case BoxSides():
            there = np.unique(np.concatenate([each.image for each in compared.counted]))
            most = BOX_IMAGES
        case AnswerSides():
            there = np.intersect1d(compared.a.image, compared.b.image)
            most = ANSWER_IMAGES
        case _:
            assert_never(compared)
    there = there[[sides.images.path[image] is not None for image in there.tolist()]]
    spread = np.linspace(0, len(there) - 1, min(most, len(there)))
    return there[np.round(spread).astype(np.intp)]


def _file(images: Images, index: int) -> ImageFile:
    path, size = images.path[index], dataset_size(images, index)
    assert path is not None
    return ImageFile.at(path, size) or ImageFile(str(path), 0, 0, size)


def _judge(
    sides: CheckedSides, scorer: Scorer, images: Indices, *, b_is_tried: bool
) -> Callable[[Sequence[ImagePredictions | None]], Measured]:
    """How far the answers of a tried model to these images agree with those of the other side."""
    compared = sides.compared
    place = places(images, len(sides.images))
    names = compared.names
    match compared:
        case BoxSides():
            other = _only(compared.a if b_is_tried else compared.b, place)

            def of_boxes(rows: Sequence[ImagePredictions | None]) -> Measured:
                found = joined(
                    [(at, only_boxes(row)) for at, row in enumerate(rows) if row is not None]
                )
                seen = int(found.class_.max(initial=-1)) + 1
                to_names = mapping_of(scorer.card, names, seen, sides.synonyms).to_dataset
                class_ = to_names[found.class_]
                known = class_ != NOTHING
                tried = Predictions(found.image, class_, found.confidence, found.box).where(known)
                pair = (other, tried) if b_is_tried else (tried, other)
                return box_agreement(len(images), *pair, compared.from_a, compared.from_b)

            return of_boxes
        case AnswerSides():
            kept = compared.a if b_is_tried else compared.b
            here = place[kept.image] != NOTHING
            rest = Probabilities(place[kept.image[here]], kept.value[here])
            to_names = mapping_of(scorer.card, names, 0, sides.synonyms).to_dataset

            def of_answers(rows: Sequence[ImagePredictions | None]) -> Measured:
                found = [(at, row) for at, row in enumerate(rows) if row is not None]
                value = np.zeros((len(found), len(names)))
                for at, (_, row) in enumerate(found):
                    own = only_probabilities(row).value[to_names != NOTHING]
                    value[at, to_names[to_names != NOTHING]] = own
                tried = Probabilities(np.array([at for at, _ in found], np.intp), value)
                pair = (rest, tried) if b_is_tried else (tried, rest)
                return AnswerAgreement.of(*pair)

            return of_answers
        case _:
            assert_never(compared)


def _only(found: Predictions, place: Indices) -> Predictions:
    """The boxes of images that have a place, there."""
    kept = found.where(place[found.image] != NOTHING)
    return Predictions(place[kept.image], kept.class_, kept.confidence, kept.box)
