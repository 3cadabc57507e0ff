"""England's bank holidays, 2016 to 2028: facts, checked by their rules in `tests/test_bank_holidays.py`.

New Year's Day, Good Friday, Easter Monday, the first and last Mondays of May, the last Monday of August, Christmas Day
and Boxing Day; a weekday after them where one falls on a weekend; what was moved or added by proclamation.
"""

import datetime as dt

NEW_YEAR, GOOD_FRIDAY, EASTER_MONDAY = "New Year’s Day", "Good Friday", "Easter Monday"
EARLY_MAY, SPRING, SUMMER = "Early May bank holiday", "Spring bank holiday", "Summer bank holiday"
CHRISTMAS, BOXING_DAY = "Christmas Day", "Boxing Day"
USUAL = (NEW_YEAR, GOOD_FRIDAY, EASTER_MONDAY, EARLY_MAY, SPRING, SUMMER, CHRISTMAS, BOXING_DAY)

# Month and day of each, in the order of `USUAL`.
_DAYS = {
    2016: ("01-01", "03-25", "03-28", "05-02", "05-30", "08-29", "12-27", "12-26"),
    2017: ("01-02", "04-14", "04-17", "05-01", "05-29", "08-28", "12-25", "12-26"),
    2018: ("01-01", "03-30", "04-02", "05-07", "05-28", "08-27", "12-25", "12-26"),
    2019: ("01-01", "04-19", "04-22", "05-06", "05-27", "08-26", "12-25", "12-26"),
    # the early May holiday moved to the 75th anniversary of VE Day
    2020: ("01-01", "04-10", "04-13", "05-08", "05-25", "08-31", "12-25", "12-28"),
    2021: ("01-01", "04-02", "04-05", "05-03", "05-31", "08-30", "12-27", "12-28"),
    # the spring holiday moved to stand before the Platinum Jubilee
    2022: ("01-03", "04-15", "04-18", "05-02", "06-02", "08-29", "12-27", "12-26"),
    2023: ("01-02", "04-07", "04-10", "05-01", "05-29", "08-28", "12-25", "12-26"),
    2024: ("01-01", "03-29", "04-01", "05-06", "05-27", "08-26", "12-25", "12-26"),
    2025: ("01-01", "04-18", "04-21", "05-05", "05-26", "08-25", "12-25", "12-26"),
    2026: ("01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"),
    2027: ("01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"),
    2028: ("01-03", "04-14", "04-17", "05-01", "05-29", "08-28", "12-25", "12-26"),
}
ADDED = {
    dt.date(2022, 6, 3): "Platinum Jubilee",
    dt.date(2022, 9, 19): "State funeral of Queen Elizabeth II",
    dt.date(2023, 5, 8): "Coronation of King Charles III",
}
FIRST_YEAR, LAST_YEAR = min(_DAYS), max(_DAYS)


def bank_holidays() -> dict[dt.date, str]:
    """Each day with its name, in order."""
    usual = {
        dt.date.fromisoformat(f"{year}-{day}"): name
        for year, days in _DAYS.items()
        for day, name in zip(days, USUAL, strict=True)
    }
    return dict(sorted((usual | ADDED).items()))
