"""How long a response may be kept."""

import pytest
from requests.structures import CaseInsensitiveDict

from services.fetcher.freshness import lifetime

DATE = "Wed, 21 Oct 2015 07:28:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "no-cache"}, None),
        ({"Cache-Control": "s-maxage=60"}, None),
        ({"Cache-Control": "max-age=60"}, 60),
        ({"cache-control": 'public,MAX-AGE="60"'}, 60),
        ({"Cache-Control": "max-age=60", "Age": "20"}, 40),
        ({"Cache-Control": "max-age=60", "Age": "200"}, 0),
        ({"Cache-Control": "max-age=60", "Expires": DATE}, 60),
        ({"Cache-Control": "max-age=-1"}, None),
        ({"Cache-Control": "max-age=99999999999999999999"}, 9999999999),
        ({"Expires": "Wed, 21 Oct 2015 08:28:00 GMT", "Date": DATE}, 3600),
        ({"Expires": DATE, "Date": DATE}, 0),
        ({"Expires": DATE}, 0),
        ({"Expires": "0"}, 0),
        ({"Expires": "Wed, 99 Oct 2015"}, 0),
    ],
)
def test_lifetime(headers: dict[str, str], seconds: float | None) -> None:
    assert lifetime(CaseInsensitiveDict(headers)) == seconds
