"""Bylines: the names in 'Posted on May 3, 2021 by Jane Roe and John Doe', in some thirty languages."""

import re
from collections.abc import Iterable

from services.parser.cache_sizes import TEXTS
from services.parser.date_words import everyday_words, fold, words_for
from shared.remembered import remembered

# What may stand before 'by': a verb, or what was written.
_VERB = (
    r"(?:(?:this|the) (?:post|article|story) (?:was|is) \w+|posted|written|published|submitted|"
    r"created|authored|reported|reporting|story|words?|text|article|recipe|"
    r"review|interview|essay|analysis|column|commentary|guest post|a|an|ein|eine|un|une|una|"
    r"beitrag|artikel|kommentar|analyse|gastbeitrag|geschrieben|veröffentlicht|verfasst|erstellt|"
    r"publié|écrit|rédigé|proposé|publicado|escrito|texto|scritto|pubblicato|testo|geplaatst|geschreven|"
    r"napisane|opublikowane|skrevet|skriven|tekst|teksti|kirjoittanut|написано|опубликовано|текст|"
    r"(?:view|see|read|zeige|mehr) (?:all|alle|more)(?: (?:posts|articles|stories|beiträge|artikel))?)"
)
_BEFORE_A_NAME = r"(?:by|von|vom|par|por|di|door|przez|av|af|από|от|oleh|bởi|yazan)"
_LABEL = (
    r"(?:authors?|contributors?:|autor(?:in|en|innen|i|zy|es|as|a|e|ka)?|autrice|auteure?s?|auteur|autori|forfatter|författare|"
    r"kirjoittaja|szerző|írta|napsala?|yazar|penulis|tác giả|συντάκτης|συγγραφέας|автор[ыи]?)"
)
# Labels only with a colon; without one they are words of a sentence.
_WITH_COLON = (
    r"(?:text|words|texte|texto|testo|tekst|teksti|текст|reporter|writer|interview|redaktion|γράφει|"
    r"作者|文|撰文|著者|執筆者?|ライター|記者|记者|글쓴이|글|기자|작성자|بقلم|الكاتب|نویسنده|מאת)"
)
BY = re.compile(
    rf"^\W*(?P<verb>(?:{_VERB}\s+){{0,3}})(?:{_BEFORE_A_NAME}(?:\s*[:：]\s*|\s+|$)|(?P<label>{_LABEL})(?:\(\w+\))?(?:\s*[:：]\s*|\s+|$)"
    rf"|{_WITH_COLON}\s*[:：／/]\s*)",
    re.IGNORECASE,
)
# 'Posted on May 3, 2021 by …': what stands before the name is a date.
_DATED = re.compile(rf"^.{{0,50}}\d.{{0,20}}?\s{_BEFORE_A_NAME}\s+(?=\S)", re.IGNORECASE)
# What follows a name: a date, a count, a label, a sentence about whoever bears it.
_AFTER = re.compile(
    r"\s*(?:[|»•·∙(\[<]|\s[-–—]\s|[\s,;]+(?:on|am|le|el|il|um|den|at|in|updated|stand|publié|posted|published|"
    r"publicado|veröffentlicht|aktualisiert)\b(?=.*\d)|,?\s+\d|,\d"
    r"|\s+(?:is an?|is the|ist (?:ein|der|die)|est une?|es una?|è una?|for the|für die)\s"
    r"|\s+(?:on behalf of|im auftrag)\b).*$",
    re.IGNORECASE | re.DOTALL,
)
# '11.12.2019 - Amelie Roh'.
_DATE_FIRST = re.compile(r"^(?:[^|·•∙]{0,40}?\d{2,4}[^|·•∙]{0,12}?(?:\s*[|·•∙]|,?\s[-–—/])\s)+")
# Names of others who had a part in it: after a writer's they end the byline, alone they are none.
_CREDIT = re.compile(
    r"(?:^|[\s,;/.]+)(?:fotos?|photos?|photograph(?:y|s|er)?|pictures?|images?|illustration(?:en|s)?|bild(?:er)?|grafik|"
    r"video|kamera|edited|editing|redigiert|lektorat|translat(?:ed|ion)|übersetzt|übersetzung|traducción|"
    r"(?:medically |fact.?)?(?:reviewed|checked))\s*(?:by|von|par|por|di|:)(?:\s.*)?$",
    re.IGNORECASE | re.DOTALL,
)
# 'Interview: Jane Roe', '责任编辑：王小明'.
_LABELLED = re.compile(r"^[^\W\d][\w ]{1,20}\s?[:：]\s*(?=[^\s/])")
_WORD_FOR_AND = r"(?:and|und|sowie|et|y|e|i|og|och|ja|en|és|и|та|και|ve)"
# 'Published by Quay Horse and released in May' is a sentence; 'by Ana and de la Paz' is none.
_GOES_ON = re.compile(
    rf"\s{_WORD_FOR_AND}\s+(?!(?:von|van|de|del|di|da|dos|du|le|la|el|al|bin|ibn|ben|zu)\s)[a-zß-öø-ÿ]"
)
_AND = re.compile(rf"\s*[,;]\s*(?:{_WORD_FOR_AND}\s+)?|\s*&\s*|\s+/\s+|\s+{_WORD_FOR_AND}\s+", re.IGNORECASE)
_NO_NAME = re.compile(
    r"^(?:(?:posted|published|publiziert|veröffentlicht|geschrieben|erstellt|updated|written|authored)(?: \w{2,3})?"
    r"|(?:read|view|see|show|learn|load|alle|mehr|zum|zur|back|follow|share|teilen|folgen|send|contact|sign|log|"
    r"subscribe|visit|click|skip|published|posted|info|weiter\w*|about|über|updated|link|full bio|the author|more)\b.*"
    r"|.*(?:\bread\b|\bposts?\b|beiträge|\barticles?\b|\bartikel\b|comments?\b|kommentare?\b|\bcookies?|newsletter|"
    r"©|copyright|creative commons|\blicen[sc]e|\bcc by|\bfotos?\b|\bphotos?\b|@|\bapp\b|\bminuten\b|\bminutes?\b).*"
    r"|(?:topic|thread) (?:author|starter)|original poster|menu|home|news|blog|"
    r"link|edit|more|e-?mail|email|twitter|facebook|linkedin|instagram|website|image|author|"
    r"autor|by|von|on|am|at|in|and|und|the|date|datum|stand|text|tags?|categor\w+|kategorien?|undefined|null|none|unknown|anonymous|guest|gast)$",
    re.IGNORECASE,
)
# Words of what somebody is: a part of a byline made of them, or ending in one after a comma, is no name.
_ROLE = re.compile(
    r"\b(?:staff|senior|junior|chief|contributing|guest|managing|associate|assistant|freelance|former|special|"
    r"writers?|editors?|reporters?|journalists?|correspondents?|contributors?|columnists?|authors?|bloggers?|"
    r"editorial|redakteur(?:in)?|redaktion|volontär(?:in)?|autor(?:in)?|journalist(?:in)?|chefredakteur(?:in)?|"
    r"korrespondent(?:in)?|reporter(?:in)?|rédact(?:eur|rice|ion)|journaliste|redactor(?:a)?|redacción|periodista|"
    r"redattore|redattrice|redazione|giornalista|redacteur|redactie|dziennikarz|dziennikarka|redakcja|"
    r"редактор|редакция|корреспондент|журналист|toimittaja|toimitus|redaktör|journalistin|"
    r"founder|co-founder|c[a-z]o|manager|director|head|expert|analyst|consultant|specialist|strategist|producer|"
    r"president|professor|dietitian|coordinator|winemaker|advisor|attorney|physician)\b",
    re.IGNORECASE,
)
# MD, Ph.D., E-RYT 200, CFP®: after a name and a comma they are a part of it.
_DEGREE = re.compile(
    r"(?:[A-Z][\w.-]{0,6}[A-Z.][®™]?(?:\s\d{2,4})?)(?:\s[A-Z][\w.-]{0,6}[A-Z.][®™]?)*|[JS]r\.?|II+|Esq\.?"
)
_AGENCY = frozenset(
    "AP AFP DPA CNN BBC NPR ABC CBS NBC USA UPI TASS SID APA KNA EPD IPS ANI PTI IANS EFE ANSA PA".split()
)
_PARTICLES = frozenset(
    "von van de der den del della di da dos das du le la les el al bin ibn ben zu zur af av y e i do of the".split()
)
_ADMIN = re.compile(
    r"(?:^|[\W_])(?:web)?(?:admin|administrator|root|webmaster|editor|user\d*)$|^\w*admin\d*$", re.IGNORECASE
)
# Names, characters of one and of a byline; words of a name, of one with a word in lower case, of one all in lower case.
_MOST, _LONGEST, _LONGEST_LINE, _MOST_WORDS, _MOST_MIXED, _MOST_SMALL = 10, 60, 300, 6, 4, 3


