"""What the app tries a model with: the engine's probe of the files that are open."""

from collections.abc import Callable, Iterator
from pathlib import Path

from engine.opening import Inputs
from engine.probing.ranking import VariantRanking
from engine.probing.running import ProbeEvent
from engine.scoring.card import card_beside
from tui.assess.probe import Prober


def prober_of(inputs: Inputs) -> Prober:
    """Of a model that was opened with ground truth."""
    model = inputs.model
    assert model is not None

    # The probe reads and writes files with packages that a start of the app can do without.
    def try_out(cancelled: Callable[[], bool]) -> Iterator[ProbeEvent]:
        from engine.probing.probe import probing

        return probing(inputs, cancelled=cancelled)

    def write(ranking: VariantRanking) -> Path:
        from engine.probing.probe import write_winner

        return write_winner(ranking, model, inputs.card)

    return Prober(try_out, write, inputs.card or card_beside(model))
