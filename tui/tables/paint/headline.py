"""The headline metrics of a classifier: their names, and each in a few words."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Headline:
    """One number of all classes together."""

    metric: str  # its name in the engine
    name: str
    meaning: str
    brief: str  # the same where there is little room
    from_answers: bool = True  # else from every probability, whatever the confidence


HEADLINES: Final = (
    Headline("accuracy", "accuracy", "images answered with their label", "right answers"),
    Headline(
        "top5_accuracy",
        "top-5 accuracy",
        "images with their label among the five most probable classes",
        "label among the first five",
        from_answers=False,
    ),
    Headline(
        "balanced_accuracy",
        "balanced accuracy",
        "mean recall of the classes, each counting the same",
        "mean recall of the classes",
    ),
    Headline(
        "precision_macro",
        "precision, macro",
        "answers that are right, mean of classes",
        "answers that are right, mean",
    ),
    Headline(
        "precision_weighted",
        "precision, weighted",
        "the same, classes weighted by their images",
        "the same, weighted by images",
    ),
    Headline(
        "recall_macro",
        "recall, macro",
        "images that are recognised, mean of classes",
        "images recognised, mean",
    ),
    Headline(
        "recall_weighted",
        "recall, weighted",
        "the same, classes weighted by their images: the accuracy",
        "the same, weighted: accuracy",
    ),
    Headline(
        "f1_macro",
        "F1, macro",
        "precision and recall in one number, mean of classes",
        "precision and recall in one",
    ),
    Headline(
        "f1_weighted",
        "F1, weighted",
        "the same, classes weighted by their images",
        "the same, weighted by images",
    ),
    Headline(
        "log_loss",
        "log loss",
        "surprise at the labels: 0 is best, there is no worst",
        "surprise at labels, 0 is best",
        from_answers=False,
    ),
    Headline(
        "roc_auc_ovr",
        "ROC AUC, vs rest",
        "how often a class's images rank above all others, mean",
        "own images above all others",
        from_answers=False,
    ),
    Headline(
        "roc_auc_ovo",
        "ROC AUC, pairwise",
        "the same for each pair of classes, mean: as Dataiku DSS",
        "by pairs, as Dataiku DSS",
        from_answers=False,
    ),
    Headline(
        "average_precision",
        "average precision",
        "area under precision by recall, mean of classes",
        "area of precision by recall",
        from_answers=False,
    ),
    Headline(
        "mcc",
        "MCC",
        "correlation of answers and labels: 0 is chance, 1 is best",
        "answers and labels, 1 is best",
    ),
    Headline(
        "kappa",
        "Cohen's kappa",
        "agreement beyond chance: 0 is chance, 1 is best",
        "beyond chance, 1 is best",
    ),
    Headline(
        "brier",
        "Brier score",
        "squared error of the probabilities: 0 is best",
        "squared error, 0 is best",
        from_answers=False,
    ),
    Headline(
        "ece",
        "ECE",
        "how far confidence is from accuracy: 0 is best",
        "confidence off, 0 is best",
        from_answers=False,
    ),
)
"""In the order of a page: what people ask for first stands first."""
