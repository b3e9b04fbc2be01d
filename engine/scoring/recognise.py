"""Which family a model belongs to: what its card says, else what its metadata says."""

import ast
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from engine.errors import CardError, ModelError
from engine.scoring.card import (
    ClassesCard,
    InputCard,
    ModelCard,
    NmsCard,
    OutputCard,
    Provenance,
    overlaid,
)
from engine.scoring.heads import HEADS
from engine.scoring.session import OpenModel

LONGEST_METADATA: Final = 1_000_000  # characters of one entry that are read as Python literals

SHORT_CARD: Final = """\
    [input]
    color = "RGB"            # or "BGR"
    resize = "letterbox"     # or "letterbox-topleft", "stretch"
    scale = 0.00392156862745098   # 1.0 when the model wants pixels from 0 to 255
    [output]
    decoder = "yolo"         # or "yolox", "rows6"
    [classes]
    names = ["first class", "second class"]"""

OWN_SUPPRESSION: Final = """\
    [output]
    decoder = "rows6\""""


def recognise(model: OpenModel, card: ModelCard | None, card_path: Path) -> ModelCard:
    """What metadata and card say together; the card has the last word.

    Raises `ModelError` for a model that neither describes, with its inputs and
    outputs and a card to start from, and `CardError` for what is not supported.
    """
    decided = card is not None and "output.decoder" in card.said
    described = _ultralytics(model, card_path, decided=decided)
    known = overlaid(described or ModelCard(), card) if card else described
    if known is None or not known.output.decoder:
        raise ModelError(model.path, _unrecognised(model, card_path))
    if card is not None and decided:
        known = _by_card(known, card)
    _refuse_unsupported(known, card_path)
    for name in known.classes.map:
        if known.classes.names and name not in known.classes.names:
            raise CardError(card_path, f"classes.map: the model has no class {name!r}")
    return known


def _by_card(known: ModelCard, card: ModelCard) -> ModelCard:
    output, nms = known.output, known.output.nms
    if output.decoder == "rows6":
        if "output.box_format" not in card.said:
            output = replace(output, box_format="xyxy")
        if "output.nms.needed" not in card.said:
            output = replace(output, nms=replace(nms, needed=False))
    family = card.provenance.family or known.provenance.family or output.decoder
    return replace(known, output=output, provenance=Provenance(family, "card", "certain"))


def _ultralytics(model: OpenModel, card_path: Path, *, decided: bool) -> ModelCard | None:
    """What an Ultralytics export says of itself; None when it is no such export."""
    said = model.metadata
    if "names" not in said or "task" not in said:
        return None
    names = _class_names(model.path, said["names"])
    if not decided:
        _refuse_other_exports(model, card_path)
    size = _literal(said.get("imgsz", ""))
    sides = [size, size] if isinstance(size, int) else size
    height_width = tuple(sides) if isinstance(sides, list | tuple) and len(sides) == 2 else ()
    # Ultralytics itself shrinks with OpenCV, which does not average over the pixels it skips;
    # other tools that write this metadata mostly use Pillow, which does.
    antialias = said.get("author") != "Ultralytics"
    return ModelCard(
        input=InputCard(size=height_width, resize="letterbox", antialias=antialias),
        output=OutputCard(decoder="yolo", nms=NmsCard(iou=0.7, max_det=300)),
        classes=ClassesCard(names=names),
        provenance=Provenance("ultralytics-v8", "metadata_props", "certain"),
        said=frozenset({"classes.names"}),
    )


def _refuse_other_exports(model: OpenModel, card_path: Path) -> None:
    said = model.metadata
    if said["task"] != "detect":
        raise ModelError(
            model.path,
            f"is an Ultralytics model for {said['task']!r}, which is not supported yet: "
            "only 'detect' is",
        )
    options = _literal(said.get("args", ""))
    suppresses = isinstance(options, Mapping) and bool(options.get("nms"))
    if suppresses or said.get("end2end") == "True":
        raise ModelError(
            model.path,
            "is an Ultralytics model that suppresses boxes by itself (nms or end2end), so their "
            "low confidences may be missing: export it with nms=False, end2end=False, or take its "
            f"answers as they are by writing\n\n{OWN_SUPPRESSION}\n\nto {card_path}",
        )


def _class_names(path: Path, text: str) -> tuple[str, ...]:
    names = _literal(text)
    if isinstance(names, list | tuple):
        names = dict(enumerate(names))
    if not isinstance(names, dict) or set(names) != set(range(len(names))) or not names:
        raise ModelError(
            path, "has a list of class names in its metadata that cannot be read; export it again"
        )
    return tuple(str(names[index]) for index in range(len(names)))


def _literal(text: str) -> object:
    """A Python literal from a file of a stranger; None for anything else."""
    if len(text) > LONGEST_METADATA:
        return None
    try:
        value: object = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
    return value


def _refuse_unsupported(card: ModelCard, card_path: Path) -> None:
    allowed: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("task", card.task, ("detect",)),
        ("output.decoder", card.output.decoder, tuple(HEADS)),
        ("input.resize", card.input.resize, ("letterbox", "letterbox-topleft", "stretch")),
        ("output.box_space", card.output.box_space, ("input", "normalized")),
        ("output.activation", card.output.activation, ("none", "sigmoid")),
    )
    for place, value, supported in allowed:
        if value not in supported:
            known = ", ".join(repr(choice) for choice in supported)
            raise CardError(card_path, f"{place} = {value!r} is not supported yet; choose {known}")
    if card.input.extra:
        raise CardError(card_path, "input.extra: models with a second input are not supported yet")


def _unrecognised(model: OpenModel, card_path: Path) -> str:
    ports = [f"    input  {port}" for port in model.inputs]
    ports += [f"    output {port}" for port in model.outputs]
    return (
        "is of no kind that can be recognised by itself. It has\n\n"
        + "\n".join(ports)
        + f"\n\nSay what it is in {card_path}, for example\n\n{SHORT_CARD}"
    )
