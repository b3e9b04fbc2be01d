"""Offdiag beside each framework's own `predict` on the same files, in the project's environment.

    python -m tests.exports.compare WORK [part of a variant ...]

prints a row for each export that a make_*.py left in WORK, and leaves it there as a small graph;

    python -m tests.exports.compare WORK --keep

gathers those into the files that the tests hold.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
from PIL import Image

from engine.core.errors import EngineError
from engine.scoring.model.session import NUMPY_TYPES, open_model
from engine.scoring.run.resize import place
from engine.scoring.run.scorer import Scorer, open_scorer
from tests.exports.agreement import Agreement, agreed, answers
from tests.exports.kept import LAST, SIDE_FILES, KeptExport, as_line, keep, kept_output, of_line
from tests.exports.real_run import PHOTOS

BESIDE_BOXES = ("segment", "pose", "obb")  # tasks of which a file of their own is kept
SHORT = 110  # characters of a refusal that are kept and printed
SIDE = 320  # of an input that leaves it open, where no photo is placed in it


def row(run: dict, scorer: Scorer | None, refusal: str, found: Agreement) -> dict:
    """The facts of one variant, as the table has them."""
    if scorer is None:
        return {"level": "refused", "verdict": "refused", "words": refusal}
    level = scorer.card.provenance.confidence
    fine = found.within(run["pixels"], run["tolerance"], run["spare"])
    asked = [f"{question.about} {question.assumed.words}" for question in scorer.open_questions]
    verdict = "right" if fine else "asked" if asked else "WRONG"
    numbers = {
        "theirs": found.theirs,
        "ours": found.ours,
        "only": f"{found.only_theirs}/{found.only_ours}",
        "px": [float(np.median(found.pixels)), max(found.pixels)] if found.pixels else [],
        "score": [float(np.median(found.scores)), max(found.scores)] if found.scores else [],
    }
    return {
        "level": level,
        "verdict": verdict,
        "family": scorer.card.provenance.family,
        "asked": asked,
        "notes": list(scorer.notes),
        "preprocessing": scorer.preprocessing,
        **numbers,
    }


def given(model: Path, scorer: Scorer | None, photo: Path) -> dict[str, np.ndarray]:
    """All outputs of the real model for one photo; for noise where Offdiag does not place it."""
    opened = open_model(model, "cpu")
    feeds = {}
    for port in opened.inputs:
        if scorer is not None and port.name == scorer.card.input.name:
            fed = scorer.card.input
            slot = None
            if fed.size:
                axes = (*fed.size, 3) if fed.layout == "NHWC" else (3, *fed.size)
                slot = np.zeros(axes, fed.dtype)
            placed = place(photo, (0, 0), fed, slot)
            image = slot if slot is not None else placed.pixels
            feeds[port.name] = image[None] if len(port.shape) == 4 else image
            continue
        axes = [axis if isinstance(axis, int) else SIDE for axis in port.shape]
        if port.shape and not isinstance(port.shape[0], int):
            axes[0] = 1
        feeds[port.name] = np.full(axes, SIDE, NUMPY_TYPES[port.type])
    names = [port.name for port in opened.outputs]
    return dict(zip(names, opened.session.run(names, feeds), strict=True))


def last_operators(graph: onnx.GraphProto) -> dict[str, str]:
    made = {name: node.op_type for node in graph.node for name in node.output}
    return {port.name: made.get(port.name, "") for port in graph.output}


def shrunk(folder: Path, run: dict, scorer: Scorer | None, said: dict) -> KeptExport:
    """The small graph of a real export, with the framework's own answer to its first photo."""
    file = folder / "model.onnx"
    real = onnx.load(file, load_external_data=False)
    facts = open_model(file, "cpu").graph
    threshold = facts.score_threshold if facts.score_threshold is not None else -1.0
    tables = given(file, scorer, PHOTOS[0])
    last = last_operators(real.graph)
    outputs = [
        kept_output(
            port,
            tables[port.name],
            run["scored"].get(port.name),
            last[port.name] if last[port.name] in LAST else "",
        )
        for port in real.graph.output
    ]
    inputs = []
    for port in real.graph.input:
        tensor = port.type.tensor_type
        axes = [axis.dim_param or int(axis.dim_value) for axis in tensor.shape.dim]
        inputs.append((port.name, axes, tensor.elem_type))
    answer = dict(run["answers"][0])
    for name, values in answer.items():
        answer[name] = np.round(np.array(values, float), 7 if name == "values" else 5).tolist()
    if "classes" in answer:
        answer["classes"] = [int(class_) for class_ in answer["classes"]]
    return KeptExport(
        variant=run["variant"],
        inputs=inputs,
        outputs=outputs,
        metadata={entry.key: entry.value for entry in real.metadata_props},
        files={
            name: (folder / name).read_text() for name in SIDE_FILES if (folder / name).exists()
        },
        threshold=threshold if facts.suppresses else None,
        size=Image.open(PHOTOS[0]).size,
        answer=answer,
        level=said["level"],
        tolerance=run["tolerance"],
        pixels=run["pixels"],
        spare=run["spare"],
        refusal=said.get("words", "")[:SHORT],
        versions=run["versions"],
    )


def compared(folder: Path, run: dict) -> tuple[dict, Scorer | None]:
    """One variant: what Offdiag makes of it."""
    found = Agreement()
    try:
        scorer = open_scorer(folder / "model.onnx", provider="cpu")
    except EngineError as error:
        return row(run, None, str(error).partition("model.onnx: ")[2] or str(error), found), None
    for theirs, ours in zip(run["answers"], answers(scorer, PHOTOS), strict=True):
        agreed(theirs, ours, run["tolerance"], found)
    return row(run, scorer, "", found), scorer


def line(variant: str, said: dict) -> str:
    """A row of the table."""
    start = f"{said['verdict']:8} {said['level']:8} {variant:44}"
    if "words" in said:
        return f"{start} {said['words'][:SHORT]}"
    px, score = (
        "/".join(f"{number:.{digits}f}" for number in said[name]) or "-"
        for name, digits in (("px", 3), ("score", 6))
    )
    counts = f"{said['theirs']}/{said['ours']} only {said['only']}"
    return f"{start} {said['family']:24} {counts:22} px {px:14} score {score} {said['asked'] or ''}"


def main() -> None:
    work, *parts = [part for part in sys.argv[1:] if part != "--keep"]
    if "--keep" in sys.argv:
        groups: dict[str, list[KeptExport]] = {}
        for path in sorted(Path(work).glob("*/*/kept.json")):
            export = of_line(path.read_text())
            beside = "-beside-boxes" * (export.metadata.get("task") in BESIDE_BOXES)
            groups.setdefault(path.parents[1].name + beside, []).append(export)
        for name, exports in groups.items():
            keep(name, exports)
        return
    for path in sorted(Path(work).glob("*/*/run.json")):
        run = json.loads(path.read_text())
        name = f"{run['framework']} {run['variant']}"
        if parts and not any(part in name for part in parts):
            continue
        said, scorer = compared(path.parent, run)
        print(line(name, said), flush=True)
        (path.parent / "row.json").write_text(json.dumps({"name": name, **said}))
        if run["keep"]:
            small = shrunk(path.parent, run, scorer, said)
            (path.parent / "kept.json").write_text(as_line(small))


if __name__ == "__main__":
    main()
