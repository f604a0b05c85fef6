"""A series counts what the coder can read about a known state, and says what it leaves out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from tocsin.cli import main
from tocsin.errors import InputError
from tocsin.rhetoric import account
from tocsin.rhetoric.counting import count_headlines
from tocsin.rhetoric.languages import is_readable
from tocsin.rhetoric.targets import known_targets, target_code

ENGLISH = "Japan's Moves for Reinvasion Denounced"
JAPANESE = "日本の軍国主義を糾弾 2025"


def table(*headlines: str) -> pl.DataFrame:
    """Return headlines of one week."""
    days = [dt.date(2025, 12, 1 + index % 7) for index in range(len(headlines))]
    ids = [str(index) for index in range(len(headlines))]
    columns = {"id": ids, "date": days, "headline": list(headlines)}
    return pl.DataFrame(columns, schema={"id": pl.String, "date": pl.Date, "headline": pl.String})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("JPN", "JPN"), ("jpn", "JPN"), (" Jpn ", "JPN"), ("Japan", "JPN"), ("JAPAN", "JPN"), ("South Korea", "KOR"), ("United States", "USA"),
        ("U.S.", "USA"), ("fra", "FRA"), ("Russia", "RUS"), ("UK", "GBR"), ("일본", "JPN"),
    ],
)  # fmt: skip
def test_a_target_is_a_code_or_a_name_in_any_case(text: str, code: str) -> None:
    assert target_code(text) == code


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("XXX", "write an ISO code"), ("Japn", "Japan (JPN)"), ("Korea", "South Korea (KOR)"), ("PRK", "another state"),
        ("North Korea", "another state"), ("", "ISO code"), ("Japan and China", "ISO code"),
    ],
)  # fmt: skip
def test_an_unknown_target_is_refused_with_a_suggestion(text: str, remedy: str) -> None:
    with pytest.raises(InputError) as error:
        target_code(text)
    assert remedy in (error.value.remedy or "")


def test_every_code_that_the_coder_gives_is_a_target() -> None:
    assert {"JPN", "KOR", "USA", "CHN", "RUS"} < known_targets() and "PRK" not in known_targets()


@pytest.mark.parametrize(
    ("title", "readable"),
    [
        (ENGLISH, True), ("Rodong Sinmun (로동신문) Slams Militarism", True), ("일본의 군국주의", True), (JAPANESE, False), ("日本军国主义", False),
        ("Россия", False), ("", False), ("2025", False), ("—", False), ("“Japan’s” militarism", True), ("U", False),
    ],
)  # fmt: skip
def test_titles_in_other_scripts_and_without_words_are_not_readable(title: str, readable: bool) -> None:
    assert is_readable(title) == readable


def test_unreadable_and_missing_titles_are_counted_and_left_out() -> None:
    result = count_headlines(table(ENGLISH, JAPANESE, " ", "", ENGLISH), "japan")
    assert (result.headlines, result.unreadable, result.missing) == (2, 1, 2)
    assert result.counts.select("output", "items").rows() == [(2, 2)]
    assert len(result.remarks()) == 2


def test_repeated_rows_are_counted_and_named(tmp_path: Path) -> None:
    file = tmp_path / "headlines.csv"
    file.write_text(f"date,headline\n2025-12-01,{ENGLISH}\n2025-12-01,{ENGLISH}\n2025-12-02,{ENGLISH}\n")
    code, output, error = series(file)
    assert code == 0 and output.splitlines()[1].endswith(",3")
    assert error == "1 rows repeat the day and headline of an earlier row: counted; remove them if they are copies\n"
    file.write_text(
        f"id,date,headline\na,2025-12-01,{ENGLISH}\na,2025-12-02,{ENGLISH}\n,2025-12-03,{ENGLISH}\n,2025-12-04,{ENGLISH}\n"
    )
    code, _, error = series(file)
    assert code == 0 and error == "1 rows repeat the id of an earlier row: counted; remove them if they are copies\n"


@pytest.mark.parametrize(("day", "is_early"), [("1924-05-12", True), ("1945-10-31", True), ("1945-11-01", False)])
def test_a_day_before_the_first_outlet_is_counted_and_named(day: str, is_early: bool, tmp_path: Path) -> None:
    file = tmp_path / "headlines.csv"
    file.write_text(f"date,headline\n{day},{ENGLISH}\n")
    code, output, error = series(file)
    assert code == 0 and len(output.splitlines()) == 2
    assert ("1 rows have a day before 1945-11-01" in error) == is_early


@pytest.mark.parametrize("headlines", [(), (JAPANESE, JAPANESE), ("", "")])
def test_a_table_without_a_readable_title_is_refused(headlines: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="headline in English or Korean"):
        count_headlines(table(*headlines), "JPN")


def series(file: Path, *more: str) -> tuple[int, str, str]:
    """Return exit status, output and errors of `tocsin rhetoric series`."""
    result = CliRunner().invoke(main, ["rhetoric", "series", str(file), *more])
    return result.exit_code, result.stdout, result.stderr


def test_the_command_takes_names_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    file = tmp_path / "headlines.csv"
    file.write_text(f"date,headline\n2025-12-01,{ENGLISH}\n2025-12-02,{JAPANESE}\n2025-12-03,\n")
    by_code, by_name = series(file), series(file, "--target", "Japan")
    assert by_code == by_name and by_code[0] == 0 and by_code[1].splitlines()[1].endswith(",1")
    assert (
        "1 headlines have no English or Korean word: left out" in by_code[2] and "1 headlines are empty" in by_code[2]
    )
    assert "repeat" not in by_code[2] and "before" not in by_code[2]
    code, _, error = series(file, "--target", "XXX")
    assert code == 2 and "unknown state `XXX`" in error
    file.write_text("date,headline\n")
    code, _, error = series(file)
    assert code == 2 and f"{file}: no rows" in error


def test_the_advice_of_the_account_names_a_target_that_series_takes() -> None:
    events = pl.DataFrame({"date": ["2012-12-26"], "actor": ["JPN"], "category": ["law"]})
    for text in ("fra", "France"):
        with pytest.raises(InputError, match="no stored counts for FRA") as error:
            account(events, target=text)
        assert "--target FRA" in (error.value.remedy or "")
    with pytest.raises(InputError, match="unknown state"):
        account(events, target="Nowhere")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("2012-12-26,JPN,budget", "did you mean `budget_approval`"), ("2012-12-26,JPN,nonsense", "category nonsense is of no class"),
        ("2012-12-26,Tokyo,law", "write JPN as an actor instead of Tokyo"), ("", "the table of events has no rows"),
        ("", "remedy: add events, one a row: date, actor, category"),
        ("2025-12-26,JPN,law", "no event lies in the weeks of the series"),
    ],
)  # fmt: skip
def test_events_of_which_none_can_be_used_are_refused_with_the_name_meant(
    rows: str, message: str, tmp_path: Path
) -> None:
    file = tmp_path / "events.csv"
    file.write_text(f"date,actor,category\n{rows}")
    with pytest.raises(InputError) as error:
        account(file)
    assert message in str(error.value) and str(file) in str(error.value)


def test_events_in_utf_16_are_read(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text("date,actor,category\n2012-12-26,JPN,budget\n", encoding="utf-16")
    with pytest.raises(InputError, match="category budget is of no class"):
        account(file)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("actor", "`budget_approval`"), ("actorlc", "`budget_approval`"), ("caps", "`budget_approval`"), ("cat", "nonsense_category"),
        ("u16", "`budget_approval`"), ("us", "`budget_approval`"),
    ],
)  # fmt: skip
def test_the_events_of_the_fault_folder_are_refused_by_name(name: str, message: str, shared: Path) -> None:
    file = shared / "faults" / "rhetoric" / "events" / f"{name}.csv"
    if not file.exists():
        pytest.skip("the shared folder has no faults")
    with pytest.raises(InputError) as error:
        account(file)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("iso", 0), ("dt", 0), ("isoz", 0), ("dup", 0), ("enko", 0), ("ja", 2), ("title", 2), ("some_missing", 2)],
)
def test_the_series_of_the_fault_folder_are_counted_or_refused(name: str, expected: int, shared: Path) -> None:
    file = shared / "faults" / "rhetoric" / "series" / f"{name}.csv"
    if not file.exists():
        pytest.skip("the shared folder has no faults")
    code, output, _ = series(file, "--target", "japan")
    assert code == expected
    assert not output or any(not line.endswith(",0") for line in output.splitlines()[1:])
