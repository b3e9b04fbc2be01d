"""What happens to an image on its way through the model, whoever drives it.

A scoring run and the server take the same steps, so the same image gets the same
answer from both.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.images.pixels import UNKNOWN_SIZE, ReadImage, Size, Source, UnreadableImage, read_image
from engine.scoring.heads.candidates import NotANumber
from engine.scoring.model.further import further_inputs
from engine.scoring.model.session import Outputs
from engine.scoring.run.found import FoundBoxes
from engine.scoring.run.resize import PlacedImage, image_shape, place
from engine.scoring.run.scorer import Scorer
from engine.scoring.run.store import ImageAnswer, ImageFile

Buffer: TypeAlias = NDArray[Any]  # [images, 3, height, width] or as the card's layout says
PlacedOrUnreadable: TypeAlias = "PlacedImage | UnreadableImage"


def new_buffer(scorer: Scorer, images: int) -> Buffer:
    """Room for so many images, rounded up to whole calls of the model."""
    fed = scorer.card.input
    calls = -(-images // scorer.batch)
    if not fed.size:
        return np.full(calls * scorer.batch, None)  # each image brings its own array
    image = image_shape(fed, (fed.size[1], fed.size[0]))
    return np.zeros((calls * scorer.batch, *image), fed.dtype)


def decode(
    scorer: Scorer,
    source: Source,
    dataset_size: Size,
    slot: NDArray[Any] | None,
    read: ReadImage = read_image,
) -> PlacedOrUnreadable:
    """An image written into its slot of a buffer, or why it cannot be."""
    try:
        return place(source, dataset_size, scorer.card.input, slot, read)
    except UnreadableImage as reason:
        return reason


def call_model(scorer: Scorer, images: Buffer, decoded: Sequence[PlacedOrUnreadable]) -> Outputs:
    """One call of the model; rows without an image only fill the batch."""
    fed = scorer.card.input
    placed = [image if isinstance(image, PlacedImage) else None for image in decoded]
    if not fed.size and placed[0] is not None and placed[0].pixels is not None:
        images = placed[0].pixels[None]
    fits = [None if image is None else image.fit for image in placed]
    fits += [None] * (len(images) - len(fits))
    return scorer.detector(images, *further_inputs(fed, fits))


def answer_of(scorer: Scorer, file: ImageFile, image: PlacedImage, outputs: Outputs) -> ImageAnswer:
    """What the model says of one image, from its own part of the outputs."""
    size, notes = image.fit.image, image.notes
    try:
        found = scorer.found(outputs, image.fit)
    except NotANumber as reason:
        return ImageAnswer(
            file, size, image.turnable, FoundBoxes.nothing(), str(reason), notes=notes
        )
    return ImageAnswer(file, size, image.turnable, found, notes=notes)


def failed(file: ImageFile, image: PlacedOrUnreadable) -> ImageAnswer:
    """The answer for an image that could not be decoded."""
    may_pass = isinstance(image, UnreadableImage) and image.may_pass
    return ImageAnswer(file, UNKNOWN_SIZE, False, FoundBoxes.nothing(), str(image), may_pass)
