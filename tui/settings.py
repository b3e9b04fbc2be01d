"""What outlives a run: the keys a person chose, and how each dataset was left."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec
from platformdirs import user_config_path, user_state_path

from engine.files import write_whole
from engine.thresholds import Matching

LONGEST: Final = 65_536  # bytes of a state file: what is longer is not ours


@dataclass(frozen=True)
class Settings:
    """The config file, and what is wrong with it in sentences."""

    keys: Mapping[str, str] = field(default_factory=dict)  # by the id of what they do
    problems: tuple[str, ...] = ()


class Point(msgspec.Struct, frozen=True):
    """An operating point; the confidence is None where it is undefined."""

    iou: float
    confidence: float | None
    matching: Matching
    per_class: bool = False
    own: tuple[float | None, ...] = ()


class Left(msgspec.Struct, frozen=True):
    """How a dataset was left.

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


def config_file() -> Path:
    """Where a person writes what should be different."""
    return user_config_path("offdiag") / "config.toml"


def state_folder() -> Path:
    """Where the app writes how it was left."""
    return user_state_path("offdiag") / "datasets"


def state_file(data: Path) -> Path:
    """The file of a dataset."""
    digest = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:16]
    return state_folder() / f"{digest}.json"


def read_settings(path: Path | None = None) -> Settings:
    """The settings; without a file there are none. What cannot be read is a problem, no error."""
    path = path or config_file()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Settings(problems=(f"{path}: {error}. Its settings are not used.",))
    problems = [f"{path}: no setting is called '{name}'." for name in table if name != "keys"]
    keys = table.get("keys", {})
    if not isinstance(keys, dict):
        return Settings(problems=(*problems, f"{path}: [keys] has to be a table."))
    chosen = {}
    for name, value in _flat(keys).items():
        if isinstance(value, str) and value.strip():
            chosen[name] = value
        else:
            problems.append(f'{path}: the keys of {name} have to be text, such as "x" or "x,f5".')
    return Settings(chosen, tuple(problems))


def _flat(table: Mapping[str, object], before: str = "") -> dict[str, object]:
    """`app.quit = "Q"` and `"app.quit" = "Q"` are one and the same to a person."""
    found: dict[str, object] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{before}{name}.")
        else:
            found[before + name] = value
    return found


def read_left(data: Path) -> tuple[Left | None, str]:
    """How a dataset was left, None for one never seen; and what is wrong with the file."""
    path = state_file(data)
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(LONGEST), type=Left), ""
    except FileNotFoundError:
        return None, ""
    except (OSError, msgspec.DecodeError) as error:
        return None, f"{path}: {error}. The app starts as if it had never seen the dataset."


def write_left(data: Path, left: Left) -> None:
    """Keep how a dataset was left. Raises OSError."""
    path = state_file(data)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, msgspec.json.encode(left))
