"""The model card: what a person says of a model that its file does not say.

`MODEL.card.toml` lies beside `MODEL.onnx`. Every key is optional; what the card
leaves out comes from the model's own metadata, else from the defaults below.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, TypeVar, cast, get_args

from engine.core.errors import CardError
from engine.scoring import card_rules as rules
from engine.scoring.card_rules import key, number, one_of, text, whole

Task: TypeAlias = Literal["detect", "classify"]
TASKS: Final[tuple[Task, ...]] = get_args(Task)
DECODERS: Final = (
    *("yolo", "yolo-obj", "yolox", "rows6", "rows7", "rows7-class-first", "counted"),
    *("boxes-scores-labels", "dets5-labels", "detr", "ssd-tf", "custom-vision", "nanodet"),
    *("yolo-obb", "rows7-obb", "ssd", "scrfd", "yunet", "centerface"),
    *("fastestdet", "yolo-fastestv2"),
    "classify",
)
# Each image at a size of its own, in a call of its own.
OWN_SIZE: Final = ("none", "shortest-edge", "letterbox-rectangle")
CROPPED: Final = ("shortest-crop", "stretch-crop")  # resized to more than the input, and cropped
RESIZES: Final = ("letterbox", "letterbox-topleft", "stretch", *CROPPED, *OWN_SIZE)
# Bytes stay bytes, rounded; "bilinear-float" is that of torch for floats, not rounded.
INTERPOLATIONS: Final = ("nearest", "bilinear", "bilinear-float", "bicubic", "lanczos", "area")
NO_KEYS: Final = ("said", "unnamed")  # of the tables below: what is found out and never written
EXTRAS: Final = ("original_wh", "original_hw", "input_wh", "input_hw", "ones_mask")
ACTIVATIONS: Final = ("none", "sigmoid", "sigmoid-drop-last", "softmax", "softmax-drop-last")


def _extra(value: object) -> Mapping[str, str]:
    renamed = rules.renaming(value)
    for feed in renamed.values():
        one_of(*EXTRAS)(feed)
    return renamed


@dataclass(frozen=True)
class InputCard:
    """How an image becomes the model's input."""

    name: str = key(text, "")  # default: the model's first input with 4 axes
    layout: str = key(one_of("NCHW", "NHWC"), "NCHW")
    dtype: str = key(one_of("float32", "float16", "uint8"), "")  # default: as the model declares
    size: tuple[int, ...] = key(rules.size, ())  # height, width; default: as the model declares
    color: str = key(one_of("RGB", "BGR", "GRAY"), "RGB")
    resize: str = key(one_of(*RESIZES), "letterbox")
    pad: int = key(whole(0, 255), 114)
    interpolation: str = key(one_of(*INTERPOLATIONS), "bilinear")
    antialias: bool = key(rules.flag, True)
    draft: bool = key(rules.flag, False)  # JPEGs twice as large or more decoded at a fraction
    crop_ratio: float = key(number(0.01, 1), 0.875)  # shortest-crop, stretch-crop: what stays
    crop_rounding: str = key(one_of("even", "down"), "even")  # of half a pixel left and top
    shortest: int = key(whole(1, 65536), 800)  # shortest-edge: pixels of the shorter side
    longest: int = key(whole(1, 65536), 1333)  # no more for the longer side, where it has its own
    multiple: int = key(whole(1, 1024), 1)  # padded to a multiple of this, likewise
    cut_to: int = key(whole(1, 1024), 1)  # shortest-edge: sides cut down to a multiple of this
    scale: float = key(rules.scale, 0.0)  # x * scale; default: 1/255, and 1 for a uint8 input
    mean: tuple[float, ...] = key(rules.channels(above_zero=False), (0.0, 0.0, 0.0))
    std: tuple[float, ...] = key(rules.channels(above_zero=True), (1.0, 1.0, 1.0))
    max_batch: int = key(whole(1, 1024), 16)
    extra: Mapping[str, str] = field(default_factory=dict, metadata={"check": _extra})


