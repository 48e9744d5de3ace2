"""What is known of a page that the store does not hold."""

from services.web.parts import Parts
from shared.ledger import LedgerError


def why_absent(parts: Parts, page_id: str) -> str:
    """In words, as far as the ledger knows."""
    try:
        entry = parts.ledger().page(page_id)
    except LedgerError:
        return "No page of this id is stored."
    if entry is None:
        return "No page of this id was ever submitted."
    reason = f": {entry.reason}" if entry.reason else ""
    return f"This page is not stored. It is {entry.state}{reason}."
