"""The classes of predictions among those of the dataset: by name, else by their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from engine.core.arrays import NOTHING, Indices
from engine.core.dataset import DetectionDataset
from engine.core.errors import DataError
from engine.core.similar_names import places_of
from engine.formats.parts.yaml_files import read_yaml
from engine.formats.parts.yolo_layouts import names_beside, names_of_yaml, yaml_of

FOLDERS_ABOVE: Final = 2  # how far above its predictions a file of names may lie


@dataclass(frozen=True)
class ClassMatch:
    """Which class of the dataset each name means, or NOTHING."""

    index: dict[str, int]
    notes: tuple[str, ...]

    def of(self, names: Sequence[str]) -> Indices:
        """[N] the class of each name."""
        return np.array([self.index[name] for name in names], np.intp)


def match_classes(path: Path, used: Sequence[str], dataset: DetectionDataset) -> ClassMatch:
    """What the names or numbers that predictions use for their classes mean.

    Names are matched by name. Numbers are looked up in a file of names beside the
    predictions or up to two folders above (classes.txt, *.names, data.yaml), and its
    names are matched; without one they count the dataset's classes from 0.
    Raises DataError where not a single one is known.
    """
    used = sorted(set(used))
    if not used:
        return ClassMatch({}, ())
    found = places_of(used, dataset.classes)
    if all(name.isdecimal() for name in used) and (found == NOTHING).any():
        return _by_numbers(path, used, dataset)
    if (found == NOTHING).all():
        raise DataError(path, f"{_none_known(used, dataset)}")
    return ClassMatch(dict(zip(used, found.tolist(), strict=True)), ())


def _none_known(names: Sequence[str], dataset: DetectionDataset) -> str:
    theirs, ours = (", ".join(some[:3]) for some in (names, dataset.classes))
    return (
        f"none of its classes ({theirs}, ...) is a class of {dataset.source.name} ({ours}, ...). "
        "Were the predictions made for another dataset?"
    )


def _by_numbers(path: Path, used: Sequence[str], dataset: DetectionDataset) -> ClassMatch:
    numbers = [int(name) for name in used]
    names, file = _names_near(path)
    if not names:
        count = len(dataset.classes)
        index = {
            name: number if number < count else NOTHING
            for name, number in zip(used, numbers, strict=True)
        }
        note = (
            f"its classes are numbers: they count those of {dataset.source.name} from 0, "
            f"so 0 is {dataset.classes[0]}. A classes.txt beside it would name them"
        )
        return ClassMatch(index, (note,))
    found = places_of(names, dataset.classes)
    said = f"its classes are numbers, named by {file}"
    if (found == NOTHING).all():
        if len(names) != len(dataset.classes):
            raise DataError(path, f"{said}: {_none_known(names, dataset)}")
        found = np.arange(len(names))
        said += (
            f"; none of the names is one of {dataset.source.name}, which has as many, "
            f"so they are taken in order: {names[0]} is {dataset.classes[0]}"
        )
    index = {
        name: int(found[number]) if number < len(names) else NOTHING
        for name, number in zip(used, numbers, strict=True)
    }
    return ClassMatch(index, (said,))


def _names_near(path: Path) -> tuple[tuple[str, ...], str]:
    """The names of classes nearest to a file or folder, and the file that has them."""
    folder = path.absolute() if path.is_dir() else path.absolute().parent
    for place in (folder, *folder.parents[:FOLDERS_ABOVE]):
        names, file = names_beside(place)
        if names:
            return names, file.name
        description = yaml_of(place)
        if description is not None and read_yaml(description).get("names"):
            return names_of_yaml(description, read_yaml(description)["names"]), description.name
    return (), ""
