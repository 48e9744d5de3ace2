"""A page in each of the Encoding Standard's encodings, declared in each way that there is, letter for letter."""

import time
import unicodedata

import pytest
import webencodings
from webencodings.labels import LABELS

from services.parser import parse
from shared.markup.decoding import Decoded, decode
from shared.markup.legacy_encodings import decode_as
from tests.services.parser.sentences import SAMPLES

TONES = "\u0300\u0301\u0303\u0309\u0323"
WIDE = ("utf-16be", "utf-16le")
# Where browsers do not guess, or take the likelier of two that are alike in most letters: declared, they are read.
NOT_GUESSED = {
    "iso-8859-3",
    "iso-8859-7",
    "iso-8859-10",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "macintosh",
    "x-mac-cyrillic",
}


def page(name: str, head: str = "") -> tuple[str, bytes]:
    """A page of the encoding's sample, as text and as bytes."""
    codec, text = SAMPLES[name]
    if name == "windows-1258":
        text = apart(text)
    html = f"<!DOCTYPE html><html><head>{head}<title>News</title></head><body><article><p>{text}</p></article></body>"
    return html, html.encode(codec)


def apart(text: str) -> str:
    """Vietnamese as windows-1258 has it: the tone behind its letter, which keeps its other mark."""
    letters = []
    for letter in text:
        base, *marks = unicodedata.normalize("NFD", letter)
        kept = unicodedata.normalize("NFC", base + "".join(m for m in marks if m not in TONES))
        letters.append(kept + "".join(m for m in marks if m in TONES))
    return "".join(letters)


def same(decoded: Decoded, name: str, html: str) -> None:
    assert decoded.text == html
    assert decoded.encoding == name


def test_there_is_a_page_for_each_encoding() -> None:
    assert set(SAMPLES) == set(LABELS.values()) - {"replacement", "x-user-defined"}
    assert len(SAMPLES) == 38
    assert all(any(ord(c) > 127 for c in text) for _, text in SAMPLES.values())


@pytest.mark.parametrize("name", SAMPLES)
def test_declared_by_the_header(name: str) -> None:
    html, body = page(name)
    for label in (name, name.upper(), f'"{name}"', f" {name} ; q=1"):
        same(decode(body, f"text/html; charset={label}"), name, html)


@pytest.mark.parametrize(("label", "name"), [(label, name) for label, name in LABELS.items() if name in SAMPLES])
def test_every_label(label: str, name: str) -> None:
    html, body = page(name)
    same(decode(body, f"text/html;charset={label}"), name, html)
    if name not in WIDE:
        html, body = page(name, f"<meta charset={label}>")
        same(decode(body), name, html)


@pytest.mark.parametrize(
    "head",
    [
        '<meta charset="{}">',
        "<META CHARSET = '{}' />",
        "<meta name=x charset={}>",
        '<meta http-equiv="Content-Type" content="text/html; charset={}">',
        "<meta content='text/html;charset = {}' http-equiv=content-type>",
        '<script>var late = "' + "x" * 50_000 + '";</script><meta charset={}>',
    ],
)
@pytest.mark.parametrize("name", [name for name in SAMPLES if name not in WIDE])
def test_declared_by_a_meta(name: str, head: str) -> None:
    html, body = page(name, head.format(name))
    same(decode(body, "text/html"), name, html)


@pytest.mark.parametrize("name", [name for name in SAMPLES if name not in WIDE])
def test_declared_by_xml(name: str) -> None:
    html, body = page(name)
    declaration = f'<?xml version="1.0" encoding="{name}"?>'
    same(decode(declaration.encode() + body, "application/xhtml+xml"), name, declaration + html)


@pytest.mark.parametrize(
    ("name", "bom"), [("utf-8", "utf-8-sig"), ("utf-16be", "utf-16-be"), ("utf-16le", "utf-16-le")]
)
def test_a_byte_order_mark_wins_over_everything(name: str, bom: str) -> None:
    html, _ = page(name, "<meta charset=windows-1251>")
    body = html.encode(bom) if name == "utf-8" else ("\ufeff" + html).encode(bom)
    same(decode(body, "text/html; charset=koi8-r"), name, html)


