"""The solar Hijri calendar, which pages of Iran and Afghanistan use: ۷ تیر ۱۴۰۰ is 28 June 2021."""

from datetime import date, timedelta

from services.parser.date_words import fold

_NAMES = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
MONTHS = {fold(name): number for number, name in enumerate(_NAMES.split(), 1)}
YEARS = range(1250, 1500)


def gregorian(year: int, month: int, day: int) -> date | None:
    """The day in the Gregorian calendar; None where there is no such day.

    The year begins at the spring equinox in Tehran. The rule of 33-year cycles with 8 leap years gives that day
    right for 1178 to 1633 (Birashk's table and this rule part outside of it).
    """
    if year not in YEARS or not 1 <= month <= 12 or not 1 <= day <= (31 if month <= 6 else 30):
        return None
    # Leap days before this year, counted so that 1 Farvardin 1400 is 21 March 2021.
    days = 365 * (year - 1400) + (8 * year + 21) // 33 - (8 * 1400 + 21) // 33
    before = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    return date(2021, 3, 21) + timedelta(days=days + before + day - 1)
