"""The command line that makes a report anew, for people who have the same files."""

import shlex
from pathlib import Path
from typing import Any, Final

import click
from click.core import ParameterSource

NOT_SAID: Final = frozenset({"out", "force", "save", "debug", "looks", "colour", "ascii"})
"""Options that change nothing in the report, or where it goes."""


def said_command(context: click.Context) -> str:
    """Verb, arguments and options that were given, in the order of --help; files without folders.

    So the same files give the same words, wherever they stand.
    """
    words = ["offdiag", context.info_name or ""]
    given = [
        each
        for each in context.command.params
        if context.get_parameter_source(each.name or "") is ParameterSource.COMMANDLINE
        and each.name not in NOT_SAID
    ]
    for parameter in given:
        value = context.params.get(parameter.name or "")
        if isinstance(parameter, click.Argument):
            words += _values(value)
        elif isinstance(parameter, click.Option):
            words += _option(parameter, value)
    return shlex.join(words)


def _option(option: click.Option, value: Any) -> list[str]:
    if option.is_flag:
        names = option.opts if value else option.secondary_opts
        return [names[0]] if names else []
    each_value = value if option.multiple else [value]
    return [word for each in each_value for word in (option.opts[0], *_values(each))]


def _values(value: Any) -> list[str]:
    """As it is typed again."""
    match value:
        case None:
            return []
        case tuple() | list():
            return [word for each in value for word in _values(each)]
        case Path():
            return [value.name or value.absolute().name or str(value)]
        case _:
            return [str(value)]
