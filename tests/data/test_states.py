"""States by what people call them, and `tocsin measure` on the real sets."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from tests.data.test_readers import cached as cached

from tocsin.cli import main
from tocsin.data.readers import read
from tocsin.data.states import find_state
from tocsin.errors import InputError


@pytest.mark.parametrize(
    ("text", "years", "number"),
    [
        ("JPN", (2000, 2010), 740),
        ("KOR", (2000, 2010), 732),
        ("KOR", (1890, 1900), 730),
        ("rok", (2000, 2000), 732),
        ("AUS", (2000, 2000), 900),
        ("CZE", (2000, 2001), 316),
        ("CZE", (1920, 1930), 315),
        ("North Korea", (2000, 2018), 731),
        ("731", (2000, 2018), 731),
        ("Germany", (2000, 2010), 255),
        ("DEU", (1930, 1940), 255),
        ("guinea", (2000, 2010), 438),
    ],
)
def test_codes_numbers_and_names(cached: Path, text: str, years: tuple[int, int], number: int) -> None:
    assert find_state(text, years, read("states")) == number


@pytest.mark.parametrize(
    ("text", "years", "message", "remedy"),
    [
        ("Korea", (2000, 2010), "names no one state", "North Korea (PRK, 731), South Korea (ROK, 732)"),
        ("China", (2000, 2010), "names no one state", "Taiwan (TAW, 713)"),
        ("Germany", (1985, 1995), "names no one state", "German Federal Republic (GFR, 260)"),
        ("TWN", (1930, 1940), "Taiwan was no member", "1949-2016"),
        ("Narnia", (2000, 2010), "no state is called", ""),
        ("", (2000, 2010), "no state is called", ""),
    ],
)
def test_what_is_no_one_state_is_refused(
    cached: Path, text: str, years: tuple[int, int], message: str, remedy: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        find_state(text, years, read("states"))
    assert remedy in (caught.value.remedy or "")


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["measure", *map(str, arguments)])
    return result.exit_code, result.output


def test_a_measure_is_printed_or_written(cached: Path, tmp_path: Path) -> None:
    code, output = run("cinc", "--states", "JPN,PRK", "--years", "2001:2002")
    assert code == 0
    assert "note: PRK 2002 cannot be compared with the year before: milex is missing" in output
    assert run("cinc", "--years", "2001:2002", "-o", tmp_path / "cinc.parquet")[0] == 0
    written = pl.read_parquet(tmp_path / "cinc.parquet")
    japan = written.filter(pl.col("code") == "JPN", pl.col("year") == 2001)["cinc"].item()
    assert str(japan)[:8] in output


def test_alliances_among_the_six(cached: Path, tmp_path: Path) -> None:
    code, output = run(
        "alliances", "--states", "USA,JPN,KOR,PRK,CHN,RUS", "--years", "2018", "-o", tmp_path / "ties.csv"
    )
    assert code == 0 and "15 rows" in output
    ties = pl.read_csv(tmp_path / "ties.csv")
    pacts = {
        tuple(pair)
        for pair in ties.filter(pl.max_horizontal("owed_by_1", "owed_by_2") == 3).select("code1", "code2").rows()
    }
    assert pacts == {("USA", "JPN"), ("USA", "ROK"), ("CHN", "PRK")}
    treaty = ties.filter(pl.col("code1") == "USA", pl.col("code2") == "JPN").row(0, named=True)
    assert treaty["owed_by_1"] > treaty["owed_by_2"]  # Japan need not defend America
    assert ties["s"].is_between(-1, 1).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["cincc"], "did you mean `cinc`"),
        (["cinc", "--years", "2022:1990"], "is no span of years"),
        (["cinc", "--years", "2030"], "know nothing of 2030"),
        (["cinc", "-o", "x.xlsx"], "neither CSV nor Parquet"),
        (["alliances", "--states", "JPN"], "pairs of states"),
        (["cinc", "--states", "Atlantis"], "no state is called"),
    ],
)
def test_wrong_questions_are_explained(cached: Path, arguments: list[str], message: str) -> None:
    code, output = run(*arguments)
    assert code == 2
    assert message in output


def test_without_the_sets_it_says_what_to_get(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path))
    code, output = run("cinc")
    assert (code, "tocsin data get nmc" in output) == (1, True)
