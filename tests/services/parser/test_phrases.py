"""Words by which a line says that it is no part of an article."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parser.engine import ask


def points_elsewhere(text: str) -> bool:
    (said,) = ask("points_elsewhere", texts=[text])
    assert isinstance(said, bool)
    return said


@pytest.mark.parametrize(
    "text",
    [
        *("Read more: ferries", "See also", "► Related: the quay", "In case you missed it", "Lesen Sie auch: Fähren"),
        *(
            "Mehr zum Thema",
            "» Weitere Artikel",
            "À lire aussi » Ferries",
            "Lea también: la noche",
            "¡Mira esto!",
        ),
        *("VEA TAMBIÉN: El muelle", "Leia mais", "Dowiedz się więcej: kto", "Lees ook", "Читайте также:", "関連記事"),
    ],
)
def test_lines_that_point_elsewhere(text: str) -> None:
    assert points_elsewhere(text.lower())


@pytest.mark.parametrize(
    "text", ["", "...", "Readers wrote to us", "The ferry left late", "See the light", "Meer water", "Mehrere Fähren"]
)
def test_lines_that_do_not(text: str) -> None:
    assert not points_elsewhere(text.lower())


@given(st.text())
def test_any_line_is_looked_at(text: str) -> None:
    assert points_elsewhere(text) in (True, False)


def test_words_are_counted_whatever_stands_beside_them() -> None:
    texts = ["Subscribe to our newsletter!", "(Photo: Getty)", "The ferry left late."]
    columns = ask("word_column_names")
    rows = np.frombuffer(bytes.fromhex(ask("word_columns", texts=texts)), np.float32).reshape(3, len(columns))
    asking, crediting = columns.index("asking"), columns.index("crediting")
    assert rows[:, asking].tolist() == [2, 0, 0]
    assert rows[:, crediting].tolist() == [0, 2, 0]
