"""When the article was published: what its page shows against what its head and its address say."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from urllib.parse import unquote, urlsplit

from services.parser.date_rules import date_at_start, date_in, find_date, is_date, is_of_change
from services.parser.dates import in_zone_of, parse_date
from services.parser.heading_place import place_of
from services.parser.parts import PartTexts
from services.parser.visible_text import Text, line_text
from shared.records import Role, Source

# What a page calls the day of publication, where it says it far from its article: below it, beside it.
_PUBLISHED = re.compile(
    r"\W*(?:veröffentlicht|erschienen|veröffentlichungsdatum|erscheinungsdatum|published|publish date|"
    r"publication date|date published|first published|mise? en ligne|publiée?|date de publication|publicad[oa]|"
    r"fecha de publicación|"
    r"pubblicat[oa]|data di pubblicazione|data de publicação|gepubliceerd|publicatiedatum|opublikowano|"
    r"data publikacji|publicerad|publisert|julkaistu|опубликовано|дата публикации|公開日|发布时间)(?![^\W\d_])",
    re.IGNORECASE,
)
# Characters of a label and its date, with a weekday and a time: what is longer is a sentence.
_LONGEST_LABELLED = 60
# Texts between a title and a date that is the article's own beyond doubt, below it and above.
_RIGHT_BELOW, _RIGHT_ABOVE = 10, 1
_DAY = timedelta(days=1)
_YEAR_FIRST = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:([/_-])(\d\d?)\2(\d\d?)|(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]))(?!\d)"
)
_DAY_FIRST = re.compile(r"(?<!\d)(0?[1-9]|[12]\d|3[01])[._-](0?[1-9]|1[0-2])[._-]((?:19|20)\d\d)(?!\d)")
_NAMED_MONTH = re.compile(r"/((?:19|20)\d\d)/([^\W\d_]{3,9})/(\d\d?)(?!\d)")
# A day and a month of which either may come first.
_IN_DIGITS = re.compile(r"(?<!\d)(?:0?[1-9]|1[0-2])([./-])(?:0?[1-9]|1[0-2])\1(?:\d{4}|\d\d)(?!\d)")
_HEADINGS = frozenset(["h2", "h3", "h4", "h5", "h6"])


@dataclass(frozen=True, slots=True)
class Shown:
    """A date that the page shows."""

    at: datetime
    has_year: bool
    """Whether it says its year; else it is counted from the time of the fetch."""
    of_change: bool
    """Whether the page says that it is that of an update."""
    by_title: bool
    """Whether it stands right below the title, or right above it."""
    other_way: datetime | None = None
    """The day that its digits mean where its month and day come in the other order."""


def published_of(texts: PartTexts, languages: list[str], base: datetime) -> tuple[datetime | None, Source | None]:
    """The time of publication and where it is from; None: from the article's own date line."""
    metadata = texts.page.metadata
    shown = _told_apart(texts, _shown(texts, languages, base), base)
    if (claimed := metadata.published_at) is not None:
        source = metadata.provenance.get("published_at", "markup")
        if shown is None or shown.of_change or not shown.has_year:
            return claimed, source
        for at, its_source in ((claimed, source), *metadata.other_dates):
            local = in_zone_of(at, shown.at, by_day=shown.by_title)
            if local.date() == shown.at.date():
                return local, its_source
        # A page cannot show a day before it is published: the head's is that of an import or an update.
        if shown.by_title and shown.at < claimed - _DAY - timedelta(hours=14):
            return shown.at, None
        if shown.by_title and _is_anew(shown.at.date(), claimed.date(), metadata.modified_at):
            return shown.at, None
        return claimed, source
    if shown is not None and shown.has_year and not shown.of_change:
        return shown.at, None
    return _elsewhere(texts, shown, languages, base)


def _elsewhere(
    texts: PartTexts, shown: Shown | None, languages: list[str], base: datetime
) -> tuple[datetime | None, Source | None]:
    """The date where no date line says it, or but that of a change or a day without its year."""
    metadata = texts.page.metadata
    if metadata.loose_date is not None:
        return metadata.loose_date
    if (labelled := _labelled(texts, languages)) is not None:
        return labelled, None
    if shown is None and (alone := _alone(texts, languages)) is not None:
        return alone, None
    if (in_url := _in_address(texts, base)) is not None:
        return in_url, "heuristic"
    if shown is not None:
        return shown.at, None
    if (begun := _section_begins(texts, languages)) is not None:
        return begun, None
    scripted = metadata.script_date
    return (scripted, "heuristic") if scripted is not None and scripted <= base else (None, None)


def _is_anew(shown: date, claimed: date, modified: datetime | None) -> bool:
    """Whether a day by the title, later than the head's, is when the article came out anew, not that of a change.

    The day after the head's may be the same in another zone, unless the last change was before it.
    """
    if modified is not None:
        return shown != modified.date() and (claimed <= modified.date() < shown or shown > claimed + _DAY)
    return shown > claimed + _DAY


