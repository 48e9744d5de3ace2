"""The parser's task: raw page -> records."""

from collections.abc import Iterable

from services.parser import parse
from shared.stage import PARSE, Claim, Ending, Failed, Parsed, Refused
from shared.tasks import Work, stage_task


@stage_task(PARSE)
def parse_pages(work: Work) -> Iterable[tuple[Claim, Ending]]:
    """Parses each page's raw body, which the fetcher left in the ledger."""
    for claim in work:
        raw = work.ledger.raw(claim.page_id)
        if raw is None:
            yield claim, Failed("its raw body is gone from the ledger", "raw_lost", final=True)
            continue
        parsed = parse(
            raw.body,
            claim.url,
            content_type=raw.content_type,
            fetched_at=raw.fetched_at,
            status=raw.status,
            final_url=raw.final_url,
        )
        if parsed.article is None and not parsed.comments and not parsed.widgets:
            yield claim, Refused("nothing to read: the page has no visible text")
        else:
            yield claim, Parsed(parsed)
