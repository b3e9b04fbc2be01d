"""A model made ready to score images."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from engine.errors import CardError, ModelError
from engine.scoring.card import ModelCard, card_beside, read_card
from engine.scoring.heads import HEADS
from engine.scoring.nms import suppress
from engine.scoring.onnx_file import digest
from engine.scoring.ports import boxes_output, fitted_input, fitted_output
from engine.scoring.recognise import recognise
from engine.scoring.resize import Fit
from engine.scoring.session import Detector, OnnxDetector, Outputs, open_model
from engine.scoring.store import Found

CONFIDENCE_FLOOR: Final = 0.001
BATCH_ON_CPU: Final = 4  # a processor is no faster with more, and progress shows later
METHOD: Final = 1  # raised when the same model and card come to other predictions


def _nothing_to_stop() -> None:
    """A detector whose calls are short need not be stopped."""


@dataclass(frozen=True, eq=False)
class Scorer:
    """A model, all that is known of it, and the call that runs it."""

    model: Path
    digest: str  # sha256 of the model's files
    card: ModelCard  # nothing in it is left open
    provider: str  # what really runs: "CPU" or "CUDA"
    batch: int  # images in one call
    detector: Detector
    fixed_batch: bool = False  # a call must hold exactly `batch` images
    confidence_floor: float = CONFIDENCE_FLOOR
    notes: tuple[str, ...] = ()  # sentences for the person
    stop: Callable[[], None] = _nothing_to_stop  # ends the calls under way

    @property
    def class_names(self) -> tuple[str, ...]:
        """The model's classes in its own order."""
        return self.card.classes.names

    @property
    def input_size(self) -> tuple[int, int]:
        """Height and width of the model's input."""
        height, width = self.card.input.size
        return height, width

    @property
    def preprocessing(self) -> str:
        """What happens to an image, for the person to check."""
        fed = self.card.input
        height, width = self.input_size
        normalised = "" if set(fed.mean) == {0.0} and set(fed.std) == {1.0} else ", normalised"
        values = "0 to 1" if abs(fed.scale * 255 - 1) < 1e-6 else f"times {fed.scale:g}"
        values = "0 to 255" if fed.scale == 1 else values
        return f"{fed.color} {values}{normalised}, {fed.resize} to {width} x {height}"

    @property
    def run_key(self) -> str:
        """Names the predictions in the store: they change when this does."""
        card = asdict(replace(self.card, said=frozenset(), operating_point={}))
        settings = [
            METHOD,
            self.digest,
            self.confidence_floor,
            {part: card[part] for part in ("task", "input", "output")},
        ]
        return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()

    def found(self, outputs: Outputs, fit: Fit) -> Found:
        """The boxes of one image from its outputs, without the batch axis.

        Raises `heads.NotANumber` when the model gave none, and `ModelError` for a
        class that the card does not have.
        """
        candidates = HEADS[self.card.output.decoder](outputs, self.card, self.confidence_floor)
        nms = self.card.output.nms
        if nms.needed:
            class_ = np.zeros_like(candidates.class_) if nms.class_agnostic else candidates.class_
            kept = suppress(candidates.corners, class_, nms.iou, nms.max_det)
        else:
            kept = np.arange(min(len(candidates.class_), nms.max_det))
        if (unknown := candidates.class_[kept].max(initial=0)) >= len(self.class_names):
            raise ModelError(
                self.model,
                f"found class {unknown}, but its card names {len(self.class_names)}: "
                "complete classes.names",
            )
        return Found(
            candidates.class_[kept].astype(np.int32),
            candidates.confidence[kept].astype(np.float32),
            fit.boxes(candidates.corners[kept]).astype(np.float32),
        )


def open_scorer(
    model: Path,
    card_path: Path | None = None,
    provider: str = "auto",
    *,
    confidence_floor: float = CONFIDENCE_FLOOR,
) -> Scorer:
    """Open a model, find out what it is, and run it once on a black image.

    The card is that at `card_path`, else the one beside the model if there is one.
    `provider` is "auto", "cpu" or "cuda". Raises `ModelError` and `CardError`.
    """
    place = card_path or card_beside(model)
    card = read_card(place) if card_path is not None or place.is_file() else None
    opened = open_model(model, provider)
    known = digest(opened.files)
    if card is not None and card.sha256 not in ("", known):
        raise CardError(
            place,
            f"was written for another model than {model} (sha256); correct it or remove sha256",
        )
    fitted = fitted_input(opened, recognise(opened, card, place), place)
    fed = fitted.card.input
    output = boxes_output(opened, fitted.card.output, place)
    detector = OnnxDetector(model, opened.session, fed.name, (output,))
    channels = 1 if fed.color == "GRAY" else 3
    image = (channels, *fed.size) if fed.layout == "NCHW" else (*fed.size, channels)
    first_batch = fitted.batch if fitted.fixed_batch else 1
    outputs = detector(np.zeros((first_batch, *image), fed.dtype))
    resolved = fitted_output(opened, fitted.card, outputs, place)
    on_cpu = opened.provider == "CPU"
    batch = fitted.batch if fitted.fixed_batch or not on_cpu else min(fitted.batch, BATCH_ON_CPU)
    embedded = resolved.output.nms.embedded_conf
    cut = (f"The model itself drops confidences below {embedded:g}.",) if embedded else ()
    return Scorer(
        model=model,
        digest=known,
        card=resolved,
        provider=opened.provider,
        batch=batch,
        detector=detector,
        # An accelerator tunes itself for each shape it meets, so it meets only one.
        fixed_batch=fitted.fixed_batch or not on_cpu,
        confidence_floor=confidence_floor,
        notes=(*opened.notes, *cut),
        stop=detector.stop,
    )
