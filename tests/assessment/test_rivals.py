"""Rival explanations are weighed by Bayes' rule: closed forms, metamorphic properties, calibration by simulation, and hostile input."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta
from tests.facts_only import ESTIMATES, facts_only
from tests.rivals_case import EXPLANATIONS, rivals_case
from tests.support import minimal_case

from tocsin.assessment.rivals.bayes import (
    Evidence,
    effective_items,
    expected_information,
    log_likelihood,
    posterior,
)
from tocsin.assessment.rivals.draws import DRAWS, Draws
from tocsin.assessment.rivals.result import RivalResult, Rivals
from tocsin.assessment.rivals.weigh import weigh
from tocsin.assessment.words import percent
from tocsin.case.distributions import parse
from tocsin.errors import CaseErrors

CHANCES = st.floats(0.01, 0.99)


def only_set(rivals: Rivals) -> RivalResult:
    (result,) = rivals.sets
    return result


def means(result: RivalResult, reader: str = "neutral") -> dict[str, float]:
    return {key: item.mean for key, item in dict(result.posteriors)[reader].items()}  # type: ignore[index]


def sure(name: str, chances: tuple[float, ...], group: str = "", *, seen: bool = True) -> Evidence:
    """Return an item whose chances are numbers, in two draws."""
    values = np.repeat(np.array(chances)[:, None], 2, axis=1)
    return Evidence(name=name, logs=log_likelihood(values, float(seen)), group=group)


def believed(evidence: list[Evidence], strength: float = 0.0) -> np.ndarray:
    """Return the posterior under equal priors of explanations."""
    count = evidence[0].logs.shape[0]
    strengths = {item.group: np.full(2, strength) for item in evidence if item.group}
    return posterior(np.full(count, 1.0 / count), evidence, strengths)[:, 0]


# --- Bayes' rule -----------------------------------------------------------------------------------------------------


def test_two_explanations_and_two_items_by_hand(tmp_path: Path) -> None:
    """Fifty ships wait (0.4 against 0.8); no strike is reported (1 - 0.75 against 1 - 0.05)."""
    result = only_set(weigh(rivals_case(tmp_path), 1))
    strike, crowding = 0.4 * 0.25, 0.8 * 0.95
    assert means(result)["strike"] == pytest.approx(strike / (strike + crowding), abs=1e-12)
    author = 0.8 * strike / (0.8 * strike + 0.2 * crowding)
    sceptic = 0.1 * strike / (0.1 * strike + 0.9 * crowding)
    assert means(result, "author")["strike"] == pytest.approx(author, abs=1e-12)
    assert means(result, "sceptic")["strike"] == pytest.approx(sceptic, abs=1e-12)
    banners, many, letters = result.items
    assert (banners.name, banners.sight.state) == ("banners", "not seen")
    assert banners.ratios["crowding"] == pytest.approx((0.95 / 0.25,) * 3)
    assert many.ratios["crowding"] == pytest.approx((2.0,) * 3)
    assert many.diagnostic  # twice as likely, which is weak but not nothing
    without = 0.4 / (0.4 + 0.8)
    assert banners.moved["strike"] == pytest.approx(means(result)["strike"] - without, abs=1e-12)
    assert letters.sight.state == "unknown"
    assert letters.information is not None and letters.information > 0.0


def test_the_example_of_the_page_has_the_figures_of_the_page(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "rivals.md").read_text(encoding="utf-8")
    block = page[page.index("explanations:\n  queue:") : page.index("```\n\nSixty ships wait")]
    result = only_set(weigh(facts_only(tmp_path, replace={"claims:\n": f"{block}claims:\n"}), 1))
    for reader, row in (("neutral", "neutral reader"), ("author", "the article's author"), ("sceptic", "sceptic")):
        line = next(line for line in page.splitlines() if line.startswith(f"| {row}"))
        strike, crowding = (f"{percent(share)} |" for share in means(result, reader).values())
        assert strike in line and crowding in line


@given(st.lists(st.tuples(CHANCES, CHANCES, CHANCES, st.booleans()), min_size=1, max_size=6), st.randoms())
def test_the_order_of_items_does_not_matter_and_probabilities_sum_to_one(
    rows: list[tuple[float, float, float, bool]], random: object
) -> None:
    items = [sure(f"i{index}", row[:3], "g" if index % 2 else "", seen=row[3]) for index, row in enumerate(rows)]
    first = believed(items, 0.4)
    random.shuffle(items)  # type: ignore[attr-defined]
    assert np.array_equal(believed(items, 0.4), first)
    assert np.sum(first) == pytest.approx(1.0, abs=1e-12)


@given(st.lists(st.tuples(CHANCES, CHANCES, CHANCES), min_size=1, max_size=5), st.permutations(range(3)))
def test_relabelled_explanations_permute_the_result(rows: list[tuple[float, float, float]], order: list[int]) -> None:
    first = believed([sure(f"i{index}", row) for index, row in enumerate(rows)])
    moved = [sure(f"i{index}", tuple(row[place] for place in order)) for index, row in enumerate(rows)]
    assert believed(moved) == pytest.approx(first[order], abs=1e-12)


# --- dependence ------------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(CHANCES, CHANCES), min_size=1, max_size=6))
def test_no_dependence_is_the_product(rows: list[tuple[float, float]]) -> None:
    grouped = [sure(f"i{index}", row, "g") for index, row in enumerate(rows)]
    alone = [sure(f"i{index}", row) for index, row in enumerate(rows)]
    assert believed(grouped, 0.0) == pytest.approx(believed(alone), abs=1e-12)


@given(CHANCES, CHANCES, st.integers(1, 6))
def test_full_dependence_of_equal_items_is_one_item(one: float, other: float, count: int) -> None:
    same = [sure(f"i{index}", (one, other), "g") for index in range(count)]
    assert believed(same, 1.0) == pytest.approx(believed(same[:1]), abs=1e-9)


@given(st.integers(1, 50), st.floats(0.0, 1.0))
def test_effective_items_lie_between_one_and_all(count: int, strength: float) -> None:
    assert 1.0 - 1e-12 <= effective_items(count, strength) <= count + 1e-12


@given(CHANCES, CHANCES, CHANCES, st.floats(0.0, 1.0))
def test_an_item_with_equal_chances_changes_nothing(one: float, other: float, same: float, strength: float) -> None:
    before = [sure("a", (one, other), "g"), sure("b", (other, one / 2), "g")]
    after = [*before, sure("c", (same, same), "g")]
    assert believed(after, strength) == pytest.approx(believed(before, strength), abs=1e-12)


def test_a_range_that_is_the_same_for_both_has_a_ratio_of_exactly_one(tmp_path: Path) -> None:
    before = only_set(weigh(rivals_case(tmp_path / "a"), 1))
    equal = {"{strike: 0.4, crowding: 0.8}": '{strike: "beta(0.2 to 0.7)", crowding: "beta(0.2 to 0.7)"}'}
    result = only_set(weigh(rivals_case(tmp_path / "b", replace=equal), 1))
    item = next(item for item in result.items if item.name == "many")
    assert item.ratios["crowding"] == (1.0, 1.0, 1.0)
    assert item.moved["strike"] == pytest.approx(0.0, abs=1e-12)
    assert means(result)["strike"] == pytest.approx(0.25 / (0.25 + 0.95), abs=1e-12)
    assert means(before) != means(result)


def test_items_come_in_the_order_of_what_they_move_with_the_weights_of_their_groups(tmp_path: Path) -> None:
    """Two items of one group weigh a half each at full dependence: a ratio of 3.8 then moves less than one of 3 outside the group."""
    grouped = {
        "by: tests, why: crowding fills the roads": "by: tests, why: crowding fills the roads, group: port",
        "by: tests, why: strikes are seen": "by: tests, why: strikes are seen, group: port",
        "claims:\n": "    groups: {port: {strength: 1, by: tests, why: one clerk wrote both}}\nclaims:\n",
        "      letters:": '      alone: {says: The sea is calm., seen: "fact(ships.waiting) > 0", chances: {strike: 0.9, crowding: 0.3}, by: tests, why: x}\n      letters:',
    }
    result = only_set(weigh(rivals_case(tmp_path / "a", replace=grouped), 1))
    free = only_set(weigh(rivals_case(tmp_path / "b", replace={**grouped, "{strength: 1,": "{strength: 0,"}), 1))
    assert (result.items[0].name, free.items[0].name) == ("alone", "banners")
    assert free.items[0].spread > result.items[0].spread
    with_all = math.sqrt(0.4 * 0.25) * 0.9 / (math.sqrt(0.4 * 0.25) * 0.9 + math.sqrt(0.8 * 0.95) * 0.3)
    without = math.sqrt(0.1) / (math.sqrt(0.1) + math.sqrt(0.76))
    assert result.items[0].largest_move == pytest.approx(with_all - without, abs=1e-12)


@pytest.mark.parametrize(("chance", "diagnostic"), [(0.42, True), (0.401, False), (0.4, False)])
def test_a_weak_item_that_moves_a_probability_by_a_point_tells_explanations_apart(
    tmp_path: Path, chance: float, diagnostic: bool
) -> None:
    """A chance of 0.42 against 0.4 is a ratio of 1.05 and moves about 1.2 points from a half."""
    weak = {
        "{strike: 0.4, crowding: 0.8}": f"{{strike: {chance}, crowding: 0.4}}",
        "{strike: 0.75, crowding: 0.05}": "{strike: 0.5, crowding: 0.5}",
    }
    result = only_set(weigh(rivals_case(tmp_path, replace=weak), 1))
    many = next(item for item in result.items if item.name == "many")
    assert many.largest_move == pytest.approx(chance / (chance + 0.4) - 0.5, abs=1e-12)
    assert many.diagnostic is diagnostic


def test_dependence_of_a_case_is_read(tmp_path: Path) -> None:
    grouped = {
        "by: tests, why: crowding fills the roads": "by: tests, why: crowding fills the roads, group: port",
        "by: tests, why: strikes are seen": "by: tests, why: strikes are seen, group: port",
        "claims:\n": "    groups: {port: {strength: 1, by: tests, why: one clerk wrote both}}\nclaims:\n",
    }
    result = only_set(weigh(rivals_case(tmp_path, replace=grouped), 1))
    strike, crowding = math.sqrt(0.4 * 0.25), math.sqrt(0.8 * 0.95)
    assert means(result)["strike"] == pytest.approx(strike / (strike + crowding), abs=1e-12)
    (group,) = result.groups
    assert (group.items, group.effective) == (2, 1.0)


# --- ranges ----------------------------------------------------------------------------------------------------------


def test_draws_depend_on_the_statement_alone() -> None:
    shape, other = parse("beta(0.1 to 0.4)"), parse("beta(0.2 to 0.5)")
    draws = Draws(3)
    first = draws.of("item", shape)
    assert np.array_equal(Draws(3).of("item", shape), first)
    assert not np.array_equal(draws.of("another", shape), first)
    assert not np.array_equal(Draws(4).of("item", shape), first)
    assert abs(np.corrcoef(first, draws.of("item", other))[0, 1]) < 4 / math.sqrt(DRAWS)
    assert np.mean(first) == pytest.approx(shape.mean, abs=1e-4)


def test_ranges_widen_the_posterior_and_keep_its_sum(tmp_path: Path) -> None:
    wide = {"{strike: 0.4, crowding: 0.8}": '{strike: "beta(0.1 to 0.8)", crowding: "beta(0.4 to 0.95)"}'}
    result = only_set(weigh(rivals_case(tmp_path, replace=wide), 1))
    assert sum(means(result).values()) == pytest.approx(1.0, abs=1e-12)
    low, mid, high = result.posteriors["neutral"]["strike"].band
    assert low < mid < high
    assert high - low > 0.05


def test_names_and_order_of_explanations_do_not_matter(tmp_path: Path) -> None:
    wide = {"{strike: 0.4, crowding: 0.8}": '{strike: "beta(0.1 to 0.8)", crowding: "beta(0.4 to 0.95)"}'}
    first = only_set(weigh(rivals_case(tmp_path / "a", replace=wide), 1))
    turned = {
        "      strike: {says: The crews strike., name: a strike}\n": "",
        "name: too many ships, argues: [R1]}\n": "name: too many ships, argues: [R1]}\n      strike: {says: The crews strike., name: a strike}\n",
        **wide,
    }
    second = only_set(weigh(rivals_case(tmp_path / "b", replace=turned), 1))
    assert [row.key for row in second.explanations] == ["crowding", "strike"]
    assert means(second) == pytest.approx(means(first), abs=1e-12)


# --- what was seen ---------------------------------------------------------------------------------------------------


def test_facts_dated_later_are_shown_apart(tmp_path: Path) -> None:
    late = {"strike: {value: false, date: 2024-06-01": "strike: {value: false, date: 2024-08-01",
            'holds: "not fact(strike)"': 'holds: "fact(boxes.2023) > 0"'}  # fmt: skip
    result = only_set(weigh(rivals_case(tmp_path, replace=late), 1))
    assert means(result)["strike"] == pytest.approx(0.4 / 1.2, abs=1e-12)
    assert result.since["neutral"]["strike"].mean == pytest.approx(0.1 / 0.86, abs=1e-12)
    banners = next(item for item in result.items if item.name == "banners")
    assert banners.sight.late
    assert banners.moved == {}


def test_sources_that_disagree_leave_an_item_out(tmp_path: Path) -> None:
    open_fact = {
        "source: [authority, paper], confidence: medium}": 'source: authority, confidence: medium, others: [{value: "40 ships", source: paper, confidence: medium}]}',
    }
    result = only_set(weigh(rivals_case(tmp_path, replace=open_fact), 1))
    many = next(item for item in result.items if item.name == "many")
    assert (many.sight.state, many.sight.share) == ("disputed", None)
    assert means(result)["strike"] == pytest.approx(0.25 / 1.2, abs=1e-12)


@given(CHANCES, st.floats(0.0, 1.0))
def test_uncertain_evidence_lies_between_seen_and_not_seen(chance: float, share: float) -> None:
    value = float(log_likelihood(np.array([chance]), share)[0])
    ends = sorted((math.log(chance), math.log(1.0 - chance)))
    assert ends[0] - 1e-12 <= value <= ends[1] + 1e-12


def test_information_of_a_perfect_and_of_an_empty_item() -> None:
    belief = np.array([[0.5], [0.5]])
    assert expected_information(belief, np.array([[1 - 1e-12], [1e-12]])) == pytest.approx(1.0, abs=1e-6)
    assert expected_information(belief, np.array([[0.3], [0.3]])) == pytest.approx(0.0, abs=1e-12)


# --- arguments -------------------------------------------------------------------------------------------------------

PREDICTS = {
    "says: Other ports grew faster.": 'says: Other ports grew faster., predicts: {says: Few ships wait., seen: "fact(ships.waiting) < 50 ships", '
    "right: 0.9, wrong: 0.6, by: tests, why: x}"
}


def test_a_prediction_that_fails_counts_against_its_argument(tmp_path: Path) -> None:
    (argument,) = weigh(rivals_case(tmp_path, replace=PREDICTS), 1).arguments
    assert argument.explanations == (("queue", "crowding"),)
    assert argument.sight is not None and argument.sight.state == "not seen"
    assert argument.ratio == pytest.approx(((1 - 0.9) / (1 - 0.6),) * 3)


def test_an_explanation_without_a_prediction_of_its_own_tests_no_argument(tmp_path: Path) -> None:
    """However they are written, equal chances tell nothing."""
    same = {
        "{strike: 0.4, crowding: 0.8}": "{strike: 0.4, crowding: 0.40}",
        "{strike: 0.75, crowding: 0.05}": '{strike: 0.5, crowding: "fixed(0.5)"}',
        "{strike: 0.9, crowding: 0.1}": '{strike: "beta(0.1 to 0.3)", crowding: "beta( 0.1 to 0.3 )"}',
    }
    rivals = weigh(rivals_case(tmp_path, replace=same), 1)
    assert not rivals.arguments[0].tested
    assert means(only_set(rivals)) == pytest.approx({"strike": 0.5, "crowding": 0.5}, abs=1e-12)


def test_what_an_argument_sets_tests_it(tmp_path: Path) -> None:
    case = facts_only(
        tmp_path, replace={"says: Other ports grew faster.": "says: Other ports grew faster., sets: {strike: true}"}
    )
    (argument,) = weigh(case, 1).arguments
    assert argument.tested and argument.sets == ("strike",) and argument.ratio is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [("right: 0.9", "right: 1", "a chance of 1 leaves no room for error"), ("wrong: 0.6", "wrong: maybe", "is not a distribution"),
     ("< 50 ships", "< 50 tonnes", "tonnes"), ('"fact(ships.waiting) < 50 ships"', '"fact(ship) < 50"', "ship")],
)  # fmt: skip
def test_bad_predictions_are_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    written = {key: value.replace(old, new) for key, value in PREDICTS.items()}
    with pytest.raises(CaseErrors) as refused:
        rivals_case(tmp_path, replace=written)
    assert any(message in problem.message and problem.line for problem in refused.value.problems)


def test_an_estimate_is_seen_in_a_share_of_its_draws(tmp_path: Path) -> None:
    text = EXPLANATIONS.replace('seen: "fact(strike)"', 'seen: "input(loosens.ALF.alignment) > 0.5 per year"')
    case = facts_only(tmp_path, replace={"claims:\n": text.removesuffix("claims:\n") + ESTIMATES})
    result = only_set(weigh(case, 1))
    item = next(item for item in result.items if item.name == "banners")
    assert item.sight.state == "estimated"
    share = float(beta.sf(0.5, 9.5, 11.5))  # nine changes in twenty years
    assert item.sight.share == pytest.approx(share, abs=0.002)
    strike, crowding = (share * p + (1 - share) * (1 - p) for p in (0.75, 0.05))
    assert means(result)["strike"] == pytest.approx(0.4 * strike / (0.4 * strike + 0.8 * crowding), abs=0.002)


@pytest.mark.numeric
@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10_000))
def test_posteriors_are_calibrated(seed: int) -> None:
    """Truth drawn from the prior, items drawn from its chances: of beliefs near p, a share p is true."""
    rng = np.random.default_rng(seed)
    prior, runs = np.array([0.5, 0.3, 0.2]), 4000
    said, happened = [], []
    for _ in range(runs):
        chances = rng.uniform(0.05, 0.95, (4, 3))
        truth = rng.choice(3, p=prior)
        seen = rng.uniform(size=4) < chances[:, truth]
        items = [
            Evidence(name=f"i{index}", logs=log_likelihood(row[:, None], float(was)))
            for index, (row, was) in enumerate(zip(chances, seen, strict=True))
        ]
        said += posterior(prior, items, {})[:, 0].tolist()
        happened += (np.arange(3) == truth).tolist()
    bins = np.digitize(said, np.linspace(0.1, 0.9, 9))
    for index in range(10):
        chosen = bins == index
        error = math.sqrt(0.25 / chosen.sum())
        assert abs(np.mean(np.array(said)[chosen]) - np.mean(np.array(happened)[chosen])) < 4 * error


# --- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "message", "remedy"),
    [
        ("{strike: 0.8, crowding: 0.2}", "{strike: 0.8, crowding: 0.4}", "the prior of `author` sums to 1.2, not to 1", "{strike: 0.7, crowding: 0.3}"),
        ("{strike: 0.8, crowding: 0.2}", "{strike: 0.8, storm: 0.2}", "unknown explanation `storm`", ""),
        ("argues: [R1]", "argues: [R9]", "unknown argument `R9`", ""),
        ("claims: [C2]\n    article", "claims: [C9]\n    article", "unknown claim `C9`", ""),
        ("article: strike", "article: storm", "unknown explanation `storm`", "strike"),
        ("{strike: 0.4, crowding: 0.8}", "{strike: 0.4, storm: 0.8}", "observation `many` has no chance under `crowding`", "every explanation"),
        ("{strike: 0.4, crowding: 0.8}", "{strike: 0.4}", "observation `many` has no chance under `crowding`", "every explanation"),
        ("{strike: 0.4, crowding: 0.8}", "{}", "observation `many` has no chance under `strike`, `crowding`", "every explanation"),
        ("{strike: 0.8, crowding: 0.2}", "{strike: 0.8}", "the prior of `author` has no chance under `crowding`", "every explanation"),
        ("      crowding: {says: Too many ships came., name: too many ships, argues: [R1]}\n", "", "`explanations.queue.of`: 1 entry", "at least 2 entries"),
        ("{strike: 0.4, crowding: 0.8}", "{strike: 0, crowding: 0.8}", "a chance of 0 leaves no room for error", "above 0"),
        ("{strike: 0.4, crowding: 0.8}", "{strike: 1.4, crowding: 0.8}", "outside the admissible range 0 to 1", ""),
        ("{strike: 0.4, crowding: 0.8}", "{strike: often, crowding: 0.8}", "'often' is not a distribution", "beta(0.1 to 0.5)"),
        ('"fact(ships.waiting) >= 50 ships"', '"risk(plan) > 0.1"', "risk", ""),
        ('"fact(ships.waiting) >= 50 ships"', '"fact(ships.waiting)"', "the test is neither true nor false", "compare"),
        ('"fact(ships.waiting) >= 50 ships"', '"fact(ships.waiting) >= threshold"', "threshold", ""),
        ("by: tests, why: strikes are seen", "by: tests, why: strikes are seen, group: port", "unknown group `port`", ""),
        ("claims:\n", "    groups: {port: {strength: 0.5, by: tests, why: x}}\nclaims:\n", "no observation belongs to group `port`", ""),
    ],
)  # fmt: skip
def test_bad_input_names_what_and_where(tmp_path: Path, old: str, new: str, message: str, remedy: str) -> None:
    with pytest.raises(CaseErrors) as refused:
        rivals_case(tmp_path, replace={old: new})
    problem = next(problem for problem in refused.value.problems if message in problem.message)
    assert problem.line
    assert remedy in (problem.remedy or "")


@pytest.mark.parametrize("test", ["risk() > 0.1", "P(input(widening) > 0.1) > 0.5"])
def test_an_observation_asks_no_model(tmp_path: Path, test: str) -> None:
    text = f"""\
explanations:
  why:
    what: why it happened
    article: a
    of: {{a: {{says: One thing., name: one}}, b: {{says: Another., name: two}}}}
    observations: {{o: {{says: Something., seen: "{test}", chances: {{a: 0.2, b: 0.4}}, by: tests, why: x}}}}
claims:
"""
    with pytest.raises(CaseErrors, match="an observation cannot read") as refused:
        minimal_case(tmp_path, replace={"claims:\n": text})
    assert refused.value.problems[0].line


def test_one_explanation_and_no_observation_are_refused(tmp_path: Path) -> None:
    none = tmp_path / "none"
    text = (rivals_case(none).folder / "case.yaml").read_text()
    start, end = text.index("    observations:"), text.index("claims:\n", text.index("    observations:"))
    (none / "case.yaml").write_text(text[:start] + "    observations: {}\n" + text[end:])
    from tocsin.case import load

    with pytest.raises(CaseErrors, match="observations"):
        load(none)
