"""What stands between title and body: a standfirst, and bits of a meta line."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from services.parser.labels import Label, Part
from services.parser.lead import label_lead
from services.parser.reader import read

STANDFIRST = "Nobody on the quay knew why the ferry left an hour late, or where to."


def roles(markup: str) -> dict[str, str | None]:
    """The role of each text of a page whose h1 is the title and whose last element is the body."""
    page = read(LexborHTMLParser(f"<body><h1>Ferry late again</h1>{markup}<div id=body>The ferry left late.</div>"))
    body = next(e for e in page.elements if e.get("id") == "body")
    article = Part("article", body)
    labels: list[Label | None] = [None] * len(page.texts)
    labels[0], labels[-1] = Label(article, "title", 1.0), Label(article, "body", 1.0)
    label_lead(page, article, labels)
    return {t.value.strip(): label.role if label else None for t, label in zip(page.texts, labels, strict=True)}


def test_a_standfirst_is_the_subtitle_and_bits_are_chrome() -> None:
    said = roles(f"<p>{STANDFIRST} <b>Late.</b></p><span>3 min read</span><p>{STANDFIRST}!</p>")
    assert (said[STANDFIRST], said["Late."]) == ("subtitle", "subtitle")
    assert (said["3 min read"], said[f"{STANDFIRST}!"]) == ("chrome", None)


def test_links_and_signs_before_a_standfirst_do_not_count() -> None:
    said = roles(f"{'<p><a href=/x>Harbour</a></p><p>|</p>' * 12}<p>Quay</p><p>{STANDFIRST}</p>")
    assert (said[STANDFIRST], said["Harbour"]) == ("subtitle", None)


def test_a_standfirst_below_a_heading_is_of_the_body() -> None:
    page = read(LexborHTMLParser(f"<h1>Ferry late</h1><h2>And empty</h2><p>{STANDFIRST}</p><div>The ferry left.</div>"))
    article = Part("article", page.elements[-1])
    labels = [Label(article, "title", 1.0), Label(article, "subtitle", 1.0), None, Label(article, "body", 1.0)]
    label_lead(page, article, labels)
    assert labels[2] == Label(article, "body", 0.5)


@pytest.mark.parametrize(
    "markup",
    [
        f"<p>By Ida Lund. {STANDFIRST}</p>",
        f"<p>Last updated by the harbour office: {STANDFIRST}</p>",
        f"<p><a href=/x>{STANDFIRST}</a></p>",
        f"<p class=newsletter>{STANDFIRST}</p>",
        f"<p>{STANDFIRST * 12}</p>",
        f"{'<p>Quay</p>' * 4}<p>{STANDFIRST}</p>",
    ],
)
def test_what_is_no_standfirst(markup: str) -> None:
    assert "subtitle" not in roles(markup).values()
