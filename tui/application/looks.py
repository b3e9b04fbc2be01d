"""How the app looks in a terminal: what a person chose is kept for the next time there."""

import os
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from platformdirs import user_state_path

from tui.application.settings import AUTO, Looks, Settings, is_look, read_settings
from tui.terminal.capabilities import Graphics
from tui.terminal.probe import protocol_of

LONGEST: Final = 65_536  # bytes: what is longer is not ours
CHOSEN_BY_OTHERS: Final = ("NO_COLOR", "TEXTUAL_COLOR_SYSTEM")
"""Variables that say how many colours there are, in this terminal and now."""


def looks_file() -> Path:
    """Where the app writes what was chosen in which terminal."""
    return user_state_path("offdiag") / "terminals.json"


def terminal_name(graphics: Graphics, environ: Mapping[str, str] = os.environ) -> str:
    """What choices are kept under: the terminal's name without its version, else TERM."""
    own = graphics.around if graphics.tmux else graphics.answers.name
    name = re.split(r"[\s(/|]", own or environ.get("TERM", ""))[0]
    return f"tmux in {name}" if graphics.tmux else name


def with_looks(graphics: Graphics, chosen: Looks, terminal: str) -> tuple[Graphics, Looks]:
    """The terminal as the looks want it, and the looks: those chosen now and those kept for it."""
    looks = looks_in(terminal, chosen)
    outer = graphics.around if graphics.tmux else None
    protocol = protocol_of(looks.pictures or AUTO, graphics.answers, outer, bool(looks.ascii))
    return replace(graphics, protocol=protocol, ascii=bool(looks.ascii), terminal=terminal), looks


def looks_in(terminal: str, chosen: Looks, environ: Mapping[str, str] = os.environ) -> Looks:
    """What was chosen now, then the last time in this terminal, then in the config file."""
    before = settings_in(terminal).looks
    if not chosen.colour and any(environ.get(name) for name in CHOSEN_BY_OTHERS):
        before = replace(before, colour="")
    return chosen.over(before)


def settings_in(terminal: str) -> Settings:
    """The config file, with what was chosen in this terminal above it."""
    settings = read_settings()
    kept, problem = read_looks(terminal)
    problems = (*settings.problems, *((problem,) if problem else ()))
    return replace(settings, looks=kept.over(settings.looks), problems=problems)


def read_looks(terminal: str) -> tuple[Looks, str]:
    """What was chosen the last time, and what is wrong with the file."""
    try:
        own = _kept_for(terminal, _read())
    except (OSError, ValueError) as error:
        return Looks(), f"{looks_file()}: {error}. What was chosen for terminals is not used."
    return Looks(**{name: value for name, value in own.items() if is_look(name, value)}), ""


def keep_looks(terminal: str, chosen: Looks) -> None:
    """Keep what was chosen now. `auto` and no ASCII forget. Raises OSError."""
    said = {name: value for name, value in asdict(chosen).items() if value not in ("", None)}
    if not said or not terminal:
        return
    try:
        written = _read()
        own = _kept_for(terminal, written) | said
    except ValueError:
        written, own = {}, said  # nobody could read it
    written[terminal] = {name: value for name, value in own.items() if value not in (AUTO, False)}
    import json  # most runs choose nothing

    from engine.util.files import write_whole

    path = looks_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(written, indent=1, sort_keys=True).encode())


def _kept_for(terminal: str, written: Mapping[str, Any]) -> dict[str, Any]:
    """Raises ValueError."""
    own = written.get(terminal, {})
    if not isinstance(own, dict):
        raise ValueError(f"no table of what was chosen for {terminal}")
    return own


def _read() -> dict[str, Any]:
    """Raises OSError and ValueError."""
    try:
        with looks_file().open("rb") as file:
            content = file.read(LONGEST)
    except FileNotFoundError:
        return {}
    import json

    written = json.loads(content)
    if not isinstance(written, dict):
        raise ValueError("no table of terminals")
    return written
