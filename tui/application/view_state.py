"""How each dataset was left, from one run to the next."""

import hashlib
from pathlib import Path
from typing import Final

import msgspec

from engine.core.thresholds import Matching
from engine.util.files import write_whole
from engine.util.parsed import NO_JSON
from tui.application.settings import state_folder

LONGEST: Final = 65_536  # bytes of a state file: what is longer is not ours


class Point(msgspec.Struct, frozen=True):
    """An operating point; the confidence is None where it is undefined."""

    iou: float
    confidence: float | None
    matching: Matching
    per_class: bool = False
    own: tuple[float | None, ...] = ()


class ViewState(msgspec.Struct, frozen=True):
    """What was on show of a dataset when the app was left.

    The sliders return only where the app starts from the same point again: another
    model, rule or goal is a new question, which old thresholds would answer wrongly.
    """

    data: str
    tab: str = ""
    theme: str = ""
    goal: str = ""
    order: str = ""
    descending: bool = True
    started: Point | None = None
    point: Point | None = None


def state_file(data: Path) -> Path:
    """The file of a dataset."""
    digest = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:16]
    return state_folder() / f"{digest}.json"


def read_view_state(data: Path) -> tuple[ViewState | None, str]:
    """How a dataset was left, None for one never seen; and what is wrong with the file."""
    path = state_file(data)
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(LONGEST), type=ViewState), ""
    except FileNotFoundError:
        return None, ""
    except (OSError, *NO_JSON) as error:
        return None, f"{path}: {error}. The app starts as if it had never seen the dataset."


def write_view_state(data: Path, state: ViewState) -> None:
    """Keep how a dataset was left. Raises OSError."""
    path = state_file(data)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, msgspec.json.encode(state))
