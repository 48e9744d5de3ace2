"""One page under many URLs: which stored page a page's canonical link says that it is, and whether it adds anything.

A canonical link (RFC 6596) is believed where it leads to the same site, its hosts for phones and AMP included, and
where the one page says all that the other says: pages two of a list that name page one are pages of their own.
"""

from collections import Counter
from collections.abc import Container, Sequence

from shared.ids import page_id
from shared.ledger import Ledger
from shared.ledger.forget import delete_pending
from shared.ledger.same_pages import leaders, take_over
from shared.records import ParsedPage
from shared.stage import Claim, Duplicate, Ending, Postponed
from shared.stores.protocol import PageWrite, Store
from shared.urls import NotAUrlError, page_url, same_site

# Part of a page's words that the other must have: the rest is dates counted from now, counters, and what a mobile page
# says otherwise.
_SHARE = 0.9
# Seconds after which the second of two pages of one batch that name the same canonical URL is tried: the first one is
# stored then.
_LATER = 1.0


class SamePages:
    """What a batch of pages has to do with pages that are stored under other URLs."""

    def __init__(self, ledger: Ledger, store: Store, claims: Sequence[Claim], writes: Sequence[PageWrite]) -> None:
        """Asks ledger and store. Raises LedgerDownError, StoreDownError."""
        parsed = {w.page_id: w.parsed for w in writes if w.parsed is not None}
        self._canonical = {page: canonical_id(each) for page, each in parsed.items()}
        self.endings: dict[str, Ending] = {}
        """Of the pages that are not to be written."""
        self._ledger = ledger
        self._taken: list[tuple[str, ParsedPage]] = []
        others = leaders(ledger, self._canonical)
        first: dict[str, str] = {}
        for claim in claims:
            if (each := parsed.get(claim.page_id)) is None:
                continue
            before = first.setdefault(self._canonical[claim.page_id], claim.page_id)
            if leader := others.get(claim.page_id):
                self._meet(claim, each, store.page(leader))
            elif before != claim.page_id and claim.stored_version is None:
                self.endings[claim.page_id] = Postponed("the same page is stored under another URL first", _LATER)

    def other_url(self, page: str) -> str | None:
        """The id of a page's canonical URL, where that is another than its own."""
        canonical = self._canonical.get(page)
        return canonical if canonical != page else None

    def _meet(self, claim: Claim, parsed: ParsedPage, leader: ParsedPage | None) -> None:
        """A page and the one that is stored for its canonical URL."""
        if leader is None:
            return
        if self._canonical[claim.page_id] == claim.page_id:
            if says_all_of(parsed, leader):
                self._taken.append((leader.page.id, parsed))
        elif claim.stored_version is None and says_all_of(leader, parsed):
            self.endings[claim.page_id] = Duplicate(leader.page.id, _reason(leader))

    def take_over(self, written: Container[str], store: Store) -> None:
        """Canonical pages that are stored now take the place of those that stood for them.

        Raises LedgerDownError, StoreDownError.
        """
        taken = [(page, by) for page, by in self._taken if by.page.id in written]
        if [
            1
            for page, by in taken
            if take_over(self._ledger, page, by.page.id, _reason(by), now=self._ledger.clock.now())
        ]:
            delete_pending(self._ledger, store)


def _reason(page: ParsedPage) -> str:
    return f"the same page as {page.page.url}"


def canonical_id(parsed: ParsedPage) -> str:
    """The id of the page's canonical URL, or of that which it was redirected to; its own where neither counts."""
    page = parsed.page
    try:
        url = page_url(page.canonical_url or page.final_url)
    except NotAUrlError:
        return page.id
    # Many sites name their front page on every page.
    hijacked = _is_front(url) and not _is_front(page.url)
    return page_id(url) if same_site(url, page.url) and not hijacked else page.id


def says_all_of(one: ParsedPage, other: ParsedPage) -> bool:
    """Whether `one` has every comment of `other`, and the words of its article or its main list, else of all it has."""
    comments = {(c.author, _plain(c.text)) for c in one.comments}
    if any((c.author, _plain(c.text)) not in comments for c in other.comments):
        return False
    words = _words(other)
    return (words & _words(one)).total() >= _SHARE * words.total()


def _is_front(url: str) -> bool:
    return url.split("/", 3)[3] == ""


def _words(parsed: ParsedPage) -> Counter[str]:
    texts = [w.text for w in parsed.widgets if w.region == "main"]
    if parsed.article is not None:
        texts.append(parsed.article.text)
    if not any(texts):
        texts = [w.text for w in parsed.widgets]
    return Counter(_plain(" ".join(texts)).split())


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
