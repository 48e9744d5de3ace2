"""The hash of a page's body."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from shared.markup.body_hash import body_hash, is_hash_of


def test_is_that_of_the_specification() -> None:
    assert body_hash(b"") == "af1349b9f5f9a1a6a0404dea36dcc949"


@given(st.binary(), st.binary())
def test_a_record_has_it_of_its_own_body_and_of_no_other(body: bytes, other: bytes) -> None:
    assert is_hash_of(body_hash(body), body)
    assert is_hash_of(body_hash(body), other) == (body == other)


def test_records_of_earlier_versions_have_another() -> None:
    earlier = hashlib.blake2b(b"a page", digest_size=16).hexdigest()
    assert is_hash_of(earlier, b"a page")
    assert not is_hash_of(earlier, b"another page")
