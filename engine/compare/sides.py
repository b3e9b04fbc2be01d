"""Two openings of the same ground truth, on the images that both have."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final, Self, TypeAlias

from engine.classification.classification import Classification, ClassificationAnswers
from engine.compare.common import Common, common_classifications, common_detections
from engine.core.errors import DataError
from engine.core.thresholds import Matching, OperatingPoint
from engine.detection.detection import Detection, DetectionAtIou
from engine.opening import Event, Inputs, LeftOut, Opened, opening

MODELS: Final = frozenset((".onnx", ".ort"))
KEPT: Final = 4
"""IoUs and rules that a side stays matched at: sliders go back and forth."""


@dataclass(frozen=True)
class CompareInputs:
    """The files that a person named."""

    a: Path  # a model, or predictions in any format
    b: Path
    common: Inputs  # all else; its model, predictions and card are those of neither
    card_a: Path | None = None
    card_b: Path | None = None


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two that are compared."""

    name: str  # of its file, with as much of the folder as tells it from the other
    opened: Opened  # with all images that this side has
    assessment: Detection | Classification  # on the images of both; the dataset is that of both

    @property
    def path(self) -> Path:
        """The file that its predictions come from."""
        return path_of(self.opened)

    @property
    def detection(self) -> Detection:
        """The assessment of a detector. Raises TypeError for a classifier."""
        if not isinstance(self.assessment, Detection):
            raise TypeError(f"{self.name} has no boxes")
        return self.assessment

    def judged(self, point: OperatingPoint) -> DetectionAtIou | ClassificationAnswers:
        """Its answers at an IoU under a rule, as they were matched before where they were."""
        match self.assessment:
            case Detection():
                return self.detected(point.iou, point.matching)
            case Classification():
                return self.assessment.answers

    def detected(self, iou: float, matching: Matching) -> DetectionAtIou:
        """As judged, of a detector. Raises TypeError for a classifier."""
        known = self._judged.pop((iou, matching), None)
        found = known or self.detection.at_iou(iou, matching)
        self._judged[iou, matching] = found
        for oldest in [*self._judged][:-KEPT]:
            self._judged.pop(oldest, None)
        return found

    @cached_property
    def _judged(self) -> dict[tuple[float, Matching], DetectionAtIou]:
        """A memory only."""
        return {}


@dataclass(frozen=True, eq=False)
class Sides:
    """A and B, each assessed on the images that both have."""

    a: Side
    b: Side
    left_out: LeftOut
    notices: tuple[str, ...]  # what is left out and what is alike: said before any number
    warnings: tuple[str, ...]  # these, then what was noticed of the data, of A and of B
    same: bool  # one file, run in one way

    def swapped(self) -> Self:
        """B compared with A."""
        return replace(self, a=self.b, b=self.a)

    @property
    def classes(self) -> tuple[str, ...]:
        """[C] names, in the order of the matrices."""
        return self.a.assessment.classes

    @property
    def images(self) -> int:
        """How many images both have."""
        return len(self.a.assessment.images)


@dataclass(frozen=True)
class SideBegun:
    """The events that follow are of this side."""

    letter: str  # A or B
    path: Path


SidesEvent: TypeAlias = Event | SideBegun | Sides


def opening_sides(
    inputs: CompareInputs, cancelled: Callable[[], bool] = lambda: False
) -> Iterator[SidesEvent]:
    """Stages and progress as they happen, and last the Sides; nothing after a cancellation.

    The ground truth is read once, and predictions of models are kept as `opening` keeps
    them. Raises EngineError for anything that a person can mend.
    """
    for side in (inputs.a, inputs.b):
        _check_there(side)
    first: Opened | None = None
    yield SideBegun("A", inputs.a)
    for event in opening(inputs_of(inputs.common, inputs.a, inputs.card_a), cancelled):
        if isinstance(event, Opened):
            first = event
        else:
            yield event
    if first is not None:
        yield from opening_beside(first, inputs.b, inputs.card_b, cancelled)


