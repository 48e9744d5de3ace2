"""What a reindex gives, and how it fails."""

from collections.abc import Mapping
from dataclasses import dataclass


class ReindexError(Exception):
    """Nothing was swapped: another one is under way, or the new indices do not take what the old ones hold."""


@dataclass(frozen=True, slots=True)
class Reindexed:
    """What became of the records."""

    counts: Mapping[str, int]
    """How many there are now, by kind; `version`: earlier versions of articles."""
    rounds: int
    """Times that all pages were looked at while others wrote."""
    held_back: float
    """Seconds in which nobody could write."""
    seconds: float
