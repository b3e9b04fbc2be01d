"""A model without ground truth: the tab What if alone."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.commands.launch import on_terminal
from tui.terminal.capabilities import Graphics

if TYPE_CHECKING:
    from tui.application.settings import Looks

WITH_DATA = ("images", "predictions", "data_format", "split")


def show_whatif(
    model: Path | None,
    files: tuple[str, ...],
    looks: "Looks",
    inputs: Mapping[str, Any],
    *,
    terminal: bool,
) -> None:
    """Open the tab; a usage error where that cannot be meant. Exits with the app's code."""
    if model is None:
        raise click.UsageError("Name a MODEL.onnx, or ground truth with --data, or both.")
    given = [name for name in WITH_DATA if inputs[name]]
    if given:
        option = f"--{given[0].replace('_', '-')}"
        raise click.UsageError(f"{option} goes with --data: name the ground truth too.")
    if not terminal:
        raise click.UsageError(
            "Without --data there is nothing to report, and without a terminal nothing to show. "
            f"To score images: offdiag score {model} PATH... --out FILE"
        )
    on_terminal(looks, lambda graphics: _run(model, files, inputs, graphics))


def _run(model: Path, files: tuple[str, ...], inputs: Mapping[str, Any], graphics: Graphics) -> int:
    from tui.commands.running import run_whatif
    from tui.desk.model_source import ModelSource

    return run_whatif(ModelSource(model, inputs["card"], inputs["provider"]), files, graphics)
