"""Which page of a discussion an address is: what forums and blogs write into it, and the address without that."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

# Of path and query: what names the page, with its number or the number of its first post.
_FORMS = re.compile(
    r"(?P<comments>/comment-page-(?P<wordpress>\d+)"  # WordPress; without permalinks:
    r"|(?<=[?&])cpage=(?P<cpage>\d+)"
    r"|(?<=[?&])commentPage=(?P<blogger>\d+))"
    r"|(?<=[?&])start=(?P<phpbb>\d+)"
    r"|(?<=[?&;])page=(?P<page>\d+)"  # Discourse, Invision, NodeBB, Flarum, MyBB, vBulletin 3, Drupal
    r"|/page-?/?(?P<path>\d+)(?=/?(?:$|[?&]))"  # XenForo's page-2, vBulletin's page2, Invision's page/2
    r"|-page-(?P<mybb>\d+)(?=\.html)"
    r"|(?<=\d)\.(?P<smf>\d+)(?=\.html$|$|;)"  # index.php?topic=733.20, topic,733.20.html
    r"|(?:(?<=viewtopic\.php\?)|(?<=/item\?))(?P<id>id=\d+)&p=(?P<fluxbb>\d+)"  # FluxBB, Hacker News
    r"|(?<=/)p(?P<vanilla>\d+)(?=/?$)",
)
_NUMBERS = ("wordpress", "cpage", "blogger", "phpbb", "page", "path", "mybb", "smf", "fluxbb", "vanilla")
# SMF's dot stands in addresses of topics; elsewhere a dot and a number is XenForo's own number of a thread.
_SMF = re.compile(r"topic[=,]\d+\.\d+")
# Forms that begin with 0, as they count posts.
_FROM_NOUGHT = frozenset(["phpbb", "smf"])
# Of a session, or of how one came: the same thread with and without. phpBB names the forum, or does not.
_PASSED = re.compile(r"(?:sid|s|f|phpsessid|utm_\w+)", re.IGNORECASE)
# Behind a thread's own address, where a link says that it is the next page: '&seite=2', '/2'.
_BEHIND = re.compile(r"[/?&;_-](?:[a-z]{1,10}[=/_-]?)?(\d{1,6})/?", re.IGNORECASE)
_MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Numbered:
    """An address of a discussion's page."""

    thread: str
    """The address without what names the page, in a form to compare."""
    number: int | None
    """None: names none."""
    of_comments: bool = False
    """Whether nothing but comments is numbered so."""
    first: int = 1
    """What the first page's number would be (0 where posts are counted)."""


def numbered(url: str) -> Numbered:
    """What an absolute URL says of the page that it is."""
    parts = urlsplit(url)
    address = f"{parts.path}?{parts.query}" if parts.query else parts.path
    for found in _FORMS.finditer(address):
        name = next(n for n in _NUMBERS if found[n] is not None)
        if len(found[name]) > _MOST_DIGITS or (name == "smf" and not _SMF.search(address)):
            continue
        rest = address[: found.start()] + (found["id"] or "") + address[found.end() :]
        of_comments = found["comments"] is not None
        return Numbered(_thread(parts.netloc, rest), int(found[name]), of_comments, int(name not in _FROM_NOUGHT))
    return Numbered(_thread(parts.netloc, address), None)


def number_behind(url: str, first: str) -> int | None:
    """The number that a next page's URL has behind its thread's."""
    start = first.partition("#")[0].rstrip("/")
    rest = url.partition("#")[0].removeprefix(start)
    found = _BEHIND.fullmatch(rest) if rest != url.partition("#")[0] else None
    return int(found[1]) if found else None


def _thread(host: str, address: str) -> str:
    path, _, query = address.partition("?")
    # 'showthread.php?8812-Title/page2': vBulletin 4 has its paths in the query.
    pairs = parse_qsl(query.rstrip("/"), keep_blank_values=True)
    kept = sorted((k, v) for k, v in pairs if not _PASSED.fullmatch(k))
    return f"{host.lower().removeprefix('www.')}{path.rstrip('/')}?{urlencode(kept)}"
