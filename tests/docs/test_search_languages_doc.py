"""docs/search-languages.md says of each language what the code does with it, and of no other."""

import re
from importlib.metadata import version
from pathlib import Path

from shared.language.languages import LANGUAGES
from shared.language.stop_words import lists

DOC = (Path(__file__).parents[2] / "docs" / "search-languages.md").read_text()


def test_the_table_of_languages_is_what_the_code_does() -> None:
    stop_words = {tag: str(len(words)) for tag, words in lists().items()}
    done = [
        (
            language.name,
            ", ".join(language.tags),
            language.stemmer or "-",
            stop_words.get(language.tags[0], "-"),
            "yes" if language.bigrams else "-",
        )
        for language in LANGUAGES
    ]
    table = DOC.split("| language | tags |")[1]
    cells = re.findall(r"^\|" + r"([^|\n]+)\|" * 5 + "$", table, re.MULTILINE)
    assert [row for row in (tuple(map(str.strip, row)) for row in cells) if row[2].strip("-") or row[2] == "-"] == done


def test_the_library_is_the_one_that_is_named() -> None:
    assert f"PyStemmer {'.'.join(version('pystemmer').split('.')[:2])}" in DOC


def test_languages_without_a_stemmer_are_told() -> None:
    limits = DOC.split("No stemmer:")[1].split(".")[0]
    for language in LANGUAGES:
        if language.stemmer is None and not language.bigrams:
            assert language.name.split()[0] in limits, language.name
