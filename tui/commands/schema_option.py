"""The option --schema of verbs that write JSON."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import click

PLACES: Final[Mapping[str, tuple[str, str]]] = {
    "report": ("engine.report.schema.report_schema", "REPORT"),
    "compare": ("engine.report.schema.comparison_schema", "COMPARISON"),
}
"""Module and name of each verb's schema."""


def _print(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if not asked or context.resilient_parsing:
        return
    from tui.commands.plain import as_json

    module, name = PLACES[str(context.info_name)]
    schema: Mapping[str, Any] = getattr(import_module(module), name)
    click.echo(as_json(schema), nl=False)
    context.exit()


SCHEMA: Final = click.option(
    "--schema",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print,
    help="Print the JSON Schema of --format json, and end.",
)