def opening_beside(
    a: Opened,
    b: Path,
    card_b: Path | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[SidesEvent]:
    """As opening_sides where A is open already."""
    _check_there(b)
    inputs = inputs_of(a.inputs, b, card_b)
    yield SideBegun("B", b)
    if is_same_run(a.inputs, inputs):
        yield side_by_side(a, a)
        return
    for event in opening(inputs, cancelled, a.read):
        if isinstance(event, Opened):
            yield side_by_side(a, event)
        else:
            yield event


def inputs_of(common: Inputs, side: Path, card: Path | None) -> Inputs:
    """What is opened for a side: a model where its name ends like one, else predictions."""
    own = replace(common, model=None, predictions=None, card=card, card_may_be_missing=False)
    if is_model(side):
        return replace(own, model=side)
    return replace(own, predictions=side)


def is_model(path: Path) -> bool:
    """Whether a file is taken for a model, and not for predictions."""
    return path.suffix.lower() in MODELS


def is_same_run(a: Inputs, b: Inputs) -> bool:
    """Whether both name one file of predictions, or one model with one card."""
    return a.card == b.card and _is_same(_path(a), _path(b))


def path_of(opened: Opened) -> Path:
    """The file that the predictions of an opening come from."""
    return _path(opened.inputs)


def side_by_side(a: Opened, b: Opened) -> Sides:
    """Both on the images that both have. Raises DataError where nothing can be compared."""
    same = a is b or is_same_run(a.inputs, b.inputs)
    name_a, name_b = names_apart(a.inputs, b.inputs)
    common: Common
    match a.assessment, b.assessment:
        case Detection(), Detection():
            common = common_detections((a, name_a), (b, name_b))
        case Classification(), Classification():
            common = common_classifications((a, name_a), (b, name_b))
        case _:
            raise DataError(
                path_of(b), f"is for another task than {name_a}: give two models of one kind"
            )
    notices = (*_alike(common, name_a, name_b, same=same), *common.notices)
    return Sides(
        Side(name_a, a, common.a),
        Side(name_b, b, common.b),
        common.left_out,
        notices,
        (
            *notices,
            *_of_each(a.warnings, () if same else b.warnings, name_a, name_b),
        ),
        same,
    )


def names_apart(a: Inputs, b: Inputs) -> tuple[str, str]:
    """What to call two sides: their file names, with folders or cards where these are alike."""
    parts_a, parts_b = _path(a).absolute().parts, _path(b).absolute().parts
    for last in range(1, max(len(parts_a), len(parts_b)) + 1):
        named = "/".join(parts_a[-last:]), "/".join(parts_b[-last:])
        if named[0] != named[1]:
            return named
    name, cards = _path(a).name, (a.card, b.card)
    with_cards = [name if card is None else f"{name} with {card.name}" for card in cards]
    if with_cards[0] == with_cards[1] and cards[0] != cards[1]:
        with_cards = [name if card is None else f"{name} with {card}" for card in cards]
    return with_cards[0], with_cards[1]


def _alike(common: Common, name_a: str, name_b: str, *, same: bool) -> tuple[str, ...]:
    """A sentence where there is nothing to tell apart."""
    if same:
        return (f"A and B are the same file ({name_a}): nothing can differ.",)
    if common.equal:
        return (f"{name_a} and {name_b} hold the very same predictions: nothing differs.",)
    return ()


def _of_each(a: Sequence[str], b: Sequence[str], name_a: str, name_b: str) -> tuple[str, ...]:
    """What was noticed of both once, then what was of one, with its name."""
    shared = [said for said in a if said in b]
    return (
        *shared,
        *(_named(name_a, said) for said in a if said not in shared),
        *(_named(name_b, said) for said in b if said not in shared),
    )


def _named(name: str, said: str) -> str:
    return said if said.startswith(name) else f"{name}: {said}"


def _check_there(side: Path) -> None:
    """DataError for a side that is not there: told before the other one runs for an hour."""
    if not side.exists():
        raise DataError(side, "there is no such file: name a model, or a file of predictions")


def _path(inputs: Inputs) -> Path:
    """Predictions go before a model, as `opening` has it."""
    path = inputs.predictions or inputs.model
    assert path is not None
    return path


def _is_same(a: Path, b: Path) -> bool:
    try:
        return a.samefile(b)
    except OSError:  # one of them is not there, which opening tells of
        return False
