"""Classifiers: one number a class, made into probabilities; of two classes one may do."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.scoring.card import ModelCard
from engine.scoring.heads.candidates import NotANumber, activated
from engine.scoring.model.session import Outputs

ProbabilityRows = NDArray[np.float32] | NDArray[np.float64]  # [C] one a class, in the model's order


def classify(outputs: Outputs, card: ModelCard) -> ProbabilityRows:
    """The output of one image, [C], [C, 1, 1] or [1, 1, C] -> its probabilities [C].

    `output.activation` says what is left to do: "softmax" for logits, "none" where
    the graph ends in probabilities, "sigmoid" where each class is asked by itself.
    A single number is the probability of the second of two classes, as Keras and torch train
    them. All is worked out in float64, so large logits do not overflow. What is made of logits
    stays so, because float32 cannot tell probabilities near 1 apart. Raises `NotANumber`.
    """
    values: NDArray[Any] = outputs[0].reshape(-1).astype(np.float64)
    if outputs[0].dtype == np.uint8:
        values /= 255  # a quantised graph: 255 stands for 1
    values = activated(values, card.output.activation)
    if np.isnan(values).any():
        raise NotANumber("the model gave NaN instead of probabilities")
    if len(values) == 1:
        values = np.array([1 - values[0], values[0]])
    values = values[card.output.label_offset :]
    return values.astype(np.float32) if card.output.activation == "none" else values
