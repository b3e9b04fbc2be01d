"""Colours by their channels, and how they are told apart."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class PaperColour:
    """A colour by its channels, 0 to 255."""

    red: int
    green: int
    blue: int

    @classmethod
    def parse(cls, code: str) -> Self:
        """From its code: #1f4fb0."""
        return cls(*bytes.fromhex(code.removeprefix("#")))

    def blend(self, other: Self, part: float) -> Self:
        """So much of another one on this one."""
        if part >= 1:
            return other
        return type(self)(
            *(
                int(here + (there - here) * part)
                for here, there in zip(self.get_truecolor(), other.get_truecolor(), strict=True)
            )
        )

    def get_truecolor(self) -> tuple[int, int, int]:
        """Red, green and blue, 0 to 255."""
        return self.red, self.green, self.blue

    @property
    def code(self) -> str:
        """As it is written: #1f4fb0."""
        return f"#{bytes(self.get_truecolor()).hex()}"


def relative_luminance(red: float, green: float, blue: float) -> float:
    """How light a colour looks, from 0 to 1, as WCAG defines it; channels from 0 to 1."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (red, green, blue)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
