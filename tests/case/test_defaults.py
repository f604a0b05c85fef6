"""Default ranges of the program: which inputs take them, where they do not reach, and what they leave as it is."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support import CASE, minimal_case, write_case

from tocsin.assessment.worlds import draw
from tocsin.case import Case, load
from tocsin.case.defaults import AUTHOR_OF_DEFAULTS, DefaultRange, default_ranges
from tocsin.case.distributions import parse
from tocsin.case.inputs import KINDS, kind_of, required
from tocsin.case.lint import lint
from tocsin.case.override import override
from tocsin.case.reasons import MIN_WORDS, PROMPT, TEMPLATE, counted, grounds
from tocsin.case.schema import case_json_schema
from tocsin.case.units import parse_unit
from tocsin.errors import CaseErrors
from tocsin.evidence.reference import estimate, reaches

SHORT = """\
format: tocsin/1
id: short
title: Would a stronger Beta deter Alpha?
as_of: 2024-06-30
summary: The shortest case with a game.
sources: {}
actors: {ALF: {name: Alpha}, GAM: {name: Gamma}, BET: {name: Beta}}
theatres:
  main: {model: coercion, challenger: ALF, target: GAM, protectors: [BET], levels: 3, horizon: 10, aim: union}
beliefs:
  personnel.ALF: {is: "fixed(500000)", unit: persons, by: tests, why: a made up figure}
  personnel.GAM: {is: "fixed(200000)", unit: persons, by: tests, why: a made up figure}
  personnel.BET: {is: "fixed(100000)", unit: persons, by: tests, why: a made up figure}
  spending.ALF: {is: "fixed(12)", unit: USD bn per year, by: tests, why: a made up figure}
  spending.GAM: {is: "fixed(20)", unit: USD bn per year, by: tests, why: a made up figure}
  spending.BET: {is: "fixed(11)", unit: USD bn per year, by: tests, why: a made up figure}
  growth.ALF: {is: "fixed(0)", unit: per year, by: tests, why: a made up figure}
  growth.GAM: {is: "fixed(0)", unit: per year, by: tests, why: a made up figure}
  growth.BET: {is: "fixed(0)", unit: per year, by: tests, why: a made up figure}
claims:
  C1: {says: Alpha advances, kind: causal, holds: "risk() > 0.1"}
"""
REGIMES = """\
regimes:
  GAM.alignment: {actor: GAM, kind: alignment, firm: aligned, loose: engaging, now: aligned, loosened_by: [influence], rallied_by: [press]}
  BET.posture: {actor: BET, kind: posture, firm: normal, loose: restricted, now: normal}
