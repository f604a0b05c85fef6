"""Days: every form that outlets write is read, and what is ambiguous or contradictory is missing with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rhetoric.archived import read_all, run

from tocsin.rhetoric.archive import dates
from tocsin.rhetoric.archive.dates import date_doubt, date_in_address, date_or_address, parse_date, read_date

ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ABBREVIATED = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec")
NAMED = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def named(day: dt.date) -> str:
    return ENGLISH[day.weekday()]


def dotted(day: dt.date) -> str:
    """Return a month as the party paper's English pages abbreviate it."""
    name = ABBREVIATED[day.month - 1]
    return name if name == "May" else f"{name}."


FORMS: tuple[Callable[[dt.date], str], ...] = (
    lambda d: d.isoformat(),
    lambda d: f"{d.isoformat()}T23:59:59.123Z",
    lambda d: f"{d.isoformat()} 00:00:00",
    lambda d: f"{d.isoformat()}T08:00:00+09:00",
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d:%Y%m%d}T105233Z",
    lambda d: f"{d.year}.{d.month}.{d.day}.",
    lambda d: f"{d.year}. {d.month}. {d.day}.",
    lambda d: f"{d.year}/{d.month}/{d.day} 오전 10:52",
    lambda d: f"[{d:%Y.%m.%d}.]",
    lambda d: f"www.kcna.kp ({d:%Y.%m.%d}.)",
    lambda d: f"(Juche{d.year - 1911}.{d.month}.{d.day}.)",
    lambda d: f"[Juche{d.year - 1911}.{d.month}.{d.day}.]",
    lambda d: f"www.kcna.kp (Juche{d.year - 1911}.{d.month}.{d.day}.)",
    lambda d: f"Juche {d.year - 1911} ({d.year}). {d.month}. {d.day}",
    lambda d: f"Juche {d.year - 1911}. {d.month}. {d.day}",
    lambda d: f"{NAMED[d.month - 1]} {d.day}, Juche {d.year - 1911} ({d.year})",
    lambda d: f"calendar>>{NAMED[d.month - 1]} {d.day}. {d.year} Juche {d.year - 1911}",
    lambda d: f"{dotted(d)} {d.day}, {d.year} {named(d)}",
    lambda d: f"{dotted(d)} {d.day}, {d.year} {named(d)} [Photo]",
    lambda d: f"{dotted(d)}{d.day},Juche{d.year - 1911}({d.year}){named(d)}",
    lambda d: f"{named(d)}, {NAMED[d.month - 1]} {d.day}, {d.year}",
    lambda d: f"{named(d)[:3]} {d.day} {ABBREVIATED[d.month - 1]} {d.year}",
    lambda d: f"{d.day} {NAMED[d.month - 1]} {d.year} 10:30",
    lambda d: f"{d.day}th of {NAMED[d.month - 1]}, {d.year}",
    lambda d: f"{d.day:02}-{ABBREVIATED[d.month - 1]}-{d.year}",
    lambda d: f"{NAMED[d.month - 1]} {d.day}, {d.year} at 10:30 AM",
    lambda d: f"{named(d)[:3]}, {d.day:02} {ABBREVIATED[d.month - 1][:3]} {d.year} 10:52:00 +0900",
    lambda d: f"{named(d)[:3]}, {d.day:02} {ABBREVIATED[d.month - 1][:3]} {d.year % 100:02} 10:52:00 GMT",
    lambda d: f"{d.year}년 {d.month}월 {d.day}일 {'월화수목금토일'[d.weekday()]}요일",
    lambda d: f"주체{d.year - 1911}({d.year})년 {d.month}월 {d.day}일",
    lambda d: f"주체{d.year - 1911}({d.year})년 {d.month}월 {d.day}일 {'월화수목금토일'[d.weekday()]}요일 [사진있음]",
    lambda d: f"주체{d.year - 1911}년 {d.month}월 {d.day}일",
    lambda d: f"입력 {d.year}.{d.month:02}.{d.day:02} 10:52",
    lambda d: f"기사입력 {d.year}.{d.month:02}.{d.day:02}. 오후 10:52",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d.year}年{d.month}月{d.day}日({'月火水木金土日'[d.weekday()]}) 10時52分",
    lambda d: f"主体{d.year - 1911}({d.year})年{d.month}月{d.day}日",
    lambda d: f"{d.year}年{d.month}月{d.day}日 星期{'一二三四五六日'[d.weekday()]}",
    lambda d: f"发布时间：{d.isoformat()} 18:30",
    lambda d: f"民國{d.year - 1911}年{d.month}月{d.day}日",
    lambda d: f"Date: {d.isoformat()}",
    lambda d: f"Published {d.isoformat()} 10:52 Updated 2026-11-02 09:00",
)