@dataclass(frozen=True)
class NmsCard:
    """The non-maximum suppression that the model leaves to us."""

    needed: bool = key(rules.flag, True)
    iou: float = key(number(0, 1), 0.7)
    class_agnostic: bool = key(rules.flag, False)
    max_det: int = key(whole(1, 100_000), 300)
    embedded_conf: float = key(number(0, 1), 0.0)  # confidence below which the graph is silent


@dataclass(frozen=True)
class OutputCard:
    """How the model's output becomes boxes."""

    decoder: str = key(one_of(*DECODERS), "")
    boxes: str = key(text, "")  # name of the output with the boxes; default: the first
    scores: str = key(text, "")
    labels: str = key(text, "")
    count: str = key(text, "")
    # Names of the outputs of a decoder that reads several grids, in its order; default: all.
    grids: tuple[str, ...] = key(rules.texts, ())
    box_format: str = key(one_of("xyxy", "xywh", "cxcywh", "yxyx"), "cxcywh")
    box_space: str = key(one_of("input", "normalized", "original", "image"), "input")
    activation: str = key(one_of(*ACTIVATIONS), "none")
    label_offset: int = key(whole(0, 1), 0)
    anchors: tuple[float, ...] = key(rules.numbers, ())  # widths and heights, input pixels
    bins: int = key(whole(2, 64), 8)  # nanodet: distances that each side is shared between
    columns_left_out: int = key(whole(0, 100_000), 0)  # last numbers of a box: masks, points
    left_out: str = key(text, "")  # what the model gives beside boxes, in words
    nms: NmsCard = field(default_factory=NmsCard)


@dataclass(frozen=True)
class ClassesCard:
    """The classes in the order of the model, and their names in the dataset."""

    names: tuple[str, ...] | None = key(rules.names, None)  # None: nobody names them
    file: str = key(text, "")  # one name a line, beside the card
    coco_ids: bool = key(rules.flag, False)  # unnamed classes are COCO's category ids, 1 to 90
    map: Mapping[str, str] = field(default_factory=dict, metadata={"check": rules.renaming})
    unnamed: int = 0  # how many the outputs show where nobody names them; no key of the file

    @property
    def shown(self) -> tuple[str, ...]:
        """What the classes are called: their names, else their numbers, as far as they show."""
        return self.names or tuple(str(index) for index in range(self.unnamed))


@dataclass(frozen=True)
class Provenance:
    """How we know what kind of model this is."""

    family: str = key(text, "")
    detected_by: str = key(text, "")
    reason: str = key(text, "")  # what the model showed, in words
    confidence: str = key(one_of("certain", "likely", "guess"), "certain")


@dataclass(frozen=True)
class ModelCard:
    """All that must be known to run a model; the nested tables as in the file."""

    schema: int = key(one_of(1), 1)
    task: Task = field(default="detect", metadata={"check": one_of(*TASKS)})  # as the decoder is
    sha256: str = key(rules.sha256, "")  # the model file that this card was written for
    input: InputCard = field(default_factory=InputCard)
    output: OutputCard = field(default_factory=OutputCard)
    classes: ClassesCard = field(default_factory=ClassesCard)
    provenance: Provenance = field(default_factory=Provenance)
    operating_point: Mapping[str, Any] = field(
        default_factory=dict, metadata={"check": rules.anything}
    )
    said: frozenset[str] = frozenset()  # the keys that the file sets, as "input.color"


def card_beside(model: Path) -> Path:
    """Where the card of a model lies: yolox.onnx has yolox.card.toml."""
    return model.with_suffix(".card.toml")