"""


def short_case(folder: Path, *replace: tuple[str, str]) -> Case:
    text = SHORT
    for old, new in replace:
        assert old in text, old
        text = text.replace(old, new)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return load(folder)


WITH_REGIMES = (("claims:\n", f"{REGIMES}claims:\n"), ("levels: 3", "regimes: [GAM.alignment, BET.posture], levels: 3"))


# --- the table -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", default_ranges(), ids=lambda row: f"{row.input} {row.condition}")
def test_each_default_fits_its_input(row: DefaultRange) -> None:
    kind = next(kind for kind in KINDS if kind.pattern == row.input)
    assert (row.is_ is None) != (row.from_ is None)
    if row.from_ is not None:
        stored = estimate(row.from_.replace("STATE", "any_state"))
        assert parse_unit(stored.unit) == kind.parsed_unit()
    else:
        assert row.is_ is not None
        assert parse(row.is_, low=kind.low, high=kind.high).admissible_mass > 0.99
    assert len(row.why.split()) >= MIN_WORDS and row.why.endswith(".")


def test_no_default_stands_for_the_forces_of_a_state() -> None:
    heads = {row.input.partition(".")[0] for row in default_ranges()}
    assert heads.isdisjoint({"personnel", "spending", "launchers", "blows", "decapitation"})


def test_the_schema_lists_the_defaults() -> None:
    listed = case_json_schema()["properties"]["beliefs"]["x-default-ranges"]
    assert len(listed) == len(default_ranges())
    assert {"input", "unit", "why"} <= listed[0].keys()
    assert json.dumps(listed)


# --- which inputs take them ----------------------------------------------------------------------------------------


def test_a_case_with_only_actors_roles_and_forces_loads(tmp_path: Path) -> None:
    case = short_case(tmp_path)
    assert set(required(case, "main")) <= set(case.beliefs)
    assert case.beliefs["stake.GAM"].is_ == "uniform(1 to 2)"
    assert case.beliefs["stake.BET"].is_ == "beta(0.2 to 0.6)"
    assert {key: kind.weight for key, kind in case.types.items()} == {"revisionist": 0.5, "security": 0.5}
    assert case.discounting.central == 0.92
    for name, belief in case.beliefs.items():
        assert belief.is_default == (name.partition(".")[0] not in ("personnel", "spending", "growth"))


def test_a_default_is_a_judgement_unless_an_estimate_gives_it(tmp_path: Path) -> None:
    for belief in short_case(tmp_path).beliefs.values():
        if belief.is_default:
            assert belief.is_judged == (belief.from_ is None)
            assert belief.by == (AUTHOR_OF_DEFAULTS if belief.is_judged else None)


def test_what_a_case_states_stays_as_it_is(tmp_path: Path) -> None:
    stated = '  stake.BET: {is: "fixed(0.9)", unit: "1", by: tests, why: it has a treaty}\n'
    belief = short_case(tmp_path, ("beliefs:\n", f"beliefs:\n{stated}")).beliefs["stake.BET"]
    assert (belief.is_, belief.by, belief.is_default) == ("fixed(0.9)", "tests", False)


GENERAL = [
    line.split(":")[0].strip()
    for line in CASE.partition("beliefs:\n")[2].partition("\nregimes:")[0].splitlines()
    if not line.strip().startswith(("personnel", "growth", "spending", "stray", "cutpoint", "susceptibility"))
]
"""The inputs of the minimal case that have a default."""


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(left_out=st.sets(st.sampled_from(GENERAL)))
def test_any_inputs_with_a_default_may_be_left_out(tmp_path: Path, left_out: set[str]) -> None:
    whole = minimal_case(tmp_path / "whole")
    case = minimal_case(tmp_path / "part", replace={f"\n  {name}: {{": f"\n  # {name}: {{" for name in left_out})
    added = {name for name, belief in case.beliefs.items() if belief.is_default}
    assert left_out <= added
    assert set(case.beliefs) >= set(whole.beliefs)
    assert all(case.beliefs[name] == whole.beliefs[name] for name in whole.beliefs if name not in left_out)
    assert (case.sha256 == whole.sha256) == (not left_out)


def test_a_case_that_states_everything_loads_as_it_is_written(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    assert not any(belief.is_default for belief in case.beliefs.values())
    assert list(case.beliefs)[:2] == ["precision", "toppling"]
    assert [name for name, _ in case.data_hashes] == ["case.yaml", "facts.csv", "rates.csv", "spending.csv"]


def test_forces_of_a_state_have_no_default(tmp_path: Path) -> None:
    with pytest.raises(CaseErrors) as caught:
        short_case(tmp_path, ("  personnel.BET:", "  # personnel.BET:"), ("  spending.BET:", "  # spending.BET:"))
    (problem,) = caught.value.problems
    assert "lacks 2 inputs: personnel.BET, spending.BET" in problem.message
    assert "no default" in (problem.remedy or "")


def test_an_own_type_of_challenger_needs_its_own_inputs(tmp_path: Path) -> None:
    types = "types: {revisionist: {weight: 0.5, by: t, why: even}, zealot: {weight: 0.5, by: t, why: even}}\n"
    with pytest.raises(CaseErrors) as caught:
        short_case(tmp_path, ("claims:\n", f"{types}claims:\n"))
    assert "lacks 2 inputs: falling.zealot, aim.zealot" in caught.value.problems[0].message


def test_the_estimates_of_a_fight_come_together_or_not_at_all(tmp_path: Path) -> None:
    whole = short_case(tmp_path / "whole").beliefs
    assert {"cutpoint.war.win", "cutpoint.war.lose", "conquest", "cutpoint.clash.win"} <= whole.keys()
    stated = '  decisiveness.war: {is: "uniform(0.7 to 2)", unit: "1", by: tests, why: as in older studies}\n'
    part = short_case(tmp_path / "part", ("beliefs:\n", f"beliefs:\n{stated}")).beliefs
    assert {"cutpoint.war.win", "cutpoint.war.lose", "conquest"}.isdisjoint(part)
    assert "cutpoint.clash.win" in part


def test_a_regime_takes_the_hazards_of_its_state_where_they_are_estimated(tmp_path: Path) -> None:
    unknown = short_case(tmp_path / "unknown", *WITH_REGIMES).beliefs
    assert unknown["loosens.GAM.alignment"].from_ is None
    finland = short_case(
        tmp_path / "finland", *WITH_REGIMES, ("GAM: {name: Gamma}", "GAM: {name: Gamma, cow: 375}")
    ).beliefs
    assert finland["loosens.GAM.alignment"].from_ == "evidence/camps/FIN/turned_out_and_moved"
    assert not finland["loosens.GAM.alignment"].is_judged
    assert finland["loosens.BET.posture"].from_ is None
    assert "susceptibility.GAM.alignment" in finland
    assert "susceptibility.BET.posture" not in finland


@pytest.mark.parametrize(("day", "year"), [("1906-01-01", 1900), ("1962-10-22", 1950), ("2024-06-30", 2000)])
def test_estimates_are_those_of_the_time_of_the_case(tmp_path: Path, day: str, year: int) -> None:
    finland = ("GAM: {name: Gamma}", "GAM: {name: Gamma, cow: 375}")
    beliefs = short_case(tmp_path, *WITH_REGIMES, finland, ("as_of: 2024-06-30", f"as_of: {day}")).beliefs
    assert beliefs["decisiveness.clash"].from_ == f"evidence/contest/decisiveness/{year}/neighbours"
    assert beliefs["cutpoint.clash.win"].from_ == f"evidence/contest/cutpoint_to_win/{year}/neighbours"
    assert (beliefs["loosens.GAM.alignment"].from_ is None) == (year < 1946)


def test_a_made_up_actor_takes_no_estimate_of_a_state_by_its_name(tmp_path: Path) -> None:
    finnish = short_case(tmp_path, *WITH_REGIMES, ("GAM: {name: Gamma}", "GAM: {name: Finland}")).beliefs
    assert finnish["loosens.GAM.alignment"].from_ is None


def test_an_actor_with_two_roles_takes_a_default_for_each(tmp_path: Path) -> None:
    other = "  other: {model: coercion, challenger: ALF, target: BET, protectors: [GAM], levels: 3, horizon: 10, aim: a}\nbeliefs:\n"
    beliefs = short_case(tmp_path, ("beliefs:\n", other)).beliefs
    assert beliefs["stake.BET@main"].is_ == "beta(0.2 to 0.6)"
    assert beliefs["stake.BET@other"].is_ == "uniform(1 to 2)"
    assert "stake.BET" not in beliefs
    assert "standing_aside.BET" in beliefs
    assert "share.ALF" in beliefs


def test_an_unknown_actor_is_the_only_problem_that_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseErrors) as caught:
        short_case(tmp_path, ("protectors: [BET]", "protectors: [BETT]"))
    assert "unknown actor `BETT`" in caught.value.problems[0].message
    assert not any("lacks" in problem.message for problem in caught.value.problems)


# --- worlds and runs -----------------------------------------------------------------------------------------------


def test_a_default_written_out_changes_no_world(tmp_path: Path) -> None:
    short = short_case(tmp_path / "short")
    stated = '  toppling: {is: "beta(0.2 to 0.7)", unit: "1", by: tests, why: the same range}\n'
    written = short_case(tmp_path / "written", ("beliefs:\n", f"beliefs:\n{stated}"))
    first, second = draw(short, seed=3, draws=16).draws, draw(written, seed=3, draws=16).draws
    assert first.keys() == second.keys()
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_defaults_do_not_depend_on_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = short_case(tmp_path / "a")
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path / "empty"))
    after = short_case(tmp_path / "a")
    assert (before.sha256, before.beliefs) == (after.sha256, after.beliefs)


def test_the_hash_of_a_case_covers_its_defaults(tmp_path: Path) -> None:
    case = short_case(tmp_path)
    named = {name for name, _ in case.data_hashes}
    assert {"beliefs.toppling", "types", "discount"} <= named
    assert "beliefs.personnel.ALF" not in named


def test_a_default_can_be_set_for_a_run(tmp_path: Path) -> None:
    changed = override(short_case(tmp_path), {"toppling": "0.4"})
    assert changed.beliefs["toppling"].is_ == "fixed(0.4)"
    assert not changed.beliefs["toppling"].is_default
    assert list(changed.beliefs) == list(short_case(tmp_path).beliefs)


# --- lint ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "why", "ground"),
    [
        ("A. Student", "lost wars often topple such regimes", "judged"),
        ("A. Student", "three short words", "judged"),
        ("A. Student", "朝鮮の歴史", "judged"),
        ("A. Student", "range", "no reason"),
        ("A. Student", "a guess", "no reason"),
        ("A. Student", "probability that the challenger loses power after a lost war", "no reason"),
        ("A. Student", next(row.why for row in default_ranges() if row.input == "toppling").upper(), "no reason"),
        ("A. Student", next(row.why for row in default_ranges() if row.input == "precision"), "no reason"),
        ("A. Student", f"{PROMPT} (the meaning)", "template"),
        ("A. Student", TEMPLATE, "template"),
        (TEMPLATE, "lost wars often topple such regimes", "template"),
    ],
)
def test_a_judgement_needs_a_reason_of_its_own(tmp_path: Path, by: str, why: str, ground: str) -> None:
    line = f'  toppling: {{is: "beta(0.2 to 0.7)", unit: "1", by: "{by}", why: "{why}"}}\n'
    case = short_case(tmp_path, ("beliefs:\n", f"beliefs:\n{line}"))
    assert grounds(case)["toppling"] == ground
    said = [notice.message for notice in lint(case) if "no reason of" in notice.message]
    assert said == (["1 judgement gives no reason of its own: toppling"] if ground == "no reason" else [])


def test_each_input_is_counted_once(tmp_path: Path) -> None:
    for case in (short_case(tmp_path / "a"), minimal_case(tmp_path / "b"), load("japan-buildup")):
        assert sum(counted(case).values()) == len(case.beliefs)


def test_evidence_is_what_a_source_a_measure_or_a_fact_gives(tmp_path: Path) -> None:
    rests_on = grounds(load(write_case(tmp_path)))
    assert [rests_on[name] for name in ("accident", "personnel.ALF", "loosens.GAM.alignment")] == ["evidence"] * 3
    assert rests_on["toppling"] == "no reason"


def test_the_founding_case_rests_on_no_default(tmp_path: Path) -> None:
    counts = counted(load("japan-buildup"))
    assert (counts["default"], counts["template"]) == (0, 0)


def test_kinds_of_inputs_are_named_once() -> None:
    patterns = [kind.pattern for kind in KINDS]
    assert len(set(patterns)) == len(patterns)
    for row in default_ranges():
        assert all(kind_of(name) for name in row.with_)


# --- hindsight ------------------------------------------------------------------------------------------------------


def hindsight(case: Case) -> list[str]:
    return [notice.message for notice in lint(case) if "on years after the day of the case" in notice.message]


def test_lint_says_once_which_estimates_rest_on_years_after_the_day(tmp_path: Path) -> None:
    assert hindsight(short_case(tmp_path / "now")) == []
    (early,) = hindsight(short_case(tmp_path / "early", ("as_of: 2024-06-30", "as_of: 1914-06-27")))
    assert early.startswith("6 estimates rest") and "1914-06-27" in early and "decisiveness.war (to 2003)" in early
    # a year counts as known from its end
    assert hindsight(short_case(tmp_path / "open", ("as_of: 2024-06-30", "as_of: 2003-12-30")))
    assert not hindsight(short_case(tmp_path / "ended", ("as_of: 2024-06-30", "as_of: 2003-12-31")))


def test_an_estimate_of_the_case_counts_and_a_range_of_its_own_does_not(tmp_path: Path) -> None:
    day, name = ("as_of: 2024-06-30", "as_of: 1990-06-30"), "evidence/alliances/berkemeier_fuhrmann"
    belief = "beliefs:\n  standing_aside.BET: {{from: {}, {}unit: '1', by: tests, why: as in the past}}\n"
    for key, own, is_counted in (
        ("since_1945/defence", "", True), ("before_1945/defence", "", False), ("since_1945/defence", 'is: "beta(0.1 to 0.2)", ', False),
    ):  # fmt: skip
        folder = tmp_path / f"{key[:5]}{bool(own)}"
        (message,) = hindsight(short_case(folder, day, ("beliefs:\n", belief.format(f"{name}/{key}", own))))
        assert message.startswith("7 estimates" if is_counted else "6 estimates")


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("evidence/contest/decisiveness_in_war/1823_to_2003", 2003),
        ("evidence/alliances/berkemeier_fuhrmann/before_1945/defence", 1944),
        ("evidence/alliances/berkemeier_fuhrmann/since_1945/defence", 2003),
        ("evidence/hostility/PRK/KOR/2026", 2014),
        ("evidence/camps/KOR/turned_out", 2019),
    ],
)
def test_an_estimate_reaches_as_far_as_its_data(text: str, last: int) -> None:
    assert reaches(text) == last


def test_a_case_with_default_types_can_be_written_as_json(tmp_path: Path) -> None:
    case = short_case(tmp_path)
    assert json.loads(case.model_dump_json(by_alias=True, include={"types"}))["types"].keys() == case.types.keys()
