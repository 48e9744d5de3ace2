"""Dates and numbers: single ones, ranges and comparisons."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.query.dates import instant, label, span
from shared.query.errors import QueryError
from shared.query.grammar import parse
from shared.query.nodes import Filter, Range


def value(text: str) -> Range:
    tree = parse(text)
    assert isinstance(tree, Filter)
    assert isinstance(tree.value, Range)
    return tree.value


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("date:2021", utc(2021, 1, 1), utc(2022, 1, 1)),
        ("date:2020", utc(2020, 1, 1), utc(2021, 1, 1)),
        ("date:2021-12", utc(2021, 12, 1), utc(2022, 1, 1)),
        ("date:2024-2", utc(2024, 2, 1), utc(2024, 3, 1)),
        ("date:2021-06-28", utc(2021, 6, 28), utc(2021, 6, 29)),
        ("date:2021-06-28T14:30", utc(2021, 6, 28, 14, 30), utc(2021, 6, 28, 14, 31)),
        ("date:2021-06-28t14:30:05z", utc(2021, 6, 28, 14, 30, 5), utc(2021, 6, 28, 14, 30, 6)),
        ("date:2021-06-28T14:30+03:00", utc(2021, 6, 28, 11, 30), utc(2021, 6, 28, 11, 31)),
        ("date:2021-06..2021-08", utc(2021, 6, 1), utc(2021, 9, 1)),
        ("date:2021..2021-06-28", utc(2021, 1, 1), utc(2021, 6, 29)),
        ("date:2021-06..", utc(2021, 6, 1), None),
        ("date:..2021-06", None, utc(2021, 7, 1)),
        ("date:>2021", utc(2022, 1, 1), None),
        ("date:>=2021", utc(2021, 1, 1), None),
        ("date:<2021", None, utc(2021, 1, 1)),
        ("date:<=2021", None, utc(2022, 1, 1)),
        ('date:">= 2021"', utc(2021, 1, 1), None),
        ("after:2021-06-28", utc(2021, 6, 28), None),
        ("since:2021", utc(2021, 1, 1), None),
        ("before:2021-06-28", None, utc(2021, 6, 28)),
        ("date:9999", utc(9999, 1, 1), utc(9999, 12, 31, 23, 59, 59)),
    ],
)
def test_dates(text: str, low: datetime | None, high: datetime | None) -> None:
    assert value(text) == Range(low, high, include_low=low is not None, include_high=False)
    tree = parse(text)
    assert isinstance(tree, Filter)
    assert tree.field == "date"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("depth:2", Range(2, 2, include_low=True, include_high=True)),
        ("depth:0..3", Range(0, 3, include_low=True, include_high=True)),
        ("depth:2..", Range(2, None, include_low=True, include_high=False)),
        ("depth:..2", Range(None, 2, include_low=False, include_high=True)),
        ("depth:>2", Range(2, None, include_low=False, include_high=False)),
        ("depth:>=2", Range(2, None, include_low=True, include_high=False)),
        ("depth:<2", Range(None, 2, include_low=False, include_high=False)),
        ("depth:<=2", Range(None, 2, include_low=False, include_high=True)),
        ("depth:(>2)", Range(2, None, include_low=False, include_high=False)),
    ],
)
def test_numbers(text: str, found: Range) -> None:
    assert value(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "0000", "2021-13", "2021-00", "2021-02-30", "21", "2021-6-28-1", "20210628", "28.6.2021", "28/06/2021", "today",
        "2021-06-28T25:00", "2021-06-28T14", "2021-06-28T14:30+99:00", "0001-01-01T00:00+14:00", "٢٠٢١", "2021-", "..",
        ">", ">=", "<>2021", "2021..x", "x..2021", "2021..2022..2023", "=2021", "-2021",
    ],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(QueryError, match=" is no date; write a year, month, day or time") as error:
        parse(f"date:{text}")
    assert (error.value.at, error.value.length) == (5, len(text))


@pytest.mark.parametrize("text", ["after:>2021", "before:2021..2022"])
def test_after_and_before_take_one_date(text: str) -> None:
    with pytest.raises(QueryError, match=" is no date; "):
        parse(text)


@pytest.mark.parametrize("text", ["x", "1.5", "-1", "9999999999", "1e3", "٣", "..", ">", "1..x", "0x1", "1_0"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(QueryError, match=" is no number from 0 to 999,999,999; write depth:2, "):
        parse(f"depth:{text}")


@pytest.mark.parametrize("text", ["date:2021..2020", "date:2021-08..2021-06", "depth:3..1"])
def test_ranges_that_end_before_they_begin(text: str) -> None:
    with pytest.raises(QueryError, match="ends before it begins; write the lower end first"):
        parse(text)


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (utc(2021, 1, 1), utc(2022, 1, 1), "2021"),
        (utc(2021, 1, 1), utc(2023, 1, 1), "2021..2022"),
        (utc(2021, 6, 1), utc(2021, 9, 1), "2021-06..2021-08"),
        (utc(2021, 6, 28), utc(2021, 6, 29), "2021-06-28"),
        (utc(2021, 6, 28, 14, 30), utc(2021, 6, 28, 14, 31), "2021-06-28T14:30Z"),
        (utc(2021, 1, 1), utc(2021, 1, 1, 0, 0, 7), "2021-01-01T00:00:00Z..2021-01-01T00:00:06Z"),
    ],
)
def test_the_shortest_label(start: datetime, end: datetime, text: str) -> None:
    assert label(start, end) == text


MOMENTS = st.datetimes(timezones=st.just(UTC)).map(lambda m: m.replace(microsecond=0)) | st.builds(
    utc, st.integers(1, 9999), st.integers(1, 12), st.integers(1, 28)
)


@given(MOMENTS, MOMENTS)
def test_labels_are_read_as_they_were_meant(one: datetime, other: datetime) -> None:
    assert span(instant(one))[0] == one
    start, end = sorted((one, other))
    if start + timedelta(seconds=1) <= end:
        assert value(f"date:{label(start, end)}") == Range(start, end, include_low=True, include_high=False)
