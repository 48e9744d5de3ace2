"""Pages that are known by several URLs: one is stored, the others are duplicates that stand for it."""

from collections.abc import Mapping

from shared.ledger.ledger import Ledger


def leaders(ledger: Ledger, canonical: Mapping[str, str]) -> dict[str, str]:
    """For each page, by the id of its canonical URL, the other page that is stored for that URL, where there is one."""
    if not canonical:
        return {}
    found = ledger.run("leaders", [word for pair in canonical.items() for word in pair])
    return {page: leader.decode() for page, leader in zip(canonical, found, strict=True) if leader}


def take_over(ledger: Ledger, page_id: str, by: str, reason: str, *, now: int) -> bool:
    """Makes a stored page a duplicate of another, which is stored and says all that it says.

    False where it is under way. Its records are then among those that `forget.delete_pending` deletes.
    """
    return bool(ledger.run("take_over", [page_id, by, now, reason]))
