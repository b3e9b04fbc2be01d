"""YAML files, read safely: nothing but plain values comes out of them."""

from pathlib import Path
from typing import Any

from engine.core.errors import DataError
from engine.formats.parts.text_files import read_text


def read_yaml(path: Path) -> dict[str, Any]:
    """The named fields of a YAML file; DataError says where it is broken."""
    import yaml

    try:
        found = yaml.safe_load(read_text(path))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise DataError(path, f"broken YAML: {error.problem or error.context}", line=line) from None
    except yaml.YAMLError as error:
        raise DataError(path, f"broken YAML: {error}".splitlines()[0]) from None
    except (ValueError, RecursionError) as error:  # such as a date that is none
        raise DataError(path, f"broken YAML: {error}") from None
    if not isinstance(found, dict):
        raise DataError(path, "expected named fields such as val and names")
    return found
