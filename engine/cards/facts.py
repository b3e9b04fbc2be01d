"""What is known of a model as names and values, each with how it is known."""

from dataclasses import dataclass
from typing import assert_never

from engine.cards.known import KnownModel
from engine.scoring.card import CROPPED, InputCard, ModelCard, OutputCard
from engine.scoring.families.family import KERAS_VALUES
from engine.scoring.model.onnx_file import size_in_words
from engine.util.words import listed, number


@dataclass(frozen=True)
class Fact:
    """One thing that is known; `source` is a level, "card", "you" or "ASSUMED", or nothing."""

    name: str
    value: str
    source: str = ""


def facts_of(known: KnownModel) -> tuple[Fact, ...]:
    """All that is known, in the order of a card."""
    model, card = known.model, known.card
    facts = [
        Fact("Model", f"{model.path.name}, {size_in_words(model.path)}"),
        Fact("Card", str(known.place) + ("" if known.place.exists() else " (none yet)")),
        *((Fact("Precision", words),) if (words := model.graph.precision) else ()),
        *(Fact("Input", str(port)) for port in model.inputs),
        *(Fact("Output", str(port)) for port in model.outputs),
    ]
    if card is None:
        return tuple(facts)
    provenance, fed = card.provenance, card.input
    level = provenance.confidence
    facts += [
        Fact("Family", provenance.family, level),
        Fact("Because", provenance.reason),
        Fact("Task", card.task, known.source("task", "output.decoder")),
        Fact("Color order", fed.color, known.source("input.color")),
        Fact("Pixel values", values_in_words(fed), known.source("input.scale", "input.mean")),
        Fact("Resize", _resize(fed), known.source("input.resize", "input.crop_ratio")),
        Fact("Decoder", _decoder(card), known.source("output.decoder")),
    ]
    match card.task:
        case "detect":
            facts += _of_boxes(known, card.output)
        case "classify":
            pass  # its decoder says all
        case _:
            assert_never(card.task)
    named = "" if known.names_missing else known.source("classes.names")
    return (*facts, Fact("Classes", _classes(known, card), named))


def _of_boxes(known: KnownModel, output: OutputCard) -> list[Fact]:
    nms = output.nms
    suppression = f"IoU {nms.iou:g}, at most {nms.max_det} boxes an image"
    facts = [
        Fact(
            "Boxes",
            f"{output.box_format} in {output.box_space} coordinates",
            known.source("output.box_format", "output.box_space"),
        ),
        Fact(
            "Suppression",
            suppression if nms.needed else "inside the model",
            known.source("output.nms.needed", "output.nms.iou"),
        ),
    ]
    if nms.embedded_conf:
        facts.append(Fact("Drops below", f"confidence {nms.embedded_conf:g}"))
    if output.left_out:
        facts.append(Fact("Left out", output.left_out))
    return facts


def values_in_words(fed: InputCard) -> str:
    """The range of the numbers that a model is fed with."""
    for choice in KERAS_VALUES.choices:
        said = {key.removeprefix("input."): value for key, value in choice.values.items()}
        if all(getattr(fed, name) == value for name, value in said.items()):
            return choice.words
    mean, std = (" ".join(f"{value:g}" for value in each) for each in (fed.mean, fed.std))
    return f"times {fed.scale:g}, minus {mean}, over {std}"


def _resize(fed: InputCard) -> str:
    if fed.resize == "shortest-edge":
        return f"shorter side to {fed.shortest}, longer to {fed.longest} at most"
    if fed.resize == "letterbox-rectangle":
        return f"{fed.resize} of {fed.longest} at most, sides multiples of {fed.multiple}"
    crop = f" of {fed.crop_ratio:g}" if fed.resize in CROPPED else ""
    return f"{fed.resize}{crop}" + (f" to {fed.size[1]} x {fed.size[0]}" if fed.size else "")


def _decoder(card: ModelCard) -> str:
    activation = card.output.activation
    return card.output.decoder + ("" if activation == "none" else f", {activation}")


def _classes(known: KnownModel, card: ModelCard) -> str:
    names = card.classes.shown
    if not names:
        return "the outputs do not show how many"
    if known.names_missing:
        return f"{len(names):,}, not named"
    return f"{number(len(names), 'class', 'classes')}: {listed(names)}"
