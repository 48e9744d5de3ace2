"""What a crawl takes in beyond the URLs that it was given: kept with the crawl in the ledger, obeyed by the fetcher."""

import json
import re
from dataclasses import asdict, dataclass
from functools import cached_property

DEFAULT_DEPTH = 2
DEFAULT_LIMIT = 50_000
"""As many as one sitemap may hold."""


class WrongPatternError(ValueError):
    """A pattern is no regular expression; the message says which and where."""


@dataclass(frozen=True)
class Scope:
    """Of one crawl. Patterns are regular expressions that are looked for anywhere in a URL."""

    follow: bool = False
    """Links of pages are followed, within the site of each URL that was given or that a source named."""
    depth: int = DEFAULT_DEPTH
    """Links between a given page and the last one."""
    limit: int = DEFAULT_LIMIT
    """Pages in all, those given included."""
    include: tuple[str, ...] = ()
    """Found URLs must match one of them, where there are any."""
    exclude: tuple[str, ...] = ()
    """Found URLs must match none of them."""

    def to_json(self) -> str:
        """As the ledger keeps it."""
        return json.dumps(asdict(self), ensure_ascii=True)

    @classmethod
    def from_json(cls, text: str) -> "Scope":
        """Undoes `to_json`."""
        fields = json.loads(text)
        return cls(**fields | {name: tuple(fields[name]) for name in ("include", "exclude")})

    def allows(self, url: str) -> bool:
        """Whether a found URL is wanted."""
        if self._include and not any(pattern.search(url) for pattern in self._include):
            return False
        return not any(pattern.search(url) for pattern in self._exclude)

    @cached_property
    def _include(self) -> list[re.Pattern[str]]:
        return [compiled(pattern) for pattern in self.include]

    @cached_property
    def _exclude(self) -> list[re.Pattern[str]]:
        return [compiled(pattern) for pattern in self.exclude]


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of a scope. Raises WrongPatternError."""
    try:
        return re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise WrongPatternError(f"{pattern!r} is no regular expression: {error}") from None
