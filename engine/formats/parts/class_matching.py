"""The classes of predictions among those of the dataset: by name, else by their numbers."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from engine.core.arrays import NOTHING, Indices
from engine.core.dataset import DetectionDataset
from engine.core.errors import DataError
from engine.core.similar_names import found_names
from engine.formats.parts.class_evidence import FoundObjects, plainly
from engine.formats.parts.yaml_files import read_yaml
from engine.formats.parts.yolo_layouts import names_beside, names_of_yaml, yaml_of

FOLDERS_ABOVE: Final = 2  # how far above its predictions a file of names may lie
WHOLE: Final = re.compile(r"(\d+)(?:\.0*)?")  # 3, and 3.0 as a column that had a gap has it
BY_NAME: Final = "as names"
AS_INDICES: Final = "as indices from 0"
FROM_1: Final = "as numbers from 1"


@dataclass(frozen=True)
class ClassMatch:
    """Which class of the dataset each name means, or NOTHING."""

    index: dict[str, int]
    notes: tuple[str, ...]
    evidence: tuple[str, ...] = ()  # what objects show against the usual reading: to be said first

    def of(self, names: Sequence[str]) -> Indices:
        """[N] the class of each name."""
        return np.array([self.index[name] for name in names], np.intp)


@dataclass(frozen=True)
class _Reading:
    """One way to read numbers."""

    means: Callable[[int], int]  # the class of the dataset, or NOTHING
    words: str  # what they are read as
    notes: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


def match_classes(
    path: Path,
    used: Sequence[str],
    dataset: DetectionDataset,
    *,
    synonyms: bool = True,
    only_indices: bool = False,
    seen: Callable[[], FoundObjects] | None = None,
) -> ClassMatch:
    """What the names or numbers that predictions use for their classes mean; used is [N].

    Words are matched by name. Where most of the rows have numbers, these are looked up in a
    file of names beside the predictions or up to two folders above (classes.txt, *.names,
    data.yaml), and its names are matched; without one they count the dataset's classes from
    0. With only_indices that is how they are read, and what is seen can only be said against it.
    Else they are names where the dataset has
    numbers for names, unless what is seen plainly shows that they are indices, category ids or
    count from 1. Which classes happen to occur decides nothing.
    Raises DataError where not a single one is known, and for a name of two categories.
    """
    rows = Counter(used)
    if not rows:
        return ClassMatch({}, ())
    words = sorted(rows)
    numbers = {word: int(found[1]) for word in words if (found := WHOLE.fullmatch(word))}
    named = found_names(words, dataset.classes, synonyms)
    index = dict(zip(words, named.place.tolist(), strict=True))
    notes: tuple[str, ...] = (named.sentence,) if named.sentence else ()
    evidence: tuple[str, ...] = ()
    ambiguous = set(named.ambiguous)
    if 2 * sum(rows[word] for word in numbers) > len(used):
        reading = _reading(path, used, dataset, numbers, synonyms, only_indices, seen)
        if reading.words == BY_NAME:
            lacking = {word: n for word, n in numbers.items() if index[word] == NOTHING}
            index |= {word: reading.means(n) for word, n in lacking.items()}
        else:
            index |= {word: reading.means(number) for word, number in numbers.items()}
            ambiguous -= set(numbers)
        notes, evidence = (*reading.notes, *notes), reading.evidence
    if ambiguous:
        raise DataError(path, said_twice(dataset, min(ambiguous)))
    if all(place == NOTHING for place in index.values()):
        raise DataError(path, f"{_none_known(words, dataset)}")
    return ClassMatch(index, notes, evidence)


def said_twice(
    dataset: DetectionDataset, name: str, way_out: str = "or give COCO results, which have ids"
) -> str:
    """Why a name of the dataset's classes tells nothing, and the ways out, in words."""
    places = [at for at, other in enumerate(dataset.classes) if other == name]
    ids = [str(dataset.category_ids[at] if dataset.category_ids else at) for at in places]
    two = {2: "two", 3: "three"}.get(len(ids), f"{len(ids)}")
    return (
        f"{two} categories are called {name} ({', '.join(ids)}) in {dataset.source.name}: its name "
        f"does not tell which is meant. Rename one, {way_out}"
    )


def _reading(
    path: Path,
    used: Sequence[str],
    dataset: DetectionDataset,
    numbers: dict[str, int],
    synonyms: bool,
    only_indices: bool,
    seen: Callable[[], FoundObjects] | None,
) -> _Reading:
    """How numbers are meant."""
    classes = dataset.classes
    if list(classes) == [str(index) for index in range(len(classes))]:
        return _Reading(_counted(len(classes)), AS_INDICES)  # which are the names
    if only_indices:
        way = _as_indices(path, numbers, dataset, synonyms)
        ways = [way, *_other_counts(dataset, way)]
        return _doubted(ways, _weighed(used, dataset, numbers, ways, seen))
    place: dict[int, int] = {}
    for index, name in enumerate(classes):
        if found := WHOLE.fullmatch(name):  # 1 may be 01, where it is not 001 as well
            place[int(found[1])] = NOTHING if int(found[1]) in place else index
    ways = [_Reading(lambda number: place.get(number, NOTHING), BY_NAME)] if place else []
    try:
        indices = _as_indices(path, numbers, dataset, synonyms)
    except DataError:
        if not ways:
            raise
        ways += _category_ids(dataset)
    else:
        ways += [indices, *(_category_ids(dataset) if ways else _other_counts(dataset, indices))]
    return _chosen(ways, _weighed(used, dataset, numbers, ways, seen))


