"""What a robots.txt says to us: by Protego, which tells whether a URL is allowed, and here by which line it is not."""

import re
from bisect import bisect_left
from collections import deque
from itertools import groupby

import zstandard
from protego import Protego

_AGENT_LINE = re.compile(r"^\s*user[- ]?agent\s*:?\s*([^#]*)", re.IGNORECASE)
# As Protego reads them: misspelt, without a colon.
_DISALLOW_LINE = re.compile(r"^\s*(?:diss?all?ow|diasllow|disallaw)[\s:]+([^#\s].*)", re.IGNORECASE)
# What a rule begins with that stands in a URL as it does in the rule: no wildcard, and nothing that may be escaped.
_LITERAL = re.compile(r"[A-Za-z0-9/_.~-]*")
# Lines that are searched where none begins like the URL: 2,000 take a tenth of a second.
_SEARCHED = 2000
# Lines remembered as reasons: a site disallows most of what it disallows by few of its lines.
_REASONS = 16


class Rules:
    """The rules of a file for one crawler. Safe in threads."""

    def __init__(self, text: str, token: str) -> None:
        """`text`: the file; `token`: the crawler's product token (RFC 9309 2.2.1)."""
        own = own_groups(text, token)
        self._token = token
        self._rules = Protego.parse(own)
        self._text = zstandard.ZstdCompressor().compress(own.encode("utf-8", "replace"))  # seldom needed
        self._reasons: deque[tuple[str, Protego]] = deque(maxlen=_REASONS)

    def allows(self, url: str) -> bool:
        """Whether the URL may be fetched."""
        return bool(self._rules.can_fetch(url, self._token))

    def sitemaps(self) -> list[str]:
        """What its `Sitemap:` lines name, as they stand."""
        return [str(line) for line in self._rules.sitemaps]

    def crawl_delay(self) -> float | None:
        """Seconds between two requests that the file asks for; None where it asks for none."""
        delay: float | None = self._rules.crawl_delay(self._token)
        return delay

    def reason(self, url: str) -> str:
        """A line that disallows the URL, as it stands; empty where none is found.

        The longest of them, which is the one that counts, or a shorter one that was a reason before.
        """
        for line, alone in list(self._reasons):
            if not alone.can_fetch(url, self._token):
                return line
        line = self._deciding_line(url)
        if line:
            self._reasons.appendleft((line, Protego.parse(f"User-agent: *\n{line}")))
        return line

    def _deciding_line(self, url: str) -> str:
        lines = zstandard.ZstdDecompressor().decompress(self._text).decode().splitlines()
        values = {at: found[1] for at, line in enumerate(lines) if (found := _DISALLOW_LINE.match(line))}
        path = "/" + url.split("/", 3)[-1]
        likely = [at for at, value in values.items() if path.startswith(_LITERAL.match(value)[0])]  # type: ignore[index]
        for some in (likely, list(values)[:_SEARCHED]):
            # The longest count first.
            ordered = sorted(some, key=lambda at: len(values[at]), reverse=True)
            if (at := self._fewest(lines, set(values), ordered, url)) is not None:
                return " ".join(lines[at].partition("#")[0].split())[:200]
        return ""

    def _fewest(self, lines: list[str], disallowing: set[int], ordered: list[int], url: str) -> int | None:
        """Of the places in `ordered`, the last of the fewest from the first on that together disallow the URL.

        More of these lines never allow more, so that one disallows it, whatever lines allow it.
        """

        def disallowed_by(count: int) -> bool:
            left_out = disallowing.difference(ordered[:count])
            # An empty rule disallows nothing, and parts groups as the line did.
            some = ["Disallow:" if at in left_out else line for at, line in enumerate(lines)]
            text = "\n".join(line for line, _ in groupby(some))
            return not Protego.parse(text).can_fetch(url, self._token)

        count = bisect_left(range(len(ordered) + 1), True, key=disallowed_by)
        return ordered[count - 1] if 0 < count <= len(ordered) else None


def own_groups(text: str, token: str) -> str:
    """The file with every user agent that is neither ours nor `*` under one name.

    Protego keeps the rules of each agent: 20,000 agents above 20,000 rules would be 400 million of them.
    """
    lines = []
    for line in text.splitlines():
        agent = _AGENT_LINE.match(line)
        if agent and (name := agent.group(1).strip().strip("*").lower()) and name not in token.lower():
            lines.append("User-agent: another-one")
        else:
            lines.append(line)
    return "\n".join(lines)
