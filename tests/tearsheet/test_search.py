"""`tearsheet search` on the embedded store, as a user runs it."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared import settings as settings_module
from shared.settings import Settings
from shared.stores import open_store
from tearsheet.cli import main
from tests.shared.stores.pages import make, write
from tests.shared.stores.stories import original, reprint

FIRST = make(
    "https://blog.example.com/foxes",
    title="Foxes in the snow",
    text="A fox hunts under deep snow.",
    comments=["Our fox is red.", "Mine is grey, and no fox at all."],
    widgets=["The fox shop", "Faxes"],
    published_at=datetime(2021, 6, 28, 12, tzinfo=UTC),
)
SECOND = make(
    "https://other.example/winter",
    title="Winter",
    text="Deep snow, thin ice.\x1b]0;title\x07",
    language="de",
    published_at=datetime(2022, 1, 1, tzinfo=UTC),
)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a few pages in its store."""
    made = tmp_path_factory.mktemp("data")
    store = open_store(Settings(data=made), write=True)
    store.prepare()
    store.write([write(page, 1) for page in (FIRST, SECOND, original(), reprint())])
    store.close()
    return made


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    monkeypatch.setenv("TEARSHEET_DATA", str(folder))

    def ran(*arguments: str) -> tuple[int, str, str]:
        settings_module.load.cache_clear()
        with pytest.raises(SystemExit) as end:
            main(["search", *arguments])
        assert isinstance(end.value.code, int)
        return end.value.code, *capsys.readouterr()

    yield ran
    settings_module.load.cache_clear()


def kinds(run: Run, *arguments: str) -> list[str]:
    code, out, _ = run(*arguments, "--json")
    assert code == 0
    return [json.loads(line)["kind"] for line in out.splitlines()]


def test_hits_for_people(run: Run) -> None:
    code, out, err = run('"deep snow" title:foxes')
    assert code == 0
    assert out == (
        "Foxes in the snow\n  article · 2021-06-28 · en\n  https://blog.example.com/foxes\n"
        "  A «fox» hunts under «deep snow».\n\n"
    )
    assert err == "1 found\n"


def test_a_comment_is_named_by_its_author_and_place(run: Run) -> None:
    _, out, _ = run("grey")
    assert out.startswith("Ann, comment 1.1\n  comment · 2021-06-28")


def test_a_record_without_a_title_is_named_by_its_page(run: Run) -> None:
    _, out, _ = run("fox kind:widget")
    assert out == "https://blog.example.com/foxes\n  widget · links · inline\n  The «fox» shop\n\n"


def test_texts_of_others_do_not_move_the_cursor(run: Run) -> None:
    _, out, _ = run("ice")
    assert "\x1b]" not in out
    assert "\x07" not in out


def test_hits_as_json(run: Run) -> None:
    code, out, _ = run("grey", "--json")
    (hit,) = (json.loads(line) for line in out.splitlines())
    assert code == 0
    assert set(hit) == {"kind", "score", "page_url", "snippet", "record"}
    assert hit["record"]["position"] == "1.1"
    assert hit["snippet"] == "Mine is «grey», and no fox at all."


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["fox"], ["article", "comment", "comment", "widget"]),
        (["fox", "--kind", "comment"], ["comment", "comment"]),
        (["kind:(article OR widget) fox"], ["article", "widget"]),
        (["fox -grey"], ["article", "comment", "widget"]),
        (["fox NEAR/1 snow"], []),
        (["fox NEAR/2 snow"], ["article"]),
        (["", "--kind", "page", "--site", "example.com"], ["page"]),
        (["deep snow", "--lang", "de"], ["article"]),
        (["snow", "--from", "2022"], ["article"]),
        (["fox", "--to", "2021-06-27"], []),
        (["snow", "--to", "2021-06-28"], ["article"]),
        (["snow", "--from", "2021-06-28", "--to", "2021-06-28"], ["article"]),
        (["", "--to", "2021-06-28T11:59"], []),
        (["is:reply"], ["comment"]),
    ],
)
def test_queries_and_filters(run: Run, arguments: list[str], found: list[str]) -> None:
    assert sorted(kinds(run, *arguments)) == found


def test_sorts(run: Run) -> None:
    def urls(sort: str) -> list[str]:
        _, out, _ = run("snow kind:article", "--sort", sort, "--json")
        return [json.loads(line)["page_url"] for line in out.splitlines()]

    assert urls("newest") == [SECOND.page.url, FIRST.page.url] == list(reversed(urls("oldest")))
    assert set(urls("relevance")) == set(urls("newest"))


