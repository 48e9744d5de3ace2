"""Finds an article's title on its page, and cuts from it what is none of it: a section's name, a date, the site's."""

import re
from bisect import bisect_left
from itertools import islice
from operator import attrgetter

from services.parser.any_case import Pattern, Subject
from services.parser.cache_sizes import NAMES
from services.parser.keywords import plain
from services.parser.parts import PartTexts
from services.parser.segments import SegmentedPage, paragraphs
from services.parser.source import is_site_name
from services.parser.visible_text import Element, Text
from shared.remembered import remembered

_TITLE_NAME = Pattern(r"(?:^|[\s_-])(?:(?:post|entry|article)?title|headline)(?:$|[\s_-])")
_SITE = re.compile(
    r"site-?(?:title|name|header|brand\w*|logo)|blog-?(?:title|name|header)|(?:^|[\s_-])(?:logo|brand|"
    r"branding|masthead|"
    r"titlewrapper|header-?(?:inner|text|image))(?:$|[\s_-])",
    re.IGNORECASE,
)
# Texts into the body up to which a title may stand; further on, in a body that is the whole page, only one that says
# what the head's titles say (the share of words in common).
_INTO_BODY, _SURE = 6, 0.7
# Elements in a heading for what is none of it.
_BESIDE = re.compile(
    r"(?:^|[\s-])(?:kicker|topline|top-?title|over-?line|roof-?line|dach-?zeile|spitzmarke|pre-?title|eyebrow|super-?title|"
    r"topic|category|rubrik|tag|badge|label|date|sub-?title|sub-?line|sub-?headline|untertitel|meta|counter|copy|anchor)"
    r"(?:$|[\s-])"
)
_HEADINGS = frozenset(["h1", "h2", "h3"])
_LONGEST = 300
_AROUND = " :|–—·•/\n-"
_DATE_FIRST = re.compile(r"^\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\s*[|–—·-]\s+")
_DASH = re.compile(r"\s+[|–—·-]\s+")
_BARS = "|·•/"
_OPENING = " \"'“„«‹‘¿¡(["
_CLOSING = " \"'”“»›’?!.…)]"
_WORD = re.compile(r"\w+")
_FIRST = attrgetter("first")


def find_title(page: SegmentedPage, body: Element, taken: set[int]) -> Element | None:
    """The heading that says what the head's titles say; else the h1 nearest before the body."""
    visible = page.visible
    metadata = page.metadata
    claims = [_words(t) for t in (metadata.headline, metadata.title, metadata.document_title) if t]
    only = _only_h1(page, taken)
    best, best_score = None, 0.0
    begun = body.first + _INTO_BODY
    end = bisect_left(visible.elements, max(begun + 1, body.last), key=_FIRST)
    for e in islice(visible.elements, end):
        heading = e.tag in _HEADINGS
        named = (e.name != "" and _is_title(e.name)) or e.attrs.get("itemprop") == "headline"
        if not (heading or named) or e.last == e.first or e.index in taken:
            continue
        size = visible.chars(e)
        if size > _LONGEST or size < 2:
            continue
        text = visible.text(e)
        words = _words(text)
        if not words:
            continue
        like = max((2 * len(words & c) / (len(words) + len(c)) for c in claims if c), default=0.0)
        cover = max((len(words & c) / len(words) for c in claims if c), default=0.0)
        if e is not only and like < (_SURE if e.first > begun else 0 if e.tag == "h1" else 0.3):
            continue
        score = 2 * like + 0.5 * cover + (0.7 if e.tag == "h1" else 0.3 if heading else 0.0) + (0.4 if named else 0.0)
        score += 0.6 if e is only else 0.0
        score -= min(abs(body.first - e.first), 100) / 200
        if (
            heading
            and any(c.tag == "a" and c.get("href").rstrip("/").count("/") <= 2 for c in e.children)
            and like < 0.6
        ):
            score -= 1
        if _names_site(e, body):
            score -= 2
        if score > best_score + 0.01 and not is_site_name(text, metadata.site_name):
            best, best_score = e, score
    return best


