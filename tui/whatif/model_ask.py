"""The question for a model: the first one, or one beside it."""

from collections.abc import Callable
from pathlib import Path

from textual.widget import Widget

from engine.util.visible import visible
from tui.controls.path_ask import PathAsk
from tui.whatif.session import WhatIfSession


def ask_for_model(owner: Widget, session: WhatIfSession, then: Callable[[], object]) -> None:
    """Ask, and have the session open it; nothing said takes the second model away."""
    models = session.models
    first = models.first is not None

    def opened(path: str | None) -> None:
        if path:
            session.open(Path(path).expanduser(), second=first)
        elif path == "" and models.second is not None:
            session.drop_second()
        then()

    title = "A second model beside the first" if first else "A model to score with"
    hint = "an ONNX file · empty takes the second model away" if first else "an ONNX file"
    owner.app.push_screen(PathAsk(title, hint, _trouble, empty=first), opened)


def _trouble(path: str) -> str:
    try:
        there = not path or Path(path).expanduser().is_file()
    except (RuntimeError, OSError) as error:
        return f"{error}."
    return "" if there else f"There is no file {visible(path)}."
