"""Dates of many languages and shapes, by table; and that no text makes the reader fail."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parser.dates import parse_date
from services.parser.engine import ask

BASE = datetime(2021, 7, 1, 12, 0, tzinfo=UTC)  # a Thursday


def at(text: str, offset: float = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone(timedelta(hours=offset)))


LANGUAGES = [
    ("en", "Monday, June 28, 2021", "2021-06-28"),
    ("en", "June 28th, 2021 at 5:30 pm", "2021-06-28 17:30"),
    ("en", "Posted by Bob on Jun 3, 2021", "2021-06-03"),
    ("en", "Sat Jun 03, 2017 4:55 pm", "2017-06-03 16:55"),
    ("el", "Δημοσιεύτηκε από Geo Kok στις Τρίτη, 9 Φεβρουαρίου 2021", "2021-02-09"),
    ("el", "Παρασκευή, 5 Φεβρουαρίου 2021", "2021-02-05"),
    ("el", "Πέμπτη, 28 Ιανουαρίου 2021 10:30 μ.μ.", "2021-01-28 22:30"),
    ("el", "1η ΜΑΪΟΥ 2020", "2020-05-01"),
    ("el", "28 Ιουν 2021, 8:15 π.μ.", "2021-06-28 08:15"),
    ("de", "geschrieben von berg2006 am 29. Jan. 2021, 10:41", "2021-01-29 10:41"),
    ("de", "Mittwoch, 3. März 2021, 9:05 Uhr", "2021-03-03 09:05"),
    ("fr", "le 1er février 2021 à 10h30", "2021-02-01 10:30"),
    ("fr", "Publié le 14 août 2020", "2020-08-14"),
    ("es", "miércoles, 9 de mayo de 2018", "2018-05-09"),
    ("es", "28 Julio de 2020", "2020-07-28"),
    ("pt", "Terça-feira, 9 de março de 2021 às 14h05", "2021-03-09 14:05"),
    ("it", "9 febbraio 2021 alle 18:20", "2021-02-09 18:20"),
    ("nl", "9 februari 2021 om 18:20 uur", "2021-02-09 18:20"),
    ("pl", "9 lutego 2021, 18:20", "2021-02-09 18:20"),
    ("pl", "1 listopada 2020", "2020-11-01"),
    ("cs", "9. února 2021", "2021-02-09"),
    ("cs", "1. listopadu 2020", "2020-11-01"),
    ("cs", "28. 6. 2021 v 10:30", "2021-06-28 10:30"),
    ("hr", "1. listopada 2020.", "2020-10-01"),
    ("sk", "9. február 2021", "2021-02-09"),
    ("hu", "2021. június 28., hétfő", "2021-06-28"),
    ("ro", "28 iunie 2021", "2021-06-28"),
    ("bg", "28 юни 2021 г., 10:30", "2021-06-28 10:30"),
    ("ru", "28 июня 2021 г. в 10:30", "2021-06-28 10:30"),
    ("ru", "28 июн 2021", "2021-06-28"),
    ("uk", "28 червня 2021, 10:30", "2021-06-28 10:30"),
    ("sr", "28. јун 2021.", "2021-06-28"),
    ("lt", "2021 m. birželio 28 d.", "2021-06-28"),
    ("lv", "2021. gada 28. jūnijs", "2021-06-28"),
    ("et", "28. juuni 2021", "2021-06-28"),
    ("fi", "28. kesäkuuta 2021 klo 10.30", "2021-06-28 10:30"),
    ("fi", "28.6.2021 klo 10.30", "2021-06-28 10:30"),
    ("sv", "28 juni 2021 kl. 10.30", "2021-06-28 10:30"),
    ("da", "28. juni 2021 kl. 10:30", "2021-06-28 10:30"),
    ("no", "28. juni 2021", "2021-06-28"),
    ("is", "28. júní 2021", "2021-06-28"),
    ("tr", "28 Haziran 2021 Pazartesi", "2021-06-28"),
    ("tr", "9 ŞUBAT 2021", "2021-02-09"),
    ("ca", "28 de juny de 2021", "2021-06-28"),
    ("ca", "11 d'octubre de 2020", "2020-10-11"),
    ("ar", "28 يونيو 2021", "2021-06-28"),
    ("ar", "٢٨ يونيو ٢٠٢١، ١٠:٣٠ م", "2021-06-28 22:30"),
    ("fa", "28 ژوئن 2021", "2021-06-28"),
    ("fa", "۷ تیر ۱۴۰۰", "2021-06-28"),
    ("fa", "دوشنبه ۷ تير ۱۴۰۰ ۱۰:۳۰", "2021-06-28 10:30"),
    ("fa", "۱۴۰۰/۰۴/۰۷", "2021-06-28"),
    ("he", "28 ביוני 2021", "2021-06-28"),
    ("hi", "28 जून 2021", "2021-06-28"),
    ("hi", "9 फ़रवरी 2021", "2021-02-09"),
    ("bn", "২৮ জুন ২০২১", "2021-06-28"),
    ("th", "28 มิถุนายน 2564", "2021-06-28"),
    ("th", "28 มิ.ย. 2564", "2021-06-28"),
    ("vi", "28 tháng 6, 2021", "2021-06-28"),
    ("vi", "Ngày 28 tháng 6 năm 2021", "2021-06-28"),
    ("id", "28 Juni 2021", "2021-06-28"),
    ("ms", "28 Februari 2021", "2021-02-28"),
    ("zh", "2021年6月28日 下午3:04", "2021-06-28 15:04"),
    ("zh-TW", "2021年6月28日上午9:04", "2021-06-28 09:04"),
    ("ja", "2021年6月28日(月) 午後3時04分", "2021-06-28 15:04"),
    ("ko", "2021년 6월 28일 오후 3:04", "2021-06-28 15:04"),
    ("ka", "28 ივნისი 2021", "2021-06-28"),
    ("hy", "28 հունիսի 2021", "2021-06-28"),
    ("eu", "2021 ekaina 28", "2021-06-28"),
]


@pytest.mark.parametrize(("language", "text", "expected"), LANGUAGES)
def test_languages(language, text, expected):
    assert parse_date(text, languages=[language]) == at(expected)


# The page's language is unknown or wrong often enough; words that two languages use for different months aside.
@pytest.mark.parametrize(("language", "text", "expected"), [c for c in LANGUAGES if "listopad" not in c[1]])
def test_language_not_known(language, text, expected):
    digits_only = not any(c.isalpha() for c in text.replace("klo", ""))
    meridiem = any(word in text for word in ("μ", " م", "午", "오"))
    if not digits_only and not meridiem:
        assert parse_date(text, languages=["en"]) == at(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-06-28", at("2021-06-28")),
        ("2021-06-28T10:30:00Z", at("2021-06-28 10:30")),
        ("2021-06-28T10:30:00+0200", at("2021-06-28 10:30", 2)),
        ("2021-06-28T10:30:00.123-07:00", at("2021-06-28 10:30:00.123", -7)),
        ("20210628", at("2021-06-28")),
        ("2021-06-28 10:30:05", at("2021-06-28 10:30:05")),
        ("2021-06-28 10:30:00 UTC", at("2021-06-28 10:30")),
        ("2021-06-28T10:30:00 -04:00", at("2021-06-28 10:30", -4)),
        ("2021/06/28 10:30", at("2021-06-28 10:30")),
        ("Mon, 28 Jun 2021 10:30:00 +0200", at("2021-06-28 10:30", 2)),
        ("Mon Jun 28 10:30:00 2021", at("2021-06-28 10:30")),
        ("1624876200", at("2021-06-28 10:30")),
        ("1624876200000", at("2021-06-28 10:30")),
        ("Last Updated: 2021-06-28", at("2021-06-28")),
        ("28-Jun-2021", at("2021-06-28")),
        ("28.Jun.21", at("2021-06-28")),
        ("June 28, 2021, 9:30 PM EST", at("2021-06-28 21:30", -5)),
        ("June 28, 2021 9:30 p.m. GMT+3", at("2021-06-28 21:30", 3)),
        ("28 Jun 2021 12:05 am", at("2021-06-28 00:05")),
        ("28 Jun 2021 12:05 pm", at("2021-06-28 12:05")),
        ("Jun 28", at("2021-06-28")),
        ("Dec 24", at("2020-12-24")),
        ("July 2 10:00", at("2021-07-02 10:00")),
        ("October 7-8, 2020, Bucharest", at("2020-10-07")),
        ("04 de mayo 2022 a las 09:01 hrs.", at("2022-05-04 09:01")),
    ],
)
def test_shapes(text, expected):
    assert parse_date(text, languages=["en"], base=BASE) == expected


def test_zone_of_a_place_follows_its_summer_time():
    summer = parse_date("June 28, 2021 9:30 PM ET")
    winter = parse_date("January 28, 2021 9:30 PM ET")
    assert summer == at("2021-06-28 21:30", -4)
    assert winter == at("2021-01-28 21:30", -5)


@pytest.mark.parametrize(
    ("languages", "text", "expected"),
    [
        (["en"], "6/7/2021", "2021-06-07"),
        (["en-US"], "6/7/2021", "2021-06-07"),
        (["en-GB"], "6/7/2021", "2021-07-06"),
        (["en-gb"], "06-07-2021, 10:30 AM", "2021-07-06 10:30"),
        (["en"], "6.7.2021", "2021-07-06"),
        (["en"], "28/6/2021", "2021-06-28"),
        (["en-GB"], "6/28/2021", "2021-06-28"),
        (["fr"], "6/7/21", "2021-07-06"),
        (["fr"], "28/06/98", "1998-06-28"),
        (["ko"], "21.06.28", "2021-06-28"),
        ([], "6/7/2021", "2021-06-07"),
    ],
)
def test_order_by_language_and_region(languages, text, expected):
    assert parse_date(text, languages=languages, base=BASE) == at(expected)


@pytest.mark.parametrize(
    ("language", "text", "ago"),
    [
        ("en", "3 hours ago", timedelta(hours=3)),
        ("en", "9 MINS AGO", timedelta(minutes=9)),
        ("en", "Last Modified: 9 days ago", timedelta(days=9)),
        ("en", "an hour ago", timedelta(hours=1)),
        ("en", "12 replies · 2 weeks ago", timedelta(weeks=2)),
        ("en", "now", timedelta(0)),
        ("de", "#9.1 — vor 3 Stunden", timedelta(hours=3)),
        ("de", "VOR 12 MINUTEN", timedelta(minutes=12)),
        ("de", "vor einer Stunde", timedelta(hours=1)),
        ("el", "πριν από 2 ώρες", timedelta(hours=2)),
        ("fr", "il y a 5 jours", timedelta(days=5)),
        ("es", "hace 3 días", timedelta(days=3)),
        ("es", "hace un día", timedelta(days=1)),
        ("it", "3 giorni fa", timedelta(days=3)),
        ("ru", "5 минут назад", timedelta(minutes=5)),
        ("tr", "3 gün önce", timedelta(days=3)),
        ("ar", "قبل 3 أيام", timedelta(days=3)),
        ("ja", "3時間前", timedelta(hours=3)),
        ("zh", "3小时前", timedelta(hours=3)),
        ("ko", "3일 전", timedelta(days=3)),
        ("vi", "3 giờ trước", timedelta(hours=3)),
        ("pl", "3 dni temu", timedelta(days=3)),
        ("sv", "för 3 timmar sedan", timedelta(hours=3)),
    ],
)
def test_relative(language, text, ago):
    assert parse_date(text, languages=[language], base=BASE) == BASE - ago
    assert parse_date(text, languages=[language]) is None


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "2 months ago", "2021-05-01 12:00"),
        ("en", "1 year, 2 months ago", "2020-05-01 12:00"),
        ("en", "Yesterday", "2021-06-30"),
        ("en", "Today, 10:30 AM", "2021-07-01 10:30"),
        ("en", "Yesterday at 11:02 PM", "2021-06-30 23:02"),
        ("en", "Sunday at 7:23 PM", "2021-06-27 19:23"),
        ("de", "gestern, 9:05 Uhr", "2021-06-30 09:05"),
        ("el", "χθες", "2021-06-30"),
        ("fr", "hier à 10h30", "2021-06-30 10:30"),
        ("ru", "вчера в 10:30", "2021-06-30 10:30"),
    ],
)
def test_named_days(language, text, expected):
    assert parse_date(text, languages=[language], base=BASE) == at(expected)


def test_month_lengths_of_relative_dates():
    assert parse_date("1 month ago", base=datetime(2021, 3, 31, tzinfo=UTC)) == at("2021-02-28")


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "9 min read", "5 Minuten Lesezeit", "Joined 2019", "June 2021", "2021", "PG-13", "10:30", "16:9",
        "USA Today", "v1.2.21", "© 2021 The Quay", "0000-00-00", "2021-13-45", "31 February 2021", "99/99/2021",
        "12:30 - 13:45", "9h 30m", "Free shipping over £100", "Reading time about 9 minutes", "999999999999999999",
        "May", "Powerbeats Pro 2 review", "NEBULA MARS 3",
        "See you in 10 years", "2D-Barcodes", "4.9 out of 5 stars", "VN:F [1.9.22_1171]", "rev 2026.3.6.40623",
        "in 3 m", "call 555-12-3456", "7 Tage", "30 Feb 2021",
    ],
)  # fmt: skip
def test_not_dates(text):
    assert parse_date(text, languages=["en", "de"], base=BASE) is None


def test_prose_is_not_searched():
    assert parse_date("On 28 June 2021 " + "the ferry left. " * 20) is None


@given(st.text(max_size=120), st.sampled_from(["en", "el", "zh", "fa", "xx", "", "en-GB", "../x"]))
def test_no_text_fails(text, language):
    found = parse_date(text, languages=[language], base=BASE)
    assert found is None or found.tzinfo is not None


@given(st.text(alphabet="0123456789/-.: pamJunet,年月日Z+T前ago", max_size=40))
def test_no_date_like_text_fails(text):
    found = parse_date(text, languages=["en", "ja"], base=BASE)
    assert found is None or found.tzinfo is not None


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2099, 12, 31), timezones=st.just(UTC)))
def test_what_is_written_is_read(moment):
    moment = moment.replace(microsecond=0)
    for shape in ("%Y-%m-%dT%H:%M:%S%z", "%d %B %Y %H:%M:%S", "%A, %B %d, %Y %I:%M:%S %p", "%d.%m.%Y %H:%M:%S"):
        assert parse_date(moment.strftime(shape), languages=["en"], base=BASE) == moment


def test_jalali_new_years():
    known = {1395: "2016-03-20", 1399: "2020-03-20", 1400: "2021-03-21", 1403: "2024-03-20", 1404: "2025-03-21"}
    assert {year: ask("gregorian", year=year, month=1, day=1) for year in known} == known
