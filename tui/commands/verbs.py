"""The verbs of the command line, each imported when it is needed."""

from collections.abc import Mapping
from importlib import import_module
from typing import ClassVar

import click


class Verbs(click.Group):
    """The verbs that were added, and those of other modules."""

    # Their modules, tui.commands.NAME: one verb does not wait for the import of all.
    ELSEWHERE: ClassVar[Mapping[str, str]] = {
        "card": "card",
        "compare": "compare",
        "completion": "shell",
        "convert": "convert",
        "doctor": "doctor",
        "keys": "shell",
        "man": "shell",
        "merge": "score",
        "probe": "probe",
        "score": "score",
        "serve": "serve",
    }

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted((*super().list_commands(context), *self.ELSEWHERE))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.ELSEWHERE:
            return super().get_command(context, name)
        verb = getattr(import_module(f"tui.commands.{self.ELSEWHERE[name]}"), name)
        assert isinstance(verb, click.Command)
        return verb
