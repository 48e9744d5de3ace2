"""Each language's records are found by other forms of their words, and by no other language's rules: on each store."""

import pytest

from shared.search import languages
from shared.search.request import Result, Search
from shared.search.search import search
from shared.stores.protocol import Store
from tests.shared.stores.pages import make, write

# Language, a text, what finds it and it alone (`|` between), what finds nothing.
TEXTS = [
    ("en", "The foxes were running through cities", 'fox|RUN|"fox were run"|city NEAR fox|=foxes', "=fox|runner"),
    ("de", "Die Häuser an den Straßen", 'haus|STRASSE|häusern|hauser|"haus an der straße" OR strassen', "=haus|Hund"),
    (
        "fr",
        "Les premières élections générales",
        "élection|premiere|PREMIÈRE ÉLECTION|general election",
        "=premiere|elite",
    ),
    ("es", "Las canciones de los países", 'cancion|canción|país|"canciones de los paises"', "=pais|canal"),
    ("pt", "As informações do coração", "informação|informacao|INFORMAÇÃO|informacoes", "=informacao|informal"),
    ("it", "I libri della città", "libro|citta|CITTÀ", "=libro|libertà"),
    ("nl", "De huizen en boeken", "huis|boek", "=huis|boer"),
    ("sv", "Flickorna leker i parken", "flicka|FLICKOR|park", "=flicka|flink"),
    ("da", "Husene ligger ved vandet", "huse|vand", "=hus|husleje"),
    ("nb", "Jentene leste avisene", "jente|avis", "=jente|jenny"),
    ("fi", "Lapset pelaavat taloissa", "talossa|talo", "=talo|talous"),
    ("pl", "Pracownicy czytają książki", "książka|ksiazka|KSIĄŻKĘ", "=ksiazka|ksiądz"),
    ("cs", "Knihovny ve městech", "město|mesta", "=mesto|mester"),
    ("hu", "A házak kertjei", "ház|haz|HÁZAKAT", "=haz|hazudik"),
    ("ro", "Orașele și cărțile", "oraș|orasele", "=oras|orar"),
    ("tr", "Kitapları ışıkta okudu", "kitap|KİTAPLAR|ışık|IŞIK", "=kitap|kilit"),
    ("id", "Mereka membaca bukunya", "pembaca|buku", "=buku|bukit"),
    ("ru", "Новые книги о ёлках", "книга|новый|ЕЛКА|ёлка", "=книга|книжный шкаф"),
    ("el", "Οι δρόμοι των ανθρώπων", "δρόμος|δρομος|ΔΡΟΜΟΣ|άνθρωπος|ανθρωπος", "=δρόμος|δράμα"),
    ("ar", "قرأ الطلاب الكِتاب في المدرسة", "كتاب|والكتاب|مدرسه|المدرسة", "=مدرسة القديمة|مكان"),
    ("fa", "خانه‌های شهر ایرانی", "خانه|خانه‌ها|شهر|ايراني", "=خانه|کوه"),
    ("he", "שָׁלוֹם לכל העולם", "שלום|העולם", "=שלומי|ירח"),
    ("hi", "लड़के किताबें पढ़ते हैं", "किताब|किताबों|लड़का", "=किताब|कितना"),
    ("zh", "东京都的天气很好", '天气|东京|"东京都的天气"|气', "京东|天都"),
    ("ja", "ラーメンを食べる", "ラーメン|メン|ﾗｰﾒﾝ|食べる", "ンメ|食う"),
    ("ko", "한국어를 공부합니다", "한국|한국어|공부", "국한|부공"),
    ("th", "ประเทศไทยสวยงาม", "ประเทศ|ไทย|สวย", "ยไท|จีน"),
]


def texts_of(result: Result) -> list[str]:
    """Of what was found as it was asked for, not by another spelling."""
    return [] if result.corrected else [hit.record.text for hit in result.hits]  # type: ignore[union-attr]


def test_each_language_is_found_by_its_own_rules(store: Store) -> None:
    assert len(TEXTS) >= 15
    pages = [make(f"https://{tag}.example/", title=None, text=text, language=tag) for tag, text, *_ in TEXTS]
    store.write([write(page, 1) for page in pages])
    store.refresh()
    wrong = []
    for tag, text, finding, other in TEXTS:
        expected = {query: [text] for query in finding.split("|")} | {query: [] for query in other.split("|")}
        for query, texts in expected.items():
            for asked in (query, f"({query}) lang:{tag}"):
                found = [hit.record.text for hit in search(store, Search(asked)).hits]  # type: ignore[union-attr]
                if found != texts:
                    wrong.append((tag, asked, found))
    assert not wrong


def test_other_languages_rules_find_nothing(store: Store) -> None:
    """Estonian makes *planet* a form of *plan*, Turkish *careers* one of *car*."""
    texts = {"en": "the plan of a car", "et": "planet", "tr": "careers"}
    store.write([write(make(f"https://{t}.example/", title=None, text=x, language=t), 1) for t, x in texts.items()])
    store.refresh()
    for query, found in {"planet": ["planet"], "careers": ["careers"], "cars": ["the plan of a car"]}.items():
        assert texts_of(search(store, Search(query))) == found


def test_a_new_language_is_heeded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.write([write(make("https://en.example/", title=None, text="foxes"), 1)])
    store.refresh()
    assert set(languages.languages_of(store)) == {"en", "und"}
    assert search(store, Search("fox")).total == 1
    store.write([write(make("https://el.example/", title=None, text="οι δρόμοι", language="el"), 1)])
    store.refresh()
    assert search(store, Search("δρομοι")).total == 1, "as it is written, at once"
    monkeypatch.setattr(languages, "_FRESH_SECONDS", 0)
    assert search(store, Search("δρόμος")).total == 1