def read_card(path: Path) -> ModelCard:
    """The card in a file; `CardError` names the file, the key and what is allowed."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CardError(path, f"not valid TOML: {error}", line=_line_of(error)) from None
    except UnicodeDecodeError:
        raise CardError(path, "not text in UTF-8; save it in that encoding") from None
    except (RecursionError, ValueError):  # tables a thousand deep, numbers of thousands of digits
        raise CardError(path, "not a card: a number or a table in it is too large") from None
    except OSError as error:
        raise CardError(path, f"cannot be read: {error.strerror}") from None
    return card_of(values, path)


def card_of(values: Mapping[str, object], path: Path) -> ModelCard:
    """The card that holds these values, as they are read from the file at a path."""
    card: ModelCard = _table(ModelCard, values, path, ())
    card = replace(card, said=frozenset(_keys(values, ())))
    return _with_names_from_file(card, path)


def overlaid(base: ModelCard, card: ModelCard) -> ModelCard:
    """The base with every key that the card sets put over it."""
    return replace(_overlaid(base, card, card.said, ()), said=base.said | card.said)


def changed(card: ModelCard, values: Mapping[str, object]) -> ModelCard:
    """The card with some keys set, each written as in "output.nms.iou"; for known good values."""
    for place, value in values.items():
        card = _changed(card, place.split("."), value)
    return card


Table = TypeVar("Table")


def _changed(table: Table, place: list[str], value: object) -> Table:
    name, *deeper = place
    inner = _changed(getattr(table, name), deeper, value) if deeper else value
    return replace(table, **{name: inner})  # type: ignore[type-var]


def _overlaid(base: Table, card: Table, said: frozenset[str], place: tuple[str, ...]) -> Table:
    changed: dict[str, Any] = {}
    for item in fields(base):  # type: ignore[arg-type]
        here = (*place, item.name)
        ours, theirs = getattr(base, item.name), getattr(card, item.name)
        if is_dataclass(ours):
            changed[item.name] = _overlaid(ours, theirs, said, here)
        elif ".".join(here) in said:
            changed[item.name] = theirs
    return replace(base, **changed)  # type: ignore[type-var]


def _table(
    kind: type[Any], values: Mapping[str, object], path: Path, place: tuple[str, ...]
) -> Any:
    known = {item.name: item for item in fields(kind) if item.name not in NO_KEYS}
    read: dict[str, object] = {}
    for name, value in values.items():
        here = ".".join((*place, name))
        if name not in known:
            raise CardError(path, f"unknown key {here!r}; known here are {', '.join(known)}")
        check = known[name].metadata.get("check")
        if check is not None:
            try:
                read[name] = check(value)
            except ValueError as error:
                raise CardError(path, f"{here} must be {error}, got {value!r}") from None
        elif isinstance(value, dict):
            table = cast("type[Any]", known[name].type)
            read[name] = _table(table, value, path, (*place, name))
        else:
            raise CardError(path, f"{here} must be a table, written [{here}], got {value!r}")
    return kind(**read)


def _keys(values: Mapping[str, object], place: tuple[str, ...]) -> list[str]:
    found = []
    for name, value in values.items():
        found.append(".".join((*place, name)))
        if isinstance(value, dict):
            found.extend(_keys(value, (*place, name)))
    return found


def _with_names_from_file(card: ModelCard, path: Path) -> ModelCard:
    if not card.classes.file:
        return card
    if card.classes.names:
        raise CardError(path, "classes.names and classes.file say the same thing; keep one")
    listed = path.parent / card.classes.file
    try:
        lines = listed.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise CardError(path, f"classes.file: there is no {listed}") from None
    except (OSError, ValueError):
        raise CardError(path, f"classes.file: {listed} cannot be read as text") from None
    names = tuple(line.strip() for line in lines if line.strip())
    return replace(
        card, classes=replace(card.classes, names=names or None), said=card.said | {"classes.names"}
    )


def _line_of(error: tomllib.TOMLDecodeError) -> int | None:
    words = str(error).partition("(at line ")[2].partition(",")[0]
    return int(words) if words.isdigit() else None
