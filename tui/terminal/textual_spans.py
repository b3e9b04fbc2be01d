"""Draws of a screen what changed, and nothing else. Private parts of Textual 8.2.8.

Textual draws every widget that meets the rectangle around all changes, each of its lines and
all that lies behind it: for a cursor that moves and a status line that follows it is the
whole screen. Here a widget draws the lines of its own that changed, and nothing that others
cover: a third of the time of a small frame. tests/tui/terminal/test_textual_spans.py compares
the two.
"""

from collections import defaultdict
from itertools import pairwise
from typing import Final

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip

NEAR: Final = 10  # lines
WantedCells = dict[int, set[int]]  # by line the cuts whose strip is not there yet


def render_spans(self: Compositor) -> ChopsUpdate | None:
    """What became dirty since the last time, or None; as Compositor.render_partial_update."""
    regions = self._dirty_regions.copy()
    self._dirty_regions.clear()
    if not regions:
        return None
    cuts, height = self.cuts, self.size.height
    spans = [span for span in self._regions_to_spans(regions) if 0 <= span[0] < height]
    wanted = _wanted(cuts, spans)
    # A cut belongs to one widget in front; every line has all its cuts, in order.
    chops = [dict[int, Strip | None].fromkeys(line[:-1]) for line in cuts]
    for widget, (region, clip) in self.visible_widgets.items():  # the foremost first
        seen = region.intersection(clip)
        for first, last in _runs(wanted, seen):
            crop = Region(seen.x - region.x, first - region.y, seen.width, last - first + 1)
            for y, strip in enumerate(widget.render_lines(crop), first):
                if y in wanted:
                    _fill(chops[y], wanted[y], cuts[y], strip, seen)
                    if not wanted[y]:
                        del wanted[y]
        if not wanted:
            break
    return ChopsUpdate(chops, spans, [line[1:] for line in cuts])


def _wanted(cuts: list[list[int]], spans: list[tuple[int, int, int]]) -> WantedCells:
    wanted: WantedCells = defaultdict(set)
    for y, left, right in spans:
        line = cuts[y]
        wanted[y].update(start for start, end in pairwise(line) if start < right and end > left)
    return {y: starts for y, starts in wanted.items() if starts}


def _runs(wanted: WantedCells, seen: Region) -> list[tuple[int, int]]:
    """First and last of each run of lines of which a widget in this region shows something.

    Few lines between are drawn too: they are known from before, a call costs as much as ten.
    """
    runs: list[tuple[int, int]] = []
    for y in sorted(wanted):
        if not seen.y <= y < seen.bottom:
            continue
        if not any(seen.x <= cut < seen.right for cut in wanted[y]):
            continue
        if runs and y - runs[-1][1] <= NEAR:
            runs[-1] = runs[-1][0], y
        else:
            runs.append((y, y))
    return runs


def _fill(
    chops: dict[int, Strip | None], wanted: set[int], cuts: list[int], strip: Strip, seen: Region
) -> None:
    """Put the parts of a widget's line where nothing stands in front of it."""
    own = [cut for cut in cuts if seen.x <= cut <= seen.right]
    for cut, part in zip(own, strip.divide([cut - seen.x for cut in own[1:]]), strict=False):
        if cut in wanted:
            chops[cut] = part
            wanted.discard(cut)
