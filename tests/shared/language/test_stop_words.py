from shared.language import analysed_languages, stop_languages, words
from shared.language.stop_words import lists


def test_a_stop_word_is_one_in_its_own_languages() -> None:
    assert "en" in stop_languages("the")
    assert stop_languages("und") == {"de"}
    assert "en" in stop_languages("will")
    assert "en" not in stop_languages("war") | stop_languages("die")
    assert {"de", "nl"} <= stop_languages("die")
    assert "el" in stop_languages("και") & stop_languages(words("Στους")[0])
    assert "ar" in stop_languages(words("إلى")[0]) & stop_languages("من")
    assert {"no", "nb", "nn"} <= stop_languages("ikke")
    assert {"sr", "hr", "bs"} <= stop_languages("nije")
    assert stop_languages("fox") == stop_languages("") == frozenset()


def test_lists_hold_function_words_as_they_are_compared() -> None:
    found = lists()
    assert len(found) >= 40
    assert set(found) <= set(analysed_languages())
    for tag, listed in found.items():
        assert 25 <= len(listed) <= 320, tag
        assert listed == sorted(set(listed))
        assert all(words(word) == (word,) for word in listed), tag
    for word in "world computer welt monde mundo life жизнь человек year new news time people".split():
        assert not stop_languages(words(word)[0]), word
