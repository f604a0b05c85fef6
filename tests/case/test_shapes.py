"""What a case may say of the shape of its games, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.models.shapes import regime, shaped_case, shaped_folder

from tocsin.case import Case, load
from tocsin.case.dated import day_of, state_on
from tocsin.case.inputs import required
from tocsin.case.lint import lint
from tocsin.case.nodes import calls
from tocsin.errors import CaseErrors, InputError

TWO: dict[str, Any] = {"protectors": ["BET", "DEL"], "backers": ["EPS"]}


@pytest.mark.parametrize(
    ("theatre", "regimes", "message", "remedy"),
    [
        ({"backers": ["GAM"]}, {}, "`GAM` is already the target", "only a protector may also be a backer"),
        ({"backers": ["EPS", "EPS"]}, {}, "`EPS` is already among the backers of", "one role"),
        (TWO | {"arms": {"ALF": "EPS"}}, {}, "`EPS` cannot take the other side against `ALF`", "BET, DEL"),
        (TWO | {"arms": {"ZZZ": "BET"}}, {}, "unknown actor of `strait` `ZZZ`", ""),
        ({"arms": {"GAM": "BET"}}, {}, "`BET` cannot take the other side against `GAM`", "leave it out"),
        (TWO | {"promises": [{"by": "BET", "to": "EPS"}]}, {}, "unknown target or challenger `EPS`", ""),
        (TWO | {"promises": [{"by": "EPS", "to": "GAM"}]}, {}, "unknown helper of GAM `EPS`", ""),
        (TWO | {"promises": [{"by": "BET", "to": "GAM"}]}, {}, "a promise that binds always", "narrow it"),
        (TWO | {"promises": [{"by": "BET", "to": "GAM", "beside": ["DEL"]}]}, {}, "before it can know whether `DEL`", "stand before BET"),
        (
            TWO | {"promises": [{"by": "DEL", "to": "GAM", "when": ["struck"]}, {"by": "DEL", "to": "GAM", "when": ["attacked"]}]},
            {},
            "a second promise of `DEL` to `GAM`",
            "as one",
        ),
        (TWO | {"promises": [{"by": "EPS", "to": "ALF", "against": ["GAM"]}]}, {}, "`GAM` is no protector", "a backer's promise"),
        (TWO | {"promises": [{"by": "DEL", "to": "GAM", "against": ["EPS"]}]}, {}, "`EPS` is no protector", "a backer's promise"),
        ({}, {"ALF.alignment": regime("ALF")}, "moves nothing: it has no backers", "leave the regime out"),
        ({}, {"BET.law": regime("BET", kind="posture"), "BET.rule": regime("BET", kind="posture")}, "are both posture of BET", "one posture"),
        ({}, {"GAM.treaty": regime("GAM", kind="treaty")}, "belongs to GAM, which helps nobody", "protectors and backers"),
        ({"backers": ["BET"]}, {"BET.treaty": regime("BET", kind="treaty")}, "does not say to which side", "`to: GAM` or `to: ALF`"),
        ({}, {"BET.treaty": regime("BET", kind="treaty", to="ALF")}, "BET cannot support ALF", "`to: GAM`"),
        ({}, {"BET.alignment": regime("BET", term="2026-01-01")}, "which is no treaty", "`kind: treaty`"),
        ({}, {"BET.treaty": regime("BET", kind="treaty", term="2024-01-01")}, "before the case's `as_of`", "next term"),
        ({}, {"BET.treaty": regime("BET", kind="treaty", term="2026-01-01", now="lapsed")}, "has a term, but is lapsed now", "`now: in_force`"),
    ],
)  # fmt: skip
def test_shapes_that_are_refused(
    theatre: dict[str, Any], regimes: dict[str, Any], message: str, remedy: str, tmp_path: Path
) -> None:
    folder = shaped_folder(tmp_path, theatre, regimes)
    with pytest.raises(CaseErrors) as error:
        load(folder)
    matching = [problem for problem in error.value.problems if message in problem.message]
    assert matching, str(error.value)
    assert remedy in (matching[0].remedy or "")
    assert matching[0].line is not None


def test_lint_names_a_promise_that_never_binds(tmp_path: Path) -> None:
    """Italy of 1914: bound if its ally is struck first, in a game in which nobody can strike first."""
    promises = [{"by": "EPS", "to": "ALF", "when": ["struck"]}]
    idle = shaped_case(tmp_path / "idle", TWO | {"promises": promises})
    said = [notice for notice in lint(idle) if "never binds" in notice.message]
    assert [notice.line is not None for notice in said] == [True]
    beliefs = {"blows.GAM": "fixed(50)", "launchers": "fixed(80)"}
    armed = shaped_case(tmp_path / "armed", TWO | {"promises": promises}, beliefs=beliefs)
    assert not [notice for notice in lint(armed) if "never binds" in notice.message]


def test_inputs_that_the_shapes_require(tmp_path: Path) -> None:
    case = shaped_case(
        tmp_path,
        {"protectors": ["DEL", "BET"], "backers": ["EPS", "BET"], "arms": {"ALF": "DEL"}},
        {
            "DEL.cabinet": regime("DEL"),
            "DEL.congress": regime("DEL"),
            "EPS.alignment": regime("EPS"),
            "ALF.alignment": regime("ALF"),
            "BET.treaty": regime("BET", kind="treaty", to="GAM", term="2026-01-01"),
        },
    )
    names = set(required(case, "strait"))
    assert names >= {
        "standing_aside.BET",
        "standing_aside.BET.challenger",
        "arms_lost.ALF",
        "loose_commitment.DEL.cabinet",
        "loose_reach.DEL.congress",
        "loose_commitment.EPS",
        "loose_reach.EPS",
        "abandon_loose.challenger",
        "renewed.BET.treaty",
        "loosens.BET.treaty",
    }
    assert not names & {
        "loose_commitment.DEL",
        "loose_reach.DEL",
        "loose_commitment.BET",
        "standing_aside.DEL.challenger",
    }
    assert all(name in case.distributions for name in names)


@pytest.mark.parametrize(
    ("multiply", "message"),
    [
        ({"reach.ZZZ": 0.5}, "unknown input of a game `reach.ZZZ`"),
        ({"reach.BET": 1}, "multiplies `reach.BET` by 1"),
        ({"reach.BET": 11}, "less than or equal to 10"),
        ({"reach.BET@elsewhere": 0.5}, "unknown input of a game `reach.BET@elsewhere`"),
    ],
)
def test_factors_that_are_refused(multiply: dict[str, float], message: str, tmp_path: Path) -> None:
    with pytest.raises(CaseErrors) as error:
        shaped_case(tmp_path, {}, events={"front": {"says": "A second front.", "multiply": multiply}})
    assert message in str(error.value)


def test_an_input_that_no_theatre_reads_is_not_called_unknown(tmp_path: Path) -> None:
    with pytest.raises(CaseErrors) as error:
        shaped_case(
            tmp_path,
            {},
            events={"front": {"says": "A second front.", "multiply": {"reach.DEL": 0.5}}},
            beliefs={"reach.DEL": "beta(0.2 to 0.5)"},
        )
    assert "no game reads the input `reach.DEL` that event `front` multiplies" in str(error.value)


# --- theatres at an earlier day ----------------------------------------------------------------------------------------

POWER = "actor,year,value,source,confidence,note\n" + "".join(
    f"{actor},{year},{value},book,confirmed,\n"
    for actor, first, last in (("ALF", 4.0, 2.0), ("GAM", 1.0, 2.0), ("BET", 1.0, 1.0))
    for year, value in ((1980, first), (2020, last))
)
HISTORY = {
    "strait": {
        "first": 1980, "years": 44, "wars": 0, "press": [1981, 1982, 1999], "concessions": 0, "power": "power.csv",
        "regimes": {"BET.alignment": [{"state": "adrift", "from": "1980"}, {"state": "aligned", "from": "1990-07-15"}]},
        "source": ["book"], "by": "tests", "why": "coded for the test",
    }
}  # fmt: skip


def dated_folder(folder: Path, at: str = "1990-08-01", **blocks: Any) -> Path:
    theatre = {"model": "coercion", "challenger": "ALF", "target": "GAM", "protectors": ["BET"], "levels": 2, "horizon": 6, "aim": "union", "regimes": ["BET.alignment"]}  # fmt: skip
    theatres = {"strait": theatre, "strait_then": {"like": "strait", "at": at}}
    blocks = {"theatres": theatres, "history": HISTORY, **blocks}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "power.csv").write_text(POWER, encoding="utf-8")
    return shaped_folder(folder, {}, {"BET.alignment": regime("BET")}, **blocks)


def claim(holds: str, **fields: Any) -> dict[str, Any]:
    return {"C1": {"says": "In that year things stood otherwise.", "kind": "causal", "sources": ["book"], "holds": holds, **fields}}  # fmt: skip


def dated_case(folder: Path, at: str = "1990-08-01", **blocks: Any) -> Case:
    return load(dated_folder(folder, at, **blocks))


@pytest.mark.parametrize(
    ("at", "state"), [("1985-01-01", "adrift"), ("1990-07-14", "adrift"), ("1990-07-15", "aligned")]
)
def test_a_dated_theatre_has_the_governments_of_its_day(at: str, state: str, tmp_path: Path) -> None:
    case = dated_case(tmp_path, at)
    assert state_on(case, "strait_then", "BET.alignment") == state
    assert case.forms["strait_then"].regimes[0].now == state
    assert str(day_of(case, "strait_then")) == at
    assert case.main == "strait"


def test_a_claim_about_an_earlier_day_reads_the_theatre_of_that_day(tmp_path: Path) -> None:
    case = dated_case(tmp_path, claims=claim("p_war() > p_war(in strait_then)", at="1990-08-01"))
    [test] = case.tests["C1"].values()
    assert {call.theatre for call in calls(test.node)} == {"strait_then"}


def test_years_are_counted_from_the_day_of_the_theatre(tmp_path: Path) -> None:
    assert dated_case(tmp_path, claims=claim("risk_by(1995) > 0.1", at="1990-08-01")).tests["C1"]
    with pytest.raises(CaseErrors, match="year 2029 is outside the horizon"):
        dated_case(tmp_path, claims=claim("risk_by(2029) > 0.1", at="1990-08-01"))


@pytest.mark.parametrize(
    ("at", "blocks", "message"),
    [
        ("2030-01-01", {}, "not before the case's `as_of`"),
        ("1975-01-01", {}, "which begins in 1980"),
        ("1990-08-01", {"history": {}}, "the forces of 1990 are not known"),
        ("1990-08-01", {"history": HISTORY | {"strait_then": HISTORY["strait"]}}, "has a record of its own"),
        ("1990-08-01", {"claims": claim("p_war() > 0.1", at="1991-08-01")}, "no theatre is like `strait` at 1991-08-01"),
    ],
)  # fmt: skip
def test_dated_theatres_that_are_refused(at: str, blocks: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises((CaseErrors, InputError), match=message):
        dated_case(tmp_path, at, **blocks)


def test_a_dated_theatre_is_like_one_of_the_case(tmp_path: Path) -> None:
    theatres = {"strait": {"model": "coercion", "challenger": "ALF", "target": "GAM", "protectors": ["BET"], "levels": 2, "horizon": 6, "aim": "union", "regimes": ["BET.alignment"]}}  # fmt: skip
    with pytest.raises(CaseErrors, match="unknown theatre without `at` `strat`"):
        dated_case(tmp_path, theatres=theatres | {"then": {"like": "strat", "at": "1990-08-01"}})
