"""A card against the model's outputs: a first run, and everything ready for the next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.core.errors import CardError, ModelError
from engine.scoring.card import ModelCard
from engine.scoring.heads.head import Shape
from engine.scoring.heads.plausible import impossible
from engine.scoring.heads.yolox import cell_count
from engine.scoring.kinds import AnyHead, head_of
from engine.scoring.model.class_files import names_beside
from engine.scoring.model.further import blank_fit, further_inputs
from engine.scoring.model.ports import Fitted
from engine.scoring.model.session import OnnxDetector, OpenModel, Outputs, as_given
from engine.scoring.run.resize import image_shape

COARSE: Final = 0.02  # step of confidences: five times that of bytes from 0 to 1
MOST_AT_ONCE: Final = 1024  # images in a call, as the card's max_batch


@dataclass(frozen=True, eq=False)
class FittedModel:
    """A model that was run once, and a card in which nothing is open."""

    card: ModelCard
    detector: OnnxDetector
    batch: int
    fixed_batch: bool
    notes: tuple[str, ...]


def made_ready(
    model: OpenModel, fitted: Fitted, card_path: Path, *, refuting: bool = True
) -> FittedModel:
    """Run the model on a black image, check its outputs against the card, and name the classes.

    Raises `ModelError` with the shapes when the decoder cannot read such outputs, and with what
    it would read where no model can have meant that, unless the card is not to be refuted.
    """
    card = fitted.card
    head = head_of(card.output.decoder)
    wanted = _outputs(model, card, head, card_path)
    detector = OnnxDetector(
        model.path,
        model.session,
        fitted.image,
        tuple(wanted.values()),
        fitted.further,
        model.graph.integers,
    )
    batch = fitted.batch if fitted.fixed_batch else 1
    if batch > MOST_AT_ONCE:
        raise ModelError(
            model.path,
            f"takes {batch:,} images a call, and at most {MOST_AT_ONCE:,} can be given: export it "
            "with a smaller batch, or a free one",
        )
    where = blank_fit(card.input)
    black = np.zeros((batch, *image_shape(card.input, where.into)), card.input.dtype)
    given = detector(black, *further_inputs(card.input, [where] * batch))
    arrange = _arrangement(head, given)
    if arrange is not as_given and fitted.batch != 1 and not head.flat:
        if fitted.fixed_batch:
            raise ModelError(
                model.path,
                f"takes {fitted.batch} images a call but answers without a batch axis "
                f"({_listed(given, wanted)}); export it for one image",
            )
        fitted = replace(fitted, batch=1, fixed_batch=True)
    shapes = _shapes_of_one(given, arrange, head)
    classes = head.class_count(shapes, card) if shapes else None
    names = card.classes.names
    if classes is None or (names and classes not in (len(names), 0)):
        raise ModelError(model.path, _misfit(card, head, given, wanted, card_path))
    coarse = _coarse_confidences(model, card, tuple(wanted.values()))
    if refuting:
        _refuse_impossible(model, card, head, arrange(given, batch), card_path, coarse)
    card, notes = _named(model, card, classes)
    notes = (*notes, f"{coarse[0].upper()}{coarse[1:]}.") if coarse else notes
    return FittedModel(
        card, replace(detector, arrange=arrange), fitted.batch, fitted.fixed_batch, notes
    )


def _outputs(model: OpenModel, card: ModelCard, head: AnyHead, card_path: Path) -> dict[str, str]:
    """Key of the card's [output] -> name of the model's output, in the order of the head."""
    names = [port.name for port in model.outputs]
    if head.many:
        for name in card.output.grids:
            if name not in names:
                listed = ", ".join(names)
                raise CardError(card_path, f"output.grids has {name!r}: the model has {listed}")
        return {f"grids, {index}": name for index, name in enumerate(card.output.grids or names)}
    said = {role: getattr(card.output, role) for role in head.outputs}
    for role, name in said.items():
        if name and name not in names:
            listed = ", ".join(names)
            raise CardError(card_path, f"output.{role} = {name!r}: the model has {listed}")
    left = [name for name in names if name not in said.values()]
    found: dict[str, str] = {}
    for role in head.outputs:
        # Without a word of the card the outputs stand in the order of the head's table; a
        # count is never taken for granted.
        counts = role == "count" and role in head.optional
        fitting = [name for name in left if name == role] or ([] if counts else left)
        if said[role] or fitting:
            found[role] = said[role] or fitting[0]
            left = [name for name in left if name != found[role]]
        elif role not in head.optional:
            listed = ", ".join(names)
            raise CardError(
                card_path,
                f"decoder {card.output.decoder!r} reads {len(head.outputs)} outputs "
                f"({', '.join(head.outputs)}), but the model has {listed}",
            )
    return found


def _arrangement(head: AnyHead, given: Outputs) -> Callable[[Outputs, int], Outputs]:
    if head.flat:
        return _by_image
    return _one_image if given[0].ndim in head.ranks else as_given


def _one_image(outputs: Outputs, images: int) -> Outputs:
    """Outputs without a batch axis get one."""
    return tuple(output[None] for output in outputs)


def _by_image(outputs: Outputs, images: int) -> Outputs:
    """One table for all images, cut at the number of the image in its first column."""
    (rows,) = outputs
    cut: NDArray[Any] = np.empty(images, object)
    for image in range(images):
        cut[image] = rows[rows[:, 0] == image]
    return (cut,)


def _shapes_of_one(
    given: Outputs, arrange: Callable[[Outputs, int], Outputs], head: AnyHead
) -> Sequence[Shape]:
    """Shapes without the batch axis; nothing where the first output has too few or many axes."""
    if head.flat:
        return [given[0].shape] if given[0].ndim == 2 else []
    shapes = [output.shape if arrange is not as_given else output.shape[1:] for output in given]
    return shapes if len(shapes[0]) in head.ranks else []


def _misfit(
    card: ModelCard, head: AnyHead, given: Outputs, wanted: dict[str, str], card_path: Path
) -> str:
    names = card.classes.names
    cells = cell_count(card.input.size) if card.input.size else "as many"
    expected = head.expects.format(
        classes=f"{len(names)} classes" if names else "some classes",
        cells=cells,
        left_out=f" + {card.output.columns_left_out}" if card.output.columns_left_out else "",
    )
    rows6 = given[0].shape[-1] == 6 and card.output.decoder != "rows6"
    hint = '; rows of 6 numbers are read by decoder "rows6"' if rows6 else ""
    return (
        f"decoder {card.output.decoder!r} expects {expected}, but {_listed(given, wanted)}{hint}. "
        f"Say what the model is in {card_path}"
    )


def _refuse_impossible(
    model: OpenModel,
    card: ModelCard,
    head: AnyHead,
    given: Outputs,
    card_path: Path,
    coarse: str,
) -> None:
    """Whoever named the layout: numbers that it cannot give refute it.

    coarse is why confidences would not be from 0 to 1 though the layout is right, or nothing.
    """
    numbers = head.numbers(tuple(part[0] for part in given), card)
    if problem := impossible(numbers, card.output.box_format):
        if coarse:
            raise ModelError(model.path, f"reads {problem}: {coarse}")
        decoder = f"decoder {card.output.decoder!r} (boxes as {card.output.box_format})"
        if card.task == "classify":
            decoder = f"decoder {card.output.decoder!r} (activation {card.output.activation!r})"
        raise ModelError(
            model.path,
            f"{decoder} cannot be what its outputs mean: tried on a black image it reads "
            f"{problem}. Say what the model is in {card_path}",
        )


def _coarse_confidences(model: OpenModel, card: ModelCard, outputs: tuple[str, ...]) -> str:
    """Why confidences are multiples of a large number, with the cure; nothing where they are not.

    A quantiser that is not told otherwise gives boxes in pixels and confidences one step.
    """
    if card.task != "detect" or len(outputs) != 1:
        return ""
    integers, steps = model.graph.integers.get(outputs[0]), model.graph.steps
    step = integers.scale if integers else steps.get(outputs[0], 0.0)
    if step <= COARSE:
        return ""
    return (
        f"its boxes and its confidences were quantised with one step, so a confidence is a "
        f"multiple of {step:.3g}; quantise it again without the operators behind its last layers "
        "(nodes_to_exclude)"
    )


def _listed(given: Outputs, wanted: dict[str, str]) -> str:
    named = zip(wanted.values(), given, strict=True)
    return ", ".join(f"output {name!r} is {list(values.shape)}" for name, values in named)


def _named(model: OpenModel, card: ModelCard, classes: int) -> tuple[ModelCard, tuple[str, ...]]:
    """The card with class names, its own or those of a file beside the model, else their count."""
    if card.classes.names is not None:
        return card, ()
    beside = names_beside(model.path, classes)
    if beside is not None:
        names, file = beside
        note = f"The model's {len(names)} class names are those of {file.name} beside it."
        return replace(card, classes=replace(card.classes, names=names)), (note,)
    return replace(card, classes=replace(card.classes, unnamed=classes)), ()
