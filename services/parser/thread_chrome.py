"""What stands around a thread and is none of its words: '4 comments:', 'Load more …', 'Sort by'."""

import re

from services.parser.labels import Label, Part
from services.parser.visible_text import Element, VisiblePage

_CHROME = re.compile(
    r"^\W*\d*\W*(?:\d+ )?(?:comments?|repl(?:y|ies)|answers?|responses?|load more|show more|view (?:all|"
    r"more)|more comments|sort(?:ed)? by|newest|oldest|best|"
    r"kommentare?|commentaires?|comentarios?|comentários?|commenti|komentarze|reacties|комментари\w*|"
    r"σχόλια|yorum\w*|コメント)\b.{0,60}$",
    re.IGNORECASE,
)
_LONGEST = 80


def label_thread_chrome(page: VisiblePage, first: Element, labels: list[Label | None], article: Part | None) -> None:
    """Labels such texts chrome of the article, or of the first comment where there is none; `first`: its block."""
    around: Element = first
    for up in first.ancestors():
        if up.tag == "body" or (article is not None and up.has(article.element)):
            break
        around = up
    owner = article or next((label.part for label in labels[first.first : first.last] if label), None)
    if owner is None:
        return
    for n in range(around.first, around.last):
        t = page.texts[n]
        if labels[n] is None and len(t.value) < _LONGEST and _CHROME.match(t.value.strip()):
            labels[n] = Label(owner, "chrome", 0.6)
