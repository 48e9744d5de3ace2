"""Who wrote the article: what its page shows against what its head says."""

from itertools import zip_longest

from services.parser.byline_rules import find_byline, name_beside_date, names_found, names_of
from services.parser.bylines import BY, is_byline, is_full_name, is_login, names_in
from services.parser.heading_place import place_of
from services.parser.parts import PartTexts
from services.parser.source import is_site
from shared.records import Source

# Texts between a title and the byline right below it; and of one that is still the article's own beside a login.
_RIGHT_BELOW, _NEAR = 6, 15
# Characters of a label and the names behind it.
_LONGEST_LABELLED = 80


def authors_of(texts: PartTexts) -> tuple[list[str], Source | None]:
    """The article's authors, and where they are from; None: from its own byline."""
    metadata = texts.page.metadata
    shown = _shown(texts)
    shown = [n for n in shown if not is_site(n, metadata.site_name, texts.page.url)] or shown
    claimed = metadata.authors
    if not claimed and not shown:
        return _labelled(texts), None
    better = _is_better if metadata.has_weak_authors else _says_more
    if not claimed or (shown and better(texts, shown, claimed)):
        return shown, None
    return list(claimed), metadata.provenance.get("authors", "markup")


def _shown(texts: PartTexts) -> list[str]:
    """The names of the article's byline; where none was labelled, those near its title."""
    page = texts.page.visible
    names = names_of(page, texts.texts("byline"))
    if names:
        return names
    if beside := name_beside_date(texts.texts("date")):
        return [beside]
    found = find_byline(place_of(texts))
    return names_found(page, found) if found is not None else []


def _labelled(texts: PartTexts) -> list[str]:
    """The names that the page calls the author's, wherever they stand; none where it calls several so."""
    page, place = texts.page.visible, place_of(texts)
    found: list[list[str]] = []
    for text, after in zip_longest(page.texts, page.texts[1:]):
        said = text.value.strip()
        label = BY.match(said) if len(said) <= _LONGEST_LABELLED else None
        # A bare 'by' may be anybody's.
        if label is None or not (label["verb"] or label["label"]):
            continue
        if label.end() < len(said):
            names = names_in(said) if is_byline(said) else []
        else:
            names = names_in(after.value) if after is not None and is_full_name(after.value.strip()) else []
        if names and names not in found and not place.stands_elsewhere(text.parent):
            found.append(names)
    return found[0] if len(found) == 1 else []


def _says_more(texts: PartTexts, shown: list[str], claimed: tuple[str, ...]) -> bool:
    """Whether the byline is right and the head is not: 'By …' right below the title; one of those the head lists."""
    if not all(map(is_full_name, shown)):
        return False
    if texts.page.metadata.provenance.get("authors") == "microdata" and set(shown) < set(claimed):
        return True
    below = _below_title(texts)
    return below is not None and 0 < below <= _RIGHT_BELOW and BY.match(texts.line("byline") or "") is not None


def _is_better(texts: PartTexts, shown: list[str], weak: tuple[str, ...]) -> bool:
    """Whether a byline is better than a site's name or a login; beside a login only one near the title is."""
    if not all(map(is_login, weak)):
        return True
    below = _below_title(texts)
    return below is not None and abs(below) <= _NEAR and any(map(is_full_name, shown))


def _below_title(texts: PartTexts) -> int | None:
    """How many texts after the title, or where the text begins if it has none, the byline begins."""
    titles = [n for n, role in zip(texts.numbers, texts.roles, strict=True) if role == "title"]
    bylines = [n for n, role in zip(texts.numbers, texts.roles, strict=True) if role == "byline"]
    above = titles[-1] if titles else texts.part.element.first - 1
    return bylines[0] - above if bylines else None
