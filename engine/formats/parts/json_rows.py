"""A long JSON list of like rows, read in pieces: straight to columns, in little memory.

A piece of the text holds some hundred rows. It is first decoded as what nearly every
row is: numbers under known names. Those go through MessagePack, where each number takes
the same nine bytes, so that NumPy sees them as columns and no row is walked in Python.
A piece with anything else in it is decoded row by row into a type that allows it.
A name that stands in each row is decoded apart from its numbers.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Generic, TypeAlias, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.util.parsed import NO_JSON, whole_number
from engine.util.progress import OnBytes

PIECE: Final = 2**17  # bytes of text decoded at once: objects that are soon freed stay in the cache
BATCH: Final = 2**14  # rows handed on together, about
EXACT: Final = 2.0**53  # from here on float64 skips whole numbers

Row = TypeVar("Row", bound=msgspec.Struct)
Read: TypeAlias = Callable[[int], bytes]
RowTable: TypeAlias = NDArray[Any]  # [N] structured, a field for each number of a row


class Four(msgspec.Struct, array_like=True, forbid_unknown_fields=True, gc=False):
    """A list of four numbers."""

    first: float
    second: float
    third: float
    fourth: float


class NotInPiecesError(Exception):
    """The text is broken, or cannot be cut between rows; only reading it whole can tell."""


class RowError(Exception):
    """A row holds what no row may; the message ends with its place, such as `[3].score`."""


@dataclass(frozen=True, eq=False)
class NamedRows:
    """Sound rows that also say a name."""

    table: RowTable
    names: list[str | None]  # [N]


@dataclass(frozen=True)
class RowReader(Generic[Row]):
    """Reads lists of rows that are nearly always sound."""

    sound: type[msgspec.Struct]  # every field a float or a Four, as nearly every row has them
    lenient: type[Row]  # all that a row may hold
    name: str = ""  # the field of a name that a row may have besides, or ""

    def batches(
        self, read: Read, ids: tuple[str, ...]
    ) -> Iterator[RowTable | NamedRows | list[Row]]:
        """The rows in their order: tables of sound rows, lists of the others.

        The fields named in ids must be told apart to the last digit; where float64
        cannot, the rows come as a list.
        """
        packed: list[bytes] = []
        names: list[str | None] = []
        waiting = seen = 0
        for text in pieces(read):
            rows = self._packed(text, ids, alone=bool(self.name))
            named = None
            if rows is None and self.name:  # there are other fields: perhaps a name
                if not _is_utf8(text):
                    raise NotInPiecesError
                named = self._names(text)
                rows = self._packed(text, ids) if named is not None else None
            if packed and (rows is None or waiting >= BATCH or bool(named) != bool(names)):
                yield self._table(packed, names)
                packed, names, waiting = [], [], 0
            if rows is None:
                others = self._row_by_row(text, seen)
                seen += len(others)
                yield others
            else:
                packed.append(rows)
                names += named or ()
                number = len(rows) // self._layout.itemsize
                waiting, seen = waiting + number, seen + number
        if packed:
            yield self._table(packed, names)

    def _table(self, packed: list[bytes], names: list[str | None]) -> RowTable | NamedRows:
        table = np.frombuffer(b"".join(packed), self._layout)
        return NamedRows(table, names) if names else table

    def _names(self, text: bytes) -> list[str | None] | None:
        """The name in each row of a piece, [] where none says any; None if that is no text."""
        if f'"{self.name}"'.encode() not in text:
            return []
        try:
            return [row.name for row in self._name_decoder.decode(text)]
        except NO_JSON:
            return None

    def _packed(self, text: bytes, ids: tuple[str, ...], *, alone: bool = False) -> bytes | None:
        """The rows of a piece, one behind the other; None when they are not all sound.

        alone: nor where a row has any other field.
        """
        try:
            rows = (self._strict_decoder if alone else self._decoder).decode(text)
        except NO_JSON:
            return None
        packed = self._encoder.encode(rows)
        head = 1 if len(rows) < 2**4 else 3 if len(rows) < 2**16 else 5
        if len(packed) != head + len(rows) * self._layout.itemsize:
            return None
        table = np.frombuffer(packed, self._layout, len(rows), head)
        if any((np.abs(table[name]) >= EXACT).any() for name in ids):
            return None
        return packed[head:]

    def _row_by_row(self, text: bytes, before: int) -> list[Row]:
        try:
            return msgspec.json.decode(text, type=list[self.lenient])  # type: ignore[name-defined]
        except msgspec.ValidationError as error:
            raise RowError(_placed(str(error), before)) from None
        except NO_JSON:
            pass
        try:
            found = json.loads(text)  # it knows NaN and Infinity, which Python's writer puts out
        except (ValueError, RecursionError):
            raise NotInPiecesError from None
        try:
            return msgspec.convert(found, list[self.lenient])  # type: ignore[name-defined]
        except msgspec.ValidationError as error:
            raise RowError(_placed(str(error), before)) from None

    @cached_property
    def _decoder(self) -> msgspec.json.Decoder[Any]:
        return msgspec.json.Decoder(list[self.sound])  # type: ignore[name-defined]

    @cached_property
    def _strict_decoder(self) -> msgspec.json.Decoder[Any]:
        alone = msgspec.defstruct(
            self.sound.__name__, (), bases=(self.sound,), forbid_unknown_fields=True, gc=False
        )
        return msgspec.json.Decoder(list[alone])  # type: ignore[valid-type]

    @cached_property
    def _name_decoder(self) -> msgspec.json.Decoder[Any]:
        row = msgspec.defstruct("_Name", [("name", str | None, None)], rename={"name": self.name})
        return msgspec.json.Decoder(list[row])  # type: ignore[valid-type]

    @cached_property
    def _encoder(self) -> msgspec.msgpack.Encoder:
        return msgspec.msgpack.Encoder()

    @cached_property
    def _layout(self) -> np.dtype[Any]:
        """How MessagePack lays out a sound row: a byte, then for each field name and number."""
        number = np.dtype({"names": ["value"], "formats": [">f8"], "offsets": [1], "itemsize": 9})
        names, formats, offsets, end = [], [], [], 1
        for field in msgspec.structs.fields(self.sound):
            end += 1 + len(field.name)
            four = field.type == Four
            names.append(field.name)
            offsets.append(end + 1)
            formats.append(np.dtype((number, (4,))) if four else np.dtype(">f8"))
            end += 1 + 4 * number.itemsize if four else number.itemsize
        layout = {"names": names, "formats": formats, "offsets": offsets, "itemsize": end}
        return np.dtype(layout)  # type: ignore[call-overload,no-any-return]


def numbers(table: RowTable, field: str) -> NDArray[np.float64]:
    """[N] a field of a table, or [N, 4] where it is a Four."""
    column = table[field]
    if column.dtype.names is not None:
        column = column["value"]
    return column.astype(np.float64)


def counted(read: Read, seen: OnBytes) -> Read:
    """The same, which tells of every byte that it read."""

    def read_and_tell(size: int) -> bytes:
        part = read(size)
        seen(len(part))
        return part

    return read_and_tell


def pieces(read: Read) -> Iterator[bytes]:
    """A JSON list as shorter lists, cut where one row ends and the next begins.

    The cut is looked for as text. Within a string or a nested list it would leave the
    piece before it unfinished, and so broken: when all pieces can be decoded, every
    cut was right.
    """
    text, between = b"", b""
    while more := read(max(PIECE, len(text))):
        text += more
        between = between or _between_rows(text)
        cut = text.rfind(between) if between else -1
        if cut > 0:
            yield text[: cut + 1] + b"]"
            text = b"[" + text[cut + len(between) - 1 :]
    yield text


def _between_rows(text: bytes) -> bytes:
    """What stands from the end of the first row to the beginning of the second."""
    end = text.find(b"}")
    while end >= 0:
        rest = text[end + 1 : end + 200]
        comma = rest.lstrip()
        after = comma[1:].lstrip()
        if comma[:1] == b"," and after[:1] == b"{":
            return text[end : end + 1 + len(rest) - len(after) + 1]
        end = text.find(b"}", end + 1)
    return b""


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _placed(problem: str, before: int) -> str:
    """msgspec's message about a row of a piece, with its place in the whole list."""
    words, _, place = problem.partition(" - at `$[")
    index, _, field = place.rstrip("`").partition("]")
    row = whole_number(index)
    return words if row is None else f"{words} at [{before + row}]{field}"
