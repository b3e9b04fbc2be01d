"""From what a person named to the app, and to the exit code that it leaves."""

import gc
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from tui.app import Demo, OffdiagApp, WhatIf
from tui.application.looks import settings_in
from tui.desk.comparing import ComparedWith
from tui.desk.main import Opener, OpeningEvent
from tui.terminal import textual_patches
from tui.terminal.capabilities import Graphics

if TYPE_CHECKING:
    from engine.compare.points import WantedPoint
    from engine.compare.sides import CompareInputs
    from engine.opening import Event, Inputs
    from tui.desk.model_source import ModelSource

NamedInputs = Callable[[], "Inputs"]
"""The files that a person named, when they are asked for: the engine is imported by then."""

NamedSides = Callable[[], "CompareInputs"]
"""Likewise of two sides."""


def run(
    named: NamedInputs, graphics: Graphics, demos: Mapping[str, NamedInputs] | None = None
) -> int:
    """Show the app until the person leaves it; returns the exit code.

    demos are the inputs of each task's demo where the app shows one of them, which comes first.
    """
    others = [Demo(task, _opener(files)) for task, files in (demos or {}).items()]
    app = OffdiagApp(
        _opener(named),
        graphics,
        others,
        settings=settings_in(graphics.terminal),
        keeps_views=not others,  # a demo begins the same each time
    )
    return _run(app)


def run_compare(
    named: NamedSides, graphics: Graphics, iou: float, confidence: "WantedPoint"
) -> int:
    """Show both sides side by side until the person leaves; returns the exit code."""

    def opener(cancelled: Callable[[], bool]) -> "Iterator[OpeningEvent]":
        from engine.compare.sides import Sides, opening_sides
        from engine.opening import Opened

        for event in opening_sides(named(), cancelled):
            if isinstance(event, Sides):
                yield ComparedWith(event, iou, confidence)
            elif not isinstance(event, Opened):
                yield event

    return _run(OffdiagApp(opener, graphics, settings=settings_in(graphics.terminal)))


def run_whatif(model: "ModelSource", files: tuple[str, ...], graphics: Graphics) -> int:
    """Score images with a model until the person leaves; returns the exit code."""
    whatif = WhatIf(model, files)
    return _run(OffdiagApp(None, graphics, whatif=whatif, settings=settings_in(graphics.terminal)))


def _run(app: OffdiagApp) -> int:
    textual_patches.apply()
    try:
        app.run()
    finally:
        app.keep()
        gc.unfreeze()  # what is never collected is told as leaked, by duckdb into the shell
    return app.return_code or 0


def _opener(named: NamedInputs) -> Opener:
    def opener(cancelled: Callable[[], bool]) -> "Iterator[Event]":
        from engine.opening import opening

        return opening(named(), cancelled)

    return opener
