"""What tests of the What if tab share."""

from contextlib import asynccontextmanager
from pathlib import Path

from textual import events

from tests.tui.waiting import until
from tui.app import OffdiagApp, WhatIf
from tui.commands.plain import DEMOS
from tui.controls.path_input import PathInput
from tui.desk.model_source import ModelSource
from tui.whatif.tab import WhatIfTab

MODEL = DEMOS / "detection" / "model.onnx"
CLASSIFIER = DEMOS / "classification" / "model.onnx"
PHOTOS = sorted((DEMOS / "detection" / "images").iterdir())
CROPS = sorted((DEMOS / "classification" / "images").rglob("*.jpg"))
SIZE = (120, 40)


@asynccontextmanager
async def asking(*files, model=MODEL, size=SIZE):
    """The tab without a dataset, its model open and these files scored."""
    source = ModelSource(Path(model), None, "cpu")
    app = OffdiagApp(None, whatif=WhatIf(source, tuple(map(str, files))))
    async with app.run_test(size=size) as pilot:
        tab = await opened(pilot)
        if files:
            await ended(pilot, tab)
        yield pilot, tab


async def opened(pilot) -> WhatIfTab:
    """The tab, once its model is open."""
    await until(pilot, lambda: len(pilot.app.screen.query(WhatIfTab)) == 1)
    tab = pilot.app.screen.query_one(WhatIfTab)
    await until(pilot, lambda: tab.session.models.first is not None)
    return tab


async def ended(pilot, tab):
    """Wait until everything is scored and seen."""
    await until(pilot, lambda: bool(entries(tab)) and tab.session.idle)


async def typed(pilot, tab, text):
    """Type a line, press Enter, and wait until it is scored and the keys are the tab's again.

    What is pressed within a moment after Enter still belongs to the line: it may be a paste
    that arrives as keys.
    """
    tab.query_one(PathInput).focus()
    tab.query_one(PathInput).value = str(text)
    await pilot.pause()
    await pilot.press("enter")
    await until(pilot, lambda: tab.pane.images.has_focus)
    await ended(pilot, tab)


async def pasted(pilot, tab, text):
    """Paste into the line."""
    line = tab.query_one(PathInput)
    line.focus()
    await pilot.pause()
    line.post_message(events.Paste(text))
    await pilot.pause()


def models(tab):
    """The model of the session, and perhaps one beside it."""
    return tab.session.models


def entries(tab):
    """What stands in the list."""
    return tab.session.trials.entries


def results(tab):
    """The answers."""
    return tab.session.trials.results


def seen(tab):
    """The chosen image."""
    return tab.session.image.seen


def said(tab):
    """The line below the paths."""
    return tab.query_one("#whatif-status").plain


def told(tab):
    """The lines above the picture."""
    return tab.query_one("#whatif-words").plain


def noted(tab):
    """What stands in place of the picture; nothing where there is one."""
    if not tab.pane.has_class("-noted"):
        return ""
    return str(tab.query_one("#whatif-note").render())


def drawn(tab, picture="#whatif-first"):
    """The labels of the boxes on a picture."""
    return [mark.label for mark in tab.query_one(picture).subject.marks]


def notices(pilot):
    """What pops up."""
    return [notice.message for notice in pilot.app._notifications]
