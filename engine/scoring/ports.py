"""A card against the model itself: what the card leaves open, and where they disagree."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from engine.errors import CardError, ModelError
from engine.scoring.card import InputCard, ModelCard, OutputCard
from engine.scoring.heads.yolox import cell_count
from engine.scoring.session import NUMPY_TYPES, OpenModel, Outputs, Port

Shape = tuple[int, ...]
DEFAULT_SCALE: Final = 1 / 255


@dataclass(frozen=True)
class Fitted:
    """A card with nothing left open, and how many images one call takes."""

    card: ModelCard
    batch: int
    fixed_batch: bool  # the model takes exactly that many, no fewer


def fitted_input(model: OpenModel, card: ModelCard, card_path: Path) -> Fitted:
    """Name, type, layout and size of the input, from the card where the model is silent."""
    port = _image_port(model, card.input, card_path)
    layout = card.input.layout
    if "input.layout" not in card.said and port.shape[1] not in (1, 3) and port.shape[3] in (1, 3):
        layout = "NHWC"
    batch = port.shape[0]
    dtype = NUMPY_TYPES.get(port.type)
    if dtype is None:
        kinds = ", ".join(NUMPY_TYPES.values())
        raise ModelError(model.path, f"takes {port}; only {kinds} can be fed")
    if card.input.dtype not in ("", dtype):
        problem = f"input.dtype = {card.input.dtype!r}, but the model takes {dtype}"
        raise CardError(card_path, problem)
    channels = port.shape[1] if layout == "NCHW" else port.shape[3]
    wanted = 1 if card.input.color == "GRAY" else 3
    if isinstance(channels, int) and channels != wanted:
        raise CardError(
            card_path,
            f"input.color = {card.input.color!r} needs {wanted} channels in layout {layout}, but "
            f"the model takes {port}; set input.color and input.layout",
        )
    fed = replace(
        card.input,
        name=port.name,
        layout=layout,
        dtype=dtype,
        size=_size(model, port, layout, card, card_path),
        scale=card.input.scale or (1.0 if dtype == "uint8" else DEFAULT_SCALE),
    )
    if dtype == "uint8" and (fed.scale, set(fed.mean), set(fed.std)) != (1.0, {0.0}, {1.0}):
        raise CardError(
            card_path, "input.scale, mean and std: the model takes raw uint8 pixels; remove them"
        )
    fixed = isinstance(batch, int)
    return Fitted(
        replace(card, input=fed), batch if isinstance(batch, int) else fed.max_batch, fixed
    )


def fitted_output(
    model: OpenModel, card: ModelCard, outputs: Outputs, card_path: Path
) -> ModelCard:
    """Check the outputs of a first run against the card, and name the classes.

    Raises `ModelError` with both shapes when the decoder cannot read such outputs.
    """
    shape: Shape = outputs[0].shape
    names = card.classes.names
    classes = _class_count(card, shape)
    counted = f"{len(names)} classes" if names else "some classes"
    expected = {
        "yolo": f"[batch, 4 + {counted}, anchors]",
        "yolox": f"[batch, {cell_count(card.input.size)} cells, 5 + {counted}]",
        "rows6": "[batch, boxes, 6]",
    }[card.output.decoder]
    if classes is None or (names and classes not in (len(names), 0)):
        hint = '; rows of 6 numbers are read by decoder "rows6"' if shape[-1] == 6 else ""
        raise ModelError(
            model.path,
            f"decoder {card.output.decoder!r} expects {expected}, but output "
            f"{boxes_output(model, card.output, card_path)!r} is {list(shape)}{hint}. "
            f"Say what the model is in {card_path}",
        )
    if not names and not classes:
        raise CardError(card_path, "classes.names is missing: the model does not show its classes")
    if names:
        return card
    unnamed = tuple(str(index) for index in range(classes))
    return replace(card, classes=replace(card.classes, names=unnamed))


def boxes_output(model: OpenModel, output: OutputCard, card_path: Path) -> str:
    """The name of the output that holds the boxes."""
    names = [port.name for port in model.outputs]
    if output.boxes and output.boxes not in names:
        listed = ", ".join(names)
        raise CardError(card_path, f"output.boxes = {output.boxes!r}: the model has {listed}")
    return output.boxes or names[0]


def _class_count(card: ModelCard, shape: Shape) -> int | None:
    """How many classes the shape has room for, 0 if it cannot show; None if it does not fit."""
    if len(shape) != 3:
        return None
    match card.output.decoder:
        case "yolo" if shape[1] > 4:
            return shape[1] - 4
        case "yolox" if shape[2] > 5 and shape[1] == cell_count(card.input.size):
            return shape[2] - 5
        case "rows6" if shape[2] == 6:
            return 0
    return None


def _image_port(model: OpenModel, said: InputCard, card_path: Path) -> Port:
    images = [port for port in model.inputs if len(port.shape) == 4]
    if said.name:
        images = [port for port in images if port.name == said.name]
    if not images:
        listed = ", ".join(str(port) for port in model.inputs)
        wanted = f"named {said.name!r} with" if said.name else "with"
        raise ModelError(model.path, f"has no input {wanted} 4 axes for images; it takes {listed}")
    if len(model.inputs) > 1:
        listed = ", ".join(str(port) for port in model.inputs)
        raise ModelError(model.path, f"takes more than images, not supported yet: {listed}")
    return images[0]


def _size(
    model: OpenModel, port: Port, layout: str, card: ModelCard, card_path: Path
) -> tuple[int, int]:
    axes = port.shape[2:4] if layout == "NCHW" else port.shape[1:3]
    said = card.input.size or (None, None)
    sides = []
    for axis, wanted in zip(axes, said, strict=True):
        declared = axis if isinstance(axis, int) else None
        if declared and wanted and declared != wanted and "input.size" in card.said:
            raise CardError(
                card_path, f"input.size = {list(said)}, but the model takes {port}; remove it"
            )
        sides.append(declared or wanted)
    height, width = sides
    if not height or not width:
        raise ModelError(
            model.path,
            f"does not say at what size it takes images ({port}); write\n\n"
            f"    [input]\n    size = [640, 640]\n\nto {card_path}, as [height, width]",
        )
    return height, width
