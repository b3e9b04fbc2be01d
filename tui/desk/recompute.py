"""From the newest wish to what follows from it, one computation at a time."""

from collections.abc import Callable, Mapping
from typing import Any

from tui.desk.assessed import NOT_PREPARED, Assessed, Wish


class Recompute:
    """Always works out the newest wish, and shows each result.

    A held key makes wishes faster than they can be worked out. Each result is shown
    and the newest wish comes next, so what is shown follows without ever falling behind.

    show is called with what was shown before and what is shown from now on. work_out is
    called with a wish that takes longer than a frame: it has to make `worked_out(wish)`
    happen elsewhere, and to hand what that gives to `take`.
    """

    def __init__(
        self,
        start: Assessed,
        show: Callable[[Assessed, Assessed], None],
        work_out: Callable[[Wish], object],
    ) -> None:
        self.assessed = start
        self.wish = start.wish
        self.working = False
        self.prepared: Mapping[Any, Any] = NOT_PREPARED  # for wishes some steps away
        self._show = show
        self._work_out = work_out

    def want(self, wish: Wish) -> None:
        """Take a new wish: what is as good as known is shown at once."""
        self.wish = wish
        if self.working or wish == self.assessed.wish:
            return
        if self.assessed.is_look_up(wish, self.prepared):
            self._replace(self.worked_out(wish))
        else:
            self.working = True
            self._work_out(wish)

    def worked_out(self, wish: Wish) -> Assessed:
        """What follows from a wish: safe in another thread, where it may take its time."""
        return self.assessed.for_wish(wish, self.prepared)

    def take(self, assessed: Assessed) -> None:
        """A wish is worked out; the newest one comes next."""
        self.working = False
        self._replace(assessed)
        self.want(self.wish)

    def _replace(self, assessed: Assessed) -> None:
        before, self.assessed = self.assessed, assessed
        self._show(before, assessed)

    def prepare(self, cancelled: Callable[[], bool]) -> None:
        """Be ready for wishes a step away while nobody waits: in another thread."""
        for prepared in self.assessed.prepare(self.prepared):
            self.prepared = prepared
            if cancelled():
                return
