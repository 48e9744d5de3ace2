"""What only one platform's markup has: the names, attributes and addresses by which its comments are known.

Words that any site may use (`comment`, `reply`, `author` in any language), schema.org's and microformats' stand with
the rules. `bench.quality.platforms` measures what is found without this table, which it empties before the parser is
imported: this imports nothing of it.
"""

from typing import Final, Literal

Place = Literal[
    # Alternatives in patterns of names: of one comment's block, and of what stands in it.
    "review", "post", "comment", "comment id", "post id",
    "body", "body copy", "body word", "author", "sure author", "date", "chrome", "quote", "no quote",
    "answers", "level",
    # In addresses, and in what links are named.
    "profile", "parent link",
    # What a site adds to a name.
    "note",
    # In patterns of attributes' names, and what such a name begins with.
    "parent id", "own id", "parent preview",
    # Words among those that groups of names (`name_groups`) and kinds of widgets (`keywords`) are told by.
    "comment group", "reply group", "product group", "wiki group", "comment form",
    # Attributes' names, and all that a link to a comment's parent says.
    "native id", "link name", "kind", "depth", "indent", "chrome attribute", "date attribute", "parent word",
]  # fmt: skip

PLATFORMS: Final[dict[str, dict[Place, str]]] = {
    "Bazaarvoice": {"review": "bv-content-(?:item|review)"},
    "Discourse": {"body": "cooked", "profile": "/u/"},
    "Disqus": {"comment group": "disqus", "parent link": "parent-?link", "link name": "data-role"},
    "Drupal": {
        "answers": "indented",
        "note": "not verified|nicht überprüft|non vérifié|no verificado|non verificato|niet gecontroleerd|"
        "não verificado|niezweryfikowany|не проверено",
    },
    "Facebook": {"body": "userContent"},
    "FluxBB": {
        "post": "blockpost",
        "post id": "p",
        "body": "postmsg",
        "chrome": "postleft|(?:post|last)-?edit(?:ed)?",
    },
    "Hacker News": {"comment": "comtr", "body": "commtext", "indent": "indent", "parent word": "parent"},
    "Invision": {
        "post": "cpost|ipscomment",
        "body": "ipsType_richText|ipsRichText",
        "chrome": "author-?pane",
        "chrome attribute": "data-excludequote",
    },
    "Judge.me": {"review": "jdgm-rev"},
    "LiveJournal": {"comment": "comentry|b-leaf", "chrome": "userpic", "level": "twig"},
    "MediaWiki": {"wiki group": "mw mediawiki infobox reflist"},
    "MyBuilder": {"comment": "discussionboard-item", "body": "discussionboard-message"},
    "NodeBB": {"parent preview": "data-parent-", "parent id": "pid", "kind": "component"},
    "phpBB": {
        "post id": "p|table",
        "author": "postauthor",
        "profile": r"memberlist\.php",
        "chrome": "postprofile",
    },
    "Reddit": {
        "body": "usertext-body",
        "body word": "md",
        "date": "live-?timestamp|tagline",
        "profile": "/u/",
        "own id": "data-fullname|thingid",
        "native id": "data-fullname",
        "depth": "depth",
    },
    "SMF": {"post": "windowbg2?", "body": r"msg_\d+ inner"},
    "Stack Exchange": {
        "body": "s-prose",
        "body copy": "copy",
        "date": "relativetime",
        "native id": "data-answerid",
    },
    "vBulletin": {
        "post": r"postbit\w*",
        "post id": "td_post|edit|post_message",
        "author": "bigusername|popupctrl",
        "sure author": "bigusername",
        "profile": r"member\.php",
        "quote": "bbcode_container",
        "reply group": "postbit",
    },
    "WooCommerce": {"product group": "woocommerce"},
    "WordPress": {
        "comment form": "respond commentrespond",
        "comment id": "(?:li|div)-comment",
        "date": "comment-?meta(?:data)?",
        "chrome": "says",
    },
    "XenForo": {
        "post id": "js-post",
        "body": "bbwrapper",
        "author": "message-name",
        "sure author": "message-name",
        "no quote": "selectToQuote",
        "own id": "data-content",
        "native id": "data-content",
        "date attribute": "data-time-string",
    },
}


def also(place: Place) -> str:
    """The platforms' alternatives for the end of a pattern's group, each begun with '|'; empty where there are none."""
    return "".join(f"|{words[place]}" for words in PLATFORMS.values() if place in words)


def listed(place: Place) -> str:
    """The platforms' words, for the end of a list of words."""
    return " ".join(named(place))


def named(place: Place) -> tuple[str, ...]:
    """What the platforms have there, where it is no pattern."""
    return tuple(words[place] for words in PLATFORMS.values() if place in words)
