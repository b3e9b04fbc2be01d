"""Images whose label the model contradicts: some of them carry the wrong label.

Northcutt, Jiang and Chuang, Confident Learning: Estimating Uncertainty in Dataset Labels,
Journal of Artificial Intelligence Research 70 (2021), as cleanlab has it.
"""

from dataclasses import dataclass

import numpy as np

from engine.classification.classification import Classification
from engine.core.arrays import NOTHING, Indices, Mask, Scores
from engine.util.blocks import blocks, in_turns
from engine.util.once import remembered


@dataclass(frozen=True, eq=False)
class LabelSuspicion:
    """What speaks for another label of each image with a prediction."""

    margin: Scores  # [N] probability of the label less the highest of another class, -1 to 1
    self_confidence: Scores  # [N] probability of the label
    suggested: Indices  # [N] the class that confident learning takes for the true one, or NOTHING
    suspected: Mask  # [N] whether that is another class than the label

    @property
    def order(self) -> Indices:
        """[N] rows of probabilities, the most doubtful label first; equal ones in file order."""
        return np.lexsort((self.self_confidence, self.margin))


@remembered
def label_suspicion(made: Classification) -> LabelSuspicion:
    """By the normalised margin, and by the thresholds of confident learning.

    A class is believed of an image whose probability reaches the mean that the class has
    among the images labelled with it (equation 2); of several believed ones the most
    probable counts. A class without images is never believed.
    """
    value, truth, c = made.probabilities.value, made.truth, len(made.classes)
    of_truth = made.values.of_truth.astype(np.float64)
    sums = np.bincount(truth, of_truth, minlength=c)
    known = made.images_of_class
    limit = np.divide(sums, known, out=np.full(c, np.inf), where=known != 0)
    suggested = np.full(len(value), NOTHING)

    def work(rows: slice) -> None:
        block = value[rows].astype(np.float64)
        block[block < limit] = -1
        best = block.argmax(axis=1)
        believed = np.take_along_axis(block, best[:, None], axis=1)[:, 0] >= 0
        suggested[rows] = np.where(believed, best, NOTHING)

    in_turns(work, blocks(*value.shape))
    margin = of_truth - np.where(c > 1, made.values.best_other, 0.0)
    # Where the label is the most probable class itself, a low threshold of another one says little.
    suspected = (suggested != NOTHING) & (suggested != truth) & (margin < 0)
    return LabelSuspicion(margin, of_truth, suggested, suspected)
