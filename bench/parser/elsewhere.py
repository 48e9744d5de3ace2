"""A Blogger page whose comments are taken out of its HTML and offered by its comment feed: are they found again?

    python -m bench.parser.elsewhere PAGE.html GOLD.json

`GOLD.json` has `url` and `comments`: `text`, `author` and the number of the `parent` of each. Prints what came of it;
exit code 0 where they are the same comments in the same thread, under the record ids that the page gives them.
"""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from services.parser import parse
from services.parser.elsewhere import Part, complete
from shared.raw_page import RawPage
from shared.records import Comment, ParsedPage

FETCHED = datetime(2024, 6, 1, tzinfo=UTC)


def raw_page(body: bytes, url: str, content_type: str | None = None) -> RawPage:
    """A body as if it had just been fetched."""
    return RawPage(body, url, url, 200, content_type, FETCHED)


def with_parts(raw: RawPage, fetch: Callable[[Part], RawPage | None]) -> ParsedPage:
    """A page with its comments from elsewhere; `fetch`: None for what cannot be had."""
    parsed = parse(raw.body, raw.url, content_type=raw.content_type, fetched_at=raw.fetched_at, final_url=raw.final_url)
    answers: list[tuple[Part, RawPage | None]] = []
    while isinstance(needs := complete(raw, parsed, answers), list):
        answers += [(part, fetch(part)) for part in needs]
    return needs


def without_comments(html: str) -> str:
    """The page with an empty thread."""
    tree = LexborHTMLParser(html)
    for node in tree.css("#comment-holder .comment"):
        node.decompose()
    return tree.html or ""


def feed_of(comments: list[dict[str, Any]], ids: list[str], url: str, post: str) -> str:
    """The comment feed that Blogger would serve, newest entry first; `ids`: Blogger's number of each comment."""
    blog, feed = "tag:blogger.com,1999:blog-1", url.partition("/2")[0] + f"/feeds/{post}/comments/default"
    entries = []
    for n, comment in enumerate(comments):
        author = f"<author><name>{escape(comment['author'])}</name></author>" if comment["author"] else ""
        above = f'<link rel="related" href="{feed}/{ids[comment["parent"]]}"/>' if comment["parent"] is not None else ""
        content = escape(escape(comment["text"]).replace("\n", "<br />"))
        entries.append(
            f"<entry><id>{blog}.post-{ids[n]}</id><published>{(FETCHED + timedelta(hours=n)).isoformat()}</published>"
            f'<content type="html">{content}</content>{author}{above}'
            f'<link rel="alternate" type="text/html" href="{url}?showComment=1#c{ids[n]}"/>'
            f'<thr:in-reply-to href="{url}" ref="{blog}.post-{post}"/></entry>'
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:openSearch="http://a9.com/-/spec/opensearchrss/1.0/" xmlns:thr="http://purl.org/syndication/thread/1.0">'
        f"<id>{blog}.post{post}..comments</id><openSearch:totalResults>{len(comments)}</openSearch:totalResults>"
        f"{''.join(reversed(entries))}</feed>"
    )


def thread(comments: list[Comment]) -> list[tuple[str, str | None, str]]:
    """Of each comment its words, author and place."""
    return [(" ".join(c.text.split()), c.author, c.position) for c in comments]


def positions(gold: list[dict[str, Any]]) -> list[str]:
    """Where the gold's comments stand, as a reader numbers them."""
    made: list[str] = []
    counts: dict[int | None, int] = {}
    for comment in gold:
        above = comment["parent"]
        counts[above] = counts.get(above, 0) + 1
        made.append(f"{made[above]}.{counts[above]}" if above is not None else str(counts[above]))
    return made


def measure(html: str, gold: dict[str, Any]) -> bool:
    """Prints and tells whether the comments are found again."""
    url, comments = gold["url"], gold["comments"]
    whole = parse(html, url, fetched_at=FETCHED)
    ids = [c.id.rpartition(":c")[2].lstrip("c") for c in whole.comments]
    post = next(p for link in LexborHTMLParser(html).css("[href]") if (p := _post(link.attributes["href"] or "")))
    empty = raw_page(without_comments(html).encode(), url, "text/html; charset=utf-8")
    asked: list[str] = []

    def fetch(part: Part) -> RawPage:
        asked.append(part.url)
        return raw_page(feed_of(comments, ids, url, post).encode(), part.url, "application/atom+xml; charset=utf-8")

    found = with_parts(empty, fetch)
    places = zip(comments, positions(comments), strict=True)
    expected = [(" ".join(c["text"].split()), c["author"], place) for c, place in places]
    same = thread(found.comments) == expected and [c.id for c in found.comments] == [c.id for c in whole.comments]
    print(f"without its comments the page has {len(parse(empty.body, url).comments)}; asked for: {', '.join(asked)}")
    for c in found.comments:
        print(f"{c.position:6} {c.id} {c.text[:60]!r} {c.provenance.get('text')}")
    print("the same comments in the same thread, under the same ids" if same else "NOT the same comments")
    return same


def _post(href: str) -> str | None:
    """The number of a post whose comment feed this is."""
    before, _, _ = href.partition("/comments/default")
    return before.rpartition("/")[2] if before != href and before.rpartition("/")[2].isdigit() else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path)
    parser.add_argument("gold", type=Path)
    given = parser.parse_args()
    return 0 if measure(given.page.read_text("utf-8"), json.loads(given.gold.read_text("utf-8"))) else 1


if __name__ == "__main__":
    sys.exit(main())