@pytest.mark.parametrize("name", [name for name in SAMPLES if name not in NOT_GUESSED])
def test_not_declared(name: str) -> None:
    html, body = page(name)
    decoded = decode(body, "text/html")
    assert decoded.text == html
    # Letters that two encodings share may be those of the other.
    alike = {"gbk": "gb18030", "iso-8859-13": "windows-1257", "iso-8859-8": "windows-1255", "koi8-r": "koi8-u"}
    assert decoded.encoding in (name, alike.get(name), alike.get(name.removesuffix("-i")))


@pytest.mark.parametrize("name", SAMPLES)
def test_the_records_have_the_letters(name: str) -> None:
    _, body = page(name)
    parsed = parse(body, url="http://news.test/1", content_type=f"text/html; charset={name}")
    records = [record for record in (parsed.article, *parsed.comments, *parsed.widgets) if record]
    assert unicodedata.normalize("NFC", SAMPLES[name].text) in "\n".join(record.text for record in records)


@pytest.mark.parametrize(
    ("name", "body", "text"),
    [
        ("euc-jp", b"\xad\xa1\xa1\xc1\xad\xea\xfc\xe2\xa1\xdd\x8f\xb0\xa1\x8e\xc3", "①～㈱髙－丂ﾃ"),
        ("iso-2022-jp", b"\x1b$B!A-!\x1b(I<&\x1b(J\\~\x1b(B\\~\x1b$@0!", "～①ｼｦ¥‾\\~亜"),
        ("iso-2022-jp", b"\x1b$B0!0", "亜\ufffd"),
        ("shift_jis", b"\x87\x40\x81\x60\xfb\xfc\xf0\x40\x80\xa0", "①～髙\ue000\x80\ufffd"),
        ("big5", b"\xa1\x45\xa3\xe1\x87\x7a\xfb\x48\x88\x62\xa1\xe3", "‧€㡵嘅Ê̄～"),
        ("gbk", b"\x80\xa2\xe3\xa8\xbf\xfe\x59\x81\x30\x81\x30", "€€ǹ龴\x80"),
        ("gb18030", b"\x80\x95\x32\x82\x36\xa8\xbc", "€𠀀ḿ"),
        ("euc-kr", b"\x8c\x63\xb0\xa1\xa4\xa1", "똠가ㄱ"),
        ("koi8-u", b"\xae\xbe\xa4", "ўЎє"),
        ("windows-1252", b"\x80\x81\x8d", "€\x81\x8d"),
        ("windows-1255", b"\xca\xd9", "\u05ba\ufffd"),
        ("windows-874", b"\x80\x81\xdb", "€\x81\ufffd"),
        ("x-mac-cyrillic", b"\xa2\xb6\xff", "Ґґ€"),
        ("x-user-defined", b"a\x80\xff", "a\uf780\uf7ff"),
        ("replacement", b"anything", "\ufffd"),
    ],
)
def test_characters_that_the_standard_has_and_python_has_not(name: str, body: bytes, text: str) -> None:
    assert decode_as(body, name) == text


@pytest.mark.parametrize("name", ["big5", "euc-jp", "gbk", "gb18030"])
def test_rubbish_that_is_declared_takes_no_longer_than_text(name: str) -> None:
    """Only so many undecoded places are looked at by themselves; a million would take two seconds, and 10 MB ten."""
    body = {"big5": b"\x87\x7a", "euc-jp": b"\xad\xa1\xff", "gbk": b"\x80", "gb18030": b"\x80"}[name] * 1_000_000
    started = time.perf_counter()
    assert len(decode_as(body, name)) >= 1_000_000
    assert time.perf_counter() - started < 1


def test_labels_that_are_none() -> None:
    assert webencodings.lookup("utf-7") is None
    assert decode("Grün".encode("cp1252"), "text/html; charset=utf-7").text == "Grün"
