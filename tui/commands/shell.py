"""The verbs for the shell: completion, the manual page, and the keys to choose others from."""

from collections.abc import Iterator
from typing import Final

import click
from click.shell_completion import get_completion_class

from tui import __version__
from tui.commands.options import DEBUG
from tui.commands.telling import tell

SHELLS: Final = ("bash", "zsh", "fish")
LIKE: Final = {"pictures": '"sixel"', "colour": '"256"', "ascii": "true", "theme": '"nord"'}


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print what completes commands and options in a SHELL.

    bash: eval "$(offdiag completion bash)" in ~/.bashrc. zsh: the same with zsh in ~/.zshrc.
    fish: offdiag completion fish > ~/.config/fish/completions/offdiag.fish.
    """
    kind = get_completion_class(shell)
    assert kind is not None
    made = kind(context.find_root().command, {}, "offdiag", "_OFFDIAG_COMPLETE")
    # click's own source() runs bash to warn of releases before 4.4, which a pipe need not.
    click.echo(made.source_template % made.source_vars())


@click.command()
@click.pass_context
def man(context: click.Context) -> None:
    """Print the manual page: offdiag man | man -l -"""
    click.echo("\n".join(_page(context.find_root())))


@click.command()
@DEBUG
def keys(debug: bool) -> None:
    """Print all keys as a config file: what is not commented out there counts."""
    from tui.application.keymap import known_bindings
    from tui.application.settings import ALLOWED, config_file

    tell(f"# For {config_file()}: take the # away from a line and change its key.")
    for name, values in ALLOWED.items():
        tell(f"# {name} = {LIKE[name]}  # {values}")
    tell("", "[keys]")
    for known in known_bindings():
        tell(f'# "{known.id}" = "{known.keys}"  # {known.does or known.owner}')


def _page(root: click.Context) -> Iterator[str]:
    """troff with the macros of man(7), one section a verb.

    click-man writes a file for each command and knows none that is imported when it is needed.
    """
    group = root.command
    assert isinstance(group, click.Group)
    found = ((name, group.get_command(root, name)) for name in group.list_commands(root))
    verbs = {name: verb for name, verb in found if verb is not None}
    yield f'.TH OFFDIAG 1 "" "offdiag {__version__}" "User Commands"'
    yield ".SH NAME"
    yield f"offdiag \\- {_text(group.get_short_help_str(200)).rstrip('.')}"
    yield ".SH SYNOPSIS"
    for name, verb in verbs.items():
        pieces = " ".join(verb.collect_usage_pieces(click.Context(verb, root, name)))
        yield f".B offdiag {_text(name)}\n{_text(pieces)}\n.br"
    yield ".SH COMMANDS"
    for name, verb in verbs.items():
        yield from _verb(verb, click.Context(verb, root, name))
    yield ".SH EXIT STATUS"
    yield "0 fine; 1 a gate failed; 2 the command line or an input is wrong; 130 interrupted."


def _verb(verb: click.Command, context: click.Context) -> Iterator[str]:
    yield f".SS {_text(context.info_name or '')}"
    for paragraph in (verb.help or "").split("\n\n"):
        yield f"{_text(' '.join(paragraph.split()))}\n.PP"
    for parameter in verb.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None:
            option, help = record
            yield f".TP\n.B {_text(option)}\n{_text(' '.join(help.split()))}"


def _text(words: str) -> str:
    """Words as troff shows them unchanged: a point or quote at the start is a command to it."""
    safe = words.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{safe}" if safe.startswith((".", "'")) else safe
