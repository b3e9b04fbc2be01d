"""Just enough of the protobuf wire format to look into an ONNX file without loading it."""

from collections.abc import Iterator


def inside(message: memoryview, number: int) -> Iterator[memoryview]:
    """The values of one field. Raises as `fields` does."""
    return (value for found, value in fields(message) if found == number)


def fields(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """The fields of one message; `ValueError` or `IndexError` when it is none."""
    at = 0
    while at < len(message):
        tag, at = varint(message, at)
        number, kind = tag >> 3, tag & 7
        if kind == 0:
            start = at
            _, at = varint(message, at)
        elif kind in (1, 5):
            start, at = at, at + (8 if kind == 1 else 4)
        elif kind == 2:
            length, start = varint(message, at)
            at = start + length
        else:
            raise ValueError(kind)
        if number == 0 or at > len(message):
            raise ValueError(number)
        yield number, message[start:at]


def varint(message: memoryview, at: int) -> tuple[int, int]:
    """The number that begins here, and where the next thing begins."""
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError(shift)
