"""The records' contract: what they refuse, and their schema version."""

import pytest
from pydantic import ValidationError

from shared.records import Comment, ParsedPage, RecordCounts

COMMENT = {"id": "p:c:1", "page_id": "p", "position": "1"}


def test_an_unknown_schema_version_is_refused() -> None:
    with pytest.raises(ValidationError, match="schema_version"):
        Comment.model_validate({**COMMENT, "schema_version": 2})


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValidationError, match="extra"):
        Comment.model_validate({**COMMENT, "mood": "good"})


def test_a_time_needs_its_zone() -> None:
    with pytest.raises(ValidationError, match="timezone"):
        Comment.model_validate({**COMMENT, "published_at": "2026-01-02T03:04:05"})


def test_counts_add_up() -> None:
    page = {
        "id": "p", "url": "u", "final_url": "u", "fetched_at": "2026-01-02T03:04:05Z", "content_hash": "h",
        "parser_version": "1",
    }  # fmt: skip
    reply = {**COMMENT, "id": "p:c:2", "parent_id": "p:c:1", "position": "1.1", "depth": 1}
    parsed = ParsedPage.model_validate({"page": page, "comments": [COMMENT, reply]})
    assert parsed.counts() == RecordCounts(comments=2, replies=1)
    assert parsed.counts() + parsed.counts() == RecordCounts(comments=4, replies=2)
