"""What bench/politeness makes of the servers' logs."""

import pytest

from bench.politeness.__main__ import DELAY, gaps, sizes, without_need
from bench.politeness.site import Hit, running


@pytest.mark.parametrize("pages", [1200, 3000, 12_000])
def test_sizes(pages: int) -> None:
    found = sizes(pages)
    assert (len(found), sum(found)) == (100, pages)
    assert min(found) == pages // 1200
    assert max(found) == pages // 12


def test_gaps() -> None:
    polite = [Hit("a", "/1", 1.0, 1.1), Hit("a", "/2", 1.01 + DELAY, 1.3), Hit("b", "/1", 1.05, 1.06)]
    assert gaps(polite) == (pytest.approx(DELAY + 0.01), 0, 0)
    early = [*polite, Hit("b", "/2", 1.055, 1.2)]
    assert gaps(early) == (pytest.approx(0.005), 1, 1)


def test_what_a_kill_explains() -> None:
    hits = [Hit("a", "/1", 1.0, 1.1), Hit("a", "/1", 9.0, 9.1), Hit("b", "/1", 20.0, 20.1), Hit("b", "/1", 29.0, 29.1)]
    assert without_need(hits, []) == (2, 2)
    assert without_need(hits, [(1.05, "fetcher")]) == (2, 1)


def test_the_site_logs_what_it_was_asked() -> None:
    import requests

    with running(2) as site:
        for host in site.hosts:
            assert requests.get(f"http://{host}/robots.txt", timeout=5).text.startswith("User-agent")
        hits = site.hits()
        assert [(hit.host, hit.path) for hit in hits] == [(host, "/robots.txt") for host in site.hosts]
        assert all(hit.started <= hit.ended for hit in hits)
        assert site.hits() == []
