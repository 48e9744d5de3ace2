"""What stands between title and body: a standfirst, and bits of a meta line."""

import pytest

from tests.services.parser.asking import Page, ask_of

STANDFIRST = "Nobody on the quay knew why the ferry left an hour late, or where to."


def roles(markup: str) -> dict[str, str | None]:
    """The role of each text of a page whose h1 is the title and whose last element is the body."""
    source = f"<body><h1>Ferry late again</h1>{markup}<div id=body>The ferry left late.</div>"
    page = Page(source)
    given = ["title", *[None] * (len(page.texts) - 2), "body"]
    labels = ask_of("label_lead", source, element=page.by_id("body").index, roles=given)
    return {t.value.strip(): label[0] if label else None for t, label in zip(page.texts, labels, strict=True)}


def test_a_standfirst_is_the_subtitle_and_bits_are_chrome() -> None:
    said = roles(f"<p>{STANDFIRST} <b>Late.</b></p><span>3 min read</span><p>{STANDFIRST}!</p>")
    assert (said[STANDFIRST], said["Late."]) == ("subtitle", "subtitle")
    assert (said["3 min read"], said[f"{STANDFIRST}!"]) == ("chrome", None)


def test_links_and_signs_before_a_standfirst_do_not_count() -> None:
    said = roles(f"{'<p><a href=/x>Harbour</a></p><p>|</p>' * 12}<p>Quay</p><p>{STANDFIRST}</p>")
    assert (said[STANDFIRST], said["Harbour"]) == ("subtitle", None)


def test_a_standfirst_below_a_heading_is_of_the_body() -> None:
    source = f"<h1>Ferry late</h1><h2>And empty</h2><p>{STANDFIRST}</p><div>The ferry left.</div>"
    body = Page(source).elements[-1]
    labels = ask_of("label_lead", source, element=body.index, roles=["title", "subtitle", None, "body"])
    assert labels[2] == ["body", 0.5]


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
