"""The models of What if: the one that scores, and perhaps another beside it."""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from engine.cards.operating_point import Thresholds, given
from engine.core.arrays import NOTHING
from engine.core.errors import EngineError, ModelError
from engine.detection.class_thresholds import ClassOptima
from engine.scoring.model.class_names import mapping_of
from engine.scoring.run.scorer import Scorer, open_scorer
from engine.util.visible import visible
from tui.desk.model_source import ModelSource
from tui.whatif.paint.words import INTRO

UNNAMED: Final = 10_000  # classes of a model that does not say how many it has


@dataclass(frozen=True, eq=False)
class ModelOpened:
    """A model is ready; second beside the first."""

    scorer: Scorer
    second: bool


@dataclass(frozen=True)
class ModelRefused:
    """A model cannot be opened; problem is a whole sentence."""

    problem: str
    second: bool


class TrialModels:
    """Opened when they are first needed."""

    def __init__(self, source: ModelSource) -> None:
        self.source = source
        self.first: Scorer | None = None
        self.second: Scorer | None = None
        self.names: tuple[str, ...] = ()  # of the classes; numbers where the model has none
        self._alone = threading.Lock()

    @property
    def given_names(self) -> tuple[str, ...]:
        """The names of the classes, as far as the model or its card has any."""
        return () if self.first is None else self.first.class_names

    def open(self, path: Path, *, second: bool) -> ModelOpened | ModelRefused:
        """Open the first with its card and provider, another as it is: in a thread, it takes long.

        It is in use once it is taken.
        """
        source = self.source
        card, missing = (None, False) if second else (source.card, source.card_may_be_missing)
        try:
            with self._alone:
                scorer = open_scorer(path, card, source.provider, card_may_be_missing=missing)
            if second:
                self._check_beside(scorer)
        except EngineError as error:
            return ModelRefused(str(error), second)
        return ModelOpened(scorer, second)

    def _check_beside(self, scorer: Scorer) -> None:
        first = self.first
        if first is not None and first.card.task != scorer.card.task:
            raise ModelError(
                scorer.model,
                f"is {scorer.kind.words}, and {first.model.name} beside it "
                f"{first.kind.words}: their answers cannot be compared",
            )

    def take(self, opened: ModelOpened) -> None:
        """Use a model from here on."""
        if opened.second:
            self.second = opened.scorer
        else:
            self.first = opened.scorer
            named = opened.scorer.class_names
            self.names = named or tuple(f"class {index}" for index in range(UNNAMED))

    def limits(
        self, confidence: float, optima: ClassOptima | None, classes: tuple[str, ...]
    ) -> Thresholds:
        """One confidence, or those of the dataset's classes for those of the model."""
        limits = given(confidence, len(self.names))
        if optima is None or self.first is None:
            return limits
        card = self.first.card
        to = mapping_of(card, classes, synonyms=self.source.synonyms).to_dataset
        own = np.append(optima.confidence, confidence)
        of_class = limits.of_class.copy()
        of_class[: len(to)] = own.take(np.where(to == NOTHING, len(own) - 1, to))
        return Thresholds(confidence, of_class, "given")

    def intro(self) -> str:
        """What can be done here, and with which model."""
        if self.first is not None:
            name = visible(self.first.model.name)
            return f"Score images with {name} on {self.first.provider}.\n{INTRO}"
        if self.source.path is None:
            return "There is no model here: the predictions come from a file.\n\nm opens a model."
        return f"Opening {visible(self.source.path.name)} ..."