def all_days(step: int) -> list[dt.date]:
    first, last = dt.date(1997, 1, 1), dt.date(2026, 12, 31)
    return [first + dt.timedelta(days=days) for days in range(0, (last - first).days + 1, step)]


def misread(days: list[dt.date]) -> list[str]:
    return [text for form, day in product(FORMS, days) if parse_date(text := form(day)) != day]


def test_a_day_from_1997_to_2026_is_read_back_from_every_form() -> None:
    assert misread(all_days(step=23)) == []


@pytest.mark.slow
def test_all_days_from_1997_to_2026_are_read_back_from_every_form() -> None:
    assert misread(all_days(step=1)) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("[2025.12.26.]", "2025-12-26"), ("(Juche113.12.26.)", "2024-12-26"), ("[Juche113.8.3.]", "2024-08-03"),
        ("Sept. 3, 2025 Wednesday", "2025-09-03"), ("Feb. 19, 2026 Thursday [Photo]", "2026-02-19"),
        ("Sept.12,Juche110(2021)Sunday", "2021-09-12"), ("www.kcna.kp (Juche108.12.10.)", "2019-12-10"),
        ("입력 2025.12.26 10:52", "2025-12-26"), ("주체113(2024)년 3월 9일", "2024-03-09"), ("2024年3月9日", "2024-03-09"),
        ("Fri, 26 Dec 25 10:52:00 +0900", "2025-12-26"), ("Fri, 26 Dec 97 10:52:00 +0900", "1997-12-26"),
        ("주체106(2017)년 8월 15일 기사", "2017-08-15"), ("令和7年12月26日", "2025-12-26"), ("令和元年5月1日", "2019-05-01"),
        ("二〇二五年十二月二十六日", "2025-12-26"), ("２０２５年１２月２６日", "2025-12-26"), ("2025–12–26", "2025-12-26"),
        ("昭和20年8月15日", "1945-08-15"), ("Fri 26 Dec 2025 10:52:00 +0900 (KST)", "2025-12-26"), ("2025-12-26Z", "2025-12-26"),
        ("2023.3.13. Page 6", "2023-03-13"), ("December 26, Juche 114 (2025) Pyongyang", "2025-12-26"),
        ("Thu, 25 Dec 2025 20:52:00 EST", "2025-12-25"), ("2011.5.12(목)", "2011-05-12"), ("13/04/2011", "2011-04-13"),
        ("04/13/2011", "2011-04-13"), ("04/04/2011", "2011-04-04"), ("Friday 03/04/2011", "2011-03-04"), ("26.12.2025", "2025-12-26"),
    ],
)  # fmt: skip
def test_dates_are_read_in_the_forms_that_outlets_use(text: str, day: str) -> None:
    assert read_date(text) == (dt.date.fromisoformat(day), "", ())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (None, dates.NO_DATE), ("", dates.NO_DATE), (" \u200b", dates.NO_DATE),
        ("03/04/2011", dates.AMBIGUOUS), ("03.04.2011", dates.AMBIGUOUS), ("1/6/2026", dates.AMBIGUOUS), ("Date: 03/04/2011", dates.AMBIGUOUS),
        ("26-Dec-25", dates.SHORT_YEAR), ("12 May 11", dates.SHORT_YEAR), ("26/12/25", dates.SHORT_YEAR), ("25.12.26", dates.SHORT_YEAR),
        ("2025-12", dates.INCOMPLETE), ("May 2011", dates.INCOMPLETE), ("26 December", dates.INCOMPLETE), ("2025", dates.INCOMPLETE),
        ("１２月２６日", dates.INCOMPLETE), ("46017", dates.BARE_NUMBER), ("1305187200", dates.BARE_NUMBER), ("12", dates.BARE_NUMBER),
        ("2025-13-26", dates.NO_SUCH_DAY), ("2025-02-30", dates.NO_SUCH_DAY), ("0000-00-00", dates.NO_SUCH_DAY), ("99999999", dates.NO_SUCH_DAY),
        ("31/31/2011", dates.NO_SUCH_DAY), ("昭和64年1月8日", dates.NO_SUCH_DAY), ("平成32年1月1日", dates.NO_SUCH_DAY),
        ("Monday, December 26, 2025", dates.WRONG_WEEKDAY), ("Mon, 26 Dec 2025 10:52:00 +0900", dates.WRONG_WEEKDAY),
        ("2025年12月26日(月)", dates.WRONG_WEEKDAY), ("주체113(2024)년 3월 9일 월요일", dates.WRONG_WEEKDAY), ("Monday 03/04/2012", dates.WRONG_WEEKDAY),
        ("Juche 113 (2025) 12. 26", dates.WRONG_ERA), ("주체113(2025)년 3월 9일", dates.WRONG_ERA), ("Juche 100(2012).5.12", dates.WRONG_ERA),
        ("令和7(2024)年12月26日", dates.WRONG_ERA), ("Updated 2026-01-02 09:00", dates.ONLY_UPDATED), ("最終更新日 2025-12-26", dates.ONLY_UPDATED),
        ("yesterday", dates.UNREADABLE), ("3 hours ago", dates.UNREADABLE), ("Mayor 12, 2011", dates.UNREADABLE),
        ("2011-05-12 to 2011-06-01", dates.UNREADABLE), ("2011/05-12", dates.UNREADABLE), ("2011-05-12\0", dates.UNREADABLE), ("2002年12月1一日", dates.UNREADABLE),
        ("2011-05-12" + " " * 300 + "x", dates.UNREADABLE),
    ],
)  # fmt: skip
def test_what_names_no_one_day_is_missing_with_the_reason(text: str | None, problem: str) -> None:
    assert read_date(text)[:2] == (None, problem)


