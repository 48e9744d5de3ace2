import io
import sys
from contextlib import closing
from pathlib import Path

import pytest

from shared.scope import Scope
from shared.stage import Line
from tearsheet.submission import Submission


def test_arguments_come_first_and_comments_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "urls"
    file.write_bytes(b"\xef\xbb\xbfhttp://b/\r\n\n  # no\nhttp://c/ \n\xff\n")
    with closing(Submission(["http://a/"], str(file))) as submission:
        assert [line.url for line in submission.after(0)] == ["http://a/", "http://b/", "http://c/", "\ufffd"]
        assert [line.url for line in submission.after(2)] == ["http://c/", "\ufffd"]
        assert submission.count == 4
        assert submission.label == "http://a/ and 3 more"


def test_the_same_urls_have_the_same_digest_wherever_they_come_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "urls"
    file.write_text("http://a/\nhttp://b/\n")
    with closing(Submission([], str(file))) as filed:
        digest = filed.digest
    assert Submission(["http://a/", "http://b/"], None).digest == digest
    assert Submission(["http://b/", "http://a/"], None).digest != digest
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"http://a/\n# more\nhttp://b/")))
    with closing(Submission([], "-")) as piped:
        assert piped.digest == digest
        assert list(piped.after(1)) == [Line("http://b/")]


def test_an_argument_without_a_letter_is_no_url() -> None:
    assert list(Submission(["", " ", "http://a/"], None).after(0)) == [Line("http://a/")]


def test_an_argument_that_is_not_utf_8_is_text_all_the_same() -> None:
    assert list(Submission(["http://a/\udcff"], None).after(0)) == [Line("http://a/\ufffd")]


def test_what_is_crawled_besides_belongs_to_the_digest() -> None:
    """Another kind or another scope is another crawl, and not the old one taken up again."""
    lines = [Line("http://a/"), Line("http://a/", "feed"), Line("http://a/", "site")]
    scopes = [None, Scope(), Scope(follow=True), Scope(limit=5), Scope(exclude=("x",))]
    digests = {Submission([line], None, scope).digest for line in lines for scope in scopes}
    assert len(digests) == len(lines) * len(scopes)
    assert Submission([lines[1]], None, Scope()).digest == Submission([lines[1]], None, Scope()).digest
