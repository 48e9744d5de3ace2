"""XML of strangers: what is read, what is refused, and how much."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.parser.elsewhere.safe_xml import read_elements

A = "{urn:a}"


def test_outermost_elements_with_their_namespaces() -> None:
    text = "<f xmlns='urn:a' xmlns:b='urn:b'><e b:k='v'>x<e>y</e></e><b:e/><e/></f>"
    read = read_elements(text, {f"{A}e"}, most=9)
    assert [(e.tag, e.attrib, "".join(e.itertext())) for e in read.found] == [
        (f"{A}e", {"{urn:b}k": "v"}, "xy"),
        (f"{A}e", {}, ""),
    ]
    assert read.problem is None


@pytest.mark.parametrize(
    ("text", "found", "problem"),
    [
        ("<f><e>1</e><e>2</e><e>3", ["1", "2"], "no element found"),
        ("<f><e>1</e><e>&nbsp;</e></f>", ["1"], "undefined entity"),
        ("<f><e>1</e><e>2</e><e>3</e><e>4</e></f>", ["1", "2", "3"], "more than 3 elements"),
        ("<!DOCTYPE f [<!ENTITY x 'y'>]><f><e>&x;</e></f>", [], "declares entities"),
        ("<!DOCTYPE f [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]><f><e>1</e></f>", [], "declares entities"),
        ("<!DOCTYPE f SYSTEM 'http://127.0.0.1:1/f.dtd'><f><e>1</e></f>", ["1"], None),
        ("<f>" + "<d>" * 500 + "<e>1</e>", [], "nested deeper"),
        ("<f><e>a\x0b\ufffe\ud800b</e></f>", ["ab"], None),
        ("", [], "no element found"),
    ],
)
def test_faults(text: str, found: list[str], problem: str | None) -> None:
    read = read_elements(text, {"e"}, most=3)
    assert [e.text for e in read.found] == found
    assert (read.problem or "").startswith(problem or "")
    assert (problem is None) == (read.problem is None)


@given(st.text(alphabet="<>/e!&;[]x'\"= -?", max_size=80))
@settings(deadline=None)
def test_any_text(text: str) -> None:
    assert all(e.tag == "e" for e in read_elements(text, {"e"}, most=3).found)
