"""Encodings: declared, wrong, missing and contradictory."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from webencodings.labels import LABELS

from services.parser.engine import ask
from shared.markup.declared_encoding import in_header, in_page
from shared.markup.decoding import Decoded, decode

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
        ("Grüne Straß".encode()[:-1], "text/html; charset=iso-8859-1", "Grüne Stra\ufffd"),
        ("Straß".encode()[:-1], "text/html; charset=iso-8859-1", "StraÃ"),
        ("Café".encode("latin-1"), None, "Café"),
        (b"<script></script>" * 1000 + SAYS_LATIN1 + b"\xf6", None, SCRIPTS + "<meta charset=iso-8859-1>ö"),
    ],
)  # fmt: skip
def test_decode(body: bytes, content_type: str | None, text: str) -> None:
    assert decode(body, content_type).text == text


def test_an_undeclared_encoding_is_guessed() -> None:
    assert decode((RUSSIAN * 10).encode("cp1251")).text == RUSSIAN * 10


def both(declared: str, real: str, text: str = RUSSIAN) -> bytes:
    return (f"<meta charset={declared}>" + text).encode(real)


@pytest.mark.parametrize(
    ("body", "content_type", "encoding", "text"),
    [
        # The header over the page's own word.
        (both("koi8-r", "cp1251"), "text/html; charset=windows-1251", "windows-1251", RUSSIAN),
        # A label that is none is passed over.
        (both("koi8-r", "koi8-r"), "text/html; charset=klingon", "koi8-r", RUSSIAN),
        (both("klingon", "koi8-r"), "text/html; charset=koi8-r", "koi8-r", RUSSIAN),
        (b"<meta charset=klingon>" + both("koi8-r", "koi8-r"), None, "koi8-r", RUSSIAN),
        # A meta over the XML declaration.
        (b"<?xml version='1.0' encoding='koi8-r'?>" + both("cp1251", "cp1251"), None, "windows-1251", RUSSIAN),
        # A declaration that the bytes contradict.
        (both("koi8-r", "utf-8"), "text/html; charset=windows-1251", "utf-8", RUSSIAN),
        (both("utf-8", "cp1251", RUSSIAN * 3), "text/html; charset=utf-8", "windows-1251", RUSSIAN * 3),
        (both("iso-8859-1", "cp932", JAPANESE), "text/html; charset=utf-8", "shift_jis", JAPANESE),
        # UTF-16 declared by what can be read byte by byte is UTF-8.
        (both("utf-16", "utf-8"), None, "utf-8", RUSSIAN),
        (b"<meta charset=utf-16be><p>\xc3\xa9\xff" + b"\xc3\xa9" * 20, None, "utf-8", None),
        (RUSSIAN.encode(), "text/html; charset=utf-16le", "utf-8", RUSSIAN),
        (RUSSIAN.encode("utf-16-be"), "text/html; charset=utf-16be", "utf-16be", RUSSIAN),
        (RUSSIAN.encode("utf-16-le"), "text/html; charset=utf-16", "utf-16le", RUSSIAN),
        (("<?xml version='1.0'?>" + RUSSIAN).encode("utf-16-be"), None, "utf-16be", RUSSIAN),
        # x-user-defined: private characters by the header, windows-1252 by a meta.
        (b"<p>\xe4\xff", "text/html; charset=x-user-defined", "x-user-defined", "<p>\uf7e4\uf7ff"),
        (b"<meta charset=x-user-defined><p>\xe4\xff", None, "windows-1252", "<p>\xe4\xff"),
        # Pairs of bytes that are valid UTF-8 by chance, and UTF-8 that says it is GBK.
        ("<p>模".encode("gbk"), "text/html; charset=gbk", "gbk", "<p>模"),
        ("<p>模".encode("gbk"), None, "utf-8", "<p>ģ"),
        ("<p>中".encode(), "text/html; charset=gbk", "utf-8", "<p>中"),
        ("<p>äöüéè".encode(), "text/html; charset=gbk", "utf-8", "<p>äöüéè"),
        # 7-bit text.
        (b"<p>Plain~", "text/html; charset=iso-2022-jp", "utf-8", "<p>Plain~"),
        (JAPANESE.encode("iso2022_jp"), None, "iso-2022-jp", JAPANESE),
        (JAPANESE.encode("iso2022_jp"), "text/html; charset=utf-8", "utf-8", None),
        # A text that is cut in the middle of a character.
        ("<p>日本".encode("euc_jp")[:-1], "text/html; charset=euc-jp", "euc-jp", "<p>日\ufffd"),
        ("<p>日本".encode("cp932")[:-1], "text/html; charset=shift_jis", "shift_jis", "<p>日\ufffd"),
        (b"<p>\xe6\x97\xa5\xe6\x9c", None, "utf-8", "<p>日\ufffd"),
        (b"\xff\xfea\0b", None, "utf-16le", "a\ufffd"),
        (b"\xff\xfe", None, "utf-16le", ""),
        (b"\xef\xbb\xbf", "text/html; charset=gbk", "utf-8", ""),
        (b"", None, "utf-8", ""),
    ],
)  # fmt: skip
def test_contradictions(body: bytes, content_type: str | None, encoding: str, text: str | None) -> None:
    decoded = decode(body, content_type)
    assert decoded.encoding == encoding
    if text is not None:
        assert decoded.text.endswith(text)


@pytest.mark.parametrize(
    "label", ["hz-gb-2312", "iso-2022-cn", "iso-2022-cn-ext", "iso-2022-kr", "csiso2022kr", "replacement"]
)
def test_encodings_that_browsers_do_not_read_let_no_script_through(label: str) -> None:
    """Their text may look like markup: what a filter takes for Chinese would run where it is read as ASCII."""
    for hidden in (b"~{<script>alert(1)</script>~}", b"\x1b$)C\x0e<script>alert(1)</script>\x0f"):
        for body in (hidden, b"<meta charset=" + label.encode() + b">" + hidden):
            assert decode(body, f"text/html; charset={label}") == Decoded("\ufffd", "replacement")
        assert decode(body) == Decoded("\ufffd", "replacement")
    assert decode(b"<p>No escapes", f"text/html; charset={label}").text == "<p>No escapes"
    assert decode(GERMAN.encode(), f"text/html; charset={label}").text == GERMAN
    assert decode(RUSSIAN.encode("cp1251"), f"text/html; charset={label}").text == RUSSIAN


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("<meta charset=koi8-r>", "koi8-r"),
        ("<META CHARSET=' KOI8-R '>", "koi8-r"),
        ("<meta/charset=koi8-r/>", None),
        ("<meta/charset=koi8-r />", "koi8-r"),
        ("<meta charset\n=\tkoi8-r>", "koi8-r"),
        ("<metacharset=koi8-r>", None),
        ("<meta charset=''>", None),
        ("<meta charset>", None),
        ("<meta charset=koi8-r charset=big5>", "koi8-r"),
        ("<meta charset=klingon><meta charset=koi8-r>", "koi8-r"),
        ("<meta content='text/html; charset=koi8-r'>", None),
        ("<meta name=description content='how to set charset=big5'><meta charset=koi8-r>", "koi8-r"),
        ("<meta http-equiv=refresh content='1; url=/?charset=big5'>", None),
        ("<meta http-equiv=content-type content='text/html; charset=koi8-r'>", "koi8-r"),
        ("<meta http-equiv=CONTENT-TYPE content='charset charset=\"koi8-r\"'>", "koi8-r"),
        ("<meta http-equiv=content-type content='charset=\"koi8-r'>", None),
        ("<meta http-equiv=content-type content='text/html;charset=koi8-r;x'>", "koi8-r"),
        ("<meta http-equiv=content-type content='charset=big5' charset=koi8-r>", "koi8-r"),
        ("<!-- <meta charset=big5> --><meta charset=koi8-r>", "koi8-r"),
        ("<!--><meta charset=koi8-r><!-- -->", "koi8-r"),
        ("<!-- <meta charset=big5>", None),
        ("<a title='<meta charset=big5>'><meta charset=koi8-r>", "koi8-r"),
        ("<a title='<meta charset=big5>", None),
        ("</a title='<meta charset=big5>'><meta charset=koi8-r>", "koi8-r"),
        ("<!doctype '<meta charset=koi8-r>", None),
        ("<?php <meta charset=big5><meta charset=koi8-r>", "koi8-r"),
        ("< meta charset=big5><meta charset=koi8-r>", "koi8-r"),
        ("<meta charset=utf-16le>", "utf-8"),
        ("<meta charset=x-user-defined>", "windows-1252"),
        ("<meta charset=utf-7>", None),
        ("<?xml version='1.0' encoding='koi8-r'?>", "koi8-r"),
        ("<?xml version='1.0' encoding = \"koi8-r\" ?><meta charset=big5>", "big5"),
        ("<?xml encoding='utf-16'?>", "utf-8"),
        (" <?xml encoding='koi8-r'?>", None),
        ("<script>" + "x" * 1024 + "</script><meta charset=koi8-r>", "koi8-r"),
        ("<script>" + "x" * 100_000 + "</script><meta charset=koi8-r>", None),
        ("", None),
        ("<", None),
        ("<meta ", None),
    ],
)
def test_what_a_page_declares(head: str, name: str | None) -> None:
    assert in_page(head.encode()) == name


@pytest.mark.parametrize(
    ("content_type", "name"),
    [
        ("text/html; charset=koi8-r", "koi8-r"),
        ("text/html;CHARSET = 'KOI8-R'", "koi8-r"),
        ('text/html; charset=" koi8-r"', "koi8-r"),
        ("text/html; x=y; charset=latin1;z", "windows-1252"),
        ("text/html; xcharset=koi8-r", None),
        ("text/html, text/html; charset=koi8-r", "koi8-r"),
        ("charset=koi8-r", "koi8-r"),
        ("text/html; charset=", None),
        ("text/html; charset=klingon", None),
        ("text/html; charset=köi8", None),
        ("", None),
        (None, None),
    ],
)
def test_what_a_header_declares(content_type: str | None, name: str | None) -> None:
    assert in_header(content_type) == name


@pytest.mark.parametrize(
    "piece",
    [b"<", b"<meta ", b"<meta charset=", b"<a ", b"<!--", b"</", b"<a b='", b"<a =", b"<meta x", b"\n", b"=", b"'<"],
)
def test_the_search_for_a_declaration_takes_time_linear_in_the_page(piece: bytes) -> None:
    started = time.perf_counter()
    assert in_page(piece * 100_000) is None
    assert time.perf_counter() - started < 1


CONTENT_TYPES = st.none() | st.text(max_size=40) | st.sampled_from(sorted(LABELS)).map("text/html; charset={}".format)
METAS = st.just(b"") | st.sampled_from(sorted(LABELS)).map(lambda label: f"<meta charset={label}>".encode())


@settings(max_examples=500, deadline=None)
@given(METAS, st.binary(max_size=400), CONTENT_TYPES)
def test_nothing_raises(meta: bytes, body: bytes, content_type: str | None) -> None:
    decoded = decode(meta + body, content_type)
    decoded.text.encode("utf-8")
    assert "\0" not in decoded.text
    assert decoded.encoding in LABELS.values()


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                b"<",
                b"meta",
                b" ",
                b"charset",
                b"=",
                b"'",
                b'"',
                b">",
                b"--",
                b"!",
                b"/",
                b"content",
                b"http-equiv",
                b"content-type",
                b"koi8-r",
                b"?xml",
                b"encoding",
            ]
        )
    )
)
def test_no_declaration_raises(pieces: list[bytes]) -> None:
    assert in_page(b"".join(pieces)) in (None, "koi8-r")


@settings(deadline=None)
@given(st.text(min_size=1), st.sampled_from(["utf-8-sig", "utf-16"]))
def test_any_text_with_a_byte_order_mark_comes_back(text: str, codec: str) -> None:
    assert decode(text.encode(codec, "replace"), "text/html; charset=koi8-r").text == text.encode(
        "utf-8", "replace"
    ).decode().replace("\0", "")


@settings(deadline=None)
@given(st.text())
def test_text_comes_back_without_surrogates(text: str) -> None:
    decode(text).text.encode("utf-8")


PIECES = st.lists(
    st.binary(max_size=9)
    | st.text(max_size=9).map(str.encode)
    | st.sampled_from(
        [b"\xef\xbb\xbf", b"\0", b"<\0", b"\x1b$B", b"~{", b"\xc3\xa9" * 5, b"<meta charset=gbk>", b"<p>"]
    ),
    max_size=9,
).map(b"".join)


@given(PIECES, st.sampled_from([None, *(f"text/html; charset={n}" for n in ("utf-8", "gbk", "utf-16le", "latin-1"))]))
def test_what_the_core_takes_as_it_is_would_be_decoded_to_the_same(body: bytes, content_type: str | None) -> None:
    if not ask("needs_decoding", body=body.hex()):
        assert decode(body, content_type).utf8 == body


@pytest.mark.parametrize(
    ("body", "needs"),
    [
        (b"", False),
        (b"<p>plain</p>", False),
        (GERMAN.encode(), False),
        ("<p>Grüß</p>".encode(), True),  # two letters of two bytes: in GBK they may be two others
        (RUSSIAN.encode(), False),
        (RUSSIAN.encode("utf-8-sig"), True),
        (RUSSIAN.encode("cp1251"), True),
        (RUSSIAN.encode() + b"\0", True),
        (JAPANESE.encode("iso2022_jp"), True),
        (b"~{VPND~}", True),
    ],
)
def test_the_core_takes_as_it_is_what_is_utf8_for_sure(body: bytes, needs: bool) -> None:
    assert ask("needs_decoding", body=body.hex()) == needs
