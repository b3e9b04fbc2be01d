"""Writing what is on the screen to a file that the person names."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from textual.widget import Widget

from engine.util.files import write_whole
from tui.controls.path_box import PathBox


def export(asker: Widget, suggestion: Path, content: Callable[[Path], bytes]) -> None:
    """Ask for a path, then write the content for it, whole or not at all, and say so.

    Both are done in a thread: a picture takes longer than a frame.
    """

    async def write(path: Path) -> None:
        try:
            await asyncio.to_thread(lambda: write_whole(path, content(path)))
        except OSError as error:
            problem = f"{path}: cannot be written ({error.strerror})"
            asker.notify(problem, severity="error", markup=False)
        else:
            asker.notify(f"Wrote {path}", markup=False)

    def begin(path: Path | None) -> None:
        if path is not None:
            asker.run_worker(write(path), group="export")

    asker.app.push_screen(PathBox(suggestion), begin)
