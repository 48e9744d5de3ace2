"""Rules that annotate pages."""

from pathlib import Path

import pytest
import yaml

from training.annotate import gold, load, rules_in
from training.pages import GOLD

PAGE = """<html><body><h1>Title</h1><p class=lead>Lead</p><div class=body>Text <span class=share>Share</span></div>
<ul><li id=c1><b>Ann</b><a class=link href="#c1">May 1</a><p>First</p></li>
<li id=c2><b>Bob</b><a class=link href="#c2">May 2</a><a class=to href="/page#c1">to Ann</a><p>Second</p></li>
<li id=c3 class=deleted></li></ul>
<nav><a href=/a>A</a><a href=/b>B</a></nav></body></html>"""
RULE = """
file: page.html
kind: article
article: {title: h1, subtitle: .lead, body: .body, drop: [.share]}
comments: {item: li, text: p, author: b, date: .link, permalink: .link, parent: .to, deleted: 'xpath:self::*[@class]'}
widgets:
- {kind: navigation, root: nav, items: a, region: footer}
"""


def test_picks_all_parts(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    said = gold(yaml.safe_load(RULE), load(tmp_path / "page.html"))
    assert said["article"]["text"] == "Text"
    assert (said["article"]["title"], said["article"]["subtitle"]) == ("Title", "Lead")
    assert [(c["author"], c["text"], c["parent"], c["deleted"]) for c in said["comments"]] == [
        ("Ann", "First", None, False),
        ("Bob", "Second", 0, False),
        (None, "", None, True),
    ]
    assert said["comments"][1]["permalink"] == "#c2"
    assert said["widgets"] == [
        {"kind": "navigation", "title": None, "text": "A B", "items": ["A", "B"], "region": "footer"}
    ]


@pytest.mark.parametrize("path", sorted(GOLD.glob("*.yaml")), ids=lambda p: p.stem)
def test_rules_of_the_project_load_and_no_page_is_annotated_twice(path: Path) -> None:
    rules = rules_in(path)
    assert rules
    names = [rule["file"] for rule in rules]
    assert len(set(names)) == len(names)
