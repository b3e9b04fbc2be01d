"""What a report was made of: files by their names, and what they hold in fingerprints."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from engine.classification.classification import Classification
from engine.core.fingerprint import answers_fingerprint, fingerprint
from engine.detection.detection import Detection
from engine.opening import Inputs, Opened


@dataclass(frozen=True)
class ReportMaking:
    """How a report came about, besides the data."""

    command: str = ""  # that makes it anew, without folders; "" where there is none
    version: str = ""  # of the program
    pictures: int = 24  # that it may have


NOT_SAID: Final = ReportMaking()


@dataclass(frozen=True)
class WithoutFolders:
    """Cuts the folders of the files that a person named out of sentences."""

    names: Mapping[str, str] = field(default_factory=dict)  # of each path

    @classmethod
    def of(cls, *inputs: Inputs) -> "WithoutFolders":
        """Of all that were named, as they were named and from the root."""
        paths = [
            path
            for each in inputs
            for path in (each.data, each.model, each.images, each.predictions, each.card)
            if path is not None
        ]
        named = {str(form): path.name for path in paths for form in (path, path.absolute())}
        return cls(dict(sorted(named.items(), key=lambda item: (-len(item[0]), item))))

    def __call__(self, sentence: str) -> str:
        for path, name in self.names.items():
            if "/" in path and name:
                sentence = sentence.replace(path, name)
        return sentence


def opened_facts(opened: Opened) -> list[tuple[str, str]]:
    """What was opened, in names and values, without folders."""
    cut = WithoutFolders.of(opened.inputs)
    return [(name, cut(value)) for name, value in opened.facts]


def data_digest(assessment: Detection | Classification) -> str:
    """Of the ground truth."""
    return fingerprint(assessment.dataset)


def answers_digest(assessment: Detection | Classification) -> str:
    """Of the predictions."""
    match assessment:
        case Detection():
            return answers_fingerprint(assessment.dataset, assessment.predictions)
        case Classification():
            return answers_fingerprint(assessment.dataset, assessment.probabilities)


def named(path: Path) -> str:
    """The name of a file or folder."""
    return path.name or path.absolute().name