def names_in(byline: str | None) -> list[str]:
    """The names that a byline holds."""
    if not byline or len(byline) > _LONGEST_LINE:
        return []
    bare = BY.sub("", _DATE_FIRST.sub("", _DATED.sub("", " ".join(byline.split()))))
    bare = _AFTER.sub("", _CREDIT.sub("", bare))
    return whole_names(_LABELLED.sub("", part) for part in _AND.split(bare))


def whole_names(parts: Iterable[str]) -> list[str]:
    """The parts of a byline that are names. After a name in full a degree is added to it; a place, a role is none."""
    names: list[str] = []
    for part in (p.strip(" ,:;|·•-–—*/") for p in parts):
        if names and " " in names[-1]:
            if names_a_role(part):
                continue
            if _DEGREE.fullmatch(part) and part.upper() not in _AGENCY and not names[-1].isupper():
                names[-1] += f", {part}"
                continue
            if " " not in part:
                continue
        if is_name(part) and not is_role(part) and part not in names:
            names.append(part)
    return names[:_MOST]


def is_short_byline(text: str) -> bool:
    """Whether a line is 'by' and one word: a byline only right below a title."""
    found = BY.match(text)
    return found is not None and len(text[found.end() :].split()) == 1 and bool(names_in(text))


def is_byline(text: str) -> bool:
    """Whether a short text by itself is a byline: 'By Jane Roe', 'Von Jana Roh, 3. Mai 2021'."""
    if len(text) > _LONGEST + 40 or not (found := BY.match(text)):
        return False
    rest = text[found.end() :].strip()
    if _GOES_ON.search(rest):
        return False
    names = names_in(text)
    return (rest[:1].isupper() or not rest[:1].isascii()) and (
        any(map(is_full_name, names)) or (bool(names) and bool(found["verb"]))
    )


