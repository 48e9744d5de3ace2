"""What a feed or a sitemap holds: entries, other sitemaps, and what could not be read of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from shared.urls import MAX_LENGTH

# The sitemap protocol's own limit (https://www.sitemaps.org/protocol.html); the largest feeds hold a few thousand.
MOST_ENTRIES = 50_000
# Characters of all URLs of one source, so that a hostile one costs a fetcher's 32 threads 640 MB at worst:
# 50,000 URLs of 100 characters are 5 million.
MOST_CHARACTERS = 20_000_000
LONGEST_URL = MAX_LENGTH
"""Of a URL, in characters; a longer one is cut where it is kept, and so is none."""

SourceKind = Literal["feed", "sitemap", "sitemap index", "page"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that a source names."""

    url: str
    updated: datetime | None = None
    """When it changed last, as the source says: else when it was published. With zone."""


@dataclass(slots=True)
class Source:
    """A feed or sitemap as far as it could be read."""

    kind: SourceKind
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

    def take(self, url: str) -> bool:
        """Whether there is room for one more entry; counts it."""
        if len(self.entries) + len(self.sitemaps) >= MOST_ENTRIES or self.characters + len(url) > MOST_CHARACTERS:
            self.limited = True
            return False
        self.characters += len(url)
        return True
