"""Bylines: the names in 'Posted on May 3, 2021 by Jane Roe and John Doe', in a dozen languages."""

import re

_VERB = (
    r"(?:posted|written|published|reviewed|submitted|created|story|words|text|beitrag|artikel|geschrieben|"
    r"veröffentlicht|verfasst|erstellt|publié|écrit|publicado|escrito|scritto|pubblicato|geplaatst|napisane)"
)
_PREPOSITION = r"(?:by|von|vom|par|por|di|door|przez|av|af|από|от|yazan|author|autor|autore|auteur|автор)"
BY = re.compile(
    rf"^\W*(?:(?:{_VERB}|(?:view|see|zeige) (?:all|alle) (?:posts|articles|beiträge|artikel))\s+)?{_PREPOSITION}[:\s]+",
    re.IGNORECASE,
)
# 'Posted on May 3, 2021 by …': what stands before the name is a date.
_DATED = re.compile(rf"^.{{0,50}}\d.{{0,20}}?\s{_PREPOSITION}\s+(?=\S)", re.IGNORECASE)
# What follows a name: a date, a count, a label.
_AFTER = re.compile(
    r"\s*(?:[|»•·(\[]|\s[-–—]\s|,?\s(?:on|am|le|el|il|um|den|at|in|updated|stand|publié|posted|published)\b(?=.*\d)"
    r"|,?\s+\d|,\d).*$",
    re.IGNORECASE | re.DOTALL,
)
_AND = re.compile(r"\s*(?:,|;|&|\band\b|\bund\b|\bet\b|\by\b|\be\b)\s*", re.IGNORECASE)
_NO_NAME = re.compile(
    r"^(?:posted|published|publiziert|veröffentlicht|geschrieben|erstellt|updated)(?: \w{2,3})?$", re.IGNORECASE
)
_MOST, _LONGEST = 10, 60


def names_in(byline: str | None) -> list[str]:
    """The names that a byline holds."""
    if not byline:
        return []
    bare = BY.sub("", _DATED.sub("", byline))
    bare = _AFTER.sub("", bare).strip(" ,:;|·•-–—")
    names = (name.strip() for name in _AND.split(bare))
    return [n for n in names if 1 < len(n) <= _LONGEST and not n.isdigit() and not _NO_NAME.match(n)][:_MOST]


def is_byline(text: str) -> bool:
    """Whether a short text by itself is a byline: 'By Jane Roe', 'Von Jana Roh, 3. Mai 2021'."""
    if len(text) > _LONGEST or not (found := BY.match(text)):
        return False
    rest = text[found.end() :].strip()
    return rest[:1].isupper() and bool(names_in(text))
