"""What a view is made of: a page's records, and the body in the archive that they were made from."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from fastapi import HTTPException

from services.web.pages.page_view import stored
from services.web.parts import Parts
from shared.archive import Archive, ArchiveError
from shared.archive.errors import BucketError
from shared.markup.body_hash import is_hash_of
from shared.raw_page import RawPage
from shared.records import Article, Comment, Page, Widget

MOST_BYTES = 3_000_000
"""Of a page that is shown: about a second's work at worst, and 100 MB."""

Marked = Article | Comment | Widget
"""Records that stand somewhere on a page."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A version of a page."""

    page: Page
    records: tuple[Marked, ...]
    """All of the present version; of an earlier one its article alone, as the store keeps no more."""
    number: int
    """From 1, the oldest."""
    of: int
    """Versions there are."""
    version: int | None
    """By which the archive knows an earlier one."""


def cut_of(parts: Parts, page_id: str, number: int | None) -> Cut:
    """A page's records; `number`: of a version, else the present one. Raises HTTPException (404), StoreDownError."""
    store = parts.store()
    parsed = stored(store, page_id, parts)
    earlier = store.versions(page_id)
    count = len(earlier) + 1
    if number is None or number == count:
        article = [parsed.article] if parsed.article is not None else []
        return Cut(parsed.page, (*article, *parsed.comments, *parsed.widgets), count, count, None)
    if not 1 <= number < count:
        raise HTTPException(404, f"This page has no version {number}; it has {count}.")
    old = earlier[number - 1]
    return Cut(parsed.page, (old.article,), number, count, old.version)


@contextmanager
def opened(parts: Parts) -> Iterator[Archive]:
    """The archive, for one request, as it is not for threads at once. Raises HTTPException: 404, 500, 503."""
    try:
        archive = Archive(parts.settings)
    except ArchiveError as error:
        raise HTTPException(404, f"{str(error).capitalize()}.") from None
    try:
        yield archive
    except BucketError as error:
        raise HTTPException(503, f"The archive does not answer: {error}.") from None
    except ArchiveError as error:
        raise HTTPException(500, f"The archive is damaged: {error}.") from None
    finally:
        archive.close()


def body_of(archive: Archive, cut: Cut) -> RawPage:
    """The body that the records were made from. Raises HTTPException (404), ArchiveError, BucketError."""
    page = cut.page
    # The present one by its time: what is gone since, or was parsed again, has a later version.
    earlier = cut.version is not None
    raw = archive.read(page.id, cut.version) if earlier else archive.read_at(page.id, page.fetched_at)
    if raw is None:
        raise HTTPException(
            404,
            "This page is not in the archive: the archive was off or full when it was fetched, its site asks not to "
            "keep it, or it came from a file of others.",
        )
    if len(raw.body) > MOST_BYTES:
        raise HTTPException(404, f"This page has {len(raw.body):,} bytes: the tear view takes {MOST_BYTES:,} at most.")
    if not earlier and not is_hash_of(page.content_hash, raw.body):
        raise HTTPException(
            404, "The archive holds another version of this page than the one that its records were made from."
        )
    return raw
