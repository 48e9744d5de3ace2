"""Words meet what they are forms of, in the language of their record; and what else a token must be."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.language import (
    MOST_CHARACTERS,
    analysed,
    analysed_languages,
    may_meet,
    query_stems,
    stems,
    stems_at,
    words,
    words_at,
)
from tests.shared.language.any_text import ANY_TEXT

# In each language, words that a search for one of them finds.
MEET = [
    ("en", "fox foxes Foxes FOXES"),
    ("en-GB", "connect connected connecting connection"),
    ("de", "Haus Häuser Häusern HÄUSER"),
    ("de", "Straße Strassen STRASSE Straßen"),
    ("de", "Müller Mueller Muller"),
    ("fr", "élève élèves ÉLÈVE Eleve"),
    ("fr", "cheval chevaux"),
    ("es", "canción canciones cancion CANCIÓN"),
    ("pt", "informação informações INFORMAÇÃO"),
    ("it", "libro libri"),
    ("nl", "huis huizen"),
    ("sv", "flicka flickor flickorna"),
    ("da", "hus huse husene"),
    ("nb", "jente jenter jentene"),
    ("no", "hus huset husene"),
    ("fi", "talo talossa talojen"),
    ("ru", "книга книги книгами КНИГ"),
    ("ru", "новый новая новые новой"),
    ("ru", "ёлка елка ёлки елки"),
    ("el", "δρόμος δρόμοι δρόμων δρομος ΔΡΟΜΟΣ ΔΡΌΜΟΣ"),
    ("el", "άνθρωπος ανθρώπους ανθρωποι"),
    ("ar", "كتاب الكتاب كِتَابٌ والكتاب"),
    ("ar", "مدرسة المدرسة مدرسه"),
    ("ar", "أحمد احمد"),
    ("ar", "مصري مصرى المصريين مصری"),
    ("fa", "کتاب كتاب کتاب‌ها کتابها"),
    ("he", "שָׁלוֹם שלום"),
    ("hi", "किताब किताबें किताबों"),
    ("hi", "लड़का लड़के लड़कों"),
    ("tr", "kitap kitaplar KİTAPLAR kitapları"),
    ("tr", "ışık IŞIK ışıklar IŞIKLAR"),
    ("tr", "İstanbul istanbul İSTANBUL"),
    ("pl", "książka książki KSIĄŻKI"),
    ("cs", "město města MĚSTA"),
    ("hu", "ház házak HÁZAK"),
    ("ro", "oraș orașul oraşul orașe"),
    ("sr", "књига књиге knjiga knjige"),
    ("hr", "grad grada"),
    ("id", "baca membaca pembaca bacaan"),
    ("in", "buku bukunya"),
    ("et", "maja majad majade"),
    ("lt", "knyga knygos"),
    ("ca", "cotxe cotxes"),
    ("hy", "քաղաք քաղաքներ քաղաքի"),
    ("eo", "libro libroj libron"),
    ("ta", "புத்தகம் புத்தகங்கள்"),
    ("ne", "किताब किताबहरू"),
    ("uk", "їжак ЇЖАК їжак"),
    ("vi", "Việt VIỆT viet"),
    (None, "Øre ore ØRE"),
    (None, "ｉＰｈｏｎｅ iPhone"),
    (None, "ﬁle file"),
    (None, "co\u00adoperate cooperate co\u200doperate"),
    (None, "٢٠٢٥ ۲۰۲۵ 2025"),
    (None, "cafe\u0301 café CAFÉ cafe"),
]
APART = [
    ("en", "university universal universe", "fox"),
    ("en", "new", "news"),
    ("de", "Haus", "Hut"),
    ("de", "laufen", "lauter"),
    ("fr", "maison", "mais"),
    ("es", "año", "anual"),
    ("el", "οδός", "ώδη"),
    ("ru", "мир", "море"),
    ("ar", "كتاب", "مدرسة"),
    ("tr", "kitap", "kilit"),
    ("nl", "boek", "boer"),
    ("sv", "hus", "hund"),
    ("pl", "miasto", "miesiąc"),
    ("hi", "किताब", "कितना"),
    ("it", "casa", "cosa perso"),
    (None, "foxes", "fox"),
    ("tlh", "foxes", "fox"),
    ("he", "בית", "בתים"),
]


@pytest.mark.parametrize(("language", "forms"), MEET)
def test_forms_of_a_word_meet(language: str | None, forms: str) -> None:
    first, *others = forms.split()
    one = stems(first, language)
    assert len(one) == 1
    for other in others:
        assert one in query_stems(other, {language or "und"}), other


@pytest.mark.parametrize(("language", "one", "others"), APART)
def test_different_words_stay_apart(language: str | None, one: str, others: str) -> None:
    for first in one.split():
        for other in others.split():
            assert stems(first, language) != stems(other, language)


def test_each_language_with_a_stemmer_stems_by_it() -> None:
    assert len(analysed_languages()) >= 45
    assert stems("foxes", "EN_us") == stems("foxes", "en-Latn-US") == ("en:fox",)
    assert stems("foxes", "") == stems("foxes", "en" * 500) == stems("foxes", "x-klingon") == ("foxes",)
    assert stems("rumah", "in") == stems("rumah", "id")


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("東京都の天気", "東京 京都 の 天気"),
        ("猫", "猫"),
        ("東京タワー", "東京 タワ ワー"),
        ("らーめんを食べる", "らー ーめ めん んを 食 べる"),
        ("佐々木", "佐々 々木"),
        ("北京 大学", "北京 大学"),
        ("北京，大学", "北京 大学"),
        ("한국어를 공부", "한국 국어 어를 공부"),
        ("ประเทศไทย", "ปร ระ ะเ เท ทศ ศไ ไท ทย"),
        ("น้ำ", "น้ำ"),
        ("ລາວ", "ລາ າວ"),
        ("ខ្មែរ", "ខ្មែ មែរ"),
        ("iPhone手机3", "iphone 手机 3"),
        ("ｶﾞﾗｽ", "ガラ ラス"),
        ("３月", "3 月"),
        ("漢字カナ한글", "漢字 カナ 한글"),
        ("👍🏽 fox👩‍👩‍👧fox", "fox fox"),
        ("𠮷野家", "𠮷野 野家"),
        ("e-mail it's", "e mail it s"),
        ("snake_case", "snake case"),
        ("звʼязок зв'язок", "зв язок зв язок"),
        ("ــــ", ""),
        ("\ud800fox\udfff", "fox"),
        ("\u0301\u0302", ""),
    ],
)
def test_tokens_of_a_text(text: str, tokens: str) -> None:
    assert stems(text, None) == tuple(tokens.split())


def test_signs_make_the_same_tokens_in_any_language() -> None:
    for language in analysed_languages():
        assert stems("東京都の天気 ประเทศ 한국어", language) == stems("東京都の天気 ประเทศ 한국어", None)


def test_a_syllable_is_one_sign_composed_or_not() -> None:
    assert stems("\u1112\u1161\u11ab\u1100\u1173\u11af", "ko") == stems("한글", "ko") == ("한글",)
    assert stems("か\u3099く", "ja") == stems("がく", "ja") == ("がく",)


def test_a_pair_of_signs_stands_where_both_stand() -> None:
    assert stems_at("iPhone 手机壳", "en") == [("en:iphon", 0, 6), ("手机", 7, 9), ("机壳", 8, 10)]
    assert stems_at("ｶﾞﾗｽ", None) == [("ガラ", 0, 3), ("ラス", 2, 4)]


def test_long_words_are_cut() -> None:
    for text in ("x" * 1_000_000, "й" * 500, "漢" + "\u0301" * 1000, "a" + "\u0301" * 5000, "ß" * 100):
        for language in ("en", "ru", "tr", "fa", None):
            assert all(0 < len(token.rpartition(":")[2]) <= MOST_CHARACTERS for token in stems(text, language))
    assert stems("x" * 150, None) == stems("x" * 200, None) == ("x" * MOST_CHARACTERS,)


def test_a_query_becomes_what_its_languages_make_of_it() -> None:
    assert query_stems("foxes", {"en"}) == (("en:fox",),)
    assert query_stems("foxes", {"tlh"}) == query_stems("foxes", []) == (("foxes",),)
    assert query_stems("Running foxes", ["tlh", "en"]) == (("en:run", "en:fox"), ("running", "foxes"))
    assert query_stems("", None) == query_stems("…", {"en"}) == ()
    every = query_stems("running", None)
    assert every[0] == ("en:run",)
    assert ("running",) in every
    assert len(set(every)) == len(every)


def test_a_query_with_accents_finds_what_was_written_without() -> None:
    assert stems("informacao", "pt") != stems("informação", "pt")
    assert stems("informacao", "pt") in query_stems("informação", {"pt"})
    assert stems("ksiazki", "pl") in query_stems("książki", None)


@pytest.mark.parametrize(
    ("language", "typed", "form"),
    [
        ("pt", "informacao", "informações"),
        ("pt", "legislacoes", "legislação"),
        ("es", "economia", "economías"),
        ("fr", "premiere", "premières"),
        ("fr", "qualite", "qualités"),
        ("it", "quantita", "quantità"),
        ("pl", "pracownikow", "pracownika"),
        ("tr", "haklari", "hakları"),
        ("tr", "kalacagini", "kalacak"),
        ("tr", "ozgurlugu", "özgürlük"),
        ("ar", "العباره", "العبارات"),
    ],
)
def test_a_query_without_accents_finds_forms_with_them(language: str, typed: str, form: str) -> None:
    assert stems(form, language) in query_stems(typed, {language})
    assert stems(form, language) in query_stems(typed, None)


def test_stems_of_one_language_are_none_of_another() -> None:
    assert stems("planet", "et") not in [stems("plan", tag) for tag in analysed_languages() if tag != "et"]
    assert may_meet(("en:fox", "2025"), ("en:hare",))
    assert may_meet(("fox",), ("en:hare",))
    assert not may_meet(("en:fox", "2025"), ("de:has",))


@pytest.mark.parametrize(
    ("text", "language"),
    [("2025", "en"), ("Ελλάδα", "en"), ("книга", "el"), ("手机", "ja"), ("한국", "ko"), ("fox", "ru")],
)
def test_what_is_not_of_the_languages_script_is_no_stem(text: str, language: str) -> None:
    assert stems(text, language) == stems(text, None)
    assert len(query_stems("2025 手机", None)) == 1
    assert len(query_stems("Ελλάδα", None)) == 2


def test_each_word_of_a_phrase_is_read_by_itself() -> None:
    found = query_stems("historia da informacao", {"pt"})
    assert stems("histórias da informação", "pt") in found
    assert len(query_stems("informacao " * 20, {"pt"})) <= 4
    assert len(query_stems("informacao legislacao", None)) <= 40


def test_threads_may_analyse_at_once() -> None:
    texts = [f"the {word}{n} running foxes" for word in ("nation", "hous", "librar") for n in range(300)]
    alone = [stems(text, "en") for text in texts]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: stems_at(text, "en"), texts))
    assert [tuple(token for token, _, _ in tokens) for tokens in found] == alone


LANGUAGE = st.sampled_from([*analysed_languages(), None, "tlh", "en-GB", ""])


@settings(deadline=None)  # the first query loads the stemmers
@given(ANY_TEXT, LANGUAGE)
def test_tokens_are_plain_and_stand_in_order(text: str, language: str | None) -> None:
    found = stems_at(text, language)
    assert stems(text, language) == tuple(token for token, _, _ in found)
    assert all(token and not any(c.isspace() for c in token) for token, _, _ in found)
    assert all(0 <= start < end <= len(text) for _, start, end in found)
    assert all(one[1] < other[1] and one[2] < other[2] for one, other in pairwise(found))


@settings(deadline=None)  # the first query loads the stemmers
@given(ANY_TEXT, LANGUAGE)
def test_each_text_is_found_by_a_query_of_itself(text: str, language: str | None) -> None:
    tokens = stems(text, language)
    if tokens:
        assert tokens in query_stems(text, None)
        assert query_stems(text, {language or "und"})[0] == tokens


@settings(deadline=None)  # the first query loads the stemmers
@given(st.text(st.characters(categories=["L", "M", "Zs", "Po"], max_codepoint=0x2FF), max_size=60))
def test_words_and_stems_stand_at_the_same_places(text: str) -> None:
    assert [at for _, *at in stems_at(text, "en")] == [at for _, *at in words_at(text)]


@given(st.text(max_size=80), st.sampled_from([None, *analysed_languages()]))
def test_both_at_once_are_the_same(text: str, language: str | None) -> None:
    assert analysed(text, language) == (" ".join(words(text)), " ".join(stems(text, language)))


@given(st.lists(st.text("abcIiİışfklmnoprstuyzğ'’.0", max_size=12), max_size=5), st.sampled_from(analysed_languages()))
def test_both_at_once_are_the_same_for_plain_words(chunks: list[str], language: str) -> None:
    text = " ".join(chunks)
    assert analysed(text, language) == (" ".join(words(text)), " ".join(stems(text, language)))
