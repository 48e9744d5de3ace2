"""Signs of life of the workers' supervisors: leases of one that is gone are taken back at once.

A supervisor gives back the leases of its dead processes. One that died itself (its container was killed, its machine
is gone) cannot, and its leases are long, since a page may take long. So each says every few seconds that it lives, its
first lease says it where no sign came before, and the tokens of its leases begin with its name and a dot.
"""

from shared.ledger.ledger import Ledger
from shared.stage import StageName

# Milliseconds without a sign after which a supervisor counts as dead, leases and all: five signs missed.
# One that was merely slow loses leases, its pages are worked on once more, and nothing else comes of it.
GONE = 10_000


def give_sign(ledger: Ledger, name: str, *, now: int) -> None:
    """Says that the supervisor of this name lives. Raises LedgerDownError, LedgerFullError."""
    ledger.ask("ZADD", "workers", now, name)


def leave(ledger: Ledger, name: str) -> None:
    """Says that it has given back all leases and ends. Raises LedgerDownError."""
    ledger.ask("ZREM", "workers", name)


def living(ledger: Ledger, *, now: int) -> list[tuple[str, float]]:
    """Supervisors that give signs, by name, and seconds since each one's last. Raises LedgerDownError."""
    found = ledger.ask("ZRANGEBYSCORE", "workers", now - GONE, "+inf", "WITHSCORES")
    return sorted((name.decode("ascii", "replace"), max(0.0, (now - float(at)) / 1000)) for name, at in found)


def take_back(ledger: Ledger, *, now: int) -> list[tuple[StageName, str]]:
    """Takes back the leases of supervisors that gave no sign; returns what is to be published."""
    tokens = [token.decode("ascii") for token in ledger.run("lost", [now - GONE])]
    pairs: list[tuple[StageName, str]] = []
    for token in tokens:
        reason = "its worker and the worker's supervisor died"
        pairs += ledger.lapse(token, reason, "worker_lost", now=now, shared=len(tokens) > 1)
    return pairs
