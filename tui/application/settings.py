"""What a person chose in the config file, and where the app keeps what it writes."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final

from platformdirs import user_config_path, user_state_path

from tui.terminal.capabilities import CHOICES, COLOURS, ProtocolChoice

AUTO: Final = "auto"
"""The choice to choose nothing."""


@dataclass(frozen=True)
class Looks:
    """How the app is to look; empty or None where nothing was chosen."""

    pictures: ProtocolChoice | None = None
    colour: str = ""  # of COLOURS
    ascii: bool | None = None
    theme: str = ""

    def over(self, other: "Looks") -> "Looks":
        """These, and of the other what is not said here."""
        own = {name: value for name, value in asdict(self).items() if value not in ("", None)}
        return replace(other, **own)


LOOKS: Final[Mapping[str, Callable[[object], bool]]] = {
    "pictures": lambda value: value in CHOICES,
    "colour": lambda value: value in COLOURS,
    "ascii": lambda value: isinstance(value, bool),
    "theme": lambda value: isinstance(value, str),
}
"""What is right for each of the looks."""


def is_look(name: str, value: object) -> bool:
    """Whether a look can be chosen to be this."""
    return name in LOOKS and LOOKS[name](value)


ALLOWED: Final = {
    "pictures": f"one of {', '.join(CHOICES)}",
    "colour": f"one of {', '.join(COLOURS)}",
    "ascii": "true or false",
    "theme": "the name of a theme",
}
"""What each of the looks can be, in words."""


@dataclass(frozen=True)
class Settings:
    """The config file, and what is wrong with it in sentences."""

    keys: Mapping[str, str] = field(default_factory=dict)  # by the id of what they do
    problems: tuple[str, ...] = ()
    looks: Looks = Looks()


def config_file() -> Path:
    """Where a person writes what should be different."""
    return user_config_path("offdiag") / "config.toml"


def state_folder() -> Path:
    """Where the app writes how each dataset was left."""
    return user_state_path("offdiag") / "datasets"


def read_settings(path: Path | None = None) -> Settings:
    """The settings; without a file there are none. What cannot be read is a problem, no error."""
    path = path or config_file()
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        return _unread(path, error)
    import tomllib  # most have no such file, and the first frame need not wait for the parser

    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also numbers and tables of a thousand parts
        return _unread(path, error)
    keys = table.pop("keys", {})
    if "color" in table:
        table.setdefault("colour", table.pop("color"))
    looks = {name: value for name, value in table.items() if is_look(name, value)}
    problems = [
        f"{path}: {name} has to be {ALLOWED[name]}."
        if name in ALLOWED
        else f"{path}: no setting is called '{name}'."
        for name in table
        if name not in looks
    ]
    if not isinstance(keys, dict):
        problems.append(f"{path}: [keys] has to be a table.")
        return Settings(problems=tuple(problems), looks=Looks(**looks))
    chosen = {}
    for name, value in _flat(keys).items():
        if isinstance(value, str) and value.strip():
            chosen[name] = value
        else:
            problems.append(f'{path}: the keys of {name} have to be text, such as "x" or "x,f5".')
    return Settings(chosen, tuple(problems), Looks(**looks))


def _unread(path: Path, error: Exception) -> Settings:
    return Settings(problems=(f"{path}: {error}. Its settings are not used.",))


def _flat(table: Mapping[str, object], before: str = "") -> dict[str, object]:
    """`app.quit = "Q"` and `"app.quit" = "Q"` are one and the same to a person."""
    found: dict[str, object] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{before}{name}.")
        else:
            found[before + name] = value
    return found
