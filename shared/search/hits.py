"""Findings as hits, with snippets."""

from shared.records import AnyRecord, Page
from shared.search.request import Hit
from shared.search.snippets import Snippets, positive
from shared.stores import clauses as c
from shared.stores.protocol import Finding


class Highlighter:
    """Marks what one query asked for."""

    def __init__(self, clause: c.Clause | None = None) -> None:
        """None: there is nothing to mark."""
        self._snippets = Snippets(positive(clause) if clause is not None else ())

    def hit(self, finding: Finding) -> Hit:
        """A finding with the piece of its text that shows why it was found."""
        record = finding.record
        piece = self._snippets.of(_text(record), record.language)
        return Hit(record, finding.kind, finding.place.score, finding.page_url, piece)


def _text(record: AnyRecord) -> str:
    return (record.title or record.url) if isinstance(record, Page) else record.text
