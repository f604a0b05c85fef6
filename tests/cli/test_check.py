"""`tocsin check`: what it prints and writes, its exit status, and what it refuses."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from tests.checking.conftest import real_data as real_data
from tests.cli.test_measure import put_in_cache
from tests.data.test_readers import cached as cached
from tests.data.test_readers import own_cached as own_cached

from tocsin.checking.answer import Answer, Reading, unknown
from tocsin.cli import main
from tocsin.cli.checking import describe


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["check", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_the_forms_are_listed_without_data() -> None:
    code, output = run("--forms")
    assert code == 0
    assert "Poland doubled its defence spending since 2014" in output and "treaty date: " in output


def test_without_data_the_answer_names_what_to_get() -> None:
    code, output = run("Poland doubled its defence spending since 2014")
    assert code == 0
    assert output.startswith("CANNOT TELL: Poland doubled") and "to get: tocsin data get states" in output


def test_an_answer_with_figure_and_json(real_data: Path, tmp_path: Path) -> None:
    figure, data = tmp_path / "out" / "a.svg", tmp_path / "out" / "a.json"
    code, output = run("Poland doubled its defence spending since 2014", "--figure", figure, "--json", data)
    assert code == 0
    assert output.startswith("FALSE (data to 2022): Poland doubled its defence spending since 2014")
    assert "GDP deflator (World Bank)" in output and "source: nmc: National Material Capabilities" in output
    assert figure.read_text(encoding="utf-8").count("<svg") == 1
    (answer,) = json.loads(data.read_text(encoding="utf-8"))
    assert (answer["verdict"], answer["data_end"], answer["needs"]) == ("false", 2022, [])
    before, after = answer["readings"][0]["figures"]
    raw = pl.read_parquet(real_data / "cow_nmc.parquet").filter(ccode=290)
    spent = dict(raw.select("year", "milex").rows())
    assert (before["value"], after["value"]) == (1000 * spent[2014], 1000 * spent[2022])


def test_a_verdict_on_some_of_the_readings_says_so() -> None:
    known, missing = Reading("current dollars", False, "times 1.2"), unknown("data sets are missing", name="real")
    answer = Answer(sentence="Peru doubled it", kind="growth", verdict="false", readings=(known, missing, missing))
    assert describe(answer).startswith("FALSE as far as checked, 1 of 3 readings: Peru doubled it\n")
    assert describe(replace(answer, readings=(known, known))).startswith("FALSE: Peru")
    assert describe(replace(answer, verdict="cannot tell", readings=(missing,))).startswith("CANNOT TELL: Peru")


def test_json_alone_on_standard_output(real_data: Path) -> None:
    code, output = run("Peru and Ecuador fought no war between 1960 and 1990", "--json", "-")
    assert code == 0 and json.loads(output)[0]["verdict"] == "true"


def test_an_estimate_that_the_file_adds_several_times_is_read_once(real_data: Path) -> None:
    raw = pl.read_parquet(real_data / "us_troops_country_year.parquet").filter(ccode=645)
    summed = dict(raw.select("year", "troops_ad").rows())
    assert summed[2007] > 2 * summed[2005] and summed[2007] % 170_000 == 0
    output = run("The United States had 170,000 troops in Iraq in 2007")[1]
    assert output.startswith("TRUE") and "it adds the authors' estimate of the year, 170,000, 3 times" in output
    assert run("The United States had 510,000 troops in Iraq in 2007")[1].startswith("FALSE")
    assert run("The United States had 8,600 troops in Afghanistan in 2020")[1].startswith("TRUE")
    assert run("The United States had 150,000 troops in Iraq in 2005")[1].startswith("TRUE")


def test_figures_of_a_year_with_two_reports_and_false_zeros_are_not_used(real_data: Path) -> None:
    raw = pl.read_parquet(real_data / "us_troops_country_year.parquet").filter(
        pl.col("ccode").is_in([211, 235, 350, 740])
    )
    totals = dict(raw.group_by("year").agg(pl.col("troops_ad").sum()).rows())
    assert totals[2008] > 1.5 * max(totals[2007], totals[2009])
    output = run("The United States had 79,000 troops in Japan in 2008")[1]
    assert output.startswith("CANNOT TELL") and "two reports of 2008" in output
    output = run("The United States had more than 10,000 troops in Kuwait in 2004")[1]
    assert output.startswith("CANNOT TELL") and "where the figure is missing" in output


def test_a_spell_is_drawn(real_data: Path, tmp_path: Path) -> None:
    code, _ = run("Pakistan and Turkey were allies in 1960", "--figure", tmp_path / "a.svg")
    assert code == 0 and "consultation" in (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_a_file_of_sentences_reports_the_bad_lines_and_answers_the_rest(real_data: Path, tmp_path: Path) -> None:
    file = tmp_path / "sentences.txt"
    file.write_text(
        "Egypt had 836,000 soldiers in 2015\n\nPeru is a wonderful country\nKorea doubled its army since 2000\n",
        "utf-8",
    )
    code, output = run("--file", file)
    assert code == 2
    assert "sentences.txt:1: FALSE (data to 2022): Egypt had 836,000 soldiers" in output
    assert "sentences.txt:3: no form fits" in output and "sentences.txt:4: `Korea` is ambiguous" in output


def test_answers_of_a_file_have_the_lines_of_their_sentences(real_data: Path, tmp_path: Path) -> None:
    file, out = tmp_path / "sentences.txt", tmp_path / "out.json"
    file.write_text("\nEgypt had 836,000 soldiers in 2015\n\n\nThatcher was in office in 1985\n", "utf-8")
    code, output = run("--file", file, "--json", out)
    assert code == 0 and "sentences.txt:2: FALSE" in output and "sentences.txt:5: TRUE" in output
    assert [answer["line"] for answer in json.loads(out.read_text(encoding="utf-8"))] == [2, 5]
    assert "line" not in json.loads(run("Thatcher was in office in 1985", "--json", "-")[1])[0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name one sentence or one file"),
        (["Poland", "--file", "a.txt"], "name one sentence or one file"),
        (["Peru is a wonderful country"], "no form fits"),
        (["x" * 5000], "more than 300"),
        (["Peru \x1b[2Jdoubled"], "control characters"),
        (["Egypt had 5 soldiers in 2015", "--figure", "a.png"], "a figure is an SVG file"),
        (["--file", "missing.txt"], "missing.txt"),
    ],
)
def test_what_is_refused(arguments: list[str], message: str) -> None:
    code, output = run(*arguments)
    assert code == 2
    assert message in output and "remedy:" in output and len(output.splitlines()) < 12
    assert "\x1b" not in output


def test_a_file_that_is_no_text_or_too_long_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    for content, message in (
        (b"\xff\xfe\x00", "UTF-16"),
        (b"\n \n", "no sentence in the file"),
        (b"a\n" * 501, "more than 500"),
    ):
        file.write_bytes(content)
        code, output = run("--file", file)
        assert code == 2 and message in output


def test_a_figure_without_a_series_is_refused_and_nothing_is_written(real_data: Path, tmp_path: Path) -> None:
    code, output = run(
        "The governing party of Denmark changed in 2011", "--figure", tmp_path / "a.svg", "--json", tmp_path / "a.json"
    )
    assert code == 2 and "nothing to draw" in output
    assert not (tmp_path / "a.svg").exists() and not (tmp_path / "a.json").exists()


def test_the_workbook_of_spending_comes_first_where_it_covers_the_sentence(
    own_cached: Path, shared: Path, tmp_path: Path
) -> None:
    institute = pl.read_parquet(shared / "data" / "sipri_milex_1949_2024_focus.parquet")
    put_in_cache(institute, pl.read_parquet(shared / "data" / "worldbank_gdp.parquet"), tmp_path)
    code, output = run("France spent more than 60 billion dollars on defence in 2024")
    theirs = institute.filter(country="France", year=2024, measure="current_usd_m")["value"].item()
    assert code == 0
    assert output.startswith(f"{'TRUE' if theirs > 60_000 else 'FALSE'} (data to 2024)")
    assert re.search(r"source: sipri_spending: ", output)
    # the workbook here lacks Peru, which the other set has
    assert "source: nmc: " in run("Peru spent more than 1 billion dollars on defence in 2010")[1]
