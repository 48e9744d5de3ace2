"""A raw page comes out as it went in."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from shared.raw_page import RawPage


@given(st.binary(max_size=3000), st.none() | st.text(max_size=40), st.text(max_size=80))
def test_pack_and_unpack(body: bytes, content_type: str | None, url: str) -> None:
    url = url.encode("utf-8", "replace").decode()
    raw = RawPage(body, url, url, 200, content_type, datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC), '"e"')
    assert RawPage.unpack(raw.pack()) == raw
