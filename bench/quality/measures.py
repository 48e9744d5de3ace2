"""The measures of quality: how a page's parts compare with those that are known.

- Text F1: F1 of the multisets of words, lower case, as WCXB's own script has it. Main text is the article's, that of
  widgets in region `main`, and on a forum's pages the comments'.
- A comment is found where the word F1 of the texts is 0.8 or more, each used once, best first; a widget where their
  words' intersection over union is 0.5 or more. Of those found: author, parent, date to the day, kind.
- Leaks: the share of the article's words that belong to a comment or widget and not to the article.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import dateparser

_WORD = re.compile(r"\w+")
_YEAR = re.compile(r"\d{4}")
Words = Counter[str]
Record = dict[str, Any]
# From which likeness on a comment and a widget are found.
COMMENT, WIDGET = 0.8, 0.5


def words(text: str | None) -> Words:
    """A text's words, counted."""
    return Counter(_WORD.findall((text or "").lower()))


def line(text: str | None) -> str:
    """A text's words in one line, for comparing titles and names."""
    return " ".join(_WORD.findall((text or "").lower()))


def f1(said: Words, gold: Words) -> float:
    """F1 of two multisets; 1 where both are empty."""
    if not gold:
        return 0.0 if said else 1.0
    hits = (said & gold).total()
    return 2 * hits / (said.total() + gold.total()) if hits else 0.0


def overlap(said: Words, gold: Words) -> float:
    """Intersection over union of two multisets."""
    union = (said | gold).total()
    return (said & gold).total() / union if union else 0.0


def pairs(
    gold: Sequence[Words], said: Sequence[Words], like: Callable[[Words, Words], float], least: float
) -> list[tuple[int, int]]:
    """One-to-one matches (gold, said), the most alike first."""
    alike = ((like(s, g), i, j) for i, g in enumerate(gold) for j, s in enumerate(said))
    taken_gold: set[int] = set()
    taken_said: set[int] = set()
    found = []
    for value, i, j in sorted(alike, key=lambda a: (-a[0], a[1], a[2])):
        if value < least:
            break
        if i not in taken_gold and j not in taken_said:
            taken_gold.add(i)
            taken_said.add(j)
            found.append((i, j))
    return found


def days(raw: str | None) -> set[str]:
    """The days that a date as a page writes it may mean; none where it names no year."""
    if not raw or not _YEAR.search(raw):
        return set()
    read = (dateparser.parse(raw, settings={"STRICT_PARSING": True, "DATE_ORDER": order}) for order in ("DMY", "MDY"))
    return {day.date().isoformat() for day in read if day}


def main_text(said: Record, *, forum: bool) -> str:
    """What counts as a page's main text."""
    texts = [(said["article"] or {}).get("text") or ""]
    texts += (w["text"] for w in said["widgets"] if w.get("region") == "main")
    if forum:
        texts += (c["text"] for c in said["comments"])
    return "\n".join(texts)


def strings(said: Record, having: Sequence[str], lacking: Sequence[str]) -> Counter[str]:
    """Of strings that must and must not be in the article: `tp`, `fn`, `fp`."""
    text = " ".join(((said["article"] or {}).get("text") or "").split())
    # A soft hyphen is where a word may be broken, and no letter of it.
    held, wrong = ([" ".join(s.replace("\u00ad", "").split()) in text for s in some] for some in (having, lacking))
    return Counter(tp=sum(held), fn=len(held) - sum(held), fp=sum(wrong))


def parts(said: Record, gold: Record) -> Counter[str]:
    """All counts of one page's parts, and `text` (F1) and `leaks` where it has an article."""
    counts: Counter[str] = Counter()
    text = words((said["article"] or {}).get("text"))
    if gold["article"]:
        known = words(gold["article"]["text"])
        own = known + words(gold["article"].get("subtitle"))
        others = sum((words(x["text"]) for x in gold["comments"] + gold["widgets"]), Counter()) - own
        counts["articles"] += 1
        counts["text"] += f1(text, known)  # type: ignore[assignment] # a Counter adds up fractions as well
        leaked = ((text - own) & others).total() / text.total() if text else 0.0
        counts["leaks"] += leaked  # type: ignore[assignment]
    elif text:
        counts["articles where there is none"] += 1
    return counts + _comments(said["comments"], gold["comments"]) + _widgets(said["widgets"], gold["widgets"])


def _comments(said: list[Record], gold: list[Record]) -> Counter[str]:
    matched = pairs([words(c["text"]) for c in gold], [words(c["text"]) for c in said], f1, COMMENT)
    by_gold = dict(matched)
    place = {c["id"]: n for n, c in enumerate(said)}
    nested = any(c["parent"] is not None for c in gold)
    counts = Counter({"comments gold": len(gold), "comments said": len(said), "comments ok": len(matched)})
    for i, j in matched:
        known, found = gold[i], said[j]
        if known.get("author"):
            counts["authors"] += 1
            counts["authors ok"] += line(known["author"]) == line(found.get("author"))
        want = by_gold.get(known["parent"], -2) if known["parent"] is not None else None
        have = place.get(found["parent_id"], -3) if found.get("parent_id") is not None else None
        if nested:
            counts["parents"] += 1
            counts["parents ok"] += want == have
        if want is not None:
            counts["replies"] += 1
            counts["replies ok"] += want == have
        if meant := days(known.get("date")):
            counts["dates"] += 1
            counts["dates ok"] += (found.get("published_at") or "")[:10] in meant
    return counts


def _widgets(said: list[Record], gold: list[Record]) -> Counter[str]:
    ours = [(words(w["text"]), w) for w in said]
    theirs = [(words(w["text"]), w) for w in gold]
    ours, theirs = [w for w in ours if w[0]], [w for w in theirs if w[0]]
    matched = pairs([w for w, _ in theirs], [w for w, _ in ours], overlap, WIDGET)
    right = sum(theirs[i][1]["kind"] == ours[j][1]["kind"] for i, j in matched)
    return Counter(
        {"widgets gold": len(theirs), "widgets said": len(ours), "widgets ok": len(matched), "kinds ok": right}
    )


def found(counts: Counter[str], what: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of `what` over all pages counted."""
    ok, said, gold = counts[f"{what} ok"], counts[f"{what} said"], counts[f"{what} gold"]
    p, r = ok / said if said else float(not gold), ok / gold if gold else 1.0
    return p, r, 2 * p * r / (p + r) if p + r else 0.0
