"""The names in bylines, in many languages, and what is none."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parser.engine import ask


def names_in(byline: str) -> list[str]:
    names: list[str] = ask("names_in", text=byline)
    return names


def is_byline(text: str) -> bool:
    return ask("is_byline", text=text) is True


def is_full_name(text: str) -> bool:
    return ask("is_full_name", text=text) is True


def is_name(text: str) -> bool:
    return ask("is_name", text=text) is True


def is_login(text: str) -> bool:
    return ask("is_login", text=text) is True


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Jane Roe", ["Jane Roe"]),
        ("Posted on May 3, 2021 by Jane Roe and John Doe", ["Jane Roe", "John Doe"]),
        ("Jane Roe, John Doe, and Ida Lund", ["Jane Roe", "John Doe", "Ida Lund"]),
        ("Von Jana Roh, Udo Graf und Ida Lund", ["Jana Roh", "Udo Graf", "Ida Lund"]),
        ("von Jana Roh, 3. Mai 2021", ["Jana Roh"]),
        ("par Anne Roy et Luc Petit", ["Anne Roy", "Luc Petit"]),
        ("Por Ana Ávila | 03/05/2022 20:36", ["Ana Ávila"]),
        ("di Anna Rossi e Ugo Neri", ["Anna Rossi", "Ugo Neri"]),
        ("av Ida Lund og Per Dahl", ["Ida Lund", "Per Dahl"]),
        ("Door Jan de Wit", ["Jan de Wit"]),
        ("Автор: Иван Петров", ["Иван Петров"]),
        ("przez Annę Nowak", ["Annę Nowak"]),
        ("Yazar: Ayşe Demir", ["Ayşe Demir"]),
        ("作者：王小明", ["王小明"]),
        ("Text: Ida Lund", ["Ida Lund"]),
        ("Text von Ida Lund Illustration von Per Dahl", ["Ida Lund"]),
        ("Interview: Ida Lund", ["Ida Lund"]),
        ("This post was written by Ida Lund, Head of Marketing", ["Ida Lund"]),
        ("E. LUND / J. I. DA SILVA", ["E. LUND", "J. I. DA SILVA"]),
        ("Ida Lund, Staff Writer", ["Ida Lund"]),
        ("Ida Lund, Berlin", ["Ida Lund"]),
        ("Ida Lund, MD, PhD", ["Ida Lund, MD, PhD"]),
        ("Ida Lund, CNN", ["Ida Lund"]),
        ("11.12.2019 - Ida Lund", ["Ida Lund"]),
        ("04.02.2022 | 13:10 Uhr | Ida Lund", ["Ida Lund"]),
        ("e. lund", ["e. lund"]),
        ("Ida Lund on behalf of", ["Ida Lund"]),
        ("Ida Lund, DVM . Reviewed by", ["Ida Lund, DVM"]),
    ],
)
def test_names(byline, names):
    assert names_in(byline) == names


@pytest.mark.parametrize(
    "text",
    [
        "By", "Written by", "Staff Writer", "Redaktion", "Foto: Ida Lund", "Photos by Ida Lund", "Sun Dec", "May",
        "10. September", "Alle Beiträge", "Read more", "5 min read", "Share this article", "Get app", "Follow",
        "12 Kommentare", "@idalund", "https://quay.example/ida", "© The Quay", "CC BY-NC 4.0", "Updated March", "",
        "The ferry left late, and nobody knew why it did.",
    ],
)  # fmt: skip
def test_no_names(text):
    assert names_in(text) == []


def test_bylines_by_themselves():
    assert is_byline("By Ida Lund")
    assert is_byline("Geschrieben von Cooper")
    assert is_byline("| By Ida Lund")
    assert not is_byline("By the sea")
    assert not is_byline("Von Januar bis März")
    assert not is_byline("by then the ferry had left")


def test_kinds_of_names():
    assert is_full_name("Jan de Wit")
    assert not is_full_name("Ida")
    assert not is_full_name("98 Buck Social")
    assert is_name("98 Buck Social")
    assert is_login("jane.roe")
    assert is_login("wordpressadmin")
    assert not is_login("Ida Lund")


@given(st.text(max_size=300))
def test_no_byline_fails(text):
    for name in names_in(text):
        assert len(name) > 1


@pytest.mark.parametrize("filler", ["a ", "1 | ", "by ", "12 - ", ", and ", "Ida Lund, ", "posted "])
def test_long_lines_take_no_time(filler):
    began = time.process_time()
    names_in(filler * 10_000)
    names_in((filler * 200)[:300])
    assert time.process_time() - began < 0.5