def _only_h1(page: SegmentedPage, taken: set[int]) -> Element | None:
    """The page's h1, where it has but one that is not the site's name."""
    visible = page.visible
    found = [
        e
        for e in visible.elements
        if e.tag == "h1" and e.last > e.first and e.index not in taken
        and not is_site_name(visible.text(e), page.metadata.site_name) and not _SITE.search(e.name)
    ]  # fmt: skip
    return found[0] if len(found) == 1 else None


def title_of(texts: PartTexts) -> str | None:
    """The title that was labelled, as the page shows it, without a kicker, a date or a second line beside it.

    What the head says is a guide to where it begins and ends, and is taken where no title was labelled.
    """
    metadata = texts.page.metadata
    shown = texts.texts("title")
    pieces = [t for t in shown if not _is_beside(t.parent)]
    title = " ".join(paragraphs(_from_mark(pieces) or shown).split()).strip(_AROUND) or None
    if title is None:
        return metadata.title
    title = _without_site(_DATE_FIRST.sub("", title), metadata.site_name)
    cuts = (_cut(title, claim, pieces or shown) for claim in metadata.titles)
    return next((cut for cut in cuts if cut is not None), title)


def _from_mark(pieces: list[Text]) -> list[Text]:
    """What follows a colon or a dash that stands by itself, for those who hear a page: before it stands a kicker."""
    marks = [n for n, t in enumerate(pieces) if not t.value.strip(_AROUND) and t.parent.name]
    return pieces[marks[-1] + 1 :] if marks else pieces


def _is_beside(e: Element) -> bool:
    """Whether a text in a heading stands in an element for something beside the title."""
    for at in (e, *islice(e.ancestors(), 2)):
        if at.tag in _HEADINGS:
            return False
        if at.tag == "time" or (at.name and _is_beside_name(at.name)):
            return True
    return False


def _cut(title: str, claim: str, texts: list[Text]) -> str | None:
    """The part of a title that the head gives as the whole, where a mark or an element parts it from the rest."""
    shown, wanted = list(_WORD.finditer(title)), _WORD.findall(claim.lower())
    if not 2 <= len(wanted) < len(shown) <= 2 * len(wanted):
        return None
    words = [m[0].lower() for m in shown]
    at = next((n for n in range(len(words) - len(wanted) + 1) if words[n : n + len(wanted)] == wanted), None)
    if at is None:
        return None
    start, end = shown[at].start(), shown[at + len(wanted) - 1].end()
    before, after = title[:start].rstrip(_OPENING), title[end:]
    ends = {" ".join(t.value.split()) for t in texts}
    whole = any(text.strip(_AROUND) and _WORD.findall(text.lower()) == wanted for text in ends)
    parted_before = not before or whole or before[-1] in _BARS
    parted_after = not after.strip(_CLOSING) or whole or after.lstrip(_CLOSING)[:1] in _BARS
    if not parted_before or not parted_after:
        return None
    opening = title[len(before) : start].strip()
    closing = after[: len(after) - len(after.lstrip(_CLOSING))].rstrip()
    return f"{opening}{title[start:end]}{closing}".strip(_AROUND)


def _without_site(title: str, site_name: str | None) -> str:
    """A title as shown, without the site's name before or after a bar or a dash."""
    parts = _DASH.split(title)
    if len(parts) > 1 and is_site_name(parts[-1], site_name):
        return title[: title.rindex(parts[-1])].rstrip(_AROUND)
    if len(parts) > 1 and is_site_name(parts[0], site_name):
        return title[len(parts[0]) :].lstrip(_AROUND)
    return title


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))


def _names_site(e: Element, body: Element) -> bool:
    """Whether a heading stands in the site's own head: its name or its logo."""
    return any(_SITE.search(at.name) for at in (e, *islice(e.ancestors(), 3)) if at.name and not at.has(body))


@remembered(NAMES)
def _is_title(name: str) -> bool:
    return _TITLE_NAME.is_in(Subject(name))


@remembered(NAMES)
def _is_beside_name(name: str) -> bool:
    return _BESIDE.search(plain(name)) is not None
