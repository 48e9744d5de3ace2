import re
from datetime import UTC, datetime

import pytest

from shared.ledger import CrawlStatus
from shared.records import RecordCounts
from tearsheet.progress import PlainProgress, Rate, TerminalProgress, describe, duration, progress

STATUS = CrawlStatus(
    id="1",
    label="",
    digest="",
    created=datetime(2026, 1, 1, tzinfo=UTC),
    closed=True,
    paused=False,
    cancelled=False,
    finished=None,
    submitted=1200,
    in_flight=1000,
    by_state={"waiting": 990, "fetching": 10, "parsing": 0, "indexing": 0},
    outcomes={},
    records=RecordCounts(),
)


def test_rate_is_that_of_the_last_seconds() -> None:
    rate = Rate(window=10.0)
    assert rate.add(0, 0.0) == 0.0
    assert rate.add(50, 5.0) == 10.0
    for second in range(6, 40):
        last = rate.add(50, float(second))
    assert last == 0.0


def test_line_says_where_pages_are_and_for_how_long_yet() -> None:
    assert describe(STATUS, 12.5) == "200 of 1,200 ended, 990 waiting, 10 fetching, 12.5 pages/s, 80 s left"
    assert describe(STATUS, 0.0) == "200 of 1,200 ended, 990 waiting, 10 fetching"


@pytest.mark.parametrize(("seconds", "words"), [(0.4, "0 s"), (99, "99 s"), (720, "12 min"), (12_000, "3 h 20 min")])
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_plain_lines_come_seldom_and_troubles_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    with PlainProgress(every=1000.0) as shown:
        shown.show(STATUS, [])
        shown.show(STATUS, ["the store is down"])
        shown.show(None, ["the store is down"])
        shown.show(STATUS, [])
        shown.show(STATUS, ["the store is down"])
    assert capsys.readouterr().err == "the store is down\nthe store is down\n"
    with PlainProgress(every=0.0) as shown:
        shown.show(STATUS, [])
    said = capsys.readouterr().err
    assert said == "200 of 1,200 ended, 990 waiting, 10 fetching\n"


def test_terminal_shows_the_same_words(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    with TerminalProgress() as shown:
        shown.show(STATUS, ["the store is down"])
    said = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", capsys.readouterr().err)
    assert "200 of 1,200 ended, 990 waiting, 10 fetching" in said
    assert "the store is down" in said


def test_no_terminal_no_colour() -> None:
    assert isinstance(progress(), PlainProgress)
