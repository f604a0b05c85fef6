"""Tests of a case are judged by what they read: facts, estimates or games; what only repeats a judgement is not tested."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from tests.support import minimal_case, seeded

from tocsin.assessment.judgements import Outcome, missed, settled_by
from tocsin.assessment.judging import Judge
from tocsin.assessment.quantities import RULES, needs
from tocsin.assessment.requests import basis_of, compares_with_zero
from tocsin.assessment.result import Assessment, ClaimResult
from tocsin.assessment.run import assess
from tocsin.assessment.shares import Checks, Group, Share, count_worlds, enough
from tocsin.assessment.situations import Model
from tocsin.case import Case
from tocsin.case.compiled import Test
from tocsin.case.language import parse
from tocsin.case.nodes import Call
from tocsin.case.quantities import QUANTITIES
from tocsin.case.typing_rules import resolved
from tocsin.case.units import ONE

pytestmark = pytest.mark.numeric

RECORDED = {
    name + ': {is: "' + shape + '", unit: "1", by: tests': name + ': {is: "uniform(0, 1)", unit: "1", source: record'
    for name, shape in {"ppp_weight": "uniform(0, 1)", "usable.ALF": "beta(0.6 to 0.95)"}.items()
}
"""Two inputs that become evidence, even on [0, 1]."""


def with_tests(folder: Path, tests: Mapping[str, str], replace: Mapping[str, str] | None = None) -> Case:
    """Return the small case with more claims, one for each test."""
    claims = "".join(f'  {name}: {{says: "{name}", kind: causal, holds: "{test}"}}\n' for name, test in tests.items())
    return minimal_case(folder, replace={"questions:\n": claims + "questions:\n", **(replace or {})})


def judged(case: Case, name: str) -> tuple[str, str]:
    """Return verdict and words of a claim that needs no game."""
    result = Judge(case, seeded(1)).judge(case.tests[name][""])
    return result.verdict, result.words


REPEATS = ("not tested", "not tested: repeats a judgement")


@pytest.mark.parametrize(
    "test",
    [
        "input(widening) > 0.1",
        "input(widening) < fact(personnel.ALF) / 1000000 persons",
        "hazard(BET.posture, leave) > 0.01 per year",
        "hazard(BET.posture, leave) < hazard(BET.posture, return)",
        "input(usable.BET.firm) / input(usable.BET.loose) > 3",
        "input(usable.BET.firm) > 0.5 and fact(said.ALF.budget)",
        "input(widening) + 0 * input(loosens.GAM.alignment) * 1 year > 0.1",
        "input(sourced) > 0.4",
        "input(stake.GAM) + input(stake.BET) > 1.8 + 0 * input(ppp_weight)",
        "P(input(widening) > 0.1) > 0.3",
        "P(input(stake.GAM) + input(stake.BET) > 1.8) > 0.3 and input(ppp_weight) > 0.2",
        "P(input(widening) > 0.1) >= 0.5",
        "abs(input(growth.ALF)) > 0.01 per year or input(widening) > 0.1",
        "published(shift, war) > 0.5",
        "strength(BET, amendment) > 2 * strength(BET)",
    ],
)
def test_what_repeats_a_judgement_is_not_tested(tmp_path: Path, test: str) -> None:
    from tests.case.test_published import BELIEFS, GAMES

    sourced = (
        '  words.sourced: {is: "uniform(0, 1)", unit: "1", by: tests, source: book, why: "judged after reading"}\n'
    )
    case = with_tests(
        tmp_path,
        {"C5": test.replace("input(sourced)", "input(words.sourced)")},
        {"regimes:\n": sourced + BELIEFS + GAMES + "regimes:\n", **RECORDED},
    )
    assert judged(case, "C5") == REPEATS


@pytest.mark.parametrize(
    ("test", "verdict"),
    [
        ("input(ppp_weight) > 0.9", "fails"),
        ("input(ppp_weight) > 0.1", "holds"),
        ("input(ppp_weight) > 0.5", "cannot tell"),  # a coin
        ("input(ppp_weight) > input(usable.ALF)", "cannot tell"),
        ("hazard(GAM.alignment, leave) > 0.02 per year", "holds"),
        ("input(ppp_weight) > 0", "holds"),  # by construction
        ("strength_at(2030, BET, rise) > strength_at(2030, BET)", "holds"),
        ("1 > 2 or fact(said.ALF.budget)", "holds"),
        ("fact(said.ALF.budget) and 1 > 2", "fails"),
    ],
)
def test_estimates_and_records_are_tested(tmp_path: Path, test: str, verdict: str) -> None:
    case = with_tests(tmp_path, {"C5": test}, RECORDED)
    assert judged(case, "C5")[0] == verdict


def test_an_estimate_against_a_judgement_says_so(tmp_path: Path) -> None:
    case = with_tests(tmp_path, {"C5": "input(ppp_weight) > 3 * input(widening)"}, RECORDED)
    result = Judge(case, seeded(1)).judge(case.tests["C5"][""])
    assert result.verdict in ("holds", "fails", "cannot tell")
    assert result.note == "It compares an estimate with a judgement: widening."


def test_an_estimate_has_a_small_error_and_knows_no_model(tmp_path: Path) -> None:
    case = with_tests(tmp_path, {"C5": "input(ppp_weight) > 0.7"}, RECORDED)
    result = Judge(case, seeded(1)).judge(case.tests["C5"][""])
    assert result.probability is not None
    assert result.probability.mid == pytest.approx(0.3, abs=0.001)
    assert (result.probability.low, result.probability.high) == (result.probability.mid, result.probability.mid)
    assert 0.003 < result.probability.error < 0.004
    assert not result.by_model


@pytest.mark.parametrize(
    ("test", "verdict"),
    [
        ("fact(budget.BET.2024) > 20 USD bn and risk(ALF, rise) > 0.5", "fails"),
        ("fact(budget.BET.2024) > 10 USD bn or risk(ALF, rise) > 0.5", "holds"),
        ("not (fact(budget.BET.2024) > 20 USD bn and input(widening) > 0.1)", "holds"),
    ],
)
def test_a_fact_that_settles_a_test_decides_it_without_a_game(tmp_path: Path, test: str, verdict: str) -> None:
    case = with_tests(tmp_path, {"C5": test})
    assert basis_of(case, case.tests["C5"][""]) == "facts"
    assert judged(case, "C5") == (verdict, "by the facts")


def test_the_table_of_quantities_says_which_need_a_game(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    model = Model("security", case.discounting.central)
    for name, kind in QUANTITIES.items():
        call = Call(
            name, actor="BET", regime="BET.posture", instrument="press", rung="statement", year=2030, way="leave",
            events=("rise",), theatre="strait",
        )  # fmt: skip
        assert bool(needs(case, model, call)) == kind.game, name
    assert set(RULES) == set(QUANTITIES)


# --- comparisons with 0 ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compared_case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    events = (
        "  planned: {says: Beta rises after all, set: {spending.BET: rise}, against: {regimes.BET.posture: normal}}\n"
        "  other: {says: Gamma aligns, set: {regimes.GAM.alignment: aligned}, against: {regimes.BET.posture: restricted}}\n"
    )
    numbers = "facts:\n  tenth: {value: 0.1, source: book, confidence: confirmed}\n"
    return minimal_case(tmp_path_factory.mktemp("zero"), replace={"facts:\n": numbers, "alike:\n": events + "alike:\n"})


def with_zero(case: Case, text: str, central: float = 0.02) -> bool:
    return compares_with_zero(case, Test(resolved(parse(text), case, ONE), (0.0, central), central))


@pytest.mark.parametrize(
    "text",
    [
        "risk(rise) > 0",
        "p_war(rise) > p_war()",
        "p_war() <= p_war(ALF, rise)",
        "p_war(rise) - p_war() + 0.1 > 0.1",
        "p_war(rise) - p_war() + fact(tenth) > 0.1",
        "p_war(rise) - p_war() + threshold > 2 / 100",
        "2 * risk(rise) > risk(rise)",
        "2 * risk(ALF, rise + amendment) > risk(amendment + rise)",
        "risk() - risk(rise) + 0 >= 0",
        "3 * p_war(rise) - 2 * p_war() != p_war()",
        "risk_by(5, rise) < risk_by(2029)",
        "pillar(BET, rise) > pillar(BET)",
        "risk(rise | amendment) > risk(amendment)",
        "risk(rise + amendment) > risk(rise)",  # the effect of the amendment, given the rise
        "risk(planned) > risk(amendment)",  # the world that the event names
        "risk(planned) > risk()",
        "risk(planned + other) > risk()",  # the events name different worlds
        "loss(rise) > loss_survival(rise)",  # loss_aim
        "loss_aim(rise) + loss_survival(rise) > 0",
        "loss(rise + amendment) > loss(rise)",
        "loss(rise) >= loss(rise)",
        "P(p_war(rise) > p_war()) > 0.5",
        "not (1 > 2 or p_war(rise) > p_war())",
        "loss(rise) * input(widening) > 0",
    ],
)
def test_a_comparison_with_zero_is_found_however_it_is_written(compared_case: Case, text: str) -> None:
    assert with_zero(compared_case, text)


@pytest.mark.parametrize(
    "text",
    [
        "risk(rise) > 0.1",
        "p_war(rise) - p_war() + 0.2 > fact(tenth)",
        "p_war(rise) - p_war() > threshold",
        "2 * p_war(rise) > p_war()",
        "loss(amendment) > loss(rise)",  # two events
        "loss(amendment) - loss(rise) > 0",
        "risk(amendment) < risk(rise)",
        "loss(rise + amendment) > loss(rise + amendment | aligned)",  # what another event does to an effect
        "loss(planned + amendment) > loss(amendment)",  # two base worlds
        "pillar(BET) > pillar_all(BET)",
        "pull(GAM.alignment) > pull(BET.posture)",
        "risk(rise) / risk() > 1",  # a ratio is no weighted sum
        "ratio(rise) > ratio()",  # no game
        "loss(rise) > threshold and ratio(rise) > ratio()",
    ],
)
def test_other_comparisons_are_not_with_zero(compared_case: Case, text: str) -> None:
    assert not with_zero(compared_case, text)


def test_a_threshold_of_zero_is_zero(compared_case: Case) -> None:
    assert with_zero(compared_case, "loss(rise) > threshold", central=0.0)


# --- with games --------------------------------------------------------------------------------------------------------

GAME_TESTS = {
    "zero": "loss(ALF, rise + amendment) > 0",
    "zero_left": "0 >= spiral(ALF, rise)",
    "zero_sum": "risk(ALF, rise) - risk() < 2 * (3 - 3)",
    "zero_fact": "p_war(ALF, rise) - p_war() >= fact(budget.BET.2024) / 1 USD bn - 12",
    "zero_pair": "p_war(rise) > p_war()",
    "zero_shifted": "p_war(rise) - p_war() + 0.1 > 0.1",
    "dead": "input(stake.GAM) + input(stake.BET) > 1.8 + 0 * risk()",
    "dead_or": "input(stake.GAM) + input(stake.BET) > 1.8 or risk() > 2 * risk() + 0.9",
    "least": "loss(ALF, rise + amendment) > 0.001",
    "nothing": "loss(ALF, engaging_still) <= 0.001",
    "never": "loss(ALF, engaging_still) > 0.001",
}
STILL = {
    "  aligned: {says: Gamma aligns again": "  engaging_still: {says: Gamma stays, set: {regimes.GAM.alignment: engaging}}\n"
    "  aligned: {says: Gamma aligns again"
}


@pytest.fixture(scope="module")
def assessment(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return assess(with_tests(tmp_path_factory.mktemp("games"), GAME_TESTS, STILL), seed=seeded(3), draws=512)


def result(assessment: Assessment, name: str) -> ClaimResult:
    return assessment.claim(name)


@pytest.mark.parametrize("name", ["zero", "zero_left", "zero_sum", "zero_fact", "zero_pair", "zero_shifted"])
def test_a_comparison_with_exactly_zero_needs_a_least_effect(assessment: Assessment, name: str) -> None:
    assert result(assessment, name).words == "not tested: needs a least effect"


@pytest.mark.parametrize("name", ["dead", "dead_or"])
def test_a_game_that_bears_on_nothing_hides_no_judgement(assessment: Assessment, name: str) -> None:
    assert result(assessment, name).words == "not tested: repeats a judgement"


def test_what_is_true_by_construction_holds_and_nothing_flips_it(assessment: Assessment) -> None:
    true, false = result(assessment, "nothing"), result(assessment, "never")
    assert (true.verdict, true.words, true.flips) == ("holds", "almost certain (above 95 %)", ())
    assert true.probability and true.probability.worlds and true.probability.worlds.fails == 0
    assert false.probability and false.probability.worlds and false.probability.worlds.holds == 0
    assert true.probability.worlds.of == false.probability.worlds.of > 0
    assert (false.verdict, false.words, false.flips) == ("fails", "almost no chance (below 5 %)", ())


def test_every_probability_has_an_error(assessment: Assessment) -> None:
    probabilities = [claim.probability for claim in assessment.claims]
    probabilities += [part.probability for claim in assessment.claims for part in claim.parts]
    errors = [probability.error for probability in probabilities if probability is not None]
    assert errors and all(0.0 < error < 0.1 for error in errors)


def test_a_claim_with_an_untested_part_has_no_percentage(assessment: Assessment) -> None:
    claim = result(assessment, "C2")
    assert claim.probability is None and claim.verdict != "holds"
    assert claim.parts[1].words == "not tested"


# --- counting ----------------------------------------------------------------------------------------------------------

WORLDS = 40
TRUTHS = st.lists(hnp.arrays(float, WORLDS, elements=st.sampled_from([0.0, 1.0, np.nan])), min_size=1, max_size=4)
UNIFORM = np.full(WORLDS, 1.0 / WORLDS)


@given(TRUTHS, st.integers(1, 4))
def test_enough_counts_worlds(truths: list[np.ndarray], wanted: int) -> None:
    wanted = min(wanted, len(truths))
    share = enough([Group(truths, UNIFORM)], wanted)
    table = np.stack(truths)
    assert share.holds == pytest.approx(np.mean(np.sum(table == 1.0, axis=0) >= wanted))
    assert share.holds + share.undefined == pytest.approx(np.mean(np.sum(table != 0.0, axis=0) >= wanted))


@given(TRUTHS, TRUTHS)
def test_groups_are_independent(one: list[np.ndarray], other: list[np.ndarray]) -> None:
    groups = [Group(one, UNIFORM), Group(other, UNIFORM)]
    alone = [enough([group], len(group.truths)).holds for group in groups]
    assert enough(groups, len(one) + len(other)).holds == pytest.approx(alone[0] * alone[1])


@given(TRUTHS)
def test_an_equal_test_changes_no_conjunction_and_no_disjunction(truths: list[np.ndarray]) -> None:
    before, after = Group(truths, UNIFORM), Group([*truths, truths[0]], UNIFORM)
    for wanted in ((len(truths), len(truths) + 1), (1, 1)):
        assert enough([after], wanted[1]).holds == pytest.approx(enough([before], wanted[0]).holds)


WEIGHTS = hnp.arrays(float, WORLDS, elements=st.sampled_from([0.0, 1.0, 3.0]))


@given(TRUTHS, WEIGHTS, WEIGHTS, st.integers(1, 4), st.booleans())
def test_worlds_are_counted_once_and_only_with_weight(
    truths: list[np.ndarray], one: np.ndarray, other: np.ndarray, wanted: int, essential: bool
) -> None:
    wanted, needed = min(wanted, len(truths)), (0,) if essential else ()
    groups = [Group(truths, one, needed), Group([1.0 - truth for truth in truths], other, needed)]
    counted = count_worlds(groups, wanted)
    holds, fails = set(), set()
    for group in groups:
        for world in np.flatnonzero(group.weights):
            values = [truth[world] for truth in group.truths]
            least, most = values.count(1.0), len(values) - values.count(0.0)
            first = values[0] if essential else 1.0
            if least >= wanted and first == 1.0:
                holds.add(world)
            elif most < wanted or first == 0.0:
                fails.add(world)
    assert (counted.holds, counted.fails, counted.of) == (len(holds), len(fails), len(holds | fails))
    assert counted.effective <= counted.of + 1e-9


def test_no_worlds_are_counted_where_several_kinds_decide_together(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    estimated = Group([np.ones(WORLDS)], UNIFORM)
    assert Checks(case, (estimated,), {("strait",): ()}).count({}, (), 1) is None
    assert Checks(case, (), {("strait",): (), ("taiwan",): ()}).count({}, (), 1) is None
    assert Checks(case, (estimated,), {}).count({}, (), 1) is None


def test_the_error_of_a_share_covers_it() -> None:
    generator = np.random.default_rng(seeded(7))
    for chance in (0.01, 0.1, 0.5, 0.97):
        shares = [Share(float(np.mean(generator.random(200) < chance)), 0.0, 200.0) for _ in range(2000)]
        covered = np.mean([abs(share.probability - chance) <= 2.0 * share.error for share in shares])
        assert covered > 0.93


# --- one judged input --------------------------------------------------------------------------------------------------


def outcomes(truth: np.ndarray, **draws: np.ndarray) -> list[Outcome]:
    return [Outcome(draws, truth.astype(float), np.full(len(truth), 1.0 / len(truth)), 1.0)]


def test_a_planted_judgement_is_found_and_noise_is_not() -> None:
    generator = np.random.default_rng(seeded(11))
    size = 800
    draws = {name: generator.lognormal(size=size) for name in ("usable.A", "usable.B", "cost", "aim")}
    one = draws["cost"] > 1.3
    assert settled_by(outcomes(one, **draws), draws) == ("cost",)
    assert settled_by(outcomes(one, **draws), ["aim", "usable.A"]) == ()
    assert settled_by(outcomes(draws["usable.A"] > 2 * draws["usable.B"], **draws), draws) == ("usable.A", "usable.B")
    mixed = draws["cost"] * draws["aim"] > 1.0
    assert settled_by(outcomes(mixed, **draws), draws) == ()
    assert settled_by(outcomes(generator.random(size) < 0.3, **draws), draws) == ()


def test_few_worlds_are_not_settled_by_chance() -> None:
    generator = np.random.default_rng(seeded(13))
    settled = 0
    for _ in range(200):
        draws = {f"x{index}": generator.random(100) for index in range(60)}
        settled += bool(settled_by(outcomes(generator.random(100) < 0.06, **draws), draws))
    assert settled == 0


@given(
    hnp.arrays(float, st.integers(2, 30), elements=st.integers(0, 5).map(float)),
    st.randoms(),
)
def test_the_best_cut_is_that_of_all_cuts(values: np.ndarray, random: Random) -> None:
    holds = np.array([random.random() < 0.5 for _ in values])
    weights = np.array([random.random() + 0.01 for _ in values])
    weights /= weights.sum()
    cuts = [-1.0, *sorted(set(values))]
    wrong = [np.sum(weights * ((values > cut) != holds)) for cut in cuts]
    assert missed(values, holds, weights) == pytest.approx(min(*wrong, *(1.0 - w for w in wrong)), abs=1e-12)


# --- essential parts ---------------------------------------------------------------------------------------------------


@given(TRUTHS, st.integers(1, 4))
def test_an_essential_test_must_hold(truths: list[np.ndarray], wanted: int) -> None:
    wanted = min(wanted, len(truths))
    share = enough([Group(truths, UNIFORM, essential=(0,))], wanted)
    table = np.stack(truths) == 1.0
    assert share.holds == pytest.approx(np.mean((np.sum(table, axis=0) >= wanted) & table[0]))


def test_an_essential_group_without_the_test_leaves_nothing() -> None:
    never, always = np.zeros(WORLDS), np.ones(WORLDS)
    groups = [Group([never], UNIFORM, essential=(0,)), Group([always, always], UNIFORM)]
    assert enough(groups, 2).holds == 0.0
