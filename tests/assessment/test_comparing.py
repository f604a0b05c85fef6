"""Compare cases and variants: in common worlds, with errors that match the spread over seeds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.assessment.test_controls import CONTROLLED, EVENTS
from tests.support import minimal_case, seeded, write_case

import tocsin
from tocsin.assessment.comparing.changed import Changed
from tocsin.assessment.comparing.common_worlds import solved_together
from tocsin.assessment.comparing.naming import item_of, split_name
from tocsin.assessment.comparing.record import ComparisonRecord
from tocsin.assessment.comparing.result import Comparison, Difference, Item, Row
from tocsin.assessment.comparing.run import MAX_ITEMS, compare
from tocsin.assessment.run import assess
from tocsin.case import Case, load
from tocsin.case.override import override
from tocsin.errors import InputError

pytestmark = pytest.mark.numeric

TEST = (
    'holds: "loss_aim(ALF, rise + amendment) > threshold",\n'
    '       threshold: {values: [0, 0.02, 0.05], central: 0.02, unit: "1"}}'
)
CHANCES = """\
format: tocsin/1
id: chances
title: Are they low?
as_of: 2024-06-30
summary: Two inputs with a uniform distribution.
sources: {book: {cite: "A made-up yearbook, 2024", grade: B2}}
beliefs:
  precision: {is: "uniform(10, 110)", unit: "1", source: book, why: a range on record}
  toppling: {is: "uniform(0, 1)", unit: "1", source: book, why: a range on record}
claims:
  low: {says: it is low, kind: causal, sources: [book], holds: "input(precision) < 60"}
  both: {says: both are low, kind: causal, sources: [book],
         parts: {one: {says: it is low, holds: "input(precision) < 60"},
                 two: {says: so is the other, holds: "input(toppling) < 0.5"}}}
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return minimal_case(tmp_path_factory.mktemp("minimal"))


def items(case: Case, **settings: dict[str, str]) -> list[Item]:
    return [Item(name="as it is", case=case), *(Item(name=key, case=override(case, each)) for key, each in settings.items())]  # fmt: skip


def row(result: Comparison, name: str) -> Row:
    return next(each for each in result.rows if each.name == name)


@pytest.fixture(scope="module")
def compared(case: Case) -> Comparison:
    several = items(
        case,
        same={},
        weak={"stake.BET": "0.1"},
        aligned={"regimes.GAM.alignment": "aligned"},
        counted={"budget.BET.2024": "9 USD bn"},
    )
    return compare(several, seed=seeded(3), draws=512)


def test_what_does_not_differ_has_no_difference_and_no_error(compared: Comparison) -> None:
    first = row(compared, "C1")
    assert first.differences[1] == first.differences[4] == Difference(value=0.0, error=0.0, paired=True)
    assert first.hangs_on[1] == first.hangs_on[4] == ()


def test_a_difference_hangs_on_what_the_claim_reads(compared: Comparison) -> None:
    assert row(compared, "C1").hangs_on[2:4] == (("stake.BET",), ("regimes.GAM.alignment",))
    assert row(compared, "C3").hangs_on == ((), (), (), (), ("budget.BET.2024",))
    for each in compared.rows:
        for difference, names in zip(each.differences, each.hangs_on, strict=True):
            assert names or difference is None or difference.value == 0.0


def test_claims_with_another_verdict_come_first(compared: Comparison) -> None:
    kinds = [each.kind for each in compared.rows]
    assert kinds == sorted(kinds, key=["verdict", "probability", "same"].index)
    assert compared.rows[0].claim == "C3"
    assert [cell.verdict for cell in compared.rows[0].cells if cell] == ["holds", "holds", "holds", "holds", "fails"]


def test_a_comparison_gives_the_verdicts_of_an_assessment(case: Case, compared: Comparison) -> None:
    """Items that differ in nothing are run in the worlds of `assess`; others in worlds that suit all of them."""
    alone = compare(items(case, same={}), seed=seeded(3), draws=512)
    for claim in assess(case, seed=seeded(3), draws=512).claims:
        cell = row(alone, claim.id).cells[0]
        assert cell is not None
        assert cell.verdict == claim.verdict
        if claim.probability is not None and cell.probability is not None:
            assert cell.probability == pytest.approx(claim.probability.mid, abs=1e-12)
        for part in claim.parts:
            (seen,) = {row(alone, f"{claim.id}.{part.name}").cells[index] for index in (0, 1)}
            assert seen is not None and seen.verdict == part.verdict
        other = row(compared, claim.id).cells[0]
        if claim.probability is not None and other is not None and other.probability is not None:
            assert abs(other.probability - claim.probability.mid) < 4 * claim.probability.error


