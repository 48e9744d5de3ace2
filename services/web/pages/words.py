"""How values of records are written in HTML: times, counts, languages, addresses that may be followed."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape

from shared.records import Widget
from shared.search.request import Snippet

# Scripts written from right to left, of languages that do not say their script (CLDR's likely subtags).
_RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa glk he iw ji lrc mzn nqo pnb ps sd syr ug ur yi".split())
_RIGHT_TO_LEFT_SCRIPTS = frozenset("adlm arab hebr mand mend nkoo rohg samr syrc thaa".split())
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,6}")
_LONGEST_URL = 4096
# Numbers of a comment's position that are shown.
_STEPS = 8
# Languages whose attributes are kept; there are as many as pages like to name.
_MOST_KEPT = 256


def when(value: datetime | None) -> Markup:
    """A `<time>`: to the minute, in the zone of the record; to the day where it is midnight."""
    if value is None:
        return Markup("")
    if (value.hour, value.minute, value.second) == (0, 0, 0):
        return day(value)  # whose hour nobody said
    zone = value.strftime("%z")
    named = "UTC" if zone in ("", "+0000") else f"UTC{zone[:3].replace('-', '−')}:{zone[3:5]}"
    text = f"{value.day} {value:%b} {value.year}, {value:%H:%M}"
    return _time(value, f"{text}:{value:%S} {named}", text)


def day(value: datetime | None) -> Markup:
    """A `<time>` to the day."""
    if value is None:
        return Markup("")
    text = f"{value.day} {value:%b} {value.year}"
    return _time(value, f"{text}, {value:%H:%M}", text)


def _time(value: datetime, title: str, text: str) -> Markup:
    # Nothing in it but a time's digits, signs and names. `Markup.format` takes five times as long, here and below.
    return Markup(f'<time datetime="{value.isoformat()}" title="{title}" dir="ltr">{text}</time>')  # noqa: S704


def number(value: float) -> str:
    """With commas between thousands."""
    return f"{value:,}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """'1 comment', '2 comments', 'no comments'."""
    return f"1 {one}" if count == 1 else f"{format(count, ',') if count else 'no'} {many or one + 's'}"


def position(value: str) -> Markup:
    """A comment's number; of one very deep in its thread the ends."""
    steps = value.split(".")
    if len(steps) <= _STEPS:
        return escape(value)
    short = f"{'.'.join(steps[:3])} … {steps[-1]}"
    return Markup('<span title="{}">{}</span>').format(f"{value}: answer {len(steps) - 1} deep", short)


def duration(seconds: float) -> str:
    """In the largest unit that says enough."""
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def size(amount: int) -> str:
    """Bytes in the largest unit of 1,000 that says enough."""
    value = float(amount)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:,.0f} {unit}"
        value /= 1000
    return f"{value:,.1f} TB"


@lru_cache(_MOST_KEPT)
def language(tag: str | None) -> Markup:
    """The attributes `lang` and `dir` of an element with text in this language; `dir` is the text's own if unknown."""
    if not _known(tag):
        return Markup('dir="auto"')
    return Markup('lang="{}" {}').format(tag, direction(tag))


@lru_cache(_MOST_KEPT)
def direction(tag: str | None) -> Markup:
    """The attribute `dir` alone, for what stands around text in this language and words of ours."""
    base, *rest = (tag or "").lower().split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), None)
    right = script in _RIGHT_TO_LEFT_SCRIPTS if script else base in _RIGHT_TO_LEFT
    return Markup('dir="rtl"') if right else Markup('dir="ltr"')


def _known(tag: str | None) -> bool:
    return tag is not None and _TAG.fullmatch(tag) is not None


def ticked(text: str) -> Markup:
    """A sentence of ours, with what stands between `ticks` as code."""
    pieces = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if n % 2 else escape(piece) for n, piece in enumerate(pieces)
    )


def followable(url: str | None) -> str | None:
    """The URL where a browser may be sent there by a click: http and https alone."""
    if not url or len(url) > _LONGEST_URL:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def outward(url: str | None, text: object, classes: str = "") -> Markup:
    """A link that leaves us, or its text alone where the URL is none to be followed."""
    target = followable(url)
    if target is None:
        return escape(text)
    attribute = Markup(' class="{}"').format(classes) if classes else ""
    return Markup('<a href="{}" rel="nofollow noopener noreferrer"{}>{}</a>').format(target, attribute, text)


def author_url(name: str) -> str:
    """The page of an author."""
    return f"/authors/{quote(' '.join(name.split()), safe='')}"


def without_title(widget: Widget) -> str:
    """A widget's text behind its title, which stands over it."""
    title = widget.title or ""
    rest = widget.text.removeprefix(title) if title else widget.text
    return rest if not rest or rest[0].isspace() else widget.text


def host(url: str | None) -> str:
    """The host of a URL, without `www.`."""
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def marked(snippet: Snippet) -> Markup:
    """A snippet with its matches in `<mark>`."""
    out: list[str] = []
    at = 0
    for start, end in snippet.marks:
        out += escape(snippet.text[at:start]), "<mark>", escape(snippet.text[start:end]), "</mark>"
        at = end
    return Markup("".join([*out, escape(snippet.text[at:])]))  # noqa: S704 - escaped


FILTERS: dict[str, Callable[..., Any]] = {
    f.__name__: f
    for f in (
        when,
        day,
        number,
        counted,
        position,
        duration,
        size,
        language,
        direction,
        ticked,
        followable,
        outward,
        author_url,
        without_title,
        host,
        marked,
    )
}
