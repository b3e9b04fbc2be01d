"""What kitty does with the commands for images, as far as they are used here."""

import base64
import io
import re
import zlib

from PIL import Image

_COMMAND = re.compile(r"\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\")


class KittyTerminal:
    """Holds images by their numbers. Fails where a command is none or comes too early."""

    def __init__(self) -> None:
        self.images: dict[int, Image.Image] = {}
        self.placed: set[int] = set()
        self.uploads = self.edits = 0
        self._open: tuple[dict[str, str], str] | None = None

    def read(self, written: str) -> None:
        """Everything that was written, in order."""
        for keys, payload in _COMMAND.findall(written):
            said = dict(part.split("=") for part in keys.split(","))
            self._take(said, payload)

    def _take(self, said: dict[str, str], payload: str) -> None:
        action = said.get("a", "")
        if action == "q":
            return
        if action == "d":
            assert said["d"] == "I"
            self._open = None
            self.images.pop(int(said["i"]), None)
            self.placed.discard(int(said["i"]))
        elif action == "p":
            assert int(said["i"]) in self.images
            assert said["U"] == "1"
            self.placed.add(int(said["i"]))
        else:
            if self._open is not None:
                first, before = self._open
                assert action in ("", first["a"])
                assert "i" not in said
                said, payload = {**first, "m": said["m"]}, before + payload
            self._open = (said, payload) if said["m"] == "1" else None
            if self._open is None:
                self._complete(said, base64.b64decode(payload))

    def _complete(self, said: dict[str, str], data: bytes) -> None:
        number = int(said["i"])
        if said["f"] == "100":
            image = Image.open(io.BytesIO(data)).convert("RGB")
        else:
            assert (said["f"], said["o"]) == ("24", "z")
            size = int(said["s"]), int(said["v"])
            image = Image.frombytes("RGB", size, zlib.decompress(data))
        if said["a"] == "t":
            self.uploads += 1
            self.images[number] = image
        else:
            assert (said["a"], said["r"], said["X"]) == ("f", "1", "1")
            self.edits += 1
            whole, corner = self.images[number], (int(said["x"]), int(said["y"]))
            assert corner[0] + image.width <= whole.width
            assert corner[1] + image.height <= whole.height
            whole.paste(image, corner)
