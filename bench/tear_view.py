"""The tear view of real pages: what a document takes, and whether what it marks is what each record is made of.

python -m bench.tear_view FOLDER … [--limit N]

A folder holds `*.html` pages. Stylesheets and images are not among them: what their look-up takes is not measured.
"""

import argparse
import statistics
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bench.parser.paths import Led, records_of
from bench.parser.run import jobs
from bench.parser.walk import NEVER, is_hidden, letters
from services.parser import parse
from services.web.tear.view import view_of
from shared.raw_page import RawPage
from shared.records import ParsedPage

URL = "https://site.example/page"


def marked(html: str, parsed: ParsedPage) -> Led:
    """Of a page's records that have segments, those whose marked words in a view are these and no others."""
    own: dict[str | None, list[str]] = defaultdict(list)
    for segment in parsed.segments or []:
        own[segment.record].append(segment.text)
    found: dict[str, list[str]] = defaultdict(list)
    for node in LexborHTMLParser(html).css("[data-ts-record]"):
        found[node.attributes["data-ts-record"] or ""].append(visible(node))
    here = [record.id for record in records_of(parsed) if record.id in own]
    return Led(len(here), sum(letters("".join(own[ident])) == letters("".join(found[ident])) for ident in here))


def visible(node: LexborNode) -> str:
    """The visible text of a node."""
    if node.is_text_node:
        return node.text_content or ""
    if not node.is_element_node or node.tag in NEVER or is_hidden(node):
        return ""
    return "".join(map(visible, node.iter(include_text=True)))


def main() -> int:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("folders", nargs="+", type=Path)
    ap.add_argument("--limit", type=int)
    args = ap.parse_args()
    took: list[float] = []
    found: list[Led] = []
    for path, _ in jobs(args.folders, args.limit, check=False):
        body = path.read_bytes()
        parsed = parse(body, URL, explain=True)
        raw = RawPage(body, URL, URL, 200, None, datetime.now(UTC))
        began = time.process_time()
        html = view_of(raw, records_of(parsed), lambda _: None, lambda _: None)
        took.append((time.process_time() - began) * 1000)
        found.append(marked(html, parsed))
    middle, mean = statistics.median(took), statistics.fmean(took)
    print(f"{len(took)} pages: median {middle:.0f} ms, mean {mean:.0f}, worst {max(took):.0f}")
    records, rightly = sum(f.records for f in found), sum(f.rightly for f in found)
    print(f"what is marked is what they are made of, and no more, for {rightly} of {records} records")
    return 0


if __name__ == "__main__":
    sys.exit(main())
