"""The verb probe: how a model wants to be fed, found out by trying."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.util.visible import visible
from tui.commands.options import (
    CARD,
    DATA,
    DATA_FORMAT,
    DEBUG,
    FILE,
    IMAGES,
    PROVIDER,
    SPLIT,
    SYNONYMS,
)
from tui.commands.telling import tell

if TYPE_CHECKING:
    from engine.opening import Inputs
    from engine.probing.ranking import VariantRanking


@click.command()
@click.argument("model", type=FILE)
@DATA
@IMAGES
@DATA_FORMAT
@CARD
@SPLIT
@SYNONYMS
@PROVIDER
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=32,
    show_default=True,
    help="How many images to try, spread over the classes.",
)
@click.option(
    "--all-variants", is_flag=True, help="Try also other ways than those that the file leaves open."
)
@click.option("--write", is_flag=True, help="Write the winner into the model's card.")
@DEBUG
def probe(
    model: Path,
    data: Path,
    images: Path | None,
    data_format: str | None,
    card: Path | None,
    split: str | None,
    synonyms: bool,
    provider: str,
    limit: int,
    all_variants: bool,
    write: bool,
    debug: bool,
) -> None:
    """Find out how MODEL wants its images, by trying it on some that are labelled.

    A model file rarely says whether it takes RGB or BGR, 0 to 255 or 0 to 1, and how images
    are resized. Each way is run over the same images and ranked by average precision, or by
    accuracy for a classifier; --write puts the best into the card.
    """
    from engine.opening import Inputs
    from engine.probing.probe import write_winner
    from tui.assess.paint.probe_words import answer_lines, images_line, ranking_lines

    inputs = Inputs(
        data,
        model,
        images,
        card=card,
        data_format=data_format,
        split=split,
        synonyms=synonyms,
        provider=provider,
    )
    ranking = ranked(inputs, limit, all_variants)
    tell(images_line(ranking), "")
    for line in (*ranking_lines(ranking), "", *answer_lines(ranking)):
        tell(line)
    if write:
        tell("", f"Written to {write_winner(ranking, model, card)}")
    elif ranking.found_nothing:
        click.get_current_context().exit(2)
    else:
        tell("", "Nothing is written: add --write to put the first line into the card.")


def ranked(inputs: "Inputs", limit: int, every: bool = False) -> "VariantRanking":
    """What a probe finds; progress goes to stderr, and only to a terminal."""
    from engine.probing.probe import probing
    from engine.probing.ranking import VariantRanking
    from engine.probing.running import Trying

    last: VariantRanking | None = None
    with click.progressbar(
        length=1000, label="Trying", file=sys.stderr, hidden=not sys.stderr.isatty(), show_pos=False
    ) as bar:
        for event in probing(inputs, limit, every=every):
            if isinstance(event, VariantRanking):
                last = event
            elif isinstance(event, Trying):
                bar.update(int(1000 * event.done / event.total) - bar.pos)
            else:
                bar.label = visible(event.words)
    if last is None:
        raise KeyboardInterrupt
    return last
