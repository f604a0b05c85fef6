"""Types of columns, values that mean missing, and conditions on rows, against hand counts and an independent fit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from tests.evidence.crises import INDEX, REGIONS, X, crises, fitted, text
from tests.evidence.oracle import Model, columns

from tocsin import evidence
from tocsin.cli import main
from tocsin.errors import InputError
from tocsin.evidence.columns import Missing, typed
from tocsin.evidence.conditions import rows_that_meet
from tocsin.evidence.tables import ROW

pytestmark = pytest.mark.numeric

NUMBERS, LETTERS = np.array(X, dtype=float), np.array(REGIONS)


def loglik_of(rows: np.ndarray) -> float:
    """Return the highest log likelihood of some of the crises by the independent fit."""
    parts = {"u1(4)": columns(1, cases=rows.sum()), "u2(4)": columns(1, NUMBERS[rows], cases=rows.sum())}
    return Model(parts, INDEX[rows]).optimum().loglik


@pytest.mark.parametrize(
    ("condition", "rows", "number", "loglik"),
    [
        ('g != "A" or x > 2', (LETTERS != "A") | (NUMBERS > 2), 18, -16.1228),
        ('g != "A" AND x > 0', (LETTERS != "A") & (NUMBERS > 0), 12, -9.0625),
        ('g != "A" and x > 0', (LETTERS != "A") & (NUMBERS > 0), 12, -9.0625),
        ("not (g == 'A' | x<1)", (LETTERS != "A") & (NUMBERS > 0), 12, -9.0625),
        ("x >= 0", NUMBERS >= 0, 24, -22.50687),
    ],
)
def test_a_subset_is_the_rows_that_meet_the_condition(
    condition: str, rows: np.ndarray, number: int, loglik: float
) -> None:
    result = fitted(text(subset=f"{condition!r}" if '"' not in condition else f"'{condition}'"), crises())
    assert len(result.fit.sample.rows) == rows.sum() == number
    assert result.fit.loglik == pytest.approx(loglik_of(rows), abs=1e-5)
    assert result.fit.loglik == pytest.approx(loglik, abs=1e-4)


TABLE = pl.DataFrame(
    {
        ROW: range(1, 7),
        "rating": ["9", "10", "n/a", "11", " 2", "100"],
        "dem": [True, False, None, True, False, True],
        "state": ["Trinidad and Tobago", "Chad", "Oman", None, "Chad", "not or"],
        "of year": [1, 2, 3, 4, 5, 6],
        "지역": ["동", "서", "동", "서", "동", "서"],
        "day": [date(2001, 1, number) for number in range(1, 7)],
        "written": ["2001-01-01", "2001-02-01", "NULL", "2001-04-01", "2001-05-01", "2001-06-01"],
        "truth": ["TRUE", "FALSE", "NA", "FALSE", "TRUE", "TRUE"],
    }
)


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("rating >= 10", [2, 4, 6]),
        ("rating < 10", [1, 5]),
        ("dem != 1", [2, 5]),
        ("dem == true", [1, 4, 6]),
        ("dem", [1, 4, 6]),
        ("!dem", [2, 5]),
        ("truth == False", [2, 4]),
        ('state == "Trinidad and Tobago"', [1]),
        ("state != 'Chad'", [1, 3, 6]),
        ('state == "not or" or state == "Oman"', [3, 6]),
        ("`of year` > 2 and `of year` <= 4", [3, 4]),
        ('지역 == "동"', [1, 3, 5]),
        ('day >= "2001-01-05"', [5, 6]),
        ('"2001-03-01" < written', [4, 5, 6]),
        ("rating > `of year`", [1, 2, 4, 6]),
        ("dem or rating > 9", [1, 2, 4, 6]),
        ("-1 < rating && rating<>2", [1, 2, 4, 6]),
        ("not rating == 2", [1, 2, 4, 6]),
    ],
)
def test_a_comparison_knows_the_types_of_columns(condition: str, rows: list[int]) -> None:
    table = typed(TABLE, [name for name in TABLE.columns if name != ROW]).table
    assert table.filter(rows_that_meet(condition, table).fill_null(False))[ROW].to_list() == rows


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("rating > 'many'", "numbers with a text"),
        ("state == Chad", 'there is no column `Chad`.*\n.*write "Chad" for a text'),
        ("state > 'A'", "a text has no order"),
        ("dem > 0", "true or false has no order"),
        ("dem == 2", "compares numbers with true or false"),
        ("rating != NA", "NA is a missing value"),
        ("rating", "alone is no condition"),
        ("1 < 2", "names no column"),
        ("1 < rating < 3", "does not chain"),
        ("rating + 1 > 2", "make a column"),
        ("rating > 1 and", "ends too soon"),
        ("day > '5.1.2001'", "is not a day"),
        ("day > 1955", 'compares numbers with days.*\n.*write days as "YYYY-MM-DD"'),
        ("state == 'Chad", "close the quotes"),
        ("ratin > 3", "did you mean `rating`"),
        ("(" * 60 + "dem" + ")" * 60, "nested more than 40 deep"),
    ],
)
def test_a_condition_without_meaning_is_refused(condition: str, message: str) -> None:
    table = typed(TABLE, [name for name in TABLE.columns if name != ROW]).table
    with pytest.raises(InputError, match=message):
        rows_that_meet(condition, table)


def test_rows_with_an_unknown_condition_are_left_out_and_listed() -> None:
    data = crises(dem=[None, *[True] * 23])
    result = fitted(text(subset="dem"), data)
    assert result.to_dict()["left_out"] == {"dem": [1]}
    assert "1 row left out because values are missing: `dem` in 1; rows 1" in result.summary()


@pytest.mark.parametrize("word", ["N/A", "NULL", "", " ", ".", ".a", ".z", "n/a", "#N/A", "None", "-9", "-99"])
def test_values_that_mean_missing_are_recognised_and_reported(word: str, tmp_path: Path) -> None:
    values = [f" {value}" for value in X]
    values[1] = values[5] = word
    rows = np.ones(24, dtype=bool)
    rows[[1, 5]] = False
    result = fitted(text(), crises(x=values))
    assert result.fit.loglik == pytest.approx(loglik_of(rows), abs=1e-5)
    assert [term for _, term in result.fit.names] == ["(Intercept)", "(Intercept)", "x"]
    assert result.to_dict()["left_out"] == {"x": [2, 6]}
    assert any("`x` is read as missing where it is" in warning for warning in result.fit.warnings)


def test_numbers_are_read_from_decimals_and_from_frames_with_nulls(tmp_path: Path) -> None:
    crises(x=[Decimal(value) for value in X]).write_parquet(tmp_path / "d.parquet")
    (tmp_path / "s.yaml").write_text(text(), encoding="utf-8")
    done = CliRunner().invoke(main, ["evidence", "fit", f"{tmp_path}/s.yaml", "--data", f"{tmp_path}/d.parquet"])
    assert done.exit_code == 0 and "log likelihood -22.50687, 24 cases" in done.output


@pytest.mark.parametrize(
    ("values", "key", "left_out", "warned"),
    [
        ([-9, *X[1:]], "{}", [1], "read as missing where it is -9 in 1"),
        ([-9, *X[1:]], "{x: []}", [], ""),
        ([7, *X[1:]], "[7]", [1], "read as missing where it is 7 in 1"),
        ([7, *X[1:]], "{x: 7}", [1], "read as missing where it is 7 in 1"),
        ([-9, *[value - 8 for value in X[1:]]], "[]", [], "is -9 in 1, which is used as a number"),
        ([-88, *[value - 8 for value in X[1:]]], "[]", [1], "read as missing where it is -88 in 1"),
        ([-9, -10, *X[2:]], "[]", [], ""),
        (["unknown", *map(str, X[1:])], "unknown", [1], "read as missing where it is unknown in 1"),
    ],
)
def test_codes_for_missing_are_recognised_or_named(
    values: list[Any], key: str, left_out: list[int], warned: str
) -> None:
    result = fitted(text(missing=key), crises(x=values))
    assert result.to_dict()["left_out"].get("x", []) == left_out
    notes = [warning for warning in result.fit.warnings if "`x` is" in warning]
    assert len(notes) == bool(warned) and all(warned in note for note in notes)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["many", *map(str, X[1:])], r"`x` is mostly numbers but also holds 'many' \(row 1\)"),
        (["1,000", *map(str, X[1:])], r"mostly numbers but also holds '1,000' \(row 1\)"),
        ([f"{value},5" for value in X], "mostly numbers but also holds '0,5'"),
        ([date(2001, 1, 1 + value) for value in X], "`x` holds days"),
        ([[1]] * 24, "holds values of type List"),
    ],
)
def test_a_column_of_mostly_numbers_is_never_a_factor(values: list[Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        fitted(text(), crises(x=values))


def test_blanks_after_commas_and_words_for_missing_in_a_file_leave_numbers(tmp_path: Path) -> None:
    cells = ["N/A", "NULL", *(f" {value}.0" for value in X[2:])]
    lines = [f"{outcome},{cell}" for outcome, cell in zip(crises()["o"], cells, strict=True)]
    (tmp_path / "d.csv").write_text("\n".join(["o,x", *lines]), encoding="utf-8")
    result = evidence.fit(text(), tmp_path / "d.csv").to_dict()
    assert result["left_out"] == {"x": [1, 2]} and [row["term"] for row in result["coefficients"]][1:] == [
        "(Intercept)",
        "x",
    ]
    rows = np.arange(24) > 1
    assert result["loglik"] == pytest.approx(loglik_of(rows), abs=1e-5)


def test_a_column_of_mostly_numbers_is_a_factor_in_c() -> None:
    values = ["low" if value == 3 else str(value) for value in X]
    result = fitted(text("C(x)", penalty="logF"), crises(x=values))
    assert [term for _, term in result.fit.names][1:] == ["(Intercept)", "C(x)[T.1]", "C(x)[T.2]", "C(x)[T.low]"]


def test_missing_codes_of_an_unknown_column_are_refused() -> None:
    with pytest.raises(InputError, match="missing: there is no column `y`"):
        typed(TABLE, ["rating"], missing=Missing(columns={"y": (1.0,)}))
    with pytest.raises(InputError, match="not a list of values"):
        fitted(text(missing="[true]"), crises())


def test_a_column_with_the_name_of_row_numbers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="`__row`, which numbers the rows"):
        fitted(text(), crises(__row=["a"] * 24))
    with pytest.raises(InputError, match="`__row`, which numbers the rows"):
        fitted(text(), crises()).probabilities(crises(__row=1))


def test_the_files_of_faults_give_the_right_values(shared: Path) -> None:
    folder = shared / "faults" / "evidence"
    for name, data, cases, loglik in (
        ("plain", "d", 24, "-22.50687"),
        ("center", "d", 24, "-22.50687"),
        ("sub", "d", 24, "-22.50687"),
        ("or", "d", 18, "-16.12284"),
        ("AND", "d", 12, "-9.06249"),
        ("and", "d", 12, "-9.06249"),
        ("sq", "d", 24, "-21.74692"),
        ("plain", "na", 22, "-20.48675"),
    ):
        arguments = ["evidence", "fit", str(folder / f"{name}.yaml"), "--data", str(folder / f"{data}.csv")]
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 0 and f"log likelihood {loglik}, {cases} cases" in done.output, (name, done.output)
    arguments = ["evidence", "fit", str(folder / "clus.yaml"), "--data", str(folder / "one.csv")]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2 and "all cases have the same `one`" in done.stderr
