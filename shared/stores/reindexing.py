"""What a reindex gives, and how it fails."""

from collections.abc import Mapping
from dataclasses import dataclass

# Refused records that are told one by one.
_MOST_TOLD = 20


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


def refusal(refused: Mapping[str, str]) -> str:
    """That records are refused, by id with the store's words, in one line."""
    told = "; ".join(f"{record_id}: {words}" for record_id, words in list(refused.items())[:_MOST_TOLD])
    more = f"; and {len(refused) - _MOST_TOLD:,} more" if len(refused) > _MOST_TOLD else ""
    return f"the new indices do not take {len(refused):,} of the records, so nothing was swapped: {told}{more}"