def test_pages_of_results(run: Run) -> None:
    all_ids = [json.loads(line)["record"]["id"] for line in run("fox", "--json")[1].splitlines()]
    seen: list[str] = []
    arguments: list[str] = []
    told = ""
    for _ in range(2):
        _, out, err = run("fox", "--limit", "2", "--json", *arguments)
        seen += [json.loads(line)["record"]["id"] for line in out.splitlines()]
        told, _, cursor = err.strip().partition("next page: --after ")
        arguments = ["--after", cursor]
    assert seen == all_ids
    assert told == "2 of 4 found"
    assert arguments == ["--after", ""]


def test_facets(run: Run) -> None:
    _, out, _ = run("fox", "--facets", "kind,site", "--json", "--limit", "1")
    facets = json.loads(out.splitlines()[-1])["facets"]
    assert facets["kind"][0] == {"value": "comment", "count": 2}
    assert facets["site"] == [{"value": "blog.example.com", "count": 4}]
    _, out, _ = run("fox", "--facets", "kind", "--limit", "1")
    assert out.endswith("kind\n        2  comment\n        1  article\n        1  widget\n\n")


def test_groups(run: Run) -> None:
    _, out, err = run("fox", "--group", "--json")
    (group,) = (json.loads(line) for line in out.splitlines())
    assert group["page"]["id"] == FIRST.page.id
    assert group["page_url"] == FIRST.page.url
    assert group["hits"][0]["kind"] == "article"
    assert (len(group["hits"]), group["more"], group["reprints"]) == (3, 1, [])
    assert err == "3 of 4 found\n"
    _, out, _ = run("fox", "--group")
    lines = out.splitlines()
    assert lines[:3] == ["Foxes in the snow", "  https://blog.example.com/foxes", "  article · 2021-06-28 · en"]
    assert any(line.startswith("  Ann, comment 1.1 · comment") for line in lines)


def test_reprints_in_groups(run: Run) -> None:
    _, out, _ = run("storm", "--group", "--json")
    (group,) = (json.loads(line) for line in out.splitlines())
    others = {hit["page_url"] for part in ("hits", "reprints") for hit in group[part]}
    assert others == {original().page.url, reprint().page.url}
    assert len(group["reprints"]) == 1
    _, out, _ = run("storm", "--group")
    assert f"  nearly the same: {group['reprints'][0]['page_url']}\n" in out


def test_another_spelling_is_told(run: Run) -> None:
    code, out, err = run("fax grey")
    assert code == 0
    assert "Ann, comment 1.1" in out
    assert err == "nothing found as typed; shown is: fox grey\n1 found\n"


def test_a_spelling_that_finds_more_is_told(run: Run) -> None:
    code, out, err = run("faxes")
    assert code == 0
    assert "«Faxes»" in out
    assert err == "did you mean: foxes\n1 found\n"


def test_nothing_found(run: Run) -> None:
    assert run("zzzzzzz") == (0, "", "nothing found\n")


def test_a_query_that_cannot_be_read_is_shown_with_its_place(run: Run) -> None:
    code, out, err = run("fox kind:artcle")
    assert (code, out) == (1, "")
    assert err == ("  fox kind:artcle\n           ^^^^^^\nerror: kind: has no 'artcle'; did you mean article?\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "yesterday"], "'yesterday' is no date; write a year, month, day or time"),
        (["--kind", "artcle"], "kind: has no 'artcle'; did you mean article?"),
        (["--lang", "english"], "'english' is no code of a language"),
        (["--site", "a b"], "'a b' is no host"),
        (["--sort", "size"], "'size' is not one of 'relevance', 'newest', 'oldest'"),
        (["--facets", "kind,size"], "'kind,size': takes some of kind,site,language,author,day,month,widget"),
        (["--limit", "0"], "0 is not in the range 1<=x<=100"),
        (["--limit", "101"], "101 is not in the range"),
        (["--after", "rubbish"], "Invalid value for --after: this cursor cannot be read"),
    ],
)
def test_wrong_options_are_one_line(run: Run, arguments: list[str], said: str) -> None:
    code, out, err = run("fox", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("query", ["a" * 5000, "(" * 3000, "a " * 1000, "*", '"', "\ud800", "a\x00b", "-", "OR"])
def test_rubbish_is_told_in_a_few_lines(run: Run, query: str) -> None:
    code, _, err = run(query)
    assert code == (0 if query in {"\ud800", "a\x00b"} else 1)
    assert err.count("\n") <= 3
    assert "fault of Tearsheet" not in err
