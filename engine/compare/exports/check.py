"""Whether an export is still the model, on images that need no labels."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeAlias

from engine.compare.exports.answer_reasons import AnswerSides
from engine.compare.exports.common_answers import CommonAnswers
from engine.compare.exports.counted_from import CountedFrom, ModelWithCard, counted_from, of_classes
from engine.compare.exports.explaining import CheckedModel, CheckedSides, explaining
from engine.compare.exports.reasons import BoxSides
from engine.compare.exports.unlabelled import (
    PredictionFile,
    SideAnswers,
    answers_in_file,
    answers_of_model,
    classes_in_file,
    classes_of_model,
    listed_images,
    task_of_file,
)
from engine.compare.exports.verdicts import Agreement, ComparedSides
from engine.compare.sides import CompareInputs, inputs_of, is_model, is_same_run, names_apart
from engine.core.dataset import Images, Predictions, Probabilities
from engine.core.errors import DataError, EngineError
from engine.opening import Inputs, Stage
from engine.probing.running import Trying
from engine.scoring.card import Task
from engine.scoring.kinds import kind_of
from engine.scoring.model.onnx_file import size_in_words
from engine.scoring.run.runner import Progress, score
from engine.scoring.run.scorer import Scorer, open_scorer
from engine.scoring.run.store import Store
from engine.util.words import number, threshold


class NoBoxesError(EngineError):
    """Two detectors of which neither finds anything."""


@dataclass(frozen=True)
class ExportInputs:
    """The files that a person named."""

    sides: CompareInputs  # its data is of no use here
    images: tuple[str, ...]  # files, folders, patterns, @lists, or - for standard input
    confidence: float | None = None  # from which boxes count; None: a saved point, else .25


@dataclass(frozen=True, eq=False)
class ExportCheck:
    """What a check came to."""

    task: Task
    names: tuple[str, str]  # of A and B
    classes: tuple[str, ...]  # [C] of both
    images: Images  # [I] that both answered
    counted: CountedFrom
    agreement: Agreement
    warnings: tuple[str, ...]

    @property
    def fails(self) -> bool:
        """Whether B is not A, or not as it is fed."""
        return self.agreement.verdict in ("preprocessing", "other")


ExportEvent: TypeAlias = Stage | Progress | Trying | ExportCheck


@dataclass
class _Side:
    """One side while it is opened."""

    path: Path
    card: Path | None
    scorer: Scorer | None = None  # None for predictions from a file
    answers: SideAnswers | None = None

    @property
    def model(self) -> CheckedModel | None:
        """What runs it again."""
        scorer = self.scorer
        return None if scorer is None else CheckedModel(self.path, lambda: scorer)

    @property
    def with_card(self) -> ModelWithCard | None:
        """What may have an operating point."""
        return None if self.scorer is None else (self.scorer, self.card)


def checking(
    inputs: ExportInputs,
    cancelled: Callable[[], bool] = lambda: False,
    stdin: IO[bytes] | None = None,
) -> Iterator[ExportEvent]:
    """Stages and progress as they happen, and last the ExportCheck; nothing after a cancellation.

    Answers of models are kept in the store of the user, as `opening` does. Raises EngineError
    for anything that a person can mend.
    """
    named, common = inputs.sides, inputs.sides.common
    yield Stage("Listing images")
    images = listed_images(inputs.images, stdin)
    runs = inputs_of(common, named.a, named.card_a), inputs_of(common, named.b, named.card_b)
    names, same = names_apart(*runs), is_same_run(*runs)
    a = _Side(named.a, named.card_a)
    b = a if same else _Side(named.b, named.card_b)
    yield from _opened(a, common)
    yield from _opened(b, common)
    task = _one_task(a, b, names)
    classes = _classes(a, b, task)
    store = Store(common.store)
    for side in (a, b):
        if side.scorer is not None and side.answers is None:
            yield Stage(f"Scoring with {side.path.name}")
            yield from score(side.scorer, images, store, cancelled=cancelled)
            if cancelled():
                return
            side.answers = answers_of_model(side.scorer, images, store, classes, common.synonyms)
    for side, other in ((a, b), (b, a)):
        if side.answers is None:
            yield Stage(f"Reading {side.path.name}")
            file = PredictionFile(side.path, task, common.synonyms, common.logits)
            beside = None if other.answers is None else other.answers.found
            side.answers = answers_in_file(file, images, classes, beside)
    assert a.answers is not None
    assert b.answers is not None
    yield Stage("Comparing")
    both = CommonAnswers.of(images, (a.answers, b.answers), names, classes, named.b)
    counted, compared, notes = _compared(both, classes, inputs.confidence, (a, b), names)
    said = *_of_each(a.answers.notes, () if same else b.answers.notes, names), *notes
    alike = (f"A and B are the same file ({names[0]}): nothing can differ.",) if same else ()
    sides = CheckedSides(compared, both.images, a.model, b.model, common.synonyms)
    for event in explaining(sides, cancelled):
        if isinstance(event, Agreement):
            warnings = *alike, *both.warnings, *said
            yield ExportCheck(
                task, names, compared.names, both.images, counted, event, tuple(warnings)
            )
        else:
            yield event


def _opened(side: _Side, common: Inputs) -> Iterator[Stage]:
    """Load the model of a side that is one. Raises EngineError."""
    if is_model(side.path) and side.scorer is None:
        yield Stage(f"Loading {side.path.name} ({size_in_words(side.path)})")
        side.scorer = open_scorer(side.path, side.card, common.provider)
    elif not side.path.exists():
        raise DataError(side.path, "there is no such file: name a model, or predictions")


def _compared(
    both: CommonAnswers,
    classes: tuple[str, ...],
    confidence: float | None,
    sides: tuple[_Side, _Side],
    names: tuple[str, str],
) -> tuple[CountedFrom, ComparedSides, list[str]]:
    """Where boxes begin to count, both sides, and what to say. Raises NoBoxesError."""
    a, b = both.found
    if isinstance(a, Probabilities) and isinstance(b, Probabilities):
        return CountedFrom(0.0, {}, "top-1"), AnswerSides(both.class_names(classes), a, b), []
    assert isinstance(a, Predictions)
    assert isinstance(b, Predictions)
    models = sides[0].with_card, sides[1].with_card
    counted, notes = counted_from(confidence, models, (a, b), names)
    least = of_classes(counted, classes)
    compared = BoxSides(classes, len(both.images), a, b, least, least)
    if not sum(len(each) for each in compared.counted):
        raise NoBoxesError(
            f"Neither {names[0]} nor {names[1]} has a box from confidence "
            f"{threshold(counted.confidence)} on in {number(len(both.images), 'image')}: "
            "give a lower --confidence, or other images."
        )
    return counted, compared, notes


def _one_task(a: _Side, b: _Side, names: tuple[str, str]) -> Task:
    """Raises DataError where one side detects and the other classifies."""
    tasks = [
        task_of_file(side.path) if side.scorer is None else side.scorer.card.task for side in (a, b)
    ]
    if tasks[0] != tasks[1]:
        kinds = [kind_of(task) for task in tasks]
        what = [
            f"is {kind.words}" if side.scorer is not None else f"holds predictions of {kind.words}"
            for side, kind in zip((a, b), kinds, strict=True)
        ]
        raise DataError(b.path, f"{what[1]}, and {names[0]} {what[0]}: give two of one kind")
    return tasks[0]


def _classes(a: _Side, b: _Side, task: Task) -> tuple[str, ...]:
    """The names that the classes of both go by: those of A, else those of B."""
    scorers = [side.scorer for side in (a, b) if side.scorer is not None]
    for scorer in scorers:
        if scorer.card.classes.names is not None:
            return scorer.class_names
    for side in (a, b):
        if side.scorer is None and (names := classes_in_file(side.path, task)):
            return names
    if scorers:
        return classes_of_model(scorers[0])
    raise DataError(
        a.path,
        f"names no classes, and neither does {b.path.name}: give a model as one side, or a ground "
        "truth with --data",
    )


def _of_each(a: Sequence[str], b: Sequence[str], names: tuple[str, str]) -> Iterator[str]:
    """What was noticed of both once, then what was of one, with its name."""
    shared = [said for said in a if said in b]
    yield from shared
    for name, own in zip(names, (a, b), strict=True):
        # Readers of files begin with the name of the file themselves.
        yield from (
            said if said.startswith(f"{name}: ") else f"{name}: {said}"
            for said in own
            if said not in shared
        )
