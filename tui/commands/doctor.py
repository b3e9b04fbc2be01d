"""The verb doctor: what there is, and where, to paste into a report of a bug."""

import locale
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from tui import __version__
from tui.commands.options import DEBUG
from tui.commands.telling import tell
from tui.terminal.capabilities import draws_inline

PACKAGES: Final = (
    *("textual", "textual-image", "rich"),
    *("numpy", "pillow", "duckdb", "msgspec", "onnxruntime", "onnxruntime-gpu"),
)
VARIABLES: Final = (
    *("TERM", "COLORTERM", "TERM_PROGRAM", "LC_TERMINAL"),
    *("NO_COLOR", "TEXTUAL_COLOR_SYSTEM", "TMUX", "SSH_CONNECTION"),
)
SAID: Final = {"TMUX", "SSH_CONNECTION"}  # only whether they are set: addresses stay private

DoctorFacts = Iterator[tuple[str, str]]


@click.command()
@DEBUG
def doctor(debug: bool) -> None:
    """Print what the terminal can show, versions and places, to paste into a bug report."""
    parts = {
        "Versions": _versions(),
        "Terminal": _terminal(),
        "Where models run": _providers(),
        "Places": _places(),
    }
    for title, facts in parts.items():
        tell(title)
        for name, value in facts:
            tell(f"  {name:<22} {value}")
    for problem in _problems():
        tell(f"! {problem}")


def _versions() -> DoctorFacts:
    from importlib.metadata import PackageNotFoundError, version  # slow, and read by every verb

    yield "offdiag", __version__
    yield "Python", f"{platform.python_version()} ({platform.python_implementation()})"
    yield "system", f"{platform.system()} {platform.release()} {platform.machine()}"
    for name in PACKAGES:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            yield name, "not installed"


def _terminal() -> DoctorFacts:
    size = shutil.get_terminal_size()
    yield "size", f"{size.columns}x{size.lines}"
    yield "encoding", locale.getpreferredencoding(False)
    for name in VARIABLES:
        value = os.environ.get(name)
        yield name, "not set" if value is None else "set" if name in SAID else value
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield "asked", "no: standard input or output is no terminal"
        return
    from tui.application.looks import terminal_name, with_looks
    from tui.application.settings import Looks
    from tui.terminal.probe import detect

    asked = detect()
    terminal = terminal_name(asked)
    graphics, _ = with_looks(asked, Looks(), terminal)
    said = graphics.answers
    yield "asked", "answered" if said.complete else "no answer within 2 seconds"
    yield "name", said.name or "not said"
    if graphics.tmux:
        yield "around tmux", graphics.around or "not known"
    yield "pictures", graphics.protocol
    yield from _chosen(terminal)
    yield "kitty graphics", _yes(said.kitty)
    yield "Sixel", _yes(said.sixel) + (", as tmux says of itself" if graphics.tmux else "")
    tmux = ", but not through tmux" if graphics.tmux else ""
    yield "inline images", _yes(draws_inline(said)) + tmux
    cell = f"{graphics.cell_width}x{graphics.cell_height} pixels"
    yield "cell", cell if said.cell else f"{cell}, not said by the terminal"
    yield "24-bit colour", _yes(said.truecolor)
    yield "synchronized output", _yes(said.synchronized)
    if said.background is None:
        yield "background", "not said"
    else:
        red, green, blue = said.background
        yield "background", f"#{red:02x}{green:02x}{blue:02x}, {'light' if said.light else 'dark'}"


def _chosen(terminal: str) -> DoctorFacts:
    """What a person chose, where, and how to choose anew."""
    from tui.application.looks import read_looks
    from tui.application.settings import AUTO, read_settings

    kept, written = asdict(read_looks(terminal)[0]), asdict(read_settings().looks)
    for name, value in written.items():
        forget = {"ascii": "--no-ascii", "theme": "t"}.get(name, f"--{name} {AUTO}")
        if kept[name]:
            words = f"{_said(kept[name])}, kept for {terminal}; {forget} "
            yield (
                f"chosen: {name}",
                words + ("chooses another" if name == "theme" else "forgets it"),
            )
        elif value:
            yield f"chosen: {name}", f"{_said(value)}, in config.toml"


def _said(value: object) -> str:
    return "yes" if value is True else str(value)


def _providers() -> DoctorFacts:
    from engine.scoring.model.runtime import runtime

    try:
        library = runtime()
    except ImportError:
        yield "onnxruntime", "not installed: pip install 'offdiag[cpu]' or 'offdiag[gpu]'"
        return
    from engine.scoring.model.providers import PROVIDERS

    listed = library.get_available_providers()
    yield "listed", ", ".join(listed)
    for name, provider in PROVIDERS.items():
        there = provider.execution in listed
        yield f"--provider {name}", "listed" if there else f"not there: {provider.cure}"


def _places() -> DoctorFacts:
    from platformdirs import user_cache_path

    from tui.application.looks import looks_file
    from tui.application.native_output import log_file
    from tui.application.settings import config_file, state_folder

    yield "program", str(Path(__file__).resolve().parents[1])
    for name, path in {
        "config": config_file(),
        "how it was left": state_folder(),
        "chosen in terminals": looks_file(),
        "kept predictions": user_cache_path("offdiag"),
        "log of native code": log_file(),
    }.items():
        yield name, f"{path}{_state_of(path)}"


def _state_of(path: Path) -> str:
    """What is to be said of a place: that it may not be used is what one asks a doctor for."""
    try:
        return "" if path.exists() else " (not there yet)"
    except OSError as error:
        return f" (cannot be used: {error.strerror})"


def _problems() -> tuple[str, ...]:
    from tui.application.looks import settings_in

    settings = settings_in("")
    if not settings.keys:
        return settings.problems
    from tui.application.keymap import key_problems

    return (*settings.problems, *key_problems(settings.keys))


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"
