"""What each tool does for a step of the classifiers' benchmark."""

import warnings
from pathlib import Path

from tests.benchmarks.tools import Figures, Watch, peak

LOADING = "read"
TOP, MATRIX, HEADLINE = "most probable class", "confusion matrix, labels given", "from the matrix"
STEP, TOP5, LOSS, BRIER = "confidence step", "top-5", "log loss", "Brier"
AUC = "ROC AUC of all classes"  # and, of Offdiag, pairs and average precision
CALIBRATION, CURVES = "calibration of all classes", "one class's curves"
LABELS, INTERVALS = "label errors", "bootstrap, 200 samples"
ROWS = (LOADING, TOP, MATRIX, HEADLINE, STEP, TOP5, LOSS, BRIER)
ROWS += (AUC, CALIBRATION, CURVES, LABELS, INTERVALS)
BINS = 15


def offdiag(folder: Path) -> Figures:
    import numpy as np

    from engine.classification.answer_counts import AnswerCounts, macro
    from engine.classification.classification import Classification
    from engine.classification.intervals import bootstrap
    from engine.classification.kernel_density import densities
    from engine.classification.label_errors import label_suspicion
    from engine.classification.metrics import agreement, count_averages
    from engine.classification.one_vs_rest import ranking
    from engine.classification.probability_bins import class_bins
    from engine.classification.rank_metrics import rank_metrics
    from engine.classification.roc import roc
    from engine.core.calibration import reliability
    from engine.core.dataset import ClassificationDataset, Images, Probabilities
    from engine.core.ranked import curve

    watch = Watch()
    label, value = np.load(folder / "label.npy"), np.load(folder / "value.npy")
    n, c = value.shape
    watch.stop(LOADING)
    images = Images(("",) * n, (None,) * n, np.zeros((n, 2), np.intp))
    dataset = ClassificationDataset(folder, tuple(map(str, range(c))), images, label)
    made = Classification(dataset, Probabilities(np.arange(n), value))
    _ = made.top
    watch.stop(TOP)
    answers = made.answers
    matrix = answers.matrix(0)
    watch.stop(MATRIX)
    counts = AnswerCounts.of(matrix)
    agreement(counts), count_averages(counts)
    watch.stop(HEADLINE)
    for confidence in (0.2, 0.4, 0.6, 0.8):
        answers.matrix(confidence), answers.scorecard(confidence)
    watch.stop(STEP, 4)
    made.values.in_top(5)
    watch.stop(TOP5)
    _ = made.values.loss
    watch.stop(LOSS)
    _ = made.values.brier
    watch.stop(BRIER)
    found = rank_metrics(value, made.truth)
    watch.stop(AUC)
    class_bins(value, made.truth)
    watch.stop(CALIBRATION)
    for class_ in range(0, c, max(c // 10, 1)):
        ranked = ranking(made, class_)
        roc(ranked), curve(ranked), reliability(ranked, BINS), densities(ranked)
    watch.stop(CURVES, len(range(0, c, max(c // 10, 1))))
    label_suspicion(made)
    watch.stop(LABELS)
    for _ in bootstrap(made, 0.0):
        pass
    watch.stop(INTERVALS)
    return {**watch.figures, "AUC": [macro(found.roc_auc).value], "peak": [peak()]}


def scikit_learn(folder: Path) -> Figures:
    import numpy as np
    from sklearn import metrics
    from sklearn.calibration import calibration_curve

    warnings.simplefilter("ignore")
    watch = Watch()
    label, value = np.load(folder / "label.npy"), np.load(folder / "value.npy")
    every = np.arange(value.shape[1])
    watch.stop(LOADING)
    top = value.argmax(axis=1)
    watch.stop(TOP)
    metrics.confusion_matrix(label, top, labels=every)
    watch.stop(MATRIX)
    for average in ("macro", "weighted"):
        metrics.precision_recall_fscore_support(label, top, average=average, zero_division=np.nan)
    metrics.accuracy_score(label, top), metrics.balanced_accuracy_score(label, top)
    metrics.matthews_corrcoef(label, top), metrics.cohen_kappa_score(label, top)
    watch.stop(HEADLINE)
    metrics.top_k_accuracy_score(label, value, k=5, labels=every)
    watch.stop(TOP5)
    metrics.log_loss(label, value, labels=every)
    watch.stop(LOSS)
    metrics.brier_score_loss(label, value, labels=every)
    watch.stop(BRIER)
    auc = metrics.roc_auc_score(label, value, multi_class="ovr", average="macro")
    watch.stop(AUC)
    for class_ in every:
        calibration_curve(label == class_, value[:, class_], n_bins=BINS)
    watch.stop(CALIBRATION)
    metrics.roc_curve(label == 0, value[:, 0])
    metrics.precision_recall_curve(label == 0, value[:, 0])
    calibration_curve(label == 0, value[:, 0], n_bins=BINS)
    watch.stop(CURVES)
    return {**watch.figures, "AUC": [float(auc)], "peak": [peak()]}


def torchmetrics(folder: Path) -> Figures:
    import numpy as np
    import torch
    from torchmetrics.functional import classification as of

    warnings.simplefilter("ignore")
    watch = Watch()
    label = torch.from_numpy(np.load(folder / "label.npy"))
    value = torch.from_numpy(np.load(folder / "value.npy"))
    c = value.shape[1]
    watch.stop(LOADING)
    top = value.argmax(dim=1)
    watch.stop(TOP)
    of.multiclass_confusion_matrix(top, label, c)
    watch.stop(MATRIX)
    for average in ("macro", "weighted"):
        of.multiclass_precision(top, label, c, average=average)
        of.multiclass_recall(top, label, c, average=average)
        of.multiclass_f1_score(top, label, c, average=average)
    of.multiclass_matthews_corrcoef(top, label, c), of.multiclass_cohen_kappa(top, label, c)
    watch.stop(HEADLINE)
    of.multiclass_accuracy(value, label, c, top_k=5, average="micro")
    watch.stop(TOP5)
    auc = of.multiclass_auroc(value, label, c)
    watch.stop(AUC)
    return {**watch.figures, "AUC": [float(auc)], "peak": [peak()]}


TOOLS = {"Offdiag": offdiag, "scikit-learn": scikit_learn, "torchmetrics": torchmetrics}


def measured(tool: str, folder: Path) -> Figures:
    """The figures of a tool on the files of a folder."""
    return TOOLS[tool](folder)
