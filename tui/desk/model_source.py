"""The model that What if scores with, as it was named: nothing of it is read yet."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ModelSource:
    """The model to score with; path is None where predictions come from a file."""

    path: Path | None = None
    card: Path | None = None
    provider: str = "auto"
    card_may_be_missing: bool = False
    synonyms: bool = True  # classes may have other well-known names than in the data
