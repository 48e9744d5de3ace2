import io
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tearsheet.submission import Submission


def test_arguments_come_first_and_comments_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "urls"
    file.write_bytes(b"\xef\xbb\xbfhttp://b/\r\n\n  # no\nhttp://c/ \n\xff\n")
    with closing(Submission(["http://a/"], str(file))) as submission:
        assert list(submission.after(0)) == ["http://a/", "http://b/", "http://c/", "\ufffd"]
        assert list(submission.after(2)) == ["http://c/", "\ufffd"]
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
        assert list(piped.after(1)) == ["http://b/"]


def test_an_argument_that_is_not_utf_8_is_text_all_the_same() -> None:
    assert list(Submission(["http://a/\udcff"], None).after(0)) == ["http://a/\ufffd"]
