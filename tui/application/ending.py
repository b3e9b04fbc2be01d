"""Another process ends the app: it leaves the terminal as it was, and what it keeps is written."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from typing import Any, Final

from textual.app import App

ENDING: Final = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)
HUNG_UP: Final = 3.0  # seconds to end in good order where the terminal is gone


class EndingSignals:
    """Ends the app in good order by the signals that end a process."""

    def __init__(self, app: App[Any], keep: Callable[[], None]) -> None:
        """keep writes what there is from one run to the next."""
        self.app = app
        self.keep = keep

    def listen(self) -> None:
        """From now on, on the event loop that is running."""
        loop = asyncio.get_running_loop()
        for number in ENDING:
            loop.add_signal_handler(number, self.end, number)

    def end(self, number: signal.Signals) -> None:
        """End the app, with the exit code that a shell gives for the signal."""
        if number is signal.SIGHUP:
            # Nobody reads what is written now, so a full queue of writes never empties.
            self.keep()
            timer = threading.Timer(HUNG_UP, os._exit, [128 + number])
            timer.daemon = True
            timer.start()
        self.app.exit(128 + number, 128 + number, f"Ended by {number.name}.")
