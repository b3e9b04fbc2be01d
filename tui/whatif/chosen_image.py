"""The chosen image, perhaps changed, perhaps by two models: the newest wish wins."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from engine.core.errors import EngineError
from engine.images.pixels import UnreadableImage, read_image
from engine.scoring.run.scorer import Scorer
from engine.scoring.run.store import ImageAnswer
from engine.whatif.trial import score_one
from tui.whatif.seen_image import SeenImage, TrialLook

KEPT_FILES: Final = 2  # changed images: the one on show and the one to come


class ChosenImage:
    """What is wished to be seen of it, and what is seen so far.

    One wish is worked out at a time. Those that come meanwhile are passed over, but for
    the last. Changed pixels go to files in a folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.wished: TrialLook | None = None
        self.seen: SeenImage | None = None
        self.busy = False
        self._answer: ImageAnswer | None = None  # about the image as it is
        self._changed = 0

    def wish(self, look: TrialLook, answer: ImageAnswer) -> None:
        """See this; answer is about the image as it is, which is seen until then."""
        self.wished, self._answer = look, answer
        if not look.needs_run or answer.failure:
            self.seen = SeenImage(look, look.path, answer, answer)
        elif self.seen is None or self.seen.look.place != look.place:
            self.seen = SeenImage(TrialLook(look.place, look.path), look.path, answer, answer)

    def next_look(self) -> tuple[TrialLook, ImageAnswer] | None:
        """What is to be worked out now, which counts as begun."""
        look, answer = self.wished, self._answer
        if self.busy or look is None or answer is None:
            return None
        if self.seen is not None and self.seen.look == look:
            return None
        self.busy = True
        return look, answer

    def take(self, seen: SeenImage) -> None:
        """A wish is worked out; it is seen unless another image or the plain one is wished."""
        self.busy = False
        wished = self.wished
        if wished is not None and wished.needs_run and wished.path == seen.look.path:
            self.seen = seen

    def forget(self) -> None:
        """Nothing is wished or seen."""
        self.wished = self.seen = self._answer = None

    def worked_out(
        self, look: TrialLook, original: ImageAnswer, first: Scorer, second: Scorer | None
    ) -> SeenImage:
        """The image changed, and by the other model: in a thread, the models run."""
        shown, now, other = look.path, original, None
        try:
            if look.change and not original.failure:
                shown = self._changed_file(look)
                now = score_one(first, shown)
            if second is not None and look.second and not now.failure:
                other = score_one(second, shown)
        except (EngineError, UnreadableImage, OSError, ValueError, MemoryError) as error:
            now = replace(original, failure=f"cannot be changed or scored: {error}")
        names = second.class_names if second is not None else ()
        named = second is None or second.card.classes.names is not None
        return SeenImage(look, shown, original, now, other, names, named)

    def _changed_file(self, look: TrialLook) -> str:
        """The changed pixels as a file without loss, so that they go the way of any image."""
        self._changed += 1
        path = self.folder / f"{self._changed}.bmp"
        look.change.of(read_image(Path(look.path)).pixels).save(path)
        (self.folder / f"{self._changed - KEPT_FILES}.bmp").unlink(missing_ok=True)
        return str(path)
