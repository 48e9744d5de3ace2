"""What stands between an article's title and its body: a standfirst, and bits of a meta line."""

from collections.abc import Sequence
from itertools import groupby, islice

from services.parser.any_case import Pattern, Subject
from services.parser.keywords import kind_of_name
from services.parser.labels import Label, Part
from services.parser.visible_text import Element, VisiblePage

# Texts between title and body at most, for a standfirst and for bits of a meta line; letters from which on one is a
# sentence and no such bit, and those from which on it is a text of its own.
_MOST, _MOST_BITS, _SENTENCE, _LONGEST = 60, 25, 60, 600
# A standfirst is one of the first lines after the title that have no label and are no link, signs not counted.
_NEAR, _SIGNS = 4, 3
# A subtitle with fewer letters is a heading: a standfirst may follow it.
_HEADING = 80
# How a line begins that is of names, days, prices or the reader's consent.
_NO_STANDFIRST = Pattern(
    r"\W*(?:(?:written|reviewed|edited|posted|published|updated|fact.checked|medically|last (?:updated|"
    r"modified|edited)|aktualisiert|veröffentlicht|publié|mis à jour|publicado|actualizado|aggiornato|pubblicato)\b|"
    r"(?:by|von|par|por|di|door|av|af) \w|[$€£]|we (?:independently|may|earn)|when you|this (?:post|page|article)|"
    r"benachrichtigung|share|print|follow)"
)


def label_lead(page: VisiblePage, article: Part, labels: list[Label | None]) -> None:
    """Labels what has no label there: the first sentence is the subtitle, or of the body where there is one, and bits
    are chrome, but for what names a widget."""
    title = _last(labels, article, "title")
    body = next((n for n, label in enumerate(labels) if label and label.part is article and label.role == "body"), None)
    if title is None or body is None or not 0 < body - title <= _MOST:
        return
    free = [n for n in range(title + 1, body) if labels[n] is None]
    subtitles = [n for n, label in enumerate(labels) if label and label.part is article and label.role == "subtitle"]
    if sum(page.texts[n].chars for n in subtitles) < _HEADING:
        for n in _standfirst(page, free, article):
            labels[n] = Label(article, "body" if subtitles else "subtitle", 0.5)
    for n in free if body - title <= _MOST_BITS else ():
        t = page.texts[n]
        is_bit = len(t.value) <= _SENTENCE and not page.in_link[t.parent.index]
        if labels[n] is None and is_bit and not _names_widget(t.parent, article):
            labels[n] = Label(article, "chrome", 0.5)


def _standfirst(page: VisiblePage, free: Sequence[int], article: Part) -> list[int]:
    """The texts of the first line there that is a sentence, none of it a link."""
    own = (n for n in free if page.texts[n].chars > _SIGNS and not page.in_link[page.texts[n].parent.index])
    lines = islice(groupby(own, key=lambda n: page.texts[n].line), _NEAR)
    first = next((n for _, line in lines for n in line if len(page.texts[n].value) > _SENTENCE), None)
    if first is None:
        return []
    line = [n for n in free if page.texts[n].line == page.texts[first].line]
    size = sum(page.texts[n].chars for n in line)
    in_link = any(page.in_link[page.texts[n].parent.index] for n in line)
    if size > _LONGEST or in_link or _NO_STANDFIRST.begins(Subject(page.texts[first].value)):
        return []
    return line if not _names_widget(page.texts[first].parent, article) else []


def _last(labels: Sequence[Label | None], article: Part, role: str) -> int | None:
    """The last text of the article that has this role."""
    mine = (n for n in range(len(labels) - 1, -1, -1) if (label := labels[n]) and label.part is article)
    return next((n for n in mine if (label := labels[n]) and label.role == role), None)


def _names_widget(e: Element, article: Part) -> bool:
    """Whether an element or one around it is named as a widget, beside the article."""
    near = (a for a in (e, *islice(e.ancestors(), 3)) if a.name and not a.has(article.element))
    return any(kind_of_name(a.name) not in (None, "header") for a in near)
