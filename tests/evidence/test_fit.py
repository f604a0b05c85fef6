"""`tocsin.evidence.fit`: the same estimate from files and from values, as JSON, frame, text and HTML."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from tocsin import evidence
from tocsin.cli import main
from tocsin.errors import InputError

pytestmark = pytest.mark.numeric

INPUTS = Path(__file__).parents[1] / "golden" / "inputs"
SPECIFICATION = INPUTS / "war.yaml"
TEXT = SPECIFICATION.read_text(encoding="utf-8")
CASES = pl.read_csv(INPUTS / "war.csv")
WHEN = ("seconds", "seconds_compiling", "made", "data")
COEFFICIENTS = ["utility", "term", "estimate", "se", "z"]


def test_files_and_values_give_the_estimate_of_the_command(tmp_path: Path) -> None:
    arguments = [str(SPECIFICATION), "--data", str(INPUTS / "war.csv"), "--effect", "x", "--json", str(tmp_path / "f")]
    done = CliRunner().invoke(main, ["evidence", "fit", *arguments])
    assert done.exit_code == 0, done.output
    command = json.loads((tmp_path / "f").read_text(encoding="utf-8"))
    from_files = evidence.fit(SPECIFICATION, INPUTS / "war.csv", effects=["x"]).to_dict()
    from_values = evidence.fit(TEXT, CASES, effects=["x"]).to_dict()
    assert list(command) == list(from_files) == list(from_values)
    for key in command:
        if key not in WHEN:
            assert command[key] == from_files[key] == from_values[key], key
    assert from_files["data"] == command["data"]
    assert from_values["data"] == {"file": None, "sha256": None}


def test_a_frame_has_a_row_for_each_coefficient_and_columns_for_what_was_requested() -> None:
    plain = evidence.fit(TEXT, CASES)
    assert plain.frame().columns == COEFFICIENTS
    result = evidence.fit(TEXT, CASES, bootstrap=5, seed=2)
    frame, rows = result.frame(), result.to_dict()["coefficients"]
    assert frame.columns == [*COEFFICIENTS, "bootstrap_se"]
    assert frame.select("utility", "term", "estimate", "se", "bootstrap_se").to_dicts() == rows
    assert frame["z"].to_list() == pytest.approx([row["estimate"] / row["se"] for row in rows])
    assert "u1(4)" in plain._repr_html_() and "<table" in plain._repr_html_()
    assert "bootstrap se" in result.summary() and "u1(4) x" in result.summary()


def test_probabilities_of_other_cases_use_their_columns() -> None:
    result = evidence.fit(TEXT, CASES)
    assert isinstance(result, evidence.StrategicResult)
    own = result.probabilities()
    assert own.columns == ["row", "1", "3", "4"] and own.height == CASES.height
    assert result.probabilities(CASES).equals(own)
    moved = result.probabilities(CASES.with_columns(pl.col("x") + 1.0))
    assert (moved["4"] > own["4"]).all()


@pytest.mark.slow
def test_the_posterior_adds_its_points_to_the_frame_and_compares_models() -> None:
    other = TEXT.replace("x,", "'1',")
    result = evidence.fit(TEXT, CASES, against=other, posterior=True)
    assert result.frame().columns == [*COEFFICIENTS, "posterior_p05", "posterior_p50", "posterior_p95"]
    figures = result.to_dict()
    assert figures["posterior"]["r_hat"] <= 1.01
    assert figures["against"]["statistic"] > 0 and figures["against_left_out"]["better"] > 0


def test_the_signalling_game_offers_no_effects_and_no_comparison() -> None:
    signalling = INPUTS / "signalling.yaml"
    with pytest.raises(InputError, match="no effects, comparison, bootstrap or posterior"):
        evidence.fit(signalling, CASES, bootstrap=5)
    with pytest.raises(InputError, match="cannot be compared"):
        evidence.fit(SPECIFICATION, CASES, against=signalling)


def test_errors_name_specification_and_data() -> None:
    with pytest.raises(InputError, match=r"war\.yaml on the data: .*no column `x`"):
        evidence.fit(SPECIFICATION, CASES.drop("x"))
    with pytest.raises(InputError, match="the table has no rows"):
        evidence.fit(TEXT, CASES.clear())
    with pytest.raises(InputError, match="1 bootstrap samples"):
        evidence.fit(TEXT, CASES, bootstrap=1)


def test_importing_the_room_loads_nothing_heavy() -> None:
    code = "import sys, tocsin.evidence; print(*(n for n in ('jax', 'numpy', 'scipy', 'polars') if n in sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []
