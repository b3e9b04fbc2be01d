"""Another process ends the app: by which signals, with which code, and what is written before."""

import asyncio
import os
import signal

import pytest

from tui.application import ending
from tui.application.ending import ENDING, HUNG_UP, EndingSignals


class Exits:
    """Notes how it was ended."""

    def __init__(self):
        self.ended = []

    def exit(self, result, return_code, message):
        self.ended.append((result, return_code, message))


@pytest.fixture
def timers(monkeypatch):
    """The timers that would end this process, which are not started."""
    made = []

    class Timer:
        def __init__(self, seconds, does, arguments):
            self.seconds, self.does, self.arguments = seconds, does, arguments
            self.daemon = self.started = False
            made.append(self)

        def start(self):
            self.started = True

    monkeypatch.setattr(ending.threading, "Timer", Timer)
    return made


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_app_with_the_code_that_a_shell_gives_for_it(timers, number):
    app, kept = Exits(), []
    EndingSignals(app, lambda: kept.append(True)).end(number)
    assert app.ended == [(128 + number, 128 + number, f"Ended by {number.name}.")]
    assert not kept  # the command does it, once the app has ended
    assert not timers


def test_where_the_line_hangs_up_all_is_written_first_and_the_end_is_sure(timers):
    app, kept = Exits(), []
    EndingSignals(app, lambda: kept.append(list(app.ended))).end(signal.SIGHUP)
    assert kept == [[]]
    assert [code for code, *_ in app.ended] == [129]
    (timer,) = timers
    assert (timer.seconds, timer.does, timer.arguments) == (HUNG_UP, os._exit, [129])
    assert timer.daemon
    assert timer.started


async def test_every_signal_that_ends_a_process_is_listened_to():
    app = Exits()
    loop = asyncio.get_running_loop()
    EndingSignals(app, lambda: None).listen()
    try:
        for number in set(ENDING) - {signal.SIGHUP}:
            os.kill(os.getpid(), number)
            while not app.ended:
                await asyncio.sleep(0.001)
            assert app.ended.pop()[0] == 128 + number
    finally:
        assert [loop.remove_signal_handler(number) for number in ENDING] == [True] * len(ENDING)
