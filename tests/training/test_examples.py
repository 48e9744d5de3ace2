"""What pages teach, as the core reads them."""

from pathlib import Path

import pytest

from services.parser.engine import WEIGHTS
from training.examples import example
from training.pages import Page
from training.widgets import widget_example

PAGE = """<html><body><nav><a href=/>Home</a> <a href=/tides>Tides</a></nav>
<article><h1>Ferry late</h1><p>The ferry left late, and nobody on the quay knew why it did so on that day.</p></article>
</body></html>"""
FERRY = "The ferry left late, and nobody on the quay knew why it did so on that day."


def test_the_blocks_of_the_main_text(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    said = example(Page("page", tmp_path / "page.html", "https://quay.example/ferry", 0, text=FERRY))
    assert said.main.tolist() == [False, False, True]
    assert len(said.rows) == len(said.in_thread) == len(said.weight) == 3
    assert said.weight.argmax() == 2


@pytest.mark.parametrize("source", ["", "<script>1</script>", "<body hidden>x"])
def test_a_page_without_text_teaches_nothing(tmp_path: Path, source: str) -> None:
    (tmp_path / "page.html").write_text(source)
    page = Page("page", tmp_path / "page.html", "https://quay.example/", 0, text=FERRY, parts={"widgets": []})
    said = example(page)
    assert said.rows.shape[0] == 0
    assert said.rows.shape[1] > 200
    assert widget_example(page, WEIGHTS) is None


def test_the_cut_of_annotated_widgets(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    parts = {"widgets": [{"kind": "navigation", "text": "Home Tides"}], "article": {"text": FERRY}}
    said = widget_example(Page("page", tmp_path / "page.html", "https://quay.example/", 0, parts=parts), WEIGHTS)
    assert said is not None
    assert said.boxes.shape[0] == len(said.kinds) == len(said.texts) == len(said.names)
    assert said.elements.shape[0] == len(said.whole) == len(said.weight)
