"""`/submit`: URLs to be fetched, as a crawl of their own."""

import hashlib
from typing import Annotated, Self

from fastapi import APIRouter, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from services.web.access import Writer
from services.web.api.answers import NO_STORE
from services.web.api.checked import CheckedRoute
from services.web.api.crawls import CrawlAnswer, UrlOutcome, crawl_answer, url_outcomes
from services.web.api.description import problem_responses
from services.web.dependencies import TheLedger
from shared.scope import DEFAULT_DEPTH, DEFAULT_LIMIT, Scope, compiled
from shared.stage import Line

router = APIRouter(prefix="/submit", tags=["crawls"], route_class=CheckedRoute)

MOST_URLS = 1000
"""As many as the ledger takes at once."""
_MOST_PATTERNS = 20
_LONGEST_PATTERN = 500
_LABEL = 200


def _pattern(text: str) -> str:
    compiled(text)
    return text


def _unicode(text: str) -> str:
    # JSON may write half of a surrogate pair, which is no character (RFC 8259 8.2).
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("a string with half of a surrogate pair is no Unicode") from None
    return text


Text = Annotated[str, AfterValidator(_unicode)]
Patterns = Annotated[
    list[Annotated[Text, Field(max_length=_LONGEST_PATTERN), AfterValidator(_pattern)]],
    Field(max_length=_MOST_PATTERNS),
]
Urls = Annotated[list[Text], Field(max_length=MOST_URLS)]


class Submission(BaseModel):
    """What is to be fetched: as `tearsheet crawl` takes it. At least one URL, at most 1,000 in all."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        json_schema_extra={
            "examples": [{"urls": ["https://example.com/post"]}, {"feeds": ["https://example.com/feed"], "limit": 100}]
        },
    )

    urls: Urls = Field([], description="Pages.")
    feeds: Urls = Field([], description="Feeds (RSS, Atom, JSON Feed): their pages.")
    sitemaps: Urls = Field([], description="Sitemaps, or indexes of some: their pages.")
    sites: Urls = Field([], description="Sites' home pages: the pages of their feeds and sitemaps.")
    follow: bool = Field(False, description="Links of pages are followed, within the site of each.")
    depth: Annotated[int, Field(ge=0, le=1000)] | None = Field(
        None, description=f"With `follow`: links between a given page and the last one; {DEFAULT_DEPTH} unless told."
    )
    limit: Annotated[int, Field(ge=1, le=10**9)] | None = Field(
        None, description=f"Where pages are found: so many in all; {DEFAULT_LIMIT:,} unless told."
    )
    include: Patterns = Field([], description="Of what is found, only URLs that hold one of these regular expressions.")
    exclude: Patterns = Field([], description="Of what is found, no URLs that hold one of these regular expressions.")

    @property
    def grows(self) -> bool:
        """Whether it finds pages beyond those that it names."""
        return bool(self.follow or self.feeds or self.sitemaps or self.sites)

    @model_validator(mode="after")
    def _together(self) -> Self:
        count = len(self.lines())
        if not 1 <= count <= MOST_URLS:
            raise ValueError(
                f"1 to {MOST_URLS:,} URLs are wanted, in urls, feeds, sitemaps and sites together: {count:,}"
            )
        if self.depth is not None and not self.follow:
            raise ValueError("depth is for follow")
        if (self.limit or self.include or self.exclude) and not self.grows:
            raise ValueError("limit, include and exclude are for found URLs: with follow, feeds, sitemaps or sites")
        return self

    def lines(self) -> list[Line]:
        """What is submitted, in order."""
        sources = [Line(url, "feed") for url in self.feeds] + [Line(url, "sitemap") for url in self.sitemaps]
        return [*map(Line, self.urls), *sources, *(Line(url, "site") for url in self.sites)]

    def scope(self) -> Scope | None:
        """What it takes in beyond that."""
        if not self.grows:
            return None
        depth = DEFAULT_DEPTH if self.depth is None else self.depth
        return Scope(self.follow, depth, self.limit or DEFAULT_LIMIT, tuple(self.include), tuple(self.exclude))


class Submitted(BaseModel):
    """What was taken in."""

    crawl: CrawlAnswer
    urls: list[UrlOutcome] = Field(description="Each with the address at which its outcome is told later.")


@router.post(
    "",
    status_code=202,
    summary="Submit URLs",
    responses={
        **problem_responses(413, 415),
        202: {"headers": {"Location": {"description": "The crawl.", "schema": {"type": "string"}}}},
    },
)
def submit(_: Writer, asked: Submission, response: Response, ledger: TheLedger) -> Submitted:
    """Takes URLs in as a crawl, and answers when they are on disk. What is no URL, or none that may be fetched, ends as
    refused with its reason; addresses are judged when a page is fetched. The same submission again, while its crawl has
    not ended, gives that crawl."""
    lines = asked.lines()
    scope = asked.scope()
    label = lines[0].url[:_LABEL] + (f" and {len(lines) - 1:,} more" if len(lines) > 1 else "")
    crawl = ledger.open_crawl(digest=_digest(lines, scope), label=label, scope=scope)
    if crawl.submitted < len(lines):
        ledger.submit(crawl.id, lines[crawl.submitted :], at=crawl.submitted)
        ledger.close_submission(crawl.id)
    response.headers.update(NO_STORE)
    response.headers["Location"] = f"/api/v1/crawls/{crawl.id}"
    return Submitted(crawl=crawl_answer(ledger.crawl(crawl.id)), urls=url_outcomes(ledger, crawl.id, 0, len(lines)))


def _digest(lines: list[Line], scope: Scope | None) -> str:
    """What the same submission has in common; not that of the command's, as a command waits for its crawl's end."""
    digest = hashlib.sha256(b"api\n")
    for url, kind in lines:
        digest.update(f"{kind} {len(url)} {url}\n".encode("utf-8", "surrogatepass"))
    digest.update(scope.to_json().encode() if scope else b"")
    return digest.hexdigest()
