"""The models of the What if tab, and the thresholds that are the app's."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from textual import on, work
from textual.message import Message

from engine.cards.operating_point import Thresholds, given
from engine.core.arrays import NOTHING
from engine.detection.class_thresholds import ClassOptima
from engine.scoring.model.class_names import mapping_of
from engine.scoring.run.scorer import Scorer
from engine.whatif.perturbing import NONE
from tui.controls.path_ask import PathAsk
from tui.desk.desk import Desk
from tui.desk.model_source import ModelSource
from tui.drawing.visible import visible
from tui.whatif.jobs import ModelOpened, ModelRefused
from tui.whatif.keeping import WhatIfKeeping
from tui.whatif.paint.words import INTRO


class WhatIfModels(WhatIfKeeping):
    """Opens models when they are first needed; what counts is decided elsewhere."""

    class Ready(Message):
        """The model is open: jobs.scorer."""

    @dataclass
    class Unusable(Message):
        """The model cannot be opened, so nothing can be scored."""

        problem: str

    def __init__(self, source: ModelSource, desk: Desk[Any] | None, *, id: str) -> None:
        super().__init__(source, id=id)
        self.desk = desk
        self.opening = False
        self.confidence = 0.5
        self.optima: ClassOptima | None = None

    def intro(self) -> str:
        """What can be done here, and with which model."""
        source, scorer = self.jobs.source, self.jobs.scorer
        if scorer is not None:
            name = visible(scorer.model.name)
            return f"Score images with {name} on {scorer.provider}.\n\n{INTRO}"
        if source.path is None:
            return "There is no model here: the predictions come from a file.\n\nm opens a model."
        return f"Opening {visible(source.path.name)} ..."

    def entered(self) -> None:
        """Be ready before the first path comes."""
        self.ensure_model()
        if self.entries:
            self.pane.images.focus()
        self.show_rows()
        self.show_seen()

    def ensure_model(self) -> None:
        """Open the model unless that is done or under way."""
        source = self.jobs.source
        if self.jobs.scorer is None and source.path is not None and not self.opening:
            self.opening = True
            self.open_model(source.path, second=False)

    @work(thread=True, group="whatif-model", exit_on_error=False)
    def open_model(self, path: Path, second: bool) -> None:
        self.jobs.open_model(path, second=second)

    @on(ModelOpened)
    def take_model(self, message: ModelOpened) -> None:
        if message.second:
            self.jobs.second = message.scorer
            self.notify(f"{visible(message.scorer.model.name)} beside it", markup=False)
            self.want(self.seen.look.change if self.seen is not None else NONE)
            return
        self.opening, self.jobs.scorer = False, message.scorer
        self.post_message(self.Ready())
        self.set_limits(self.confidence, self.optima)
        if not self.entries:
            self.pane.note(self.intro())
        self.go_on()

    @on(ModelRefused)
    def refuse_model(self, message: ModelRefused) -> None:
        if message.second:
            self.notify(visible(message.problem), severity="error", markup=False, timeout=8)
            return
        self.opening = False
        self.pane.note(f"{message.problem}\n\nm opens another model.")
        self.post_message(self.Unusable(message.problem))

    def action_second_model(self) -> None:
        """Ask for a model: the first where there is none, else one beside it, or none."""
        first = self.jobs.scorer is not None

        def opened(path: str | None) -> None:
            if path:
                self.open_model(Path(path).expanduser(), second=first)
            elif path == "" and self.jobs.second is not None:
                self.jobs.second = None
                self.want(self.seen.look.change if self.seen is not None else NONE)

        title = "A second model beside the first" if first else "A model to score with"
        hint = "an ONNX file · empty takes the second model away" if first else "an ONNX file"
        self.app.push_screen(PathAsk(title, hint, _model_trouble, empty=first), opened)

    # The thresholds, which are the app's

    def follow(self, assessed: Any) -> None:
        """Another operating point."""
        optima = None if self.desk is None else self.desk.optima(assessed)
        self.set_limits(assessed.wish.point.confidence, optima)

    def set_limits(self, confidence: float, optima: ClassOptima | None = None) -> None:
        """Another confidence, perhaps one for each class: only what is drawn changes."""
        self.confidence, self.optima = confidence, optima
        limits = given(confidence, len(self.names))
        if optima is not None and self.desk is not None and self.jobs.scorer is not None:
            limits = of_classes(limits, optima, self.desk.assessment.classes, self.jobs.scorer)
        self.take_limits(limits)

    def take_limits(self, limits: Thresholds) -> None:
        """Show what reaches the thresholds."""
        self.limits = limits
        if self.display:
            self.show_rows()
            self.show_seen()


def of_classes(
    limits: Thresholds, optima: ClassOptima, classes: tuple[str, ...], scorer: Scorer
) -> Thresholds:
    """The confidences of the dataset's classes for those of the model."""
    to = mapping_of(scorer.card, classes).to_dataset
    own = np.append(optima.confidence, limits.confidence)
    of_class = limits.of_class.copy()
    of_class[: len(to)] = own.take(np.where(to == NOTHING, len(own) - 1, to))
    return Thresholds(limits.confidence, of_class, "given")


def _model_trouble(path: str) -> str:
    try:
        there = not path or Path(path).expanduser().is_file()
    except (RuntimeError, OSError) as error:
        return f"{error}."
    return "" if there else f"There is no file {visible(path)}."