def test_the_order_of_items_only_turns_the_sign(case: Case) -> None:
    several = items(case, weak={"stake.BET": "0.1"}, aligned={"regimes.GAM.alignment": "aligned"})
    there = compare(several, seed=seeded(3), draws=256)
    back = compare(several[::-1], seed=seeded(3), draws=256)
    assert {each.name: each.cells for each in there.rows} == {each.name: each.cells[::-1] for each in back.rows}
    one, two = row(there, "C1").differences[2], row(back, "C1").differences[2]
    assert one is not None and two is not None
    assert one.value == -two.value
    assert one.error == pytest.approx(two.error)


def test_only_the_claims_that_are_named_are_compared(case: Case) -> None:
    result = compare(items(case, counted={"budget.BET.2024": "9 USD bn"}), claims=["C3"])
    assert [each.claim for each in result.rows] == ["C3"]
    assert (result.draws, result.effective_draws) == (0, None)


# --- closed forms and errors ---------------------------------------------------------------------------------------


def test_a_changed_input_of_a_closed_form_gives_the_known_difference(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(CHANCES, encoding="utf-8")
    case = load(tmp_path)
    result = compare(items(case, wider={"precision": "uniform(10, 210)"}), seed=seeded(1))
    for name, known in (("low", 0.25 - 0.5), ("both", 0.125 - 0.25), ("both.one", 0.25 - 0.5)):
        difference = row(result, name).differences[1]
        assert difference is not None
        assert difference.value == pytest.approx(known, abs=0.005)
        assert difference.error < 0.005
        assert row(result, name).hangs_on[1] == ("precision",)
    assert row(result, "both.two").differences[1] == Difference(value=0.0, error=0.0, paired=True)
    assert row(result, "both.two").hangs_on[1] == ()


def test_a_test_that_fails_a_control_cannot_be_told_and_its_games_are_not_solved(tmp_path: Path) -> None:
    measure = {EVENTS: CONTROLLED, TEST: 'holds: "loss_aim(ALF, rise) > 0.1"}'}
    case = minimal_case(tmp_path, replace=measure)
    several = items(case, weak={"stake.BET": "0.1"})
    result = row(compare(several, seed=seeded(3), draws=256, claims=["C1"]), "C1")
    real = assess(case, seed=seeded(3), draws=256).claim("C1")
    assert [(cell.verdict, str(cell.words)) for cell in result.cells if cell] == [(real.verdict, str(real.words))] * 2
    assert real.verdict == "cannot tell" and result.differences[1] is None
    alone = [case.model_copy(update={"tests": {"C1": case.tests["C1"]}, "claims": {"C1": case.claims["C1"]}})]
    (judge,), _ = solved_together(alone, seeded(3), 256, lambda _stage, _share: None)
    assert {game.paths for game in judge.central["strait",].solutions} == {()}
    assert not any(judge.swept.values())


@pytest.mark.slow
def test_over_seeds_the_stated_error_of_a_game_covers_the_spread(case: Case) -> None:
    """Sobol' points and systematic sampling spread less than the error says, which takes worlds as independent."""
    several = items(case, weak={"stake.BET": "0.1"})
    differences = [
        row(compare(several, seed=seed, draws=512, claims=["C1"]), "C1").differences[1] for seed in range(1, 13)
    ]
    values, errors = zip(*((each.value, each.error) for each in differences if each), strict=True)
    assert len(values) == 12
    mean = float(np.mean(values))
    assert np.std(values) < 1.3 * np.mean(errors)
    assert sum(abs(value - mean) < 2 * error for value, error in zip(values, errors, strict=True)) >= 10


# --- different cases, stored runs, bad input -----------------------------------------------------------------------


def test_a_claim_that_an_item_lacks_is_missing(tmp_path: Path) -> None:
    new = {"claims:\n": 'claims:\n  C0: {says: Beta spends, kind: fact, holds: "fact(budget.BET.2024) > 1 USD bn"}\n'}
    cases = [load(write_case(tmp_path / "old")), load(write_case(tmp_path / "new", replace=new))]
    result = compare([Item(name=name, case=each) for name, each in zip("ab", cases, strict=True)], claims=["C0", "C3"])
    assert row(result, "C0").cells[0] is None
    assert row(result, "C0").differences[1] is None
    assert row(result, "C3").kind == "same"


def test_another_test_or_threshold_bears_on_a_claim(tmp_path: Path) -> None:
    old = load(write_case(tmp_path / "old"))
    new = load(write_case(tmp_path / "new", replace={"central: 0.02": "central: 0.05"}))
    assert Changed(old, new).bearing_on("C1") == ("the test",)
    assert Changed(old, new).bearing_on("C3") == ()
    record = load(write_case(tmp_path / "record", replace={"press: 20": "press: 30"}))
    assert Changed(old, record).bearing_on("C1") == ("history.strait",)
    later = load(
        write_case(tmp_path / "later", replace={"as_of: 2024-06-30": "as_of: 2024-07-30", "name: Alpha": "name: Al"})
    )
    assert Changed(old, later).bearing_on("C3") == ("as_of",)
    assert {"actors", "as_of"} <= set(Changed(old, later).bearing_on("C1"))


def test_what_only_the_record_reads_bears_on_its_theatre(case: Case) -> None:
    assert Changed(case, override(case, {"stray": "0.5"})).bearing_on("C1") == ("stray",)
    theatre = case.theatres["strait"].model_copy(update={"pressure": "history"})
    by_history = case.model_copy(update={"theatres": {"strait": theatre}})
    assert Changed(case, by_history).bearing_on("C1") == ("pressure.strait",)
    assert Changed(case, override(case, {"spending.BET": "rise"})).bearing_on("C1") == ("spending.BET",)


def test_a_stored_run_is_not_paired_and_not_run_again(case: Case) -> None:
    stored = assess(case, seed=seeded(4), draws=512)
    several = [Item(name="stored", case=case, stored=stored.claims), Item(name="now", case=case)]
    result = compare(several, seed=seeded(3), draws=512, claims=["C1"])
    difference = row(result, "C1").differences[1]
    claim = stored.claim("C1").probability
    now = row(result, "C1").cells[1]
    assert difference is not None and claim is not None and now is not None and now.error is not None
    assert not difference.paired
    assert difference.error == pytest.approx(np.hypot(claim.error, now.error))
    assert abs(difference.value) < 4 * difference.error


@pytest.mark.parametrize(
    ("names", "claims", "message"),
    [
        (["a"], [], "1 item cannot be compared"),
        ([], [], "0 items cannot be compared"),
        (list("abcdefg"), [], f"{MAX_ITEMS + 1} items cannot be compared"),
        (["a", "b", "a"], [], "'a' is given twice"),
        (["a", "b"], ["C9"], "unknown claim 'C9'"),
    ],
)
def test_what_cannot_be_compared_is_refused(case: Case, names: list[str], claims: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        compare([Item(name=name, case=case) for name in names], claims=claims)
    assert caught.value.remedy


def test_an_item_is_a_case_or_a_variant_of_it(tmp_path: Path) -> None:
    block = "variants: {odd: {set: {budget.BET.2024: 9 USD bn}, why: another figure}}\n"
    folder = write_case(tmp_path / "a:b", replace={"claims:\n": f"{block}claims:\n"})
    assert split_name(str(folder)) == (str(folder), "")
    item = item_of(f"{folder}:odd")
    assert (item.name, item.why) == (f"{folder}:odd", "another figure")
    assert item.case.settings == (("budget.BET.2024", "9 USD bn"),)
    result = tocsin.compare([str(folder), f"{folder}:odd"], claims=["C3"])
    assert [cell.verdict for cell in result.rows[0].cells if cell] == ["holds", "fails"]
    for bad in (f"{folder}:even", f"{tmp_path / 'none'}:odd", f"{folder}:"):
        with pytest.raises(InputError):
            item_of(bad)


def test_the_json_and_the_table_hold_the_numbers(compared: Comparison) -> None:
    record = ComparisonRecord.of(compared)
    read: dict[str, Any] = json.loads(record.to_json())
    assert read["format"] == "tocsin-comparison/1"
    assert [item["name"] for item in read["items"]] == ["as it is", "same", "weak", "aligned", "counted"]
    assert ComparisonRecord.model_validate(read) == record
    table = record.frame()
    assert table.height == len(compared.rows) * len(compared.items)
    first = row(compared, "C1").cells[2]
    assert first is not None
    (value,) = [each["probability"] for each in table.to_dicts() if (each["claim"], each["item"]) == ("C1", "weak")]
    assert value == pytest.approx(first.probability, rel=1e-5)