def _category_ids(dataset: DetectionDataset) -> list[_Reading]:
    if dataset.ids_are_ours:
        return []
    ids = {id_: at for at, id_ in enumerate(dataset.category_ids)}
    return [_Reading(lambda number: ids.get(number, NOTHING), "as category ids")]


def _other_counts(dataset: DetectionDataset, indices: _Reading) -> list[_Reading]:
    """How numbers can be meant that are no indices."""
    from_1 = _Reading(lambda n: indices.means(n - 1) if n else NOTHING, FROM_1)
    return [*_category_ids(dataset), from_1]


@dataclass(frozen=True)
class _Weighed:
    """How well ways to read numbers fit the objects."""

    best: int  # of the ways but the first
    right: list[int]  # boxes that have the class of their object, by way
    boxes: int  # that lie on an object

    @property
    def plainly_other(self) -> bool:
        """Whether another way than the first fits beyond doubt."""
        return plainly(self.right[self.best], self.right[0])


def _weighed(
    used: Sequence[str],
    dataset: DetectionDataset,
    numbers: dict[str, int],
    ways: list[_Reading],
    seen: Callable[[], FoundObjects] | None,
) -> _Weighed | None:
    """None where no way differs from the first, or nothing is seen.

    Whether two ways differ is asked of all numbers that may be meant, not only of those that
    occur.
    """
    named = (int(found[1]) for name in dataset.classes if (found := WHOLE.fullmatch(name)))
    span = sorted({*range(len(dataset.classes)), *dataset.category_ids, *named})
    means = [[way.means(number) for number in span] for way in ways]
    others = [at for at in range(1, len(ways)) if means[at] != means[0]]
    if not others or seen is None:
        return None
    objects = seen()
    index = [{word: way.means(number) for word, number in numbers.items()} for way in ways]
    right = [objects.of_their_class(used, each) for each in index]
    return _Weighed(max(others, key=lambda at: right[at]), right, len(objects.row))


def _doubted(ways: list[_Reading], found: _Weighed | None) -> _Reading:
    """The first way, which stays, and what the objects plainly show for another."""
    if found is None or not found.plainly_other:
        return ways[0]
    said = (
        f"its classes are numbers, read {ways[0].words}, but {found.right[found.best]:,} of "
        f"{found.boxes:,} boxes that lie on an object have its class {ways[found.best].words}, "
        f"and {found.right[0]:,} as they are read: were they written so?"
    )
    return replace(ways[0], evidence=(said,))


def _chosen(ways: list[_Reading], found: _Weighed | None) -> _Reading:
    """The first way, unless another plainly fits; and which it is, where they differ."""
    if found is None:
        return ways[0]
    taken, left = (found.best, 0) if found.plainly_other else (0, found.best)
    way = ways[taken]
    if taken == 0 and way.words != BY_NAME:
        return way  # its own notes say how the numbers are read
    fit = f"{found.right[taken]:,} of {found.boxes:,} boxes that lie on an object have its class so"
    note = (
        f"its classes are numbers, read {way.words} and not {ways[left].words}: {fit}, "
        f"{found.right[left]:,} otherwise"
    )
    if taken:
        return replace(way, evidence=(note,))
    return replace(way, notes=(note, *way.notes))


def _as_indices(
    path: Path, numbers: dict[str, int], dataset: DetectionDataset, synonyms: bool
) -> _Reading:
    """Numbers as places in the nearest list of names, else among the dataset's classes."""
    names, file = _names_near(path)
    if not names:
        note = (
            f"its classes are numbers: they count those of {dataset.source.name} from 0, "
            f"so 0 is {dataset.classes[0]}. A classes.txt beside it would name them"
        )
        return _Reading(_counted(len(dataset.classes)), AS_INDICES, (note,))
    found = found_names(names, dataset.classes, synonyms)
    place = found.place
    said = f"its classes are numbers, named by {file}"
    if found.sentence:
        said += f"; {found.sentence}"
    if (place == NOTHING).all() and not found.ambiguous:
        if len(names) != len(dataset.classes):
            raise DataError(path, f"{said}: {_none_known(names, dataset)}")
        place = np.arange(len(names))
        said += (
            f"; none of the names is one of {dataset.source.name}, which has as many, "
            f"so they are taken in order: {names[0]} is {dataset.classes[0]}"
        )
    unclear = {number for number, name in enumerate(names) if name in found.ambiguous}
    if several := sorted(unclear.intersection(numbers.values())):
        raise DataError(path, f"{said}: {said_twice(dataset, names[several[0]])}")
    means = dict(enumerate(place.tolist()))
    return _Reading(lambda number: means.get(number, NOTHING), AS_INDICES, (said,))


def _counted(classes: int) -> Callable[[int], int]:
    return lambda number: number if number < classes else NOTHING


def _none_known(names: Sequence[str], dataset: DetectionDataset) -> str:
    theirs, ours = (", ".join(some[:3]) for some in (names, dataset.classes))
    return (
        f"none of its classes ({theirs}, ...) is a class of {dataset.source.name} ({ours}, ...). "
        "Were the predictions made for another dataset?"
    )


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
