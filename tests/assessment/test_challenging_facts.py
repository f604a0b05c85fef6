"""Challenges of facts at the ends of their stated ranges."""

from __future__ import annotations

from pathlib import Path

import pytest
from scipy import stats
from tests.assessment.test_challenging import WAITING, one
from tests.facts_only import ESTIMATES, facts_only, write_facts_only
from tests.support import minimal_case

from tocsin.assessment.challenging.changes import Change
from tocsin.assessment.challenging.inputs import fact_ends, judged_ends
from tocsin.assessment.challenging.run import challenge
from tocsin.assessment.challenging.words import challenge_text
from tocsin.assessment.fact_ranges import turns
from tocsin.assessment.run import assess
from tocsin.case import load
from tocsin.report.challenge_page import challenge_page


def ranged(span: str) -> dict[str, str]:
    return {WAITING: WAITING.replace("}", f', range: "{span}"}}')}


def test_a_fact_at_an_end_of_its_stated_range_turns_the_claim_as_a_run_with_that_value(tmp_path: Path) -> None:
    case = facts_only(tmp_path, replace=ranged("30 ships to 0.12 k ships"))
    claim = one(case, "C2")
    low, high = sorted((row for row in claim.rows if row.kind == "fact"), key=lambda row: len(row.parts))
    assert not low.matters and low.says == "ships waiting is 30 ships, the low end of its stated range"
    assert high.parts == (("ninety", "fails", "holds"),) and high.turns
    assert high.says == "ships waiting is 120 ships, the high end of its stated range"
    for row in (low, high):
        assert assess(case, settings=dict(row.settings)).claim("C2").verdict == row.after


def test_the_end_of_a_fact_that_turns_a_claim_is_in_every_output(tmp_path: Path) -> None:
    case = facts_only(tmp_path, replace=ranged("30 to 120 ships"))
    result = challenge(case, ["C2"])
    says = "ships waiting is 120 ships, the high end of its stated range"
    assert f"holds instead of partly (“ninety” holds instead of fails): {says}" in challenge_text(result)
    assert [row.change for row in challenge_page(case, result).rows if row.result.startswith("holds")] == [says]
    (item,) = (row for row in result.to_dict()["claims"][0]["rows"] if row["says"] == says)
    assert (item["kind"], item["set"], item["after"]) == ("fact", {"ships.waiting": "120.0 ships"}, "holds")


def test_the_ends_of_a_fact_agree_with_what_the_verdict_says_of_them(tmp_path: Path) -> None:
    for bound in range(20, 110, 10):
        replaced = {
            **ranged("30 to 95 ships"),
            "fact(ships.waiting) >= 90 ships": f"fact(ships.waiting) >= {bound} ships",
        }
        case = facts_only(tmp_path / str(bound), replace=replaced)
        turned = {row.settings for row in one(case, "C2").rows if row.kind == "fact" and row.parts}
        said = {turn.end for turn in turns(case, case.tests["C2"]["ninety"])}
        assert len(turned) == len(said) == (30 < bound <= 95)


def test_an_end_that_the_fact_has_already_is_not_tried(tmp_path: Path) -> None:
    case = facts_only(tmp_path, replace=ranged("60 to 95 ships"))
    assert [row.settings for row in one(case, "C2").rows if row.kind == "fact"] == [(("ships.waiting", "95.0 ships"),)]


BETA_TURNS = 'loosens.BET.alignment: {is: "rate(1 in 40)", unit: per year, source: authority, why: changes on record}'


def test_the_range_of_a_fact_moves_the_input_that_takes_its_value(tmp_path: Path) -> None:
    fact = 'turns: {value: "0.03 per year", date: 2024-05-02, source: paper, confidence: medium, range: "0.01 to 0.9 per year"}'
    written = write_facts_only(tmp_path, replace={"claims:\n": ESTIMATES})
    text = (written / "case.yaml").read_text(encoding="utf-8")
    taken = 'loosens.BET.alignment: {is: "fact(turns)", unit: per year, source: paper, why: as the paper says}'
    text = text.replace(BETA_TURNS, taken).replace("facts:\n", f"facts:\n  {fact}\n")
    (written / "case.yaml").write_text(text, encoding="utf-8")
    claim = one(load(written), "E1")
    after = {row.settings[0][1]: row for row in claim.rows if row.kind == "fact"}
    assert {value: (row.before, row.after) for value, row in after.items()} == {
        "0.01 per year": ("holds", "holds"),
        "0.9 per year": ("holds", "fails"),
    }
    assert after["0.9 per year"].probability == pytest.approx(stats.beta(9.5, 11.5).sf(0.9), abs=0.01)


def test_games_that_read_a_fact_through_an_input_are_solved_again_at_its_ends(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    fact = case.facts["personnel.ALF"].model_copy(update={"range": "400000 to 700000 persons"})
    ranged_case = case.model_copy(update={"facts": {**case.facts, "personnel.ALF": fact}})
    low, high = (item for item in fact_ends(ranged_case, "personnel.ALF") if isinstance(item, Change))
    assert low.beliefs == high.beliefs == {"personnel.ALF"} and low.solves
    assert [float(item.case.distributions["personnel.ALF"].quantile(0.5)) for item in (low, high)] == [4e5, 7e5]
    assert list(judged_ends(ranged_case, "personnel.ALF")) == []
    assert [item.kind for item in judged_ends(case, "personnel.ALF")] == ["judgement"]
