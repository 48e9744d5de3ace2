"""The site's own name in a title, and the origin that a reprint names: '… | Al Jazeera' on another
site, 'Source: Reuters' at its end."""

import re
import unicodedata
from urllib.parse import urlsplit

from services.parser.cache_sizes import TEXTS
from shared.remembered import remembered

# Between a title and a name after it. A bar parts nothing but names; the others part sentences too.
_BARS = re.compile(r"\s+(?:\||‖|｜|::)\s*|\s*(?:‖|｜)\s*")
_ANY = re.compile(r"\s+(?:\||‖|::|//|-|–|—|·|•|»|«|›)\s+|\s*(?:‖|｜)\s*|(?<=\w):\s+")
_DASHES = re.compile(r"\s+[-–—·•]\s+")
# Words by which a publication is known after a dash, where a subtitle may stand as well.
_PRESS = re.compile(
    r"\b(?:news|times|post|journal|tribune|herald|guardian|gazette|telegraph|chronicle|observer|independent|daily|"
    r"press|magazine|review|reuters|afp|ap|bbc|cnn|nbc|cbs|abc|npr|tass|xinhua|bloomberg|al jazeera|tv|radio|"
    r"zeitung|spiegel|monde|figaro|pais|mundo|corriere|repubblica|gazeta|novosti|wire|today)\b|\.(?:com|org|net|gr)\b",
    re.IGNORECASE,
)
# What stands after a bar and is a part of a site, a page of a series or a word on the text.
_NOT_A_NAME = re.compile(
    r"\d|^(?:home|blog|news|video|live|opinion|review|reviews|part|page|forum|archive|archives|login|search|about|"
    r"contact|shop|store|faq|update|updated|sponsored|analysis|interview|photos?|gallery|podcast|episode)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_LINE = re.compile(
    r"^\W{0,3}(?:source|quelle|fuente|fonte|bron|källa|kilde|lähde|źródło|zdroj|forrás|sursa|πηγή|источник|джерело|"
    r"източник|kaynak|المصدر|منبع|מקור|nguồn|sumber|出典|来源|來源|출처)\s*[:：]\s*(.{2,60})$",
    re.IGNORECASE,
)


def split_source(title: str, site_name: str | None, url: str) -> str | None:
    """The origin named at a title's end; None where there is none, or it is the site itself.

    After a bar anything that can be a name is taken for one, after a dash only what sounds like a publication.
    """
    head, tail = _last(_BARS, title)
    if not tail:
        head, tail = _last(_DASHES, title)
        if not _PRESS.search(tail):
            return None
    if len(head) < len(tail) or not _is_a_name(tail) or is_site(tail, site_name, url):
        return None
    return tail


def source_in_line(line: str) -> str | None:
    """The origin of a line like 'Source: Reuters' in an article; None where the line is none such."""
    found = _LINE.match(line.strip())
    return found.group(1).strip(" .") if found else None


def without_site(title: str, site_name: str | None, url: str) -> str:
    """A document's title without the site's name before or after it."""
    parts = list(_ANY.finditer(title))
    if not parts:
        return title
    first, last = parts[0], parts[-1]
    if is_site(title[last.end() :], site_name, url):
        return title[: last.start()].strip() or title
    if is_site(title[: first.start()], site_name, url):
        return title[first.end() :].strip() or title
    return title


def site_in_title(document_title: str, title: str) -> str | None:
    """What a document's title has before or after the page's own: the site's name, where the page repeats itself."""
    if title and len(document_title) > len(title):
        if document_title.startswith(title) and (found := _ANY.match(document_title, len(title))):
            return document_title[found.end() :].strip() or None
        if document_title.endswith(title):
            before = document_title[: -len(title)]
            return _ANY.split(before)[0].rstrip(" :") or None
    return None


def is_site(name: str, site_name: str | None, url: str) -> bool:
    """Whether a name is that of the site: equal to it, or the host's own name, also by its initials."""
    plain = _plain(name)
    if not plain:
        return False
    site = _plain(site_name or "")
    if site and (plain == site or (min(len(plain), len(site)) >= 5 and (plain in site or site in plain))):
        return True
    plain = plain.removeprefix("the") or plain
    labels = _labels(url)
    if plain in labels or (len(plain) >= 5 and any(plain in label for label in labels)):
        return True
    if plain == "".join(labels) or any(len(label) >= 5 and plain.startswith(label) for label in labels[:-1]):
        return True
    words = name.split()
    if site_name and all(map(_words(site_name).__contains__, map(str.casefold, words))):
        return True
    if len(words) <= 4 and len(words[0]) >= 3 and _plain(words[0]) in labels:
        return True
    initials = "".join([word[0] for word in _WORD.findall(name)]).casefold()
    return len(initials) >= 3 and initials in labels


def is_site_name(text: str, site_name: str | None) -> bool:
    """Whether a text is the site's name and no more."""
    return bool(site_name) and _plain(text) == _plain(site_name or "")


def _last(separator: re.Pattern[str], title: str) -> tuple[str, str]:
    """What stands before and after the last separator; nothing after where there is none."""
    found = None
    for found in separator.finditer(title):  # noqa: B007
        pass
    return (title, "") if found is None else (title[: found.start()].strip(), title[found.end() :].strip())


def _is_a_name(text: str) -> bool:
    """At most five words in forty characters, the first of them not in lower case."""
    return 2 <= len(text) <= 40 and len(text.split()) <= 5 and not text[0].islower() and not _NOT_A_NAME.search(text)


@remembered(TEXTS)
def _labels(url: str) -> tuple[str, ...]:
    """The parts of a host's name."""
    return tuple(label for label in (urlsplit(url).hostname or "").replace("-", "").split(".") if label != "www")


@remembered(TEXTS)
def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(filter(str.isalnum, decomposed)).removesuffix("com")


@remembered(TEXTS)
def _words(name: str) -> frozenset[str]:
    return frozenset(map(str.casefold, name.split()))
