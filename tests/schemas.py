"""Documents held against the schema that their command prints."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from engine.report.schema.comparison_schema import COMPARISON
from engine.report.schema.report_schema import REPORT

SCHEMAS = {"report": REPORT, "compare": COMPARISON}


@cache
def _validator(verb: str) -> Any:
    return jsonschema_rs.validator_for(json.dumps(SCHEMAS[verb]))


def problems(verb: str, document: Mapping[str, Any]) -> list[str]:
    """Where a document of a verb is not as its schema has it; of the kind that it is."""
    kinds = [
        kind
        for kind in SCHEMAS[verb]["oneOf"]
        if kind["properties"]["task"]["const"] == document.get("task")
        and ("metrics" in document or "coco" in document)
        is ("metrics" in kind["properties"] or "coco" in kind["properties"])
    ]
    if _validator(verb).is_valid(json.loads(json.dumps(document))):
        return []
    found = [
        f"{'/'.join(map(str, error.instance_path))}: {error.message}"
        for kind in kinds
        for error in jsonschema_rs.validator_for(json.dumps(kind)).iter_errors(
            json.loads(json.dumps(document))
        )
    ]
    return found or ["of no kind that the schema knows"]


def hold_against_schema(arguments: tuple[str | Path, ...], cwd: Path, stdout: str) -> None:
    """What a command with --format json printed, or wrote to --out, is as its schema says."""
    words = [*map(str, arguments)]
    verb = next(iter(words), "")
    if verb not in SCHEMAS or "--schema" in words or "--format" not in words:
        return
    if words[words.index("--format") + 1] != "json":
        return
    out = words[words.index("--out") + 1] if "--out" in words else "-"
    text = stdout if out == "-" else (cwd / out).read_text()
    assert not problems(verb, json.loads(text))
