"""Writing what is on the screen to a file that the person names."""

from collections.abc import Callable
from pathlib import Path

from textual.widget import Widget

from engine.util.files import write_whole
from tui.controls.path_box import PathBox


def export(asker: Widget, suggestion: Path, content: Callable[[Path], bytes]) -> None:
    """Ask for a path, then write the content for it, whole or not at all, and say so."""

    def write(path: Path | None) -> None:
        if path is None:
            return
        try:
            write_whole(path, content(path))
        except OSError as error:
            problem = f"{path}: cannot be written ({error.strerror})"
            asker.notify(problem, severity="error", markup=False)
        else:
            asker.notify(f"Wrote {path}", markup=False)

    asker.app.push_screen(PathBox(suggestion), write)
