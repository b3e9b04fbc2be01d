"""What was opened, as names and values for people."""

from typing import TypeAlias

from engine.core.dataset import ClassificationDataset, DetectionDataset
from engine.scoring.run.scorer import Scorer

Facts: TypeAlias = tuple[tuple[str, str], ...]
"""Name and value."""


def model_facts(scorer: Scorer) -> Facts:
    """What runs, how it was recognised, and what happens to an image."""
    provenance = scorer.card.provenance
    return (
        ("Model", str(scorer.model)),
        ("Family", f"{provenance.family} ({provenance.confidence}, by {provenance.detected_by})"),
        ("Recognised", provenance.reason),
        *((("Precision", scorer.precision),) if scorer.precision else ()),
        ("Runs on", scorer.runs_on),
        ("Preprocessing", scorer.preprocessing),
        *scorer.kind.facts(scorer.card, scorer.confidence_floor),
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
