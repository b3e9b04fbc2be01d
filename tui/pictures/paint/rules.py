"""What decides whether a picture is drawn, and whether it is another one."""

from collections.abc import Hashable
from dataclasses import replace

from textual.geometry import Region
from textual.strip import Strip

from engine.images.pixels import UNKNOWN_SIZE
from tui.pictures.paint.drawing import Area, Subject
from tui.pictures.paint.strips import PictureStrip
from tui.terminal.capabilities import Graphics


def without_colour(graphics: Graphics) -> Graphics:
    """What is sharp is coloured: cells can do without."""
    return graphics if graphics.protocol == "off" else replace(graphics, protocol="cells")


def why_not(subject: Subject, graphics: Graphics) -> str:
    """Why there is no picture. With pictures off the boxes are drawn, where there are any."""
    if subject.path is None:
        return "its file was not found"
    if graphics.protocol == "off" and not (subject.marks and subject.size != UNKNOWN_SIZE):
        return "pictures are off (--pictures off)"
    return ""


def picture_key(subject: Subject, area: Area) -> Hashable:
    """What makes two images on the screen the same one."""
    return replace(subject, facts=""), area.columns, area.rows


def photo_key(subject: Subject, area: Area) -> Hashable:
    """What makes two pictures the same one but for their boxes."""
    return subject.path, subject.around, subject.context, subject.labels, subject.size, area


def changed_rows(before: list[Strip], after: list[Strip], width: int) -> list[Region]:
    """The rows that look different now; none means all of them."""
    if len(before) != len(after):
        return []
    return [
        Region(0, y, width, 1)
        for y, (old, new) in enumerate(zip(before, after, strict=True))
        if not (isinstance(new, PictureStrip) and new.looks_like(old)) and old is not new
    ]


def changed_cells(before: list[Strip], after: list[Strip], width: int) -> list[Region]:
    """The cells that look different now, of two pictures at the same place."""
    return [
        Region(first, y, last - first, 1)
        for y, (old, new) in enumerate(zip(before, after, strict=True))
        for first, last in _spans(old, new, width)
    ]


def _spans(before: Strip, after: Strip, width: int) -> list[tuple[int, int]]:
    if after is before:
        return []
    if isinstance(after, PictureStrip):
        return after.changes(before)
    same = not isinstance(before, PictureStrip) and after == before
    return [] if same else [(0, width)]
