"""The pages to learn from and to measure on, with what is known of each.

A folder PAGES holds, as they are published and unpacked: `wcxb-dev/{html,ground-truth}` (WCXB's development split) and
`trafilatura-dev/{html,evaldata.json}` (a part of trafilatura's evaluation set). `training/gold/` holds the rules that
annotate the parts of some of them; `sealed-*.yaml` and `blind-*.yaml` are for measuring and never learnt from.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import tldextract

from training.annotate import gold, load, rules_in

GOLD: Final = Path(__file__).parent / "gold"
FOLDS: Final = 5
_AND: Final = re.compile(r",?\s+(?:and|&)\s+|,\s*")
_ISO_DAY: Final = len("2024-01-31")
# The list of public suffixes that the library comes with: no request is made.
_DOMAIN: Final = tldextract.TLDExtract(suffix_list_urls=())


@dataclass(slots=True)
class Page:
    """A page and what is known of it."""

    file: str
    path: Path
    url: str
    fold: int
    """By registered domain without its suffix, so that sister sites stand together."""
    kind: str | None = None
    text: str | None = None
    """Its main text."""
    having: list[str] = field(default_factory=list)
    """Strings that are in its article."""
    lacking: list[str] = field(default_factory=list)
    """Strings that are not, those of comments among them."""
    metadata: dict[str, str | list[str]] = field(default_factory=dict)
    """Its `title`, `author` and `date` (the day), as far as they are known."""
    parts: dict[str, Any] | None = None
    """Its annotation (`training.annotate.gold`)."""


def fold_of(url: str) -> int:
    """Which of `FOLDS` a page belongs to."""
    said = _DOMAIN(url)
    return int(hashlib.sha256((said.domain or url).encode()).hexdigest(), 16) % FOLDS


def _url(said: str | None) -> str:
    """A page's address; the sets have a few that are none."""
    return said if said and re.match(r"https?://[^/]", said) else "https://site.example/"


def read(folder: Path, *, sealed: bool = False) -> list[Page]:
    """All pages; annotations that are sealed only where asked for. Raises OSError where a set is missing."""
    pages = {page.file: page for page in (*_wcxb(folder / "wcxb-dev"), *_trafilatura(folder / "trafilatura-dev"))}
    for path in sorted(GOLD.glob("*.yaml")):
        if path.name.startswith("blind") or path.name.startswith("sealed") is not sealed:
            continue
        for rule in rules_in(path):
            page = pages[rule["file"]]
            page.parts = gold(rule, load(page.path, rule.get("noscript", False)))
            page.kind = page.kind or page.parts["kind"]
    return list(pages.values())


def _wcxb(folder: Path) -> Iterator[Page]:
    for path in sorted((folder / "ground-truth").iterdir()):
        said = json.loads(path.read_text(encoding="utf-8"))
        kind = (said.get("_internal") or {}).get("page_type") or "article"
        kind = kind.get("primary", "article") if isinstance(kind, dict) else kind
        name = f"{path.stem}.html"
        gold = said["ground_truth"]
        page = Page(
            name,
            folder / "html" / name,
            _url(said["url"]),
            fold_of(said["url"] or name),
            "collection" if kind == "category" else kind,
            gold.get("main_content") or "",
        )
        # Several authors stand in one line: 'Ida Lund, Per Dahl and Bo Ek'.
        authors = _AND.sub(" ", gold.get("author") or "")
        claims = {"title": gold.get("title"), "author": authors, "date": (gold.get("publish_date") or "")[:_ISO_DAY]}
        page.metadata = {key: value for key, value in claims.items() if value}
        yield page


def _trafilatura(folder: Path) -> Iterator[Page]:
    for url, said in json.loads((folder / "evaldata.json").read_text(encoding="utf-8")).items():
        comments = [c for c in said.get("comments") or [] if c]
        page = Page(said["file"], folder / "html" / said["file"], _url(url), fold_of(url))
        page.having, page.lacking = said["with"], [*said["without"], *comments]
        page.metadata = {key: said[key] for key in ("title", "author", "date") if said.get(key)}
        if page.path.exists():
            yield page