@given(st.integers(1, 12), st.integers(1, 12), st.integers(1997, 2026), st.sampled_from("-/."))
def test_swappable_numbers_name_a_day_only_if_they_are_equal(first: int, second: int, year: int, mark: str) -> None:
    expected = dt.date(year, first, second) if first == second else None
    assert parse_date(f"{first:02}{mark}{second:02}{mark}{year}") == expected


@given(st.dates(dt.date(1997, 1, 1), dt.date(2026, 12, 31)), st.integers(1, 6))
def test_a_wrong_weekday_or_juche_year_refuses_every_day(day: dt.date, shift: int) -> None:
    other = (day.weekday() + shift) % 7
    for text in (
        f"{day.isoformat()} {ENGLISH[other]}",
        f"{day.year}年{day.month}月{day.day}日({'月火水木金土日'[other]})",
    ):
        assert read_date(text)[:2] == (None, dates.WRONG_WEEKDAY)
    text = f"주체{day.year - 1911 + shift}({day.year})년 {day.month}월 {day.day}일"
    # In some years the other calendar has no such day (29 February).
    assert read_date(text)[:2] in {(None, dates.WRONG_ERA), (None, dates.NO_SUCH_DAY)}


@given(
    st.sampled_from(FORMS),
    st.dates(dt.date(1997, 1, 1), dt.date(2026, 10, 31)),
    st.sampled_from(["{}", " {} ", "({})", "[{}]", "{}.", "Date: {}", "Published: {}", "\u200e{}", "{}\n"]),
)
def test_brackets_labels_and_space_around_a_date_change_nothing(
    form: Callable[[dt.date], str], day: dt.date, around: str
) -> None:
    assert parse_date(around.format(form(day))) == day


@given(st.text() | st.from_regex(r"[0-9./年월일\- ()T:juche]{0,40}"))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    result = read_date(text)
    assert (result.date is None) == bool(result.problem)


