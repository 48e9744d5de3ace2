from dataclasses import replace
from pathlib import Path

import pytest

from shared.ledger import ReportLine
from shared.records import RecordCounts
from shared.stage import Outcome
from tearsheet.itself import itself
from tearsheet.progress import describe
from tearsheet.summary import Endings, search_word, succeeded, summary
from tests.tearsheet.test_progress import STATUS

DONE = replace(STATUS, submitted=5, in_flight=0)


def test_one_page() -> None:
    status = replace(
        DONE,
        submitted=1,
        outcomes={Outcome.INDEXED: 1},
        records=RecordCounts(articles=1, comments=4, replies=1, widgets=8),
    )
    assert summary(status, Endings(), None, None, "") == (
        "1 page: 1 indexed; article 1, comments 4 (1 reply), widgets 8"
    )
    assert succeeded(status)


def test_reasons_are_grouped_and_counted() -> None:
    endings = Endings()
    for number in range(3):
        endings.add(ReportLine(f"http://a/{number}", Outcome.REFUSED, "status 404: not found", str(number)))
    endings.add(ReportLine("http://b/", Outcome.QUARANTINED, "b: no such host", "b"))
    endings.add(ReportLine("http://c/", Outcome.INDEXED, None, "c"))
    status = replace(DONE, outcomes={Outcome.INDEXED: 1, Outcome.REFUSED: 3, Outcome.QUARANTINED: 1})
    assert summary(status, endings, None, Path("/data"), " --data here").splitlines() == [
        "5 pages: 1 indexed, 3 refused, 1 quarantined",
        "  refused: status 404: not found: http://a/0 and 2 more",
        "  quarantined: b: no such host: http://b/",
        "Records are in /data",
        f"Look closer: {itself()} quarantine list --data here",
    ]
    assert not succeeded(status)
    assert succeeded(replace(DONE, outcomes={Outcome.REFUSED: 5}))


def test_requisites_are_told_beside_the_pages() -> None:
    """What could not be had of them is told; it is no failure of the crawl."""
    endings = Endings()
    endings.add(ReportLine("http://a/i.png", Outcome.READ, "an image of 3 bytes, archived", "i", "requisite"))
    endings.add(ReportLine("http://a/j.png", Outcome.QUARANTINED, "unknown host", "j", "requisite"))
    status = replace(
        DONE,
        requisites=3,
        found=3,
        outcomes={Outcome.INDEXED: 2, Outcome.READ: 2, Outcome.QUARANTINED: 1},
        requisite_outcomes={Outcome.READ: 2, Outcome.QUARANTINED: 1},
    )
    assert summary(status, endings, None, None, "").splitlines()[:3] == [
        "2 pages: 2 indexed",
        "  beside 3 requisites: 2 read, 1 quarantined",
        "  quarantined: requisite: unknown host: http://a/j.png",
    ]
    assert succeeded(status)
    assert "12.5 URLs/s" in describe(status, 12.5)


def test_reasons_beyond_a_dozen_are_counted_together() -> None:
    endings = Endings()
    for number in range(20):
        endings.add(ReportLine(f"http://a/{number}", Outcome.REFUSED, f"reason {number}", str(number)))
    told = summary(replace(DONE, outcomes={Outcome.REFUSED: 20}), endings, None, None, "")
    assert "  refused for other reasons: 8 (--report FILE tells each)" in told


@pytest.mark.parametrize(
    ("title", "word"),
    [("Raids on Iran-backed militias | 2021", "militias"), ("Η ελληνική σελίδα", "ελληνική"), ("2021 …", ""), ("", "")],
)
def test_word_to_search_for(title: str, word: str) -> None:
    assert search_word(title) == word
