"""The classes of a model among the classes of a dataset, by their names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.arrays import NOTHING, Indices


@dataclass(frozen=True, eq=False)
class ClassMapping:
    """Where each class of the model lies in the dataset."""

    to_dataset: Indices  # [M] class of the dataset for each class of the model, or NOTHING
    without_dataset: tuple[str, ...]  # classes of the model that the dataset lacks
    without_model: tuple[str, ...]  # classes of the dataset that the model cannot find
    sentence: str


def class_mapping(
    model: Sequence[str], dataset: Sequence[str], renamed: Mapping[str, str]
) -> ClassMapping:
    """Find each model class by the card's renaming, else its name, else its bare letters.

    Bare letters ignore case, spaces, underscores and hyphens, and count only where
    one class of the dataset has them. A model whose classes are numbered takes the
    dataset's order if both have as many.
    """
    unnamed = [str(index) for index in range(len(model))] == list(model)
    if unnamed and len(model) == len(dataset) and list(model) != list(dataset):
        return ClassMapping(
            np.arange(len(model)),
            (),
            (),
            f"The model names none of its {len(model)} classes: they are taken in the order of "
            "the dataset.",
        )
    exact = {name: index for index, name in reversed(list(enumerate(dataset)))}
    bare = _unique(dataset)
    found = []
    for name in model:
        if name in renamed:
            found.append(exact.get(renamed[name], NOTHING))
        else:
            found.append(exact.get(name, bare.get(_bare(name), NOTHING)))
    to_dataset = np.array(found, dtype=np.intp)
    reached = set(found)
    without_dataset = tuple(
        name for name, index in zip(model, found, strict=True) if index == NOTHING
    )
    without_model = tuple(name for index, name in enumerate(dataset) if index not in reached)
    return ClassMapping(
        to_dataset,
        without_dataset,
        without_model,
        _sentence(model, dataset, without_dataset, without_model),
    )


def _bare(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter not in " _-")


def _unique(dataset: Sequence[str]) -> dict[str, int]:
    letters = [_bare(name) for name in dataset]
    return {bare: index for index, bare in enumerate(letters) if letters.count(bare) == 1}


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