def date_in_url(url: str) -> datetime | None:
    """The day in an address: /2021/10/20/, /2021/oct/20/, /20211020-, 29-10-2021."""
    path = unquote(urlsplit(url).path)
    if found := _NAMED_MONTH.search(path):
        return parse_date(f"{found[3]} {found[2]} {found[1]}")
    if found := _YEAR_FIRST.search(path):
        year, month, day = found[1], found[3] or found[5], found[4] or found[6]
    elif found := _DAY_FIRST.search(path):
        day, month, year = found.groups()
    else:
        return None
    try:
        return datetime(int(year), int(month), int(day), tzinfo=UTC)
    except ValueError:
        return None


def _in_address(texts: PartTexts, base: datetime) -> datetime | None:
    urls = (texts.page.metadata.canonical_url, texts.page.url)
    return next((at for url in urls if url and (at := date_in_url(url)) is not None and at <= base), None)


def _told_apart(texts: PartTexts, shown: Shown | None, base: datetime) -> Shown | None:
    """The date shown, its day and month in the order in which head or address give that day.

    English pages write 10/09/2021 for either, and rarely say whose English they are in.
    """
    if shown is None or shown.other_way is None:
        return shown
    metadata = texts.page.metadata
    given = [metadata.published_at, *(at for at, _ in metadata.other_dates), _in_address(texts, base)]
    days = {at.date() for at in given if at is not None}
    if shown.at.date() in days or shown.other_way.date() not in days:
        return shown
    return replace(shown, at=shown.other_way, other_way=None)


def _shown(texts: PartTexts, languages: list[str], base: datetime) -> Shown | None:
    """The date of the article's date line; else the one near its title, or that its text begins with."""
    page = texts.page.visible
    numbers = _numbers(texts, "date") or _found_near(texts) or _numbers(texts, "byline")
    said = date_in(page, numbers, languages, base)
    if said is None:
        begins = (texts.text("body"), texts.line("title"), texts.page.metadata.document_title)
        at = next((at for text in begins if text and (at := date_at_start(text, languages)) is not None), None)
        return Shown(at, has_year=True, of_change=False, by_title=False) if at is not None else None
    titles = _numbers(texts, "title")
    below = bool(titles) and 0 < numbers[0] - titles[-1] <= _RIGHT_BELOW
    above = bool(titles) and 0 < titles[0] - numbers[-1] <= _RIGHT_ABOVE
    turns = said.at.day <= 12 and _IN_DIGITS.search(line_text([page.texts[n] for n in numbers])) is not None
    return Shown(
        said.at,
        has_year=said.has_year,
        of_change=is_of_change(page, numbers[0], numbers[-1] + 1),
        by_title=below or above,
        other_way=said.at.replace(month=said.at.day, day=said.at.month) if turns else None,
    )


def _labelled(texts: PartTexts, languages: list[str]) -> datetime | None:
    """The date that the page calls that of publication, wherever it stands; None where it calls several so."""
    page = texts.page.visible
    days: dict[date, datetime] = {}
    for n, text in enumerate(page.texts):
        if len(text.value) >= _LONGEST_LABELLED or not (label := _PUBLISHED.match(text.value)):
            continue
        at = n if any(c.isdigit() for c in text.value[label.end() :]) else n + 1
        if at < len(page.texts):
            said = date_in(page, [at], languages, None)
            if said is not None:
                days[said.at.date()] = said.at
    return _only(days)


def _section_begins(texts: PartTexts, languages: list[str]) -> datetime | None:
    """The day that a section of the text begins with, right below its heading; None where several begin with one."""
    every = texts.page.visible.texts
    begins = (every[n] for n in _numbers(texts, "body") if n and _is_of_heading(every[n - 1]))
    return _only({at.date(): at for t in begins if (at := date_at_start(t.value.strip(), languages)) is not None})


def _is_of_heading(text: Text) -> bool:
    return any(e.tag in _HEADINGS for e in (text.parent, *islice(text.parent.ancestors(), 2)))


def _alone(texts: PartTexts, languages: list[str]) -> datetime | None:
    """The one day that stands by itself outside others' blocks; None where there are several."""
    page, place = texts.page.visible, place_of(texts)
    dates = (
        parse_date(t.value, languages=languages)
        for t in page.texts
        if len(t.value) < _LONGEST_LABELLED and is_date(t.value, languages) and not place.stands_elsewhere(t.parent)
    )
    return _only({at.date(): at for at in dates if at is not None})


def _only(days: dict[date, datetime]) -> datetime | None:
    return next(iter(days.values())) if len(days) == 1 else None


def _numbers(texts: PartTexts, role: Role) -> list[int]:
    return [n for n, its in zip(texts.numbers, texts.roles, strict=True) if its == role]


def _found_near(texts: PartTexts) -> list[int]:
    """The texts of a date that stands near the title and was not labelled."""
    found = find_date(place_of(texts))
    if found is None:
        return []
    e = found.element
    return list(range(e.first, e.last)) if e is not None else [] if found.text is None else [found.text]
