"""NumPy's NPZ files, read as fast as the disk gives them."""

import struct
import zipfile
import zlib
from pathlib import Path
from tokenize import TokenError
from typing import IO, Any, Final

from numpy.lib import format as npy
from numpy.typing import NDArray

from engine.core.errors import DataError
from engine.formats.parts.sniff import cannot_be_read, refuse_impostors

LOOKS_LIKE = "an NPZ with image [N], classes [C] and probabilities or logits [N, C]"
LOCAL_HEADER = 30  # bytes of a ZIP entry before its name
SUFFIX = ".npz"
BROKEN: Final = (
    *(ValueError, EOFError, OverflowError, MemoryError, zipfile.BadZipFile, zlib.error),
    *(RuntimeError, KeyError, struct.error),  # an encrypted entry, a directory that lies
    *(SyntaxError, TokenError, NotImplementedError),  # a header is read as Python's own text
)


class NpzFile:
    """The arrays of an NPZ file by name; DataError when it is none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                refuse_impostors(path, file.read(200), LOOKS_LIKE)
            with zipfile.ZipFile(path) as whole:
                self._entries = {
                    entry.filename.removesuffix(".npy"): entry for entry in whole.infolist()
                }
        except OSError as error:
            raise cannot_be_read(path, error) from None
        except BROKEN:
            raise DataError(
                path, f"is no NPZ file, or was cut off; expected {LOOKS_LIKE}"
            ) from None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def array(self, name: str) -> NDArray[Any]:
        entry = self._entries[name]
        try:
            if entry.compress_type != zipfile.ZIP_STORED:
                with zipfile.ZipFile(self.path) as whole, whole.open(entry) as file:
                    return _read(file)
            # NumPy reads an entry of a ZIP in small pieces, and a plain file at once.
            with self.path.open("rb") as plain:
                plain.seek(entry.header_offset)
                header = plain.read(LOCAL_HEADER)
                extra = [int.from_bytes(header[at : at + 2], "little") for at in (26, 28)]
                plain.seek(entry.header_offset + LOCAL_HEADER + sum(extra))
                return _read(plain)
        except OSError as error:
            raise cannot_be_read(self.path, error) from None
        except BROKEN as error:
            if "llow_pickle" in str(error) or "Object arrays" in str(error):
                problem = f"{name!r} holds Python objects, which are not read: save it as "
                raise DataError(self.path, f"{problem}np.array({name}, dtype=str)") from None
            raise DataError(self.path, f"{name!r} is damaged ({error}): save it again") from None

    def texts(self, name: str) -> list[str]:
        """An array [N] of text or whole numbers, as text."""
        array = self.array(name)
        if array.ndim != 1 or array.dtype.kind not in "USiu":
            raise DataError(
                self.path,
                f"{name!r} is {array.dtype} {list(array.shape)}, where a list of names belongs",
            )
        if array.dtype.kind == "S":
            return [text.decode("utf-8", "replace") for text in array.tolist()]
        return [str(text) for text in array.tolist()]


def _read(file: IO[bytes]) -> NDArray[Any]:
    array: NDArray[Any] = npy.read_array(file, allow_pickle=False)
    return array
