"""Encodings: declared, wrong, missing and contradictory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parser.decoding import decode

GERMAN = "<p>Grüße aus Köln, schöne Straße.</p>"
JAPANESE = "<p>日本語のページです。</p>"
SAYS_UTF8 = "<meta charset=utf-8>"
SCRIPTS = "<script></script>" * 1000
SAYS_LATIN1 = b"<meta charset=iso-8859-1>"
SAYS_1251 = "<meta charset=windows-1251>"
RUSSIAN = "<p>Съешь же ещё этих мягких французских булок, да выпей чаю. Это предложение написано по-русски.</p>"


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (GERMAN.encode(), None, GERMAN),
        (GERMAN.encode("utf-8-sig"), "text/html; charset=iso-8859-1", GERMAN),
        (GERMAN.encode("utf-16"), None, GERMAN),
        (GERMAN.encode("latin-1"), "text/html; charset=ISO-8859-1", GERMAN),
        (GERMAN.encode("latin-1"), "text/html; charset=utf-8", GERMAN),
        (GERMAN.encode(), "text/html; charset=windows-1252", GERMAN),
        ((SAYS_1251 + RUSSIAN).encode("cp1251"), None, SAYS_1251 + RUSSIAN),
        ((SAYS_UTF8 + RUSSIAN).encode("cp1251"), "text/html; charset=windows-1251", SAYS_UTF8 + RUSSIAN),
        (RUSSIAN.encode("koi8-r"), 'text/html; charset="koi8-r"', RUSSIAN),
        (JAPANESE.encode("iso2022_jp"), "text/html; charset=iso-2022-jp", JAPANESE),
        (JAPANESE.encode("cp932"), "text/html; charset=x-sjis", JAPANESE),
        (b"a\0b", None, "ab"),
        ("Straß".encode()[:-1], "text/html; charset=iso-8859-1", "Stra\ufffd"),
        (b"<script></script>" * 1000 + SAYS_LATIN1 + b"\xf6", None, SCRIPTS + "<meta charset=iso-8859-1>ö"),
    ],
)  # fmt: skip
def test_decode(body: bytes, content_type: str | None, text: str) -> None:
    assert decode(body, content_type).text == text


def test_an_undeclared_encoding_is_guessed() -> None:
    assert decode((RUSSIAN * 10).encode("cp1251")).text == RUSSIAN * 10


@given(st.binary(), st.none() | st.text(max_size=40))
def test_nothing_raises(body: bytes, content_type: str | None) -> None:
    decode(body, content_type).text.encode("utf-8")


@given(st.text())
def test_text_comes_back_without_surrogates(text: str) -> None:
    decode(text).text.encode("utf-8")
