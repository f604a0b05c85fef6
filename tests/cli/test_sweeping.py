"""The command `tocsin sweep`: options, errors, progress."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result
from tests.support import write_case

from tocsin.assessment.sweep.job import Job
from tocsin.cli import main
from tocsin.cli.sweeping import _Lines

HAZARD = "hazard(GAM.alignment, leave)"
"""A quantity that needs no game."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_case(tmp_path / "case")


def swept(folder: Path, *options: str, output: str = "table.parquet") -> Result:
    target = str(folder.parent / output)
    return CliRunner().invoke(main, ["sweep", str(folder), "--quantity", HAZARD, "-o", target, *options])


def test_a_grid_is_written_with_its_worlds(folder: Path) -> None:
    result = swept(folder, "--no-weights", "--vary", "growth.BET=0:0.04:3", "--draws", "5", "--seed", "7")
    assert result.exit_code == 0, result.output
    assert "15 rows, seed 7" in result.output
    table = pl.read_parquet(folder.parent / "table.parquet")
    assert table["input/growth.BET"].unique().sort().to_list() == [0.0, 0.02, 0.04]
    assert table.columns[0] == "world" and table["world"].max() == 5
    assert not any(name.startswith("log_weight/") for name in table.columns)


def test_a_saltelli_sample_has_its_matrices_and_no_weights(folder: Path) -> None:
    result = swept(folder, "--sample", "saltelli", "--vary", "shadow", "--vary", "growth.BET", "--n", "4")
    assert result.exit_code == 0, result.output
    table = pl.read_parquet(folder.parent / "table.parquet")
    assert table["matrix"].to_list() == ["A", "AB/shadow", "AB/growth.BET", "B"] * 4
    assert not any(name.startswith("log_weight/") for name in table.columns)


@pytest.mark.numeric
def test_weights_are_logarithms_for_each_type(folder: Path) -> None:
    assert swept(folder, "--draws", "3").exit_code == 0
    table = pl.read_parquet(folder.parent / "table.parquet")
    assert (table.select("log_weight/revisionist", "log_weight/security") < 0).to_numpy().all()


def test_a_setting_changes_the_table(folder: Path) -> None:
    result = swept(folder, "--no-weights", "--draws", "2", "--set", "loosens.GAM.alignment=0.25", "--quiet")
    assert (result.exit_code, result.output) == (0, "")
    table = pl.read_parquet(folder.parent / "table.parquet")
    assert table[:, -1].to_list() == [0.25, 0.25]


@pytest.mark.parametrize(
    ("options", "message", "remedy"),
    [
        (["--vary", "growth.BET"], "has no values", "--vary growth.BET=LOW:HIGH:COUNT"),
        (["--vary", "growth.BET=0:0.04"], "cannot read --vary", "INPUT=LOW:HIGH:COUNT"),
        (["--vary", "growth.BET=0:0.04:1"], "has 1 values", "use 2 to"),
        (["--vary", "growth.BET=0.04:0:3"], "--vary growth.BET goes from 0.04 to 0", "the smaller number first"),
        (["--vary", "growth.BET=0.04:0.04:3"], "goes from 0.04 to 0.04", "two that differ"),
        (["--vary", "growth.BET=0:nan:3"], "cannot read --vary", "with three numbers"),
        (["--vary", "growth.BET=0:inf:3"], "cannot read --vary", "with three numbers"),
        (["--vary", "=0:1:3"], "cannot read --vary '=0:1:3'", "INPUT=LOW:HIGH:COUNT"),
        (["--vary", "growth.BET=0:0.04:-3"], "has -3 values", "use 2 to"),
        (["--vary", "growth.BTE=0:0.04:3"], "unknown input", "growth.BET"),
        (["--vary", "shadow=0.1:0.2:2", "--vary", "shadow=0.1:0.2:3"], "given twice", "once"),
        (["--sample", "saltelli"], "at least one input", "--vary INPUT"),
        (["--sample", "saltelli", "--vary", "shadow=0.1:0.2:2"], "has a grid", "--vary shadow"),
        (["--rest", "median", "--draws", "5"], "are the same", "use 1 world"),
        (["--draws", "0"], "draws are not possible", "1 to 10,000,000"),
        (["--draws", "20000000"], "draws are not possible", "1 to 10,000,000"),
        (["--seed", "-1"], "is negative", "0 or more"),
        (["--quantity", "risk(nothing)"], "unknown event", "rise"),
        (["--cluster", "http://host"], "is not the address of a cluster", "tcp://HOST:PORT"),
    ],
)
def test_bad_options_are_refused_before_any_work(folder: Path, options: list[str], message: str, remedy: str) -> None:
    result = swept(folder, *options)
    assert result.exit_code == 2
    assert message in result.output and remedy in result.output
    assert {path.name for path in folder.parent.iterdir()} == {"case"}


def test_the_table_is_parquet_and_no_file_of_the_case(folder: Path) -> None:
    result = swept(folder, output="table.csv")
    assert result.exit_code == 2 and "name it table.parquet" in result.output


def test_a_case_without_a_game_has_no_worlds(tmp_path: Path) -> None:
    made = CliRunner().invoke(main, ["new", str(tmp_path / "check"), "--facts", "--title", "Is it so?"])
    assert made.exit_code == 0
    result = CliRunner().invoke(main, ["sweep", str(tmp_path / "check"), "-o", str(tmp_path / "table.parquet")])
    assert result.exit_code == 2 and "has no game" in result.output


@pytest.mark.parametrize("chunks", [0, 1])
def test_an_interrupted_sweep_says_what_stays_and_how_to_go_on(
    chunks: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_job: Job, _indices: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        yield from [(0, b"PAR1PAR1")] * chunks
        raise KeyboardInterrupt

    monkeypatch.setattr("tocsin.assessment.sweep.run.here", interrupted)
    result = swept(folder, "--no-weights", "--draws", "5")
    assert result.exit_code == 130
    assert ("table.parquet.parts; the same command goes on" in result.output) == bool(chunks)
    assert (folder.parent / "table.parquet.parts").exists() == bool(chunks)


def test_progress_without_a_terminal_is_a_line_a_minute_with_the_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = 0.0
    monkeypatch.setattr("tocsin.cli.sweeping.time.monotonic", lambda: now)
    lines = _Lines()
    lines(1000, 10_000)  # from an earlier run
    now = 30.0
    lines(1500, 10_000)
    now = 100.0
    lines(2000, 10_000)
    now = 120.0
    lines(2500, 10_000)
    now = 7_300.0
    lines(3000, 10_000)
    assert capsys.readouterr().err.splitlines() == [
        "2,000 of 10,000 rows, about 13 min left",
        "3,000 of 10,000 rows, about 7 h left",
    ]
