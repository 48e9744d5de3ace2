"""How comments, answers, reviews and forum posts name themselves: by class, by id, by schema.org type."""

import re
from typing import Literal, cast

from services.parser.cache_sizes import NAMES, WORDS
from services.parser.platforms import also
from services.parser.visible_text import Element
from shared.remembered import remembered

Family = Literal["comment", "answer", "review", "post"]

_WRAP = (
    r"(?:[-_]*(?:item|entry|wrap(?:per)?|container|box|block|single|node|row|list-?item|card|outer|inner|main|body|root|"
    r"full|content|view|article|li))"
)
# Class tokens that name one comment. `post` and `message` also name other things, so they must be repeated.
_TOKENS: dict[Family, re.Pattern[str]] = {
    "answer": re.compile(rf"^(?:[\w-]*[-_])?answers?{_WRAP}?$|^suggested-?answer$"),
    "review": re.compile(rf"^(?:(?:[\w-]*[-_])?(?:reviews?){_WRAP}?{also('review')})$"),
    "post": re.compile(
        rf"^(?:(?:[\w-]*[-_])?(?:posts?|messages?|msg|repl(?:y|ies)){_WRAP}?|forumpost|threadpost{also('post')})$"
    ),
    "comment": re.compile(
        rf"^(?:[\w-]*[-_])?(?:comments?|comm|cmt|cmnt|kommentar|comentario|commentaire|commento|komentarz|"
        rf"yorum|reactie){_WRAP}?$"
        rf"|^(?:singlecomment|usercomment|h-cite{also('comment')})$"
    ),
}
# The family is the name of the group that matches.
_IDS = re.compile(
    rf"^(?:(?P<comment>(?:comment|cmt|comm|kommentar{also('comment id')})[-_]?\d{{1,12}})"
    r"|(?P<answer>answer[-_]?\d+)"
    r"|(?P<review>review[-_]?\d+)"
    rf"|(?P<post>(?:post|msg|message|reply|forum_post{also('post id')})[-_]?\d{{1,12}}))$"
)
_ITEM_TAGS = frozenset(["li", "div", "article", "section", "tr", "tbody", "table", "dl", "dd", "details"])
# What every token that the patterns match has in it, the platforms' too: passes over nine tokens of ten.
_STEM = re.compile(
    r"com[mt]|leaf|h-cite|cmt|cmnt|kom|yorum|reactie|repl|answer|review|post|messag|msg|window|discussion|jdgm|bv-"
)
# Tokens that match the patterns and never are one comment.
_NOT_ITEMS = re.compile(
    r"form|respond|replies|reply-?box|thread|holder|recent|latest|list$|^comments$|count|link|"
    r"^no-?comments|header|title|toggle|author|meta|avatar|button|"
    r"^post-?(?:content|body|entry|box|inner|main|view)$|^article|^(?:blog-?)?posts?-?(?:list|container|"
    r"wrapper|block|row|item|card)?$|"
    r"^live-|ticker|related|popular|featured|share|area|section|sidebar|widget|nav|footer|summary|rating|date|hide|show|user"
)
# What CSS modules end names with: `Comment_comment__aB3dE`. An element's name in BEM is small letters.
_HASH = re.compile(r"__(?=[\w-]{0,4}[A-Z\d])[\w-]{5}(?=\s|$)")
# Not `post-content`, which is an article on as many sites.
_BODY = re.compile(r"^(?:forum-?)?(?:post|msg|message|reply|comment)[-_]?(?:body|text)$")
FAMILIES: tuple[Family, ...] = ("comment", "answer", "review", "post")
FLARUM: tuple[Family, str] = ("post", "post-body")
_BARE_POST: tuple[Family, str] = ("post", "post")


def families(e: Element) -> list[tuple[Family, str]]:
    """What an element's own names make it, each with the token that says so: its class or id, and its
    schema.org type."""
    if e.tag not in _ITEM_TAGS:
        # A custom element's tag is its name.
        own = _family_of_token(e.tag) if "-" in e.tag else None
        return [(own, e.tag)] if own else []
    if not e.attrs and e.tag == "article":
        # Flarum's page for readers without scripts: its posts are known by what they hold alone.
        return [FLARUM] if any("Post-body" in c.get("class") for c in e.children) else []
    by_name = _by_name(e) if e.name else None
    found = [by_name] if by_name is not None else []
    if "itemtype" in e.attrs:
        # The types' names have capitals, and some sites none.
        kind = e.get("itemtype").rpartition("/")[2].lower()
        if kind in ("comment", "usercomments"):
            found.append(("comment", "schema"))
        elif kind in ("answer", "review"):
            found.append(("answer" if kind == "answer" else "review", "schema"))
    return found


@remembered(WORDS)
def _family_of_token(token: str) -> Family | None:
    if not _STEM.search(token) or _NOT_ITEMS.search(token):
        return None
    return next((f for f in FAMILIES if _TOKENS[f].match(token)), None)


@remembered(NAMES)
def body_token(names: str) -> str | None:
    """The class, of those given, that names the block of a post's own words: `post-body`, `msg_text`, `postText`."""
    names = names.lower()
    if "body" not in names and "text" not in names:
        return None
    return next((token for token in names.split() if _BODY.match(token)), None)


def _by_name(e: Element) -> tuple[Family, str] | None:
    attrs = e.attrs
    classes, ident = attrs.get("class"), attrs.get("id")
    by_class = _by_class(classes) if classes else None
    if by_class is not None and by_class != _BARE_POST:
        return by_class
    if ident and ident[-1].isdigit() and (found := _IDS.match(ident.lower())):
        # Boards number several blocks of each post: `post12` around `edit12` around `post_message_12`.
        return cast("Family", found.lastgroup), "#" + ident.lower().rstrip("0123456789")
    return by_class


@remembered(NAMES)
def _by_class(names: str) -> tuple[Family, str] | None:
    if not _STEM.search(names.lower()):
        return None
    tokens = _HASH.sub("", names).lower().split()
    if "thing" in tokens and "comment" in tokens:
        return "comment", "thing"
    named = [(f, t) for t in tokens[:12] if (f := _family_of_token(t))]
    if named:
        return min(named, key=lambda n: FAMILIES.index(n[0]))
    return _BARE_POST if "post" in tokens else None
