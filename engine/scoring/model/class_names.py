"""The classes of a model among the classes of a dataset, by their names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.core.arrays import NOTHING, Indices
from engine.core.errors import ModelError
from engine.core.similar_names import FoundNames, found_names, order_in_words
from engine.scoring.card import ModelCard
from engine.scoring.model.coco_names import COCO_IDS, COCO_NAMES


@dataclass(frozen=True, eq=False)
class ClassMapping:
    """Where each class of the model lies in the dataset."""

    to_dataset: Indices  # [M] class of the dataset for each class of the model, or NOTHING
    without_dataset: tuple[str, ...]  # classes of the model that the dataset lacks
    without_model: tuple[str, ...]  # classes of the dataset that the model cannot find
    sentence: str
    to_check: bool = True  # not simply the same names on both sides
    synonyms: str = ""  # which were taken, in words
    ambiguous: tuple[str, ...] = ()  # names that several classes have, here or there


def mapping_of(
    card: ModelCard, dataset: Sequence[str], seen: int = 0, synonyms: bool = True
) -> ClassMapping:
    """Where the classes of a card lie in the dataset; `seen`: how many the model has shown."""
    by_id = card.classes.coco_ids
    return class_mapping(
        card.classes.names,
        dataset,
        card.classes.map,
        first_coco_id=card.output.label_offset if by_id else None,
        count=card.classes.unnamed,
        seen=seen,
        synonyms=synonyms,
    )


def class_notes(card: ModelCard, dataset: Sequence[str], synonyms: bool = True) -> tuple[str, ...]:
    """What a person should check of the classes before they are counted."""
    if card.classes.names is None and not card.classes.unnamed:
        return ()  # what the model finds will tell
    mapping = mapping_of(card, dataset, synonyms=synonyms)
    return (mapping.sentence,) if mapping.to_check else ()


def refuse_ambiguous(model: Path, card: ModelCard, dataset: Sequence[str]) -> None:
    """Raise ModelError where a name that several classes have does not tell which is meant."""
    if names := mapping_of(card, dataset).ambiguous:
        raise ModelError(
            model,
            f"{_listed(names)}: several classes of the model, or of the ground truth, have this "
            "name, which does not tell which is meant. Rename them there, or list the model's "
            "names as the ground truth has them under [classes] in its card",
        )


def class_mapping(
    model: Sequence[str] | None,
    dataset: Sequence[str],
    renamed: Mapping[str, str],
    *,
    count: int = 0,
    first_coco_id: int | None = None,
    seen: int = 0,
    synonyms: bool = True,
) -> ClassMapping:
    """Find each model class by the card's renaming, else its name, else its bare letters.

    Bare letters ignore case, spaces, underscores and hyphens, and count only where
    one class of the dataset has them; last comes a well-known synonym. A name that several
    classes have, on either side, means none of them, unless both list the same names.

    `model` is None where nobody names its classes, of which there are `count`, 0 where not
    even that is known. It takes the dataset's order if that has as many, or as many as `seen`
    classes need; else COCO's, where the dataset's classes are COCO's: all 80, or by id from
    `first_coco_id` up where the card says so. The card may rename its numbers: "0", "1", ...
    """
    if model is None and not renamed:
        return _by_number(count, dataset, first_coco_id, seen, synonyms)
    numbers = [str(index) for index in range(count)]
    names, known = (numbers, ()) if model is None else (list(model), dataset)
    found = found_names(names, known, synonyms)
    to_dataset, ambiguous = found.place.copy(), set(found.ambiguous)
    for index, name in enumerate(names):
        if name in renamed:
            to = renamed[name]
            to_dataset[index] = dataset.index(to) if to in dataset else NOTHING
            several = names.count(name) > 1 or list(dataset).count(to) > 1
            (ambiguous.add if to in dataset and several else ambiguous.discard)(name)
    to_dataset[[name in ambiguous for name in names]] = NOTHING
    return _mapping(names, dataset, to_dataset, renamed, found, tuple(sorted(ambiguous)))


def _mapping(
    model: Sequence[str],
    dataset: Sequence[str],
    to_dataset: Indices,
    renamed: Mapping[str, str],
    found: FoundNames,
    ambiguous: tuple[str, ...],
) -> ClassMapping:
    places = to_dataset.tolist()
    reached = set(places)
    without_dataset = tuple(
        name for name, index in zip(model, places, strict=True) if index == NOTHING
    )
    without_model = tuple(name for index, name in enumerate(dataset) if index not in reached)
    sentence = _sentence(model, dataset, without_dataset, without_model)
    loosely = [pair for pair in found.loosely if pair[0] not in renamed]
    if loosely:
        pairs = _listed([f"{name!r} is {theirs!r}" for name, theirs in loosely])
        sentence += f" Matched without regard to case and spaces: {pairs}."
    meant = replace(found, synonyms=tuple(p for p in found.synonyms if p[0] not in renamed))
    said = meant.sentence
    synonyms = f"{said[0].upper()}{said[1:]}." if said else ""
    sentence += f" {synonyms}" if synonyms else ""
    plain = not (loosely or synonyms or without_dataset or without_model)
    return ClassMapping(
        to_dataset, without_dataset, without_model, sentence, not plain, synonyms, ambiguous
    )


def _by_number(
    classes: int, dataset: Sequence[str], first_coco_id: int | None, seen: int, synonyms: bool
) -> ClassMapping:
    """A model without names; `classes` is 0 where even their number is unknown."""
    of_coco = found_names(dataset, COCO_NAMES, synonyms).place
    known = len(dataset) > 0 and bool((of_coco != NOTHING).all())
    many = f"its {classes} classes" if classes else "its classes"
    nameless = f"The model names none of {many}"
    # Ids reach 90, so a dataset of all 80 is numbered by id although its count would do.
    whole = classes > len(COCO_NAMES) or len(dataset) == len(COCO_NAMES) or seen > len(dataset)
    if known and first_coco_id is not None and whole:
        numbers = np.array(COCO_IDS)[of_coco] - first_coco_id
        said = f"{nameless}: they are taken for COCO's ids. "
        return _as_coco(numbers, max(classes, seen, COCO_IDS[-1] + 1), dataset, said)
    if len(dataset) == classes or (not classes and seen <= len(dataset)):
        shown = f" It has shown {seen} of them; the dataset has {len(dataset)}."
        which = order_in_words(dataset)
        sentence = f"{nameless}: they are taken in the order of the dataset"
        sentence += f", {which}." if which else "."
        order = np.arange(len(dataset))
        return ClassMapping(order, (), (), sentence + ("" if classes else shown))
    if known and classes in (0, len(COCO_NAMES)) and seen <= len(COCO_NAMES):
        said = f"{nameless}: they are taken for COCO's 80, in their usual order. "
        return _as_coco(of_coco, len(COCO_NAMES), dataset, said)
    nothing = np.full(max(classes, seen), NOTHING, np.intp)
    return ClassMapping(
        nothing,
        tuple(str(index) for index in range(len(nothing))),
        tuple(dataset),
        f"{nameless}, and the dataset has {len(dataset)}: list the names under [classes] in its "
        "card, in the order of the model.",
    )


def _as_coco(numbers: Indices, classes: int, dataset: Sequence[str], before: str) -> ClassMapping:
    """`numbers` are the model's classes for the classes of the dataset."""
    to_dataset = np.full(classes, NOTHING, np.intp)
    to_dataset[numbers] = np.arange(len(dataset))
    names = [dataset[index] if index != NOTHING else "" for index in to_dataset.tolist()]
    left = tuple(str(number) for number, name in enumerate(names) if not name)
    sentence = f"{before}{len(dataset)} of them are classes of the dataset."
    return ClassMapping(to_dataset, left, (), sentence)


def _sentence(
    model: Sequence[str],
    dataset: Sequence[str],
    without_dataset: tuple[str, ...],
    without_model: tuple[str, ...],
) -> str:
    if not without_dataset and not without_model:
        return f"All {len(dataset)} classes of the dataset are classes of the model."
    shared = len(dataset) - len(without_model)
    parts = [f"{shared} of the dataset's {len(dataset)} classes are classes of the model"]
    if without_model:
        parts.append(f"it cannot find {_listed(without_model)}")
    if without_dataset:
        parts.append(
            f"{len(without_dataset)} of its {len(model)} classes are not in the dataset "
            f"({_listed(without_dataset)})"
        )
    return "; ".join(parts) + "."


def _listed(names: Sequence[str]) -> str:
    few = ", ".join(names[:5])
    return f"{few} and {len(names) - 5} more" if len(names) > 5 else few
