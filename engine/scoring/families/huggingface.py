"""Models of Hugging Face: `config.json` and `preprocessor_config.json` beside the model."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from engine.core.errors import ModelError
from engine.scoring.families.family import CROP, RESIZE, VALUES, Family, FamilyMatch, Question
from engine.scoring.families.feeding import asked, classifier_questions
from engine.scoring.families.probabilities import MULTI_LABEL, multi_label
from engine.scoring.families.processors import Config, read_processor
from engine.scoring.families.seen import MASK_INPUTS, SeenModel
from engine.util.parsed import whole_number

# How `post_process_object_detection` of each model type reads its logits.
SOFTMAX: Final = frozenset({"detr", "yolos", "table-transformer"})
SIGMOID: Final = frozenset(
    (
        *("rt_detr", "rt_detr_v2", "d_fine", "lw_detr", "rf_detr"),
        *("deformable_detr", "conditional_detr", "dab-detr", "deta"),
    )
)
# Of those, the ones whose processors keep so many pairs of query and class; of the others, as
# many as there are queries.
TOP_100: Final = frozenset({"deformable_detr", "conditional_detr", "dab-detr", "lw_detr"})
MOST_PAIRS: Final = 100
PROCESSOR: Final = "preprocessor_config.json"


def _detection(seen: SeenModel) -> FamilyMatch | None:
    if not {"logits", "pred_boxes"} <= set(seen.outputs):
        return None
    config = seen.read_json("config.json")
    kind = str(config.get("model_type", "")) if config else ""
    if kind not in SOFTMAX | SIGMOID:
        raise ModelError(
            seen.model.path,
            "has the outputs logits and pred_boxes of a transformer, but no config.json with a "
            "known model_type beside it, so it is open whether its classes exclude each other. "
            "Copy its config.json and preprocessor_config.json beside it, or say in its card",
            example=(
                "",
                "    [output]",
                '    decoder = "detr"',
                '    boxes = "pred_boxes"',
                '    scores = "logits"',
                '    activation = "sigmoid"   # RT-DETR, D-FINE; '
                '"softmax-drop-last" for DETR, YOLOS',
                "",
                "and how images are fed to it, under [input]",
            ),
        )
    card: dict[str, object] = {
        "output.decoder": "detr",
        "output.boxes": "pred_boxes",
        "output.scores": "logits",
        "output.activation": "softmax-drop-last" if kind in SOFTMAX else "sigmoid",
        # With a mask the model places boxes in the image and not in its padding.
        "output.box_space": "image" if _masked(seen) else "normalized",
        "output.nms.needed": kind == "deta",
        "provenance.family": f"huggingface-{kind}",
    }
    queries = config.get("num_queries") if config else None
    if kind in TOP_100:
        card["output.nms.max_det"] = MOST_PAIRS
    elif isinstance(queries, int) and queries > 0:
        card["output.nms.max_det"] = queries
    return _match(seen, config or {}, card, f"its config.json says model_type {kind!r}", RESIZE)


def _classification(seen: SeenModel) -> FamilyMatch | None:
    config = seen.read_json("config.json")
    if config is None or seen.outputs[:1] != ("logits",) or "id2label" not in config:
        return None
    shape = seen.shape("logits")
    if shape is None or len(shape) != 2:
        return None
    card: dict[str, object] = {
        "output.decoder": "classify",
        "output.boxes": "logits",
        "output.activation": "softmax",  # `logits` are that in every classifier of the library
        "provenance.family": f"huggingface-{config.get('model_type', 'classifier')}",
    }
    match = _match(seen, config, card, "its config.json names its classes", CROP)
    if config.get("problem_type") != MULTI_LABEL:
        return match
    why = f"its config.json says problem_type {MULTI_LABEL!r}"
    refused = multi_label(why, shape[1], "sigmoid")
    return replace(match, card={**match.card, "output.activation": "sigmoid"}, refused=refused)


def _match(
    seen: SeenModel, config: Config, card: dict[str, object], reason: str, resize: Question
) -> FamilyMatch:
    names = _names(config)
    if names:
        card["classes.names"] = names
    file = seen.read_json(PROCESSOR)
    if file is None:
        questions = asked(seen, VALUES.assuming("ImageNet mean and deviation"), resize)
        if resize is CROP and not seen.for_photos:
            questions = classifier_questions(seen)
        return FamilyMatch(card, f"{reason}; {PROCESSOR} is missing", "guess", questions)
    try:
        processor = read_processor(file, fixed=all(seen.sides))
    except (ValueError, TypeError, KeyError, ZeroDivisionError) as error:
        raise ModelError(
            seen.model.path,
            f"has a {PROCESSOR} beside it that cannot be read ({error!r}); copy it again, or say "
            "in its card how images are fed to it",
        ) from None
    card.update(processor.keys)
    if not processor.not_followed:
        return FamilyMatch(card, reason)
    note = (
        f"{PROCESSOR} says more than is followed here ({', '.join(processor.not_followed)}): "
        "compare a few answers with its own."
    )
    return FamilyMatch(card, reason, "likely", notes=(note,))


def _names(config: Config) -> tuple[str, ...]:
    named = config.get("id2label")
    if not isinstance(named, Mapping) or not named:
        return ()
    places = {whole_number(str(index)): str(name) for index, name in named.items()}
    known = {index: name for index, name in places.items() if index is not None}
    return tuple(
        known.get(index, f"(class {index})") for index in range(max(known, default=-1) + 1)
    )


def _masked(seen: SeenModel) -> bool:
    return any(port.name in MASK_INPUTS for port in seen.model.inputs)


FAMILIES: Final = (
    Family("huggingface-detection", "hf-config", _detection),
    Family("huggingface-classification", "hf-config", _classification),
)
