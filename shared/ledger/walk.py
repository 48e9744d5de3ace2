"""A walk over all entries of the ledger, for what concerns a site or everything."""

from collections.abc import Iterator

from shared.ledger.connection import BATCH
from shared.ledger.ledger import Ledger
from shared.urls import NotAUrlError, normalise, site_of


def pages_of(ledger: Ledger, site: str | None = None, *, stored: bool = False) -> Iterator[str]:
    """Ids of all pages, or of those of a site (as `site_name` gives it); a page may come twice.

    `stored`: only those that the store holds.
    """
    cursor = 0
    while True:
        cursor, found = ledger.ask("SCAN", cursor, "MATCH", "p:*", "COUNT", BATCH)
        pipe = ledger.client.pipeline(transaction=False)
        for key in found:
            pipe.hmget(key, "u", "v")
        for key, (url, version) in zip(found, ledger.execute(pipe), strict=True):
            if stored and not version:
                continue
            if site is None or (url and _site(url.decode("utf-8", "surrogatepass")) == site):
                yield key[2:].decode()
        if cursor == 0:
            return


def site_name(text: str) -> str:
    """A site as a person writes it: a host or a URL. Raises NotAUrlError."""
    return site_of(normalise(text if "://" in text else f"http://{text}"))


def _site(text: str) -> str | None:
    """The site of an entry's URL; an entry for a text that is no URL has none, unless it only lacks its scheme."""
    for candidate in (text, f"http://{text}"):
        try:
            return site_of(normalise(candidate))
        except NotAUrlError:
            continue
    return None