def test_values_of_other_types_are_read_as_texts() -> None:
    day = dt.date(2025, 12, 26)
    assert [parse_date(value) for value in (dt.datetime(2025, 12, 26, 23), day, 20251226)] == [day] * 3
    assert [parse_date(value) for value in (True, float("nan"), 46017, 1766707200, -5, 1.5)] == [None] * 6


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("http://www.kcna.co.jp/item/2016/201612/news28/20161228-05ee.html", "2016-12-28"), ("/20161228-05ee.html", "2016-12-28"),
        ("http://www.kcna.co.jp/item/2004/200410/news10/27.htm", "2004-10-27"),
        ("http://www.rodong.rep.kp/en/index.php?strPageID=SF01_02_01&newsID=2021-09-12-0009", "2021-09-12"),
        ("https://en.yna.co.kr/view/AEN20251228000100325", "2025-12-28"), ("https://x.jp/html/20251226/k10014000000000.html", "2025-12-26"),
        ("https://x.org/2025/12/26/a", "2025-12-26"), ("https://x.org/a?at=20251226105233", "2025-12-26"),
        ("https://20251226.org/a", None), ("https://x.org/2025/12/26/2025-12-27", None), ("https://x.org/29990101", None),
        ("https://x.org/12025122600", None), ("https://x.org/2025/13/26", None), ("http://[", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_an_address_may_name_one_day(address: str | None, day: str | None) -> None:
    assert date_in_address(address) == (None if day is None else dt.date.fromisoformat(day))


def test_the_address_decides_what_the_date_leaves_open_and_contradicts_nothing() -> None:
    address = "https://x.org/2011/04/03/a"
    taken = (dt.date(2011, 4, 3), dates.FROM_ADDRESS, ())
    assert [date_or_address(text, address) for text in ("", "03/04/2011", "yesterday")] == [taken] * 3
    assert date_or_address("05/06/2011", address)[:2] == (None, dates.AMBIGUOUS)
    assert date_or_address("2011-04-05", address) == (dt.date(2011, 4, 5), "", ())
    assert date_or_address("Juche 100(2012).4.3", address)[:2] == (None, dates.WRONG_ERA)


def test_a_day_in_the_future_is_doubtful() -> None:
    today = dt.date(2026, 1, 1)
    days = ("1900-01-01", "2026-01-01", "2026-01-02", "2206-01-06")
    assert [date_doubt(dt.date.fromisoformat(day), today) for day in days] == ["", "", dates.FUTURE, dates.FUTURE]


@pytest.mark.parametrize(
    "value",
    ["1026-01-06", "6 January 1026", "1899-12-31", "0126-01-06", dt.date(1026, 1, 6), dt.datetime(1826, 1, 6, 9)],
)
def test_a_day_before_1900_is_missing_with_the_reason(value: object) -> None:
    assert read_date(value) == (None, dates.OLD, ())
    assert read_date("1900-01-01").date == dt.date(1900, 1, 1)


def test_an_import_asks_about_years_before_1900_and_stores_none_of_them_as_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_ARCHIVE", str(tmp_path / "a.db"))
    table = tmp_path / "old.csv"
    table.write_text("title,date\n" + "".join(f"Statement {n},1026-01-0{n}\n" for n in range(1, 7)))
    code, output = run("add", table)
    assert code == 1 and "of 6 rows 6 have no day" in output and "nothing of it is stored" in output
    code, output = run("add", table, "--yes")
    assert code == 0 and "6 date before 1900: check the year" in output
    assert "no date" in run("search", "Statement")[1] and "1026" not in run("search", "Statement")[1]


@pytest.mark.parametrize("place", ['<p class="date">January 6, 1026</p>', "<p>January 6, 1026</p>"])
def test_a_page_of_a_year_before_1900_has_no_day_and_says_why(place: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<html><body><h1>Japan Denounced</h1>{place}<p>{'Words of the text. ' * 20}</p></body></html>")
    statements, remarks = read_all(page)
    assert statements[0].date is None and [remark.why for remark in remarks] == [dates.OLD]
