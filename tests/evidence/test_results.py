"""Stored results: their records, what the commands show, and the estimates that cases name."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tocsin.cli import main
from tocsin.data.registry import source
from tocsin.errors import InputError
from tocsin.evidence.reference import estimate, rows_by_path, select
from tocsin.evidence.results import Result
from tocsin.evidence.store import KINDS, load_result


def stored_text(name: str) -> str:
    return (files("tocsin.evidence") / "stored" / f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", KINDS)
def test_a_stored_result_names_its_model_data_and_limits(name: str) -> None:
    result, kind = load_result(name), KINDS[name]
    assert (result.what, result.model, result.limits) == (kind.what, kind.model, kind.limits)
    assert (result.unit, result.family) == (kind.unit, kind.family)
    assert {item.source for item in result.data} == set(kind.sources)
    # a data set of which the registry pins no release has no hash
    assert all(item.sha256 == source(item.source).sha256 and item.cite for item in result.data)
    assert all(row.p05 < row.p50 < row.p95 for row in result.figures.estimated)


@pytest.mark.parametrize("name", KINDS)
def test_a_result_is_written_as_it_is_stored(name: str) -> None:
    assert json.dumps(load_result(name).to_dict(), indent=1) + "\n" == stored_text(name)


@pytest.mark.parametrize("name", KINDS)
def test_every_stored_estimate_has_a_path_of_its_own(name: str) -> None:
    result = load_result(name)
    rows = rows_by_path(result)
    assert len(rows) == len(result.figures.estimated)
    for path, row in rows.items():
        item = estimate(f"evidence/{name}/{path}")
        assert (item.low, item.middle, item.high) == (row.p05, row.p50, row.p95)


@pytest.mark.parametrize("name", KINDS)
def test_a_further_text_field_changes_no_path(name: str) -> None:
    data: dict[str, Any] = json.loads(stored_text(name))
    paths = list(rows_by_path(Result.from_dict(data)))
    for row in data["figures"]["estimated"]:
        row |= {"note": "added later"}
    data["figures"]["estimated"] = [dict(reversed(row.items())) for row in data["figures"]["estimated"]]
    assert list(rows_by_path(Result.from_dict(data))) == paths


def test_paths_are_those_that_cases_write() -> None:
    for path in (
        "alliances/berkemeier_fuhrmann/since_1945/defence", "camps/KOR/turned_out",
        "contest/decisiveness/1950/neighbours",
        "contest/decisiveness_in_war/1823_to_2003", "deterrence/precision/target_resisting", "turnover/JPN/any",
    ):  # fmt: skip
        assert estimate(f"evidence/{path}").name == path.partition("/")[0]


def test_unknown_results_and_estimates_are_refused_with_a_suggestion() -> None:
    with pytest.raises(InputError, match="no stored result") as unknown:
        estimate("evidence/aliances/x")
    assert unknown.value.remedy == "did you mean `alliances`?"
    with pytest.raises(InputError, match="no estimate 'evidence/turnover/JPN/all'"):
        estimate("evidence/turnover/JPN/all")


def test_the_command_shows_a_result_and_writes_it(tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert "alliances: how often" in run(main, ["evidence", "list"]).output
    file = tmp_path / "alliances.json"
    shown = run(main, ["evidence", "show", "alliances", "--json", str(file)])
    assert shown.exit_code == 0 and "kept 69, tested 139" in shown.output and "limits:" in shown.output
    assert file.read_text(encoding="utf-8") == stored_text("alliances")
    wrong = run(main, ["evidence", "show", "aliances"])
    assert wrong.exit_code == 2 and "did you mean `alliances`?" in wrong.stderr


def test_the_command_selects_estimates_by_a_word() -> None:
    run = CliRunner().invoke
    shown = run(main, ["evidence", "show", "turnover", "--of", "kor"]).output
    assert "KOR/any" in shown and "KOR/irregular" in shown and "JPN" not in shown
    assert "and " in run(main, ["evidence", "show", "turnover"]).output
    refused = run(main, ["evidence", "show", "turnover", "--of", "Atlantis"])
    assert refused.exit_code == 2 and "no estimate of turnover has 'Atlantis'" in refused.stderr


@pytest.mark.parametrize(
    ("word", "paths"),
    [
        ("UK", {"GBR/any", "GBR/irregular"}), ("us", {"USA/any", "USA/irregular"}), ("South Korea", {"KOR/any", "KOR/irregular"}),
        ("Soviet Union", {"SUN/any", "SUN/irregular"}), ("365", {"RUS/any", "RUS/irregular"}), ("Serbia", {"SRB/any", "SRB/irregular"}),
        ("West Germany", {"DEU/any", "DEU/irregular"}), ("North Yemen", {"YEM/any", "YEM/irregular"}), ("KOR/any", {"KOR/any"}),
        ("any_state", {"any_state/any", "any_state/irregular"}),
    ],
)  # fmt: skip
def test_a_state_selects_its_own_estimates_only(word: str, paths: set[str]) -> None:
    assert set(select(load_result("turnover"), word)) == paths


@pytest.mark.parametrize(
    ("key", "remedy"),
    [
        ("turnover/UK/any", "did you mean `GBR/any`?"), ("turnover/GFR/any", "did you mean `DEU/any`?"),
        ("turnover/Korea/any", "South Korea (KOR) or North Korea (PRK)"), ("turnover/KOR/anny", "`KOR/any`"),
        ("turnover/Andorra/any", "use `any_state/any` for a state without a record"), ("turnover/XX/any", "write an ISO code"),
    ],
)  # fmt: skip
def test_a_wrong_state_in_a_path_gets_a_remedy_that_works(key: str, remedy: str) -> None:
    with pytest.raises(InputError) as caught:
        estimate(f"evidence/{key}")
    assert remedy in (caught.value.remedy or "")


def test_a_word_that_selects_nothing_is_refused() -> None:
    for word in ("Narnia", "Andorra"):
        with pytest.raises(InputError, match=f"no estimate of turnover has '{word}' in its key"):
            select(load_result("turnover"), word)
    assert len(select(load_result("turnover"), "")) == len(load_result("turnover").figures.estimated)
