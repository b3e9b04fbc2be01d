"""What looks the same is not drawn again: all of the screen costs as much as a page of text."""

import pytest
from textual._compositor import Compositor
from textual.app import App
from textual.screen import Screen
from textual.widgets import Button, Static

from tests.tui.waiting import until
from tui.terminal import textual_patches


@pytest.fixture
def frames(monkeypatch):
    """Of each frame whether it is of all of the screen."""
    monkeypatch.setattr(Screen, "_on_timer_update", Screen._on_timer_update)
    textual_patches.apply()
    drawn = []
    whole, part = Compositor.render_full_update, Compositor.render_partial_update

    def all_of_it(self, *said, **more):
        drawn.append(True)
        return whole(self, *said, **more)

    def some_of_it(self, *said, **more):
        update = part(self, *said, **more)
        if update is not None:
            drawn.append(False)
        return update

    monkeypatch.setattr(Compositor, "render_full_update", all_of_it)
    monkeypatch.setattr(Compositor, "render_partial_update", some_of_it)
    return drawn


class Two(App[None]):
    def compose(self):
        yield Static("words")
        yield Button("one", id="one")
        yield Button("other", id="other")


async def test_another_focus_draws_only_what_looks_different(frames):
    app = Two()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause(0.1)
        frames.clear()
        await pilot.press("tab")
        await until(pilot, lambda: app.focused is app.query_one("#other"))
        await pilot.pause(0.1)
        assert frames
        assert not any(frames)


async def test_a_screen_that_is_laid_out_and_drawn_anew_is_one_frame(frames):
    app = Two()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause(0.1)
        app.query_one("#other").display = False
        await pilot.pause(0.1)
        frames.clear()
        app.query_one("#other").display = True
        app.screen.refresh(layout=True)
        await until(pilot, lambda: bool(frames))
        await pilot.pause(0.1)
        assert frames == [True]
