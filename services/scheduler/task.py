"""What a scheduler process runs."""

from services.scheduler import loop
from shared.ledger import Ledger
from shared.settings import Settings
from shared.workers.slots import Slots

# Seconds that one turn may take: the loop's own deadline, which the supervisor watches as any task's.
_TURN = 60.0


def run(settings: Settings, ledger: Ledger, slots: Slots) -> None:
    """Schedules for ever."""
    with slots.hold("scheduler", _TURN) as held:
        loop.run(ledger, settings, beat=lambda: held.restart(_TURN))
