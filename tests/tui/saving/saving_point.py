"""What tests of the saved operating point share."""

from textual.widgets import Static

from tests.tui.waiting import settled, until
from tui.saving.save_point import SavePointScreen


def notices(pilot) -> str:
    return "\n".join(notice.message for notice in pilot.app._notifications)


async def save(pilot) -> str:
    """Press w, read the box, press Enter and wait until it is done; what the box said."""
    await pilot.press("w")
    box = await settled(pilot, SavePointScreen)
    await until(pilot, lambda: box.proposal is not None)
    told = str(box.query_one("#save-words", Static).render())
    await pilot.press("enter")
    await until(pilot, lambda: "Saved in" in notices(pilot))
    await settled(pilot)
    return told