@remembered(TEXTS)
def is_name(text: str) -> bool:
    """Whether a text can be what somebody is called: a name, a login, an editorial team."""
    if not 1 < len(text) <= _LONGEST or not text[0].isalnum() or "://" in text or not any(c.isalpha() for c in text):
        return False
    words = text.split()
    if len(words) > _MOST_WORDS or _NO_NAME.match(text) or _is_date(words):
        return False
    if len(words) > 2 and text[-1] in ".!?…" and not text[-3:-1].isupper():
        return False
    small = [w for w in words if w[0].islower() and w.lower() not in _PARTICLES]
    return not small or (len(small) == 1 and len(words) <= _MOST_MIXED) or len(small) == len(words) <= _MOST_SMALL


def is_full_name(text: str) -> bool:
    """Whether a text is a name of two to five words, each but the particles with a capital."""
    words = text.split()
    if not text[:1].isalpha() or text[:1].islower() or (text[0].isascii() and not 2 <= len(words) <= 5):
        return False
    small = [w for w in words if w[0].islower() and w not in _PARTICLES]
    return not small and is_name(text) and not is_role(text) and not any(c.isdigit() for c in text)


def is_role(text: str) -> bool:
    """Whether a text is what somebody is, and no name: 'Staff Writer', 'Redaktion'."""
    return not _ROLE.sub("", text).strip(" ,.-&/")


def names_a_role(text: str) -> bool:
    """Whether a text has a word of what somebody is."""
    return _ROLE.search(text) is not None


def is_credit(text: str) -> bool:
    """Whether a text announces somebody who had another part in it: 'Fact-checked by', 'Photos:'."""
    return _CREDIT.search(f"{text.strip()} x") is not None


def is_login(text: str) -> bool:
    """Whether a name is what somebody signs in with: 'admin', 'jroe', 'jane.roe'."""
    return _ADMIN.search(text) is not None or (" " not in text and text[:1].islower()) or "_" in text


def is_admin(text: str) -> bool:
    """Whether a name is one that generators put where a person's belongs."""
    return _ADMIN.search(text) is not None


def _is_date(words: list[str]) -> bool:
    """Whether all words are months, weekdays and numbers."""
    folded = [f.strip(".,") for f in map(fold, words)]
    return all(
        f.isdigit()
        or any(f in table.months or f in table.weekdays for table in (*words_for(("en",)), everyday_words()))
        for f in folded
    )
