"""Pictures made ready before anybody asks for them, while nothing else is to do."""

from collections.abc import Iterable
from typing import Final

from textual.widget import Widget
from textual.worker import WorkType

from engine.images.pixels import UnreadableImage
from tui.pictures.kitty_image import KittyImage, photo_upload
from tui.pictures.paint.drawing import Area, Subject, sketch
from tui.pictures.paint.rules import picture_key, why_not
from tui.pictures.paint.sharpness import is_slow
from tui.pictures.picture_threads import IMAGES, elsewhere
from tui.terminal.uplink import Uplink

GROUP: Final = "ahead"


class PicturePrefetcher:
    """Decodes images, and sends them where the terminal keeps what it was sent.

    One after the other and each as a whole, so that to stop costs at most the step under way.
    """

    def __init__(self, owner: Widget) -> None:
        self.owner = owner

    def begin(self, subjects: Iterable[Subject], area: Area) -> None:
        """Make these ready for such an area; what was begun before is dropped."""
        wanted = tuple(subjects)

        # Not a coroutine: one that is cancelled before it begins would never be awaited.
        async def make_ready() -> None:
            await self._make_ready(wanted, area)

        work: WorkType[None] = make_ready
        self.owner.run_worker(work, group=GROUP, exclusive=True)

    def stop(self) -> None:
        """Something else is to do."""
        self.owner.workers.cancel_group(self.owner, GROUP)

    async def _make_ready(self, subjects: tuple[Subject, ...], area: Area) -> None:
        for subject in subjects:
            if self.owner.app.screen is not self.owner.screen:
                return  # another one is on top, and has pictures of its own
            if why_not(subject, area.graphics):
                continue
            try:
                await self._make_one_ready(subject, area)
            except UnreadableImage:
                continue  # its preview will say so

    async def _make_one_ready(self, subject: Subject, area: Area) -> None:
        image = KittyImage(self.owner, area.graphics.tmux)
        kitty = area.graphics.protocol == "kitty"
        there = image.known(picture_key(subject, area)) if kitty else None
        if there is None:
            seen = await elsewhere(lambda: sketch(subject, area, IMAGES))
            # On a slow line what nobody asked for would hold up what somebody asks for next.
            if kitty and not is_slow(Uplink.of(self.owner.app).rate):
                there = await image.send(
                    picture_key(subject, area), photo_upload(subject, seen, area)
                )
        image.release(there)  # it is kept without being in use, as the newest
