"""A model made ready to score images."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from engine.core.errors import CardError
from engine.scoring.card import ModelCard, card_beside, read_card
from engine.scoring.families import Question
from engine.scoring.kinds import ModelKind, kind_of
from engine.scoring.model.fitting import made_ready
from engine.scoring.model.ports import fitted_input
from engine.scoring.model.providers import CPU
from engine.scoring.model.session import Detector, Outputs, open_model
from engine.scoring.recognise import recognise
from engine.scoring.run.found import ImagePredictions
from engine.scoring.run.resize import Fit, in_words

CONFIDENCE_FLOOR: Final = 0.001
# A processor is no faster with more, and the last bits of an answer depend on its place in a
# batch: alone, an image gets the same answer in the app, from score and from a server.
BATCH_ON_CPU: Final = 1
METHOD: Final = 3  # raised when the same model and card come to other predictions


@dataclass(frozen=True, eq=False)
class Scorer:
    """A model, all that is known of it, and the call that runs it."""

    model: Path
    digest: str  # sha256 of the model's files
    card: ModelCard  # nothing in it is left open
    provider: str  # what really runs: "CPU", "CUDA", ...
    batch: int  # images in one call
    detector: Detector
    fixed_batch: bool = False  # a call must hold exactly `batch` images
    confidence_floor: float = CONFIDENCE_FLOOR
    notes: tuple[str, ...] = ()  # sentences for the person
    open_questions: tuple[Question, ...] = ()  # what is assumed and not known
    stop: Callable[[], None] = lambda: None  # ends the calls under way, where they take long
    precision: str = ""  # of its layers, in words; nothing where all are floats of 32 bits
    placement: str = ""  # where only a part of the model runs on its provider: how much

    @property
    def kind(self) -> ModelKind:
        """Whether it detects or classifies, and all that follows from it."""
        return kind_of(self.card.task)

    @property
    def class_names(self) -> tuple[str, ...]:
        """The model's classes in its own order, by their numbers where nobody names them."""
        return self.card.classes.shown

    @property
    def assumed(self) -> tuple[str, ...]:
        """What is taken for true of how images are fed, with no word for it: `resize stretch`."""
        return tuple(f"{asked.about} {asked.assumed.words}" for asked in self.open_questions)

    @property
    def preprocessing(self) -> str:
        """What happens to an image, for the person to check."""
        return in_words(self.card.input)

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
        if self.card.task == "classify" and self.card.output.activation != "none":
            settings.append("float64")  # what was kept of logits before is in float32
        return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()

    @property
    def store_key(self) -> str:
        """The run key, and a device that is not the processor: it may round another way."""
        if self.provider == CPU:
            return self.run_key
        return hashlib.sha256(f"{self.run_key} {self.provider}".encode()).hexdigest()

    @property
    def runs_on(self) -> str:
        """What the model really runs on, for the person."""
        return f"{self.provider} ({self.placement})" if self.placement else self.provider

    def found(self, outputs: Outputs, fit: Fit) -> ImagePredictions:
        """The boxes or the probabilities of one image from its outputs, without the batch axis.

        Raises `heads.NotANumber` when the model gave none, and `ModelError` for a
        class that the card does not have.
        """
        return self.kind.read(outputs, fit, self.card, self.confidence_floor, self.model)


def open_scorer(
    model: Path,
    card_path: Path | None = None,
    provider: str = "auto",
    *,
    card_may_be_missing: bool = False,
    confidence_floor: float = CONFIDENCE_FLOOR,
) -> Scorer:
    """Open a model, find out what it is, and run it once on a black image.

    The card is that at `card_path`, else the one beside the model if there is one; with
    `card_may_be_missing` a path without a file stands for a card that says nothing yet.
    `provider` is one of `providers.NAMES`. Raises `ModelError` and `CardError`.
    """
    place = card_path or card_beside(model)
    named = card_path is not None and not card_may_be_missing
    card = read_card(place) if named or place.is_file() else None
    opened = open_model(model, provider)
    if card is not None and card.sha256 not in ("", opened.digest):
        raise CardError(
            place,
            f"was written for another model than {model} (sha256); correct it or remove sha256",
        )
    recognised = recognise(opened, card, place)
    ready = made_ready(opened, fitted_input(opened, recognised.card, place), place)
    on_cpu = opened.provider == CPU
    batch = ready.batch if ready.fixed_batch or not on_cpu else min(ready.batch, BATCH_ON_CPU)
    return Scorer(
        model=model,
        digest=opened.digest,
        card=ready.card,
        provider=opened.provider,
        batch=batch,
        detector=ready.detector,
        # An accelerator tunes itself for each shape it meets, so it meets only one.
        fixed_batch=ready.fixed_batch or not on_cpu,
        confidence_floor=confidence_floor,
        notes=(*opened.notes, *recognised.notes, *ready.notes),
        open_questions=recognised.open_questions,
        stop=ready.detector.stop,
        precision=opened.graph.precision,
        placement=opened.placement,
    )
