"""What a feed or a sitemap holds: entries, other sitemaps, and what could not be read of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from shared.urls import MAX_LENGTH

# The sitemap protocol's own limit (https://www.sitemaps.org/protocol.html); the largest feeds hold a few thousand.
MOST_ENTRIES = 50_000
# Characters of all URLs and words of one source, so that a hostile one costs a fetcher's 32 threads 640 MB at worst:
# 50,000 URLs of 100 characters are 5 million.
MOST_CHARACTERS = 20_000_000
# Of a title or a name; longer ones are no such thing.
MOST_OF_A_FIELD = 2000
LONGEST_URL = MAX_LENGTH
"""Of a URL, in characters; a longer one is cut where it is kept, and so is none."""

SourceKind = Literal["feed", "sitemap", "sitemap index", "page"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that a source names. Texts are as written, with runs of white space as one space."""

    url: str
    title: str | None = None
    published: datetime | None = None
    """With zone. A sitemap gives it in its news extension."""
    updated: datetime | None = None
    author: str | None = None
    comments_feed: str | None = None
    """Feed of the entry's comments (`wfw:commentRss`, or a link of RFC 4685's `replies`)."""
    comment_count: int | None = None
    """As the source claims (`slash:comments`, `thr:total`, `thr:count`)."""


@dataclass(slots=True)
class Source:
    """A feed or sitemap as far as it could be read."""

    kind: SourceKind
    title: str | None = None
    entries: list[Entry] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)
    """Sitemaps that a sitemap index names."""
    complete: bool = True
    """False where it ended before its end, or is broken in its midst."""
    limited: bool = False
    """It holds more than is read of a source."""
    unusable: int = 0
    """Entries without a URL that can be fetched."""
    characters: int = 0
    """Of all that was kept."""

    def take(self, *texts: str | None) -> bool:
        """Whether there is room for one more entry of these texts; counts it."""
        size = sum(len(text) for text in texts if text)
        if len(self.entries) + len(self.sitemaps) >= MOST_ENTRIES or self.characters + size > MOST_CHARACTERS:
            self.limited = True
            return False
        self.characters += size
        return True
