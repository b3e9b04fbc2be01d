"""The headline metrics of a classifier in the order of a page."""

from typing import Final

from engine.classification.headline_metrics import HEADLINE_METRICS, HeadlineMetric

FIRST: Final = (
    "accuracy",
    "top5_accuracy",
    "balanced_accuracy",
    "precision_macro",
    "precision_weighted",
    "recall_macro",
    "recall_weighted",
    "f1_macro",
    "f1_weighted",
    "log_loss",
    "roc_auc_ovr",
    "roc_auc_ovo",
    "average_precision",
    "mcc",
    "kappa",
    "brier",
    "ece",
)
"""What people ask for first stands first; what is not named here comes last."""

HEADLINES: Final[tuple[HeadlineMetric, ...]] = tuple(
    sorted(
        HEADLINE_METRICS.values(),
        key=lambda metric: FIRST.index(metric.key) if metric.key in FIRST else len(FIRST),
    )
)
