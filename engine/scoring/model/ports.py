"""A card against the model's inputs: what the card leaves open, and where they disagree."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from engine.core.errors import CardError, ModelError
from engine.scoring.card import OWN_SIZE, InputCard, ModelCard
from engine.scoring.families.seen import MASK_INPUTS, SIZE_INPUTS
from engine.scoring.model.session import IMAGE_TYPES, OpenModel, Port

DEFAULT_SCALE: Final = 1 / 255
AXES: Final = (3, 4)  # of an input for images; with three it takes one image a call


@dataclass(frozen=True)
class Fitted:
    """A card whose input leaves nothing open, and how many images one call takes."""

    card: ModelCard
    image: Port
    further: tuple[Port, ...]  # in the order of `input.extra`
    batch: int
    fixed_batch: bool  # the model takes exactly that many, no fewer


def fitted_input(model: OpenModel, card: ModelCard, card_path: Path) -> Fitted:
    """Name, type, layout and size of the input, from the card where the model is silent."""
    port = _image_port(model, card.input, card_path)
    card = _with_layout(card, port)
    fed = card.input
    dtype = IMAGE_TYPES.get(port.type)
    if dtype is None:
        kinds = ", ".join(IMAGE_TYPES.values())
        raise ModelError(
            model.path, f"takes {port}; only {kinds} can be fed: export it with such an input"
        )
    if fed.dtype not in ("", dtype):
        problem = f"input.dtype = {fed.dtype!r}, but the model takes {dtype}"
        raise CardError(card_path, problem)
    channels = _channels(port, fed.layout)
    wanted = 1 if fed.color == "GRAY" else 3
    if isinstance(channels, int) and channels != wanted:
        raise CardError(
            card_path,
            f"input.color = {fed.color!r} needs {wanted} channels in layout {fed.layout}, but "
            f"the model takes {port}; set input.color and input.layout",
        )
    fed = replace(
        fed,
        name=port.name,
        dtype=dtype,
        size=_size(model, port, card, card_path),
        scale=fed.scale or (1.0 if dtype == "uint8" else DEFAULT_SCALE),
        extra=_extra(model, port, card, card_path),
    )
    if dtype == "uint8" and (fed.scale, set(fed.mean), set(fed.std)) != (1.0, {0.0}, {1.0}):
        raise CardError(
            card_path, "input.scale, mean and std: the model takes raw uint8 pixels; remove them"
        )
    axis = port.shape[0] if len(port.shape) == 4 else 1
    batch = axis if isinstance(axis, int) else fed.max_batch
    if not fed.size:
        batch = 1  # images of different sizes do not share a call
    further = {other.name: other for other in model.inputs}
    return Fitted(
        replace(card, input=fed),
        port,
        tuple(further[name] for name in fed.extra),
        batch,
        isinstance(axis, int) or not fed.size,
    )


def _with_layout(card: ModelCard, port: Port) -> ModelCard:
    """The card with the layout and the gray that the port's axes show, where it is silent."""
    fed = card.input
    channels = (1, 3)
    last = port.shape[-3] not in channels and port.shape[-1] in channels
    if "input.layout" not in card.said and last:
        fed = replace(fed, layout="NHWC")
    if "input.color" not in card.said and _channels(port, fed.layout) == 1:
        fed = replace(fed, color="GRAY")
    return replace(card, input=fed)


def _channels(port: Port, layout: str) -> int | str | None:
    return port.shape[-3] if layout == "NCHW" else port.shape[-1]


def _image_port(model: OpenModel, said: InputCard, card_path: Path) -> Port:
    images = [port for port in model.inputs if len(port.shape) in AXES]
    images.sort(key=lambda port: -len(port.shape))
    if said.name:
        images = [port for port in images if port.name == said.name]
    images = [port for port in images if port.name not in said.extra]
    if not images:
        listed = ", ".join(str(port) for port in model.inputs)
        wanted = f"named {said.name!r} with" if said.name else "with"
        raise ModelError(model.path, f"has no input {wanted} 4 axes for images; it takes {listed}")
    return images[0]


def _extra(model: OpenModel, image: Port, card: ModelCard, card_path: Path) -> dict[str, str]:
    """What each further input is fed with: as the card says, else as its name means."""
    said = dict(card.input.extra)
    names = [port.name for port in model.inputs if port is not image]
    for name in said:
        if name not in names:
            listed = ", ".join(names) or "none beside its image"
            raise CardError(card_path, f"input.extra.{name}: the model has no such input: {listed}")
    for port in model.inputs:
        if port is image or port.name in said:
            continue
        if port.name in SIZE_INPUTS:
            # In the input's own pixels boxes come back the same way after any resize.
            original = card.output.box_space == "original"
            said[port.name] = "original_wh" if original else "input_wh"
        elif port.name in MASK_INPUTS:
            said[port.name] = "ones_mask"
        else:
            raise ModelError(
                model.path,
                f"takes a further input, {port}, of unknown meaning; say in {card_path} what to "
                "feed it with:",
                example=(
                    "",
                    "    [input.extra]",
                    f'    {port.name} = "original_wh"   '
                    "# or original_hw, input_wh, input_hw, ones_mask",
                ),
            )
    return said


def _size(model: OpenModel, port: Port, card: ModelCard, card_path: Path) -> tuple[int, ...]:
    """Height and width; nothing where every image goes in at a size of its own."""
    fed = card.input
    axes = port.shape[-2:] if fed.layout == "NCHW" else port.shape[-3:-1]
    if fed.resize == "letterbox-rectangle" and not any(isinstance(axis, int) for axis in axes):
        return ()  # a size that is said holds for the other ways to resize
    said = fed.size or (None, None)
    sides = []
    for axis, wanted in zip(axes, said, strict=True):
        declared = axis if isinstance(axis, int) else None
        if declared and wanted and declared != wanted and "input.size" in card.said:
            raise CardError(
                card_path, f"input.size = {list(said)}, but the model takes {port}; remove it"
            )
        sides.append(declared or wanted)
    height, width = sides
    if fed.resize in OWN_SIZE and not height and not width:
        return ()
    if fed.resize in OWN_SIZE and fed.resize != "none":
        raise CardError(
            card_path,
            f"input.resize = {fed.resize!r} gives each image its own size, but the model takes "
            f"{port}" + (f" and input.size is {list(said)}" if fed.size else ""),
        )
    if not height or not width:
        raise ModelError(
            model.path,
            f"does not say at what size it takes images ({port}); write",
            example=(
                "",
                "    [input]",
                "    size = [640, 640]",
                "",
                f"to {card_path}, as [height, width]",
            ),
        )
    return height, width
