"""How long a response may be kept, by what its headers say (RFC 9111)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_MAX_AGE = re.compile(r'(?:^|[,\s])max-age\s*=\s*"?(\d{1,10})', re.IGNORECASE)


def lifetime(headers: Mapping[str, str]) -> float | None:
    """Seconds for which it is fresh from now on; None where its headers say nothing of it. RFC 9111 4.2.

    `max-age` counts before `Expires`, which is read by the clock that wrote it: the `Date` beside it.
    """
    max_age = _MAX_AGE.search(headers.get("Cache-Control", ""))
    if max_age is not None:
        return max(0.0, float(max_age[1]) - _age(headers))
    if "Expires" not in headers:
        return None
    expires = http_date(headers["Expires"])
    if expires is None:
        return 0.0  # RFC 9111 5.3: `0` and the like mean that it is stale already.
    date = http_date(headers.get("Date", "")) or datetime.now(UTC)
    return max(0.0, (expires - date).total_seconds() - _age(headers))


def _age(headers: Mapping[str, str]) -> float:
    """Seconds that a cache on the way has kept it."""
    age = headers.get("Age", "").strip()
    return float(age) if re.fullmatch(r"[0-9]{1,10}", age) else 0.0


def http_date(text: str) -> datetime | None:
    """A date as servers write it (RFC 9110 5.6.7), with its zone; None where it is none."""
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
