"""Names and headings that say what a block is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parser.engine import ask

HEADINGS = ask("heading_rules")
LETTERS = "".join(sorted({c for _, pattern in HEADINGS for c in pattern if c.isalpha()}))
WORDS = ["Related", "POSTS", "İlgili", "ſearch", "SÖN YAZILAR", "son yazilar", "Ετικέτες", "ΕΤΙΚΈΤΕΣ", "Похожие", "’s"]


@given(
    st.lists(st.sampled_from(WORDS) | st.text(LETTERS + LETTERS.upper() + " .’é\u00b5K", max_size=12), max_size=4).map(
        " ".join
    )
)
def test_headings_are_read_in_any_case(heading: str) -> None:
    rules = ((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in HEADINGS)
    kind = next((kind for kind, rule in rules if rule.search(heading[:80].strip())), None)
    assert ask("kind_of_heading", of=[heading]) == [kind]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("widget-area", None),
        ("footer-wrap siteFooter", "footer"),
        ("menu-item-121 menu-item", "navigation"),
        ("comment-form", "comment_form"),
        ("commentForm", "comment_form"),
        ("searchresults", "search"),
        ("tags", "labels"),
        ("t3-1ab2", None),
        ("a b c d e f g h i j k l share", None),
        ("blog-Archive_2", "archive"),
        ("post has-post-thumbnail with-featured-image", None),
        ("featuredImage", None),
        ("featured-posts", "featured_post"),
    ],
)
def test_names_speak_of_kinds(name: str, kind: str | None) -> None:
    assert ask("kind_of_name", of=[name]) == [kind]


@pytest.mark.parametrize(
    ("heading", "all_of_it"),
    [
        ("Recent Comments", True),
        ("Neueste Kommentare:", True),
        ("About me", True),
        ("Über den Autor", True),
        ("About us", False),
        ("About this item", False),
        ("Popular Brands", False),
        ("Categories", False),
        ("Bread", False),
        ("", False),
    ],
)
def test_headings_that_are_a_kinds_name(heading: str, all_of_it: bool) -> None:
    assert ask("is_name_of_kind", of=[heading]) == [all_of_it]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("widget yarpp-related", "related_posts"),
        ("mc_embed_signup", "subscribe"),
        ("mc4wp-form", "subscribe"),
        ("linkwithin_link", "related_posts"),
        ("jp-relatedposts", "related_posts"),
        ("saboxplugin-wrap", "profile"),
        ("gtranslate_wrapper", "translate"),
        ("wpml-ls-statics-footer", "translate"),
        ("cmplz-cookiebanner-container", "notice"),
        ("widget-title", None),
        ("", None),
    ],
)
def test_programs_that_make_one_kind_are_known_by_their_names(name: str, kind: str | None) -> None:
    assert ask("is_makers_name", of=[name]) == [kind is not None]
    assert kind is None or ask("kind_of_name", of=[name]) == [kind]


@given(st.text(max_size=40), st.sampled_from(["share", "relatedPosts", "ÉTÉ_x", "a.b:c/d", "X" * 70]))
def test_plain_names_are_lower_case_words(name: str, more: str) -> None:
    (text,) = ask("plain", of=[f"{name} {more}"])
    assert text == text.lower()
    assert len(text.split()) == min(12, len(f"{name} {more}".split()))
