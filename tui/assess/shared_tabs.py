"""The tabs that every kind of task has."""

from typing import Any

from tui.assess.run_tab import RUN, RunTab
from tui.compare.tab import CompareTab
from tui.desk.desk import Desk
from tui.desk.model_source import ModelSource
from tui.desk.tab import Surroundings, Tab, TabSpec
from tui.feed.tab import FeedTab
from tui.matrix.tab import MatrixTab
from tui.whatif.tab import WhatIfTab


def matrix_tab(desk: Desk[Any]) -> TabSpec:
    """The confusion matrix, where the app begins."""

    def make(around: Surroundings) -> Tab:
        return MatrixTab(desk, around.graphics, plain=around.no_color, id="matrix")

    return TabSpec("matrix", "1", "Matrix", "#grid", make)


def feed_tab(desk: Desk[Any]) -> TabSpec:
    """The images behind a selection."""

    def make(around: Surroundings) -> Tab:
        return FeedTab(desk, around.graphics, id="feed")

    return TabSpec("feed", "4", "Feed", "#feed-pages", make)


def whatif_tab(desk: Desk[Any]) -> TabSpec:
    """New images on the go."""

    def make(around: Surroundings) -> Tab:
        inputs = desk.opened.inputs
        # Predictions from a file are not the model's that may stand beside them.
        model = None if inputs.predictions is not None else inputs.model
        source = ModelSource(
            model, inputs.card, inputs.provider, inputs.card_may_be_missing, inputs.synonyms
        )
        return WhatIfTab(source, around.graphics, desk, id="whatif")

    return TabSpec("whatif", "5", "What if", "#whatif-images", make)


def run_tab(desk: Desk[Any]) -> TabSpec:
    """What was opened and noticed."""

    def make(around: Surroundings) -> Tab:
        return RunTab(desk, around.other_demo, id=RUN)

    return TabSpec(RUN, "6", "Run", "#run-facts", make)


def compare_tab(desk: Desk[Any]) -> TabSpec:
    """Another model on the same images."""

    def make(around: Surroundings) -> Tab:
        return CompareTab(desk, around.graphics, plain=around.no_color, id="compare")

    return TabSpec("compare", "7", "Compare", "#compare-invitation", make)
