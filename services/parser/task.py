"""The parser's task: raw page -> records."""

from collections.abc import Iterable, Sequence

from services.parser import parse
from services.parser.elsewhere import Part, complete
from shared.stage import PARSE, Claim, Ending, Failed, Parsed, Refused, Wants
from shared.tasks import Work, stage_task
from shared.urls import normalise


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
        elif work.settings.fetch_discussions and not claim.archived:
            answers = [(Part.unpack(name), part) for name, part in work.ledger.parts(claim.page_id)]
            needs = complete(raw, parsed, answers)
            yield claim, _wants(needs) if isinstance(needs, list) else Parsed(needs)
        else:
            yield claim, Parsed(parsed)


def _wants(parts: Sequence[Part]) -> Wants:
    return Wants(tuple((normalise(part.url), part.pack()) for part in parts))
