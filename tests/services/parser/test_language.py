"""Languages of texts, short ones too: a wrong answer is worse than none."""

import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parser.engine import ask


def detect(text: str) -> str | None:
    found: str | None = ask("language", text=text)
    return found


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Calculadora para la Cola de Vacunación en México"),
        ("el", "Δημοσιεύτηκε από Geo Kok στις Τρίτη, 9 Φεβρουαρίου 2021"),
        ("el", "Φάρος"),
        ("en", "The United States said on Sunday it carried out a round of air raids."),
        ("en", "The ferry left late,\nand nobody on the mole\ncould say why."),
        ("de", "Nachrichten aus aller Welt"),
        ("de", "DANKE FÜR DEN BEITRAG! SEHR SCHÖN GESCHRIEBEN."),
        ("fr", "Les commentaires sont fermés pour cet article."),
        ("it", "Questo articolo è stato pubblicato ieri sera."),
        ("pt", "Não há comentários para esta notícia ainda."),
        ("nl", "Dit bericht is geplaatst door onze redactie."),
        ("no", "Ordføreren lovet en rapport før slutten av måneden"),
        ("pl", "Dodaj komentarz do tego artykułu, jeśli chcesz."),
        ("ru", "Войти или зарегистрироваться, чтобы оставить комментарий"),
        ("uk", "Увійдіть, щоб залишити свій коментар до цієї статті"),
        ("bg", "Всички новини от България"),
        ("tr", "Yorum yapabilmek için giriş yapmalısınız."),
        ("ar", "جميع الحقوق محفوظة لصحيفة المرفأ"),
        ("fa", "این مقاله را برای دوستان خود بفرستید"),
        ("he", "כל הזכויות שמורות"),
        ("hi", "यह लेख बहुत अच्छा है और मुझे पसंद आया"),
        ("th", "สวัสดี"),
        ("ko", "댓글을 남겨주세요"),
        ("ja", "コメントを書く"),
        ("ja", "東京都知事選挙の結果について"),
        ("zh", "最新新闻和评论"),
        ("ka", "საქართველო"),
        ("hy", "Հայաստան"),
    ],
)
def test_languages(language, text):
    assert detect(text) == language


@pytest.mark.parametrize(
    "text",
    ["", " \n ", "12:30", "+1", "lol", "RSS", "Only News", "Reply", "Geo Kok", "© 2021", "🙂🙂🙂", "PG-13",
     "https://example.org/a/b?c=d", "someone@example.org", "a" * 500],
)  # fmt: skip
def test_no_guess(text):
    assert detect(text) is None


def test_names_in_another_script_do_not_decide():
    assert (
        detect("The island of Σάμος is known for its wine and for a tunnel that two gangs dug towards each other.")
        == "en"
    )


def test_addresses_do_not_count():
    assert detect("Πηγή: https://example.org/this/is/a/long/english/address/with/many/words") == "el"


@given(st.text(max_size=300))
def test_no_text_fails(text):
    found = detect(text)
    assert found is None or 2 <= len(found) <= 3


def test_a_long_text_costs_no_more_than_its_start():
    text = "The harbour master was not asked about the oranges. " * 20_000
    detect(text)
    began = time.thread_time()
    detect(text)
    assert time.thread_time() - began < 0.02


def test_nothing_is_downloaded_or_imported_for_downloading():
    """In a process of its own, with sockets refused."""
    script = """
import socket, sys
def refuse(*args, **kwargs): raise OSError("no network in this test")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
from services.parser.engine import ask
assert ask("language", text="The ferry left late, and nobody could say why.") == "en"
assert "requests" not in sys.modules and "robust_downloader" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
