"""What a platform's file here takes and gives."""

import json
import re
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Protocol

from selectolax.lexbor import LexborHTMLParser

from services.parser.elsewhere.thread import Place
from services.parser.engine import ask
from shared.ids import page_of
from shared.markup.tree import tree_of
from shared.raw_page import RawPage
from shared.records import Comment, ParsedPage, Source
from shared.urls import join, site_of

MOST_PARTS = 50
"""Parts fetched for one page at most. At a delay of a second between requests to a host it is a minute of the host's
time; it makes 5,000 comments of WordPress (100 a part), 1,000 posts of a forum (20 a page)."""
MOST_COMMENTS = 1000
"""Comments read from one part at most: Blogger gives 500, WordPress 100; a page of a thread that has more is none."""


# Where a thread says how many it has; the page's records have it as chrome. Headings looked at, and their characters.
_HEADING = "#comments h2, #comments h3, #comments h4, .comments-title, .comments-header"
_HEADINGS, _LINE = 10, 200
# Blogger's heading of a thread without comments, in its languages, and WordPress's older themes'.
_NONE = re.compile(
    r"\W*(?:no (?:comments?|responses?|replies)|keine kommentare|aucun commentaire|no hay comentarios|nessun commento|"
    r"nenhum comentário|sem comentários|geen (?:opmerkingen|reacties)|brak komentarzy|комментариев нет|"
    r"нет комментариев|коментарів немає|δεν υπάρχουν σχόλια|yorum yok|žádné komentáře|nincsenek megjegyzések|"
    r"inga kommentarer|ingen kommentarer|ei kommentteja|niciun comentariu|няма коментари|tidak ada komentar|"
    r"コメントはありません|没有评论|沒有留言|댓글 없음|ليست هناك تعليقات|אין תגובות)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """Something else to fetch for a page's discussion. Plain values, so that it can stand in a queue."""

    platform: str
    """The name of the platform that reads it."""
    url: str
    number: int = 1
    """Its place among the parts of its platform: the number of its page or of its first comment; counted from the
    page's own where these are pages like it, so that older ones are below nought."""
    otherwise: tuple["Part", ...] = ()
    """What is fetched where this one cannot be had: refused, gone, or not what it should be."""

    def pack(self) -> str:
        """The part as one line of JSON."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def unpack(cls, line: str) -> "Part":
        """Undoes `pack`."""
        return cls._of(json.loads(line))

    @classmethod
    def _of(cls, values: dict[str, Any]) -> "Part":
        return cls(**values | {"otherwise": tuple(cls._of(part) for part in values["otherwise"])})


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What was found in a part."""

    comments: tuple[Comment, ...] = ()
    """As records of the page: ids as the page's own markup would have given them, `position` empty."""
    further: tuple[Part, ...] = ()
    """What is to be fetched after it."""
    number: int = 1
    """The part's."""
    source: Source = "comments feed"
    """What provenance names."""
    place: Place = "by time"
    """Where its comments stand among the page's own: each where its time says, or all before or after."""
    native: re.Pattern[str] = re.compile("(.+)")
    """The form of the site's own id of a comment (a record id's end) on the page; the group is what the part has."""
    problem: str | None = None
    """Why it was not read, or not to its end, in words."""


@dataclass(frozen=True)
class Shown:
    """A page as it was fetched, and what it was cut into."""

    raw: RawPage
    parsed: ParsedPage

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The page's tree, made when it is asked for: most pages lack nothing."""
        return tree_of(self.raw.body, self.raw.content_type)

    @cached_property
    def url(self) -> str:
        """What its links are relative to."""
        base = self.tree.css_first("base[href]")
        url = join(self.raw.final_url, base.attributes.get("href") or "") if base is not None else None
        return url or self.raw.final_url

    @cached_property
    def lacks(self) -> bool:
        """Whether it claims more comments than it shows, or shows none and claims nothing."""
        article, shown = self.parsed.article, len(self.parsed.comments)
        claimed = article.comment_count if article is not None else None
        if claimed is None:
            claims = (_claimed(node.text()[:_LINE]) for node in self.tree.css(_HEADING)[:_HEADINGS])
            claimed = next((c for c in claims if c is not None), None)
        return claimed > shown if claimed is not None else not shown

    def is_of_site(self, url: str) -> bool:
        """Whether a URL is of the page's own site, as what belongs to the page is."""
        return site_of(url) in {site_of(self.parsed.page.final_url), site_of(self.parsed.page.url)}


def _claimed(heading: str) -> int | None:
    """How many comments a thread's heading claims."""
    if _NONE.match(heading):
        return 0
    count: int | None = ask("count_in", line=heading)
    return count


class Platform(Protocol):
    """A file of this folder."""

    NAME: str

    def wanted(self, shown: Shown) -> list[Part]:
        """What is to be fetched for this page; nothing where it is none of the platform's, or lacks no comments."""

    def read(self, part: Part, raw: RawPage, page: ParsedPage) -> Elsewhere:
        """The comments found in a part of `page`. Raises nothing for what the part holds."""


def native_of(comment_id: str) -> str | None:
    """The site's own id of a comment, as its record's id has it; None where that has a hash."""
    own = comment_id.removeprefix(f"{page_of(comment_id)}:c:").partition("~")[0]
    return None if _HASH.fullmatch(own) else own


# Of `shared.ids`.
_HASH = re.compile("[a-z2-7]{20}")
