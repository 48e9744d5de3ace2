"""Records as JSON, as the commands print them."""

import json

from shared.records import AnyRecord, ParsedPage
from shared.search.request import Hit
from shared.stores.protocol import kind_of


def page_json(parsed: ParsedPage) -> str:
    """`{"page", "article", "comments", "widgets"}`, and `"segments"` where they were asked for."""
    return parsed.model_dump_json(exclude={"segments"} if parsed.segments is None else None)


def record_json(record: AnyRecord) -> str:
    """`{"kind", "record"}`: an exported line, which says what its record is."""
    return f'{{"kind":"{kind_of(record)}","record":{record.model_dump_json()}}}'


def hit_json(hit: Hit) -> str:
    """`{"kind", "score", "page_url", "snippet", "record"}`."""
    about = {"kind": hit.kind, "score": round(hit.score, 4), "page_url": hit.page_url, "snippet": hit.snippet.marked()}
    return f'{json.dumps(about, ensure_ascii=False)[:-1]}, "record": {hit.record.model_dump_json()}}}'
