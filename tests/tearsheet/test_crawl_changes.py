"""A page that changes, loses a comment and goes, from outside: a real site, the real commands."""

import json
from pathlib import Path

from tearsheet.example_site import FOLDER
from tests.hostile_exchange import Exchange
from tests.services.fetcher.fetching import site_of
from tests.tearsheet.started import Start

BEFORE = (FOLDER / "hedge-laying.html").read_text(encoding="utf-8")
WORDS = "By four o&#8217;clock on the second day", "By five o&#8217;clock on the third day"
COMMENT = '<li id="comment-23"', '<li id="comment-25"'


def without_a_comment(html: str) -> str:
    first, second = map(html.index, COMMENT)
    return html[:first] + html[second:]


def test_what_changed_what_went_and_that_the_page_is_gone(start: Start, tmp_path: Path) -> None:
    served = {"html": BEFORE}

    def answer(x: Exchange) -> None:
        if served["html"]:
            x.reply(served["html"], content_type="text/html; charset=utf-8")
        else:
            x.reply("", status="410 Gone")

    def run(*arguments: str) -> str:
        command = start(*arguments)
        told, talk = command.communicate(timeout=60)
        assert command.returncode == 0, talk
        return told

    with site_of(answer) as site:
        url = site.at("/hedge-laying.html")
        assert "1 page: 1 indexed" in run("crawl", url)
        served["html"] = without_a_comment(BEFORE.replace(*WORDS))
        assert "1 page: 1 indexed" in run("crawl", url)
        found = json.loads(run("diff", url, "--json"))
        assert [version["number"] for version in found["versions"]] == [1, 2]
        changed = [(piece["op"], piece["text"].strip()) for piece in found["text"] if piece["op"] != "same"]
        assert changed == [("removed", "four"), ("added", "five"), ("removed", "second"), ("added", "third")]
        assert "By [-four-] {+five+} o’clock on the [-second-] {+third+} day" in run("diff", url)
        comments = json.loads(run("show", url, "--json"))["comments"]
        assert [(c["author"], c["gone_since"] is not None) for c in comments] == [
            ("Marjorie Sleet", False),
            ("Tom Garside", False),
            ("Marjorie Sleet", False),
            ("Idris P.", True),
        ]
        served["html"] = ""
        assert "refused: status 410: gone for good" in run("crawl", url)
        gone = json.loads(run("show", url, "--json"))
        assert gone["page"]["gone_at"] is not None
        assert gone["article"]["title"] == "What a hedge wants in February"
        assert "Everything adds up." in run("audit")
