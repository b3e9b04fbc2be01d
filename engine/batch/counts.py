"""What is known of the images of a run: which wait, which are done, and what came of them."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class BatchCounts:
    """What came of the images so far."""

    images: int = 0
    failed: int = 0
    kept: int = 0  # predictions that count at the operating point
    dropped: int = 0  # those that do not
    silent: int = 0  # images without a prediction that counts
    by_class: Counter[str] = field(default_factory=Counter)  # of those that count


@dataclass(frozen=True)
class WaitingImage:
    """An image that is to be scored."""

    position: int
    path: str
    name: str


@dataclass(frozen=True)
class Done:
    """An image that is scored, or failed."""

    position: int
    length: int  # bytes or rows in the output
    failure: str = ""
