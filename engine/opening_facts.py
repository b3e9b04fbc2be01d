"""What was opened, as names and values for people."""

from typing import TypeAlias

from engine.core.dataset import ClassificationDataset, DetectionDataset
from engine.scoring.run.scorer import Scorer

Facts: TypeAlias = tuple[tuple[str, str], ...]
"""Name and value."""


def model_facts(scorer: Scorer) -> Facts:
    """What runs, how it was recognised, and what happens to an image."""
    provenance = scorer.card.provenance
    facts = (
        ("Model", str(scorer.model)),
        ("Family", f"{provenance.family} ({provenance.confidence}, by {provenance.detected_by})"),
        ("Recognised", provenance.reason),
        ("Runs on", scorer.runs_on),
        ("Preprocessing", scorer.preprocessing),
    )
    if scorer.card.task == "classify":
        activation = scorer.card.output.activation
        return (*facts, ("Outputs", "probabilities" if activation == "none" else activation))
    nms = scorer.card.output.nms
    suppression = f"IoU {nms.iou:g}, at most {nms.max_det} an image" if nms.needed else "inside"
    return (
        *facts,
        ("Suppression", suppression),
        ("Kept from", f"confidence {scorer.confidence_floor:g}"),
    )


def boxes_facts(dataset: DetectionDataset) -> Facts:
    """What people drew."""
    truths = dataset.ground_truths
    return (
        ("Ground truth", str(dataset.source)),
        ("Images", f"{len(dataset.images):,}"),
        ("Classes", f"{len(dataset.classes):,}"),
        ("Boxes", f"{len(truths) - int(truths.crowd.sum()):,}"),
        ("Crowds", f"{int(truths.crowd.sum()):,}"),
    )


def labels_facts(dataset: ClassificationDataset) -> Facts:
    """What people labelled."""
    return (
        ("Ground truth", str(dataset.source)),
        ("Images", f"{len(dataset.images):,}"),
        ("Classes", f"{len(dataset.classes):,}"),
        *dataset.facts,
    )
