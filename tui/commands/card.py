"""The verb card: what is known of a model, what is not, and the file that says both."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.commands.options import CARD, DATA_FORMAT, DEBUG, FILE, IMAGES, PROVIDER, SPLIT, SYNONYMS
from tui.commands.probe import ranked
from tui.commands.telling import tell

if TYPE_CHECKING:
    from engine.cards.known import KnownModel
    from engine.opening import Inputs
    from engine.scoring.families.family import Keys, Question

ANSWER_IS_MISSING = 2


@click.command()
@click.argument("model", type=FILE)
@click.option("--write", is_flag=True, help="Write the card, keeping what a person wrote there.")
@click.option("--data", type=FILE, help="Ground truth: shows which classes match.")
@IMAGES
@DATA_FORMAT
@CARD
@SPLIT
@SYNONYMS
@PROVIDER
@DEBUG
def card(
    model: Path,
    write: bool,
    data: Path | None,
    images: Path | None,
    data_format: str | None,
    card: Path | None,
    split: str | None,
    synonyms: bool,
    provider: str,
    debug: bool,
) -> None:
    """Show what is known of MODEL, ask for the rest, and write its card.

    The card, MODEL.card.toml, says what the model's file does not. On a terminal what is
    missing is asked for; in a pipe it is listed, and the exit code is 2.
    """
    from engine.cards.facts import facts_of
    from engine.cards.known import known_of
    from engine.opening import Inputs
    from tui.assess.paint.card_words import fact_lines, missing_lines

    known = known_of(model, card, provider)
    for line in fact_lines(facts_of(known)):
        tell(line)
    for note in (*known.notes, *_class_notes(known, data, images, data_format, split, synonyms)):
        tell("", f"{note}")
    asked = not known.complete
    if asked:
        if not _answers_come():
            tell("", "The file does not say, and nobody can be asked here:", err=True)
            for line in missing_lines(known):
                tell(f"  {line}", err=True)
            tell("", _way_out(known, data, images), err=True)
            click.get_current_context().exit(ANSWER_IS_MISSING)
        inputs = data and Inputs(
            data,
            model,
            images,
            card=card,
            data_format=data_format,
            split=split,
            synonyms=synonyms,
        )
        known = _asked(known, inputs or None)
    if write or (asked and click.confirm(f"\nWrite this to {known.place}?", default=True)):
        from engine.cards.written import write_card

        tell("", f"Written to {write_card(known)}")


def _answers_come() -> bool:
    """Whether a person sits there."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _asked(known: "KnownModel", inputs: "Inputs | None") -> "KnownModel":
    """Ask until nothing is open."""
    tell("", "The file does not say everything. What is assumed stands first.")
    if inputs is not None and known.card is not None:
        known = known.answered(_tried(inputs))
    while not known.complete:
        if known.size_missing:
            known = known.answered({"input.size": click.prompt(*SIZE, value_proc=_size)})
        elif known.missing:
            known = known.answered(_choice(known.missing[0]))
    if known.names_missing:
        known = known.answered(_names(known.names_missing))
    return known


SIZE = ("\nHeight and width of its input, in pixels", "640 640")


def _tried(inputs: "Inputs") -> "Keys":
    """The answers of a probe, if the person wants one; none where it gets nothing right."""
    from tui.assess.paint.probe_words import answer_lines, images_line, ranking_lines

    if not click.confirm("\nTry the ways it may be fed on up to 32 of the images?", default=True):
        return {}
    ranking = ranked(inputs, 32)
    for line in (images_line(ranking), *ranking_lines(ranking, 6), "", *answer_lines(ranking)):
        tell(line)
    return {} if ranking.found_nothing else ranking.values


def _choice(question: "Question") -> "Keys":
    tell("", f"{question.about}")
    for number, choice in enumerate(question.choices, start=1):
        tell(f"  {number}  {choice.words}")
    count = len(question.choices)
    picked = click.prompt("Which", default=1, type=click.IntRange(1, count))
    return question.choices[picked - 1].values


def _size(text: str) -> tuple[int, int]:
    from engine.util.parsed import whole_number

    sides = text.replace("x", " ").replace(",", " ").split()
    if len(sides) != 2 or not all(0 < (whole_number(side) or 0) <= 65536 for side in sides):
        raise click.BadParameter("two whole numbers are wanted, such as 640 640")
    return int(sides[0]), int(sides[1])


def _names(count: int) -> "Keys":
    """The names of the classes, or nothing where they stay numbers."""

    def names(text: str) -> tuple[str, ...]:
        path = Path(text).expanduser()
        if text and path.is_file():
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            given = tuple(line.strip() for line in lines if line.strip())
        else:
            given = tuple(name.strip() for name in text.split(",") if name.strip())
        if given and len(given) != count:
            raise click.BadParameter(f"{count} names are wanted, not {len(given)}")
        return given

    words = (
        f"\nNames of its {count} classes, separated by commas, or a file with one a line "
        "(Enter: they stay numbers, taken in the order of the dataset)"
    )
    given = click.prompt(words, default="", show_default=False, value_proc=names)
    return {"classes.names": given} if given else {}


def _class_notes(
    known: "KnownModel",
    data: Path | None,
    images: Path | None,
    data_format: str | None,
    split: str | None,
    synonyms: bool,
) -> tuple[str, ...]:
    if data is None or known.card is None:
        return ()
    from engine.formats import read_dataset
    from engine.scoring.model.class_names import mapping_of

    dataset = read_dataset(data, images, data_format, split=split)
    return (f"Classes: {mapping_of(known.card, dataset.classes, synonyms=synonyms).sentence}",)


def _way_out(known: "KnownModel", data: Path | None, images: Path | None) -> str:
    model = known.model.path
    given = f"{data or 'DATA'}" + (f" --images {images}" if images else "")
    tried = f"`offdiag probe {model} --data {given} --write` finds it out by trying, "
    return (
        f"{tried if known.card is not None else ''}`offdiag card {model}` asks on a terminal, "
        f"or say it in {known.place}"
    )
