"""Two codings are compared in the form of the codebook, and codes that it does not have are refused."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.rhetoric.archived import run

from tocsin.errors import InputError
from tocsin.rhetoric.agreement import agreement, codebook_codes

HEADER = "id,target,tone,speaker,theme\n"
CODES = HEADER + "1,JPN;USA,-2,kcna,history;other\n2,JPN,1,kcna,history\n3,,0,kcna,domestic\n"


def coding(**changes: str) -> pl.DataFrame:
    """Return one coded headline."""
    row = {"id": "1", "target": "JPN;USA", "tone": "-2", "speaker": "kcna", "theme": "history;other"} | changes
    return pl.DataFrame({name: [value] for name, value in row.items()})


@pytest.mark.parametrize(
    "changes",
    [
        {"target": "jpn;usa"}, {"target": "USA;JPN"}, {"target": "JPN; USA"}, {"target": "JPN,USA"}, {"target": " JPN ;USA;"},
        {"tone": "-2.0"}, {"tone": "\u22122"}, {"tone": "\u20132"}, {"tone": " -2 "}, {"speaker": "KCNA"}, {"theme": "History;other"},
        {"theme": "other; history"}, {"id": " 1"},
    ],
)  # fmt: skip
def test_other_ways_of_writing_a_code_are_the_same_code(changes: dict[str, str]) -> None:
    result = agreement(coding(), coding(**changes))
    assert not result.disagreements and all(row.value == 1 for row in result.statistics)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"target": "XXX"}, "headline 1: the codebook has no target `XXX`"), ({"target": "PRK"}, "no target `PRK`"),
        ({"target": "Japan"}, "write JPN"), ({"target": "일본"}, "write JPN"), ({"target": "USA; South Korea"}, "write KOR"),
        ({"target": "Japn"}, "Japan (JPN)"), ({"target": "DPRK"}, "North Korea is never a target"), ({"target": "Korea"}, "write KOR"),
        ({"tone": "3"}, "no tone `3`"), ({"tone": "-1.5"}, "no tone `-1.5`"), ({"tone": ""}, "headline 1 has no tone"),
        ({"tone": "-1;-2"}, "headline 1 has more than one tone"), ({"speaker": "spokesman"}, "no speaker `spokesman`"),
        ({"speaker": ""}, "has no speaker"), ({"theme": "military"}, "did you mean `military_buildup`"), ({"theme": " ; "}, "has no theme"),
    ],
)  # fmt: skip
def test_a_code_that_the_codebook_does_not_have_is_refused(changes: dict[str, str], message: str) -> None:
    with pytest.raises(InputError) as error:
        agreement(coding(), coding(**changes))
    assert message in str(error.value)


def test_numbers_and_missing_targets_are_codes_too() -> None:
    table = pl.DataFrame({"id": [1], "target": [None], "tone": [0.0], "speaker": ["kcna"], "theme": ["domestic"]})
    assert codebook_codes(table.cast({"target": pl.String})).rows() == [("1", "", "0", "kcna", "domestic")]


def test_the_command_names_the_file_and_shows_ids_that_do_not_match(tmp_path: Path) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text(CODES)
    other.write_text(CODES.replace("history\n", "military\n"))
    code, output = run("agree", one, other)
    assert code == 2 and f"{other}: headline 2: the codebook has no theme `military`" in output
    other.write_text(HEADER + "01,JPN,1,kcna,history\n")
    code, output = run("agree", one, other)
    assert code == 2 and "they begin with `1` and `01`" in output


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("case", 0), ("comma", 0), ("dash", 0), ("fewer", 0), ("float", 0), ("none", 2), ("order", 0), ("space", 0), ("unk", 2), ("zeros", 2),
    ],
)  # fmt: skip
def test_the_files_of_the_fault_folder_agree_or_are_refused(name: str, expected: int, shared: Path) -> None:
    folder = shared / "faults" / "rhetoric" / "agree"
    if not folder.is_dir():
        pytest.skip("the shared folder has no faults")
    code, output = run("agree", folder / "a.csv", folder / f"{name}.csv")
    assert code == expected and ("against" not in output)
