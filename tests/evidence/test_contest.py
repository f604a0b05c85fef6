"""Contests: the ordered logit against published numbers, the flexible predictor, and the stored contest function."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from benchmarks.outcomes import by_ratio, flexible
from scipy.special import expit
from tests.data.test_readers import cached as cached
from tests.support import assert_close, seeded

from tocsin.data.readers import read
from tocsin.errors import InputError, SolveError
from tocsin.evidence.contest.disputes import OUTCOMES, Disputes, disputes
from tocsin.evidence.contest.function import LOST, NEITHER, WON, bilateral, estimate, wars_of_sides
from tocsin.evidence.contest.ordered import ordered_logit
from tocsin.evidence.contest.outcomes import cross_validate, learn
from tocsin.evidence.results import EstimateRow
from tocsin.evidence.store import load_result, refit
from tocsin.evidence.tables import read_table

pytestmark = pytest.mark.numeric

USE_OF_FORCE = 4
"""Level of hostility."""
FILE = "reference/doe_rebuilt_training_1740.csv"


def invented(cases: int, seed: int, *, decisive: float = 3.0, holes: float = 0.1) -> Disputes:
    """Simulate disputes that the ratio of military spending decides."""
    rng = np.random.default_rng(seeded(seed))
    components = np.exp(rng.normal(6.0, 1.5, size=(cases, 2, 6)))
    ratio = np.log(components[:, 0, 1] / components[:, 1, 1])
    edges = np.array([-1.0, 1.0])
    below = expit(edges - decisive * ratio[:, None])
    outcome = (rng.uniform(size=(cases, 1)) > below).sum(axis=1)
    components[rng.uniform(size=components.shape) < holes] = np.nan
    capability = rng.uniform(0.001, 0.2, size=(cases, 2))
    return Disputes(rng.uniform(1816, 2010, size=cases), components, capability, outcome)


def test_ordered_logits_have_the_published_estimates(shared: Path) -> None:
    cases = disputes(read_table(shared / FILE))
    assert [int((cases.outcome == index).sum()) for index in range(3)] == [79, 1460, 201]
    a, b = cases.capability.T
    log = ordered_logit(np.log(a / (a + b))[:, None], cases.outcome)
    assert (log.slope[0], log.standard_errors[0], log.loglik) == pytest.approx(
        (0.261438, 0.062916, -925.6822), abs=1e-4
    )
    plain = ordered_logit((a / (a + b))[:, None], cases.outcome)
    assert (plain.slope[0], plain.standard_errors[0], plain.loglik) == pytest.approx(
        (1.120328, 0.215753, -920.2625), abs=1e-4
    )
    for log_ratio, published in ((True, 0.0077), (False, 0.0137)):
        reductions = [cross_validate(cases, partial(by_ratio, log_ratio), seed=seed) for seed in range(10)]
        assert np.mean(reductions) == pytest.approx(published, abs=0.002)


def test_an_ordered_logit_recovers_known_parameters_in_any_units() -> None:
    rng = np.random.default_rng(seeded(1))
    x = rng.normal(size=(8000, 2))
    truth = np.array([1.0, -0.5])
    outcome = (rng.uniform(size=(8000, 1)) > expit(np.array([-1.0, 0.5, 1.5]) - (x @ truth)[:, None])).sum(axis=1)
    fit = ordered_logit(x, outcome)
    errors = np.concatenate([fit.slope, fit.cuts]) - [1.0, -0.5, -1.0, 0.5, 1.5]
    assert np.abs(errors / fit.standard_errors).max() < 4.0
    scaled = ordered_logit(x * [1000.0, 0.01] + 5.0, outcome)
    assert scaled.slope * [1000.0, 0.01] == pytest.approx(fit.slope, rel=1e-4)
    assert scaled.loglik == pytest.approx(fit.loglik, abs=1e-5)
    assert scaled.probabilities(x * [1000.0, 0.01] + 5.0).sum(axis=1) == pytest.approx(1.0)


def test_an_ordered_logit_without_a_finite_estimate_is_refused() -> None:
    x = np.linspace(-1, 1, 100)[:, None]
    with pytest.raises(SolveError, match="did not converge"):
        ordered_logit(x, (x[:, 0] > 0).astype(int) + (x[:, 0] > 0.5))
    with pytest.raises(InputError, match="never occurs"):
        ordered_logit(x, np.array([0, 2] * 50))
    with pytest.raises(InputError, match="does not vary"):
        ordered_logit(np.ones((100, 1)), np.array([0, 1] * 50))


@pytest.mark.slow
def test_the_predictor_learns_despite_missing_values_and_is_reproducible() -> None:
    seen, new = invented(200, 1), invented(200, 2)
    predictor = learn(seen, seed=seeded(1))
    predicted = predictor.probabilities(new)
    assert predictor.weights.sum() == pytest.approx(1.0) and (predictor.weights >= 0).all()
    assert predicted.sum(axis=1) == pytest.approx(1.0) and (predicted > 0).all()
    shares = np.bincount(seen.outcome, minlength=3) / 200
    gains = np.log(predicted[np.arange(200), new.outcome]) - np.log(shares[new.outcome])
    assert gains.mean() / (gains.std() / np.sqrt(200)) > 3.0
    assert np.array_equal(learn(seen, seed=seeded(1)).probabilities(new), predicted)


@pytest.mark.slow
def test_random_outcomes_are_not_predicted() -> None:
    """A predictor that used the held-out fold would seem to predict them."""
    cases = invented(300, 3, decisive=0.0)
    assert cross_validate(cases, partial(flexible, 1), seed=seeded(1), folds=4) < 0.03


@pytest.mark.slow
def test_held_out_disputes_are_predicted_far_better_than_by_the_capability_ratio(shared: Path) -> None:
    cases = disputes(read_table(shared / FILE))
    assert np.mean([cross_validate(cases, partial(flexible, seed), seed=seed) for seed in range(3)]) >= 0.20


@pytest.mark.usefixtures("cached")
def test_refit_gives_the_stored_figures() -> None:
    assert_close(refit("contest").figures.to_dict(), load_result("contest").figures.to_dict())


def simulated(cases: int, seed: int, *, slope: float, win: float, lose: float) -> pl.DataFrame:
    """Simulate contests that the first side wins with logistic(slope x - win) and loses with logistic(-slope x - lose)."""
    rng = np.random.default_rng(seeded(seed))
    ratio, chance = rng.normal(0.0, 1.5, size=cases), rng.uniform(size=cases)
    outcome = np.where(
        chance < expit(-slope * ratio - lose), 0, np.where(chance > 1 - expit(slope * ratio - win), 2, 1)
    )
    years = rng.integers(1946, 2003, size=cases)
    return pl.DataFrame(
        {"year": years, "ratio": ratio, "distance": rng.uniform(0, 3000, size=cases), "outcome": outcome}
    )


def by_name(rows: Iterable[EstimateRow], **labels: str) -> dict[str, EstimateRow]:
    """Return the rows with these labels, by what they estimate."""
    return {row.labels["what"]: row for row in rows if labels.items() <= row.labels.items()}


def test_decisiveness_and_cutpoints_of_simulated_contests_are_recovered() -> None:
    truth = {"decisiveness": 0.8, "cutpoint to win": 1.2, "cutpoint to lose": 0.6}
    cases = simulated(6000, 11, slope=0.8, win=1.2, lose=0.6)
    rows = estimate(cases, cases).estimated
    for suffix, labels in (
        ("", {"year": "1950", "apart": "neighbours"}),
        (" in war", {"years": "1823 to 2003"}),
        (" in war", {"years": "since 1946"}),
    ):
        group = by_name(rows, **labels)
        assert set(group) == {f"{what}{suffix}" for what in truth}
        for what, value in truth.items():
            row = group[f"{what}{suffix}"]
            # four standard errors
            assert abs(row.p50 - value) < 4.0 * (row.p95 - row.p05) / 3.29, (what, labels)


def test_the_rows_give_the_probabilities_and_the_covariance_of_the_fit() -> None:
    cases = simulated(400, 12, slope=0.5, win=1.0, lose=-0.2)
    fit = ordered_logit(cases["ratio"].to_numpy()[:, None], cases["outcome"].to_numpy())
    m, win, lose = by_name(estimate(cases, cases).estimated, years="since 1946").values()
    for x in (-2.0, 0.0, 1.0):
        lost, drawn, won = fit.probabilities(np.array([[x]]))[0]
        assert won == pytest.approx(expit(m.p50 * x - win.p50), abs=1e-4)
        assert lost == pytest.approx(expit(-m.p50 * x - lose.p50), abs=1e-4)
        assert drawn == pytest.approx(1.0 - won - lost)
    spread = np.array([(row.p95 - row.p05) / 2 / 1.644854 for row in (m, win, lose)])
    loadings = np.array([row.joint.loadings for row in (m, win, lose) if row.joint])
    # slope, minus the lower cut, the upper cut
    signs = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]])
    expected = signs @ fit.covariance @ signs.T
    assert spread[:, None] * (loadings @ loadings.T) * spread == pytest.approx(expected, rel=2e-3, abs=2e-6)


def test_evenly_matched_cases_have_closed_form_cutpoints() -> None:
    """Twins with the ratio reversed make the slope 0, so that the cutpoints are the log odds of the shares."""
    half = pl.DataFrame({
        "year": range(1950, 2000), "ratio": [1.0, 2.0] * 25, "distance": [0.0, 500.0] * 25,
        "outcome": ([0] + [1] * 7 + [2] * 2) * 5,
    })  # fmt: skip
    cases = pl.concat([half, half.with_columns(-pl.col("ratio"))])
    m, win, lose = by_name(estimate(cases, cases).estimated, years="since 1946").values()
    assert (m.p50, win.p50, lose.p50) == pytest.approx((0.0, np.log(0.8 / 0.2), np.log(0.9 / 0.1)), abs=1e-4)


def test_the_stored_cutpoints_are_those_of_wars_and_disputes_on_record() -> None:
    figures = load_result("contest").figures
    war = by_name(figures.estimated, years="1823 to 2003")
    # among equals the side that began wins half of the wars and loses three in ten; a dispute now is drawn nine times in ten
    assert expit(-war["cutpoint to win in war"].p50) == pytest.approx(0.50, abs=0.01)
    assert expit(-war["cutpoint to lose in war"].p50) == pytest.approx(0.29, abs=0.01)
    clash = by_name(figures.estimated, year="2000", apart="neighbours")
    decided = expit(-clash["cutpoint to win"].p50) + expit(-clash["cutpoint to lose"].p50)
    assert decided == pytest.approx(0.10, abs=0.01)
    counted = {row["outcome"]: row["disputes"] for row in figures.counted}
    assert counted == {"lost": 66, "neither": 1264, "won": 120}


@pytest.mark.usefixtures("cached")
def test_fights_that_the_target_answered_are_as_seldom_decided_as_all_disputes() -> None:
    """The page on evidence states these counts: yielding without a fight does not make the odds of a clash."""
    ends = read("gml_disputes").filter(
        pl.col("reciprocated") == 1, pl.col("hostility") >= USE_OF_FORCE, pl.col("year") >= 1953
    )
    pairs = read("gml_dyads").unique(["dispute", "state1", "state2"])
    alone = pairs.group_by("dispute").agg(pl.len(), begun=(pl.col("initiating_side1") == 1).sum())
    fights = ends.join(alone.filter(pl.col("len") == 2, pl.col("begun") == 1), on="dispute")
    won, lost, neither = (fights.filter(pl.col("outcome").is_in(codes)).height for codes in (WON, LOST, NEITHER))
    assert (won, lost, won + lost + neither) == (17, 19, 454)


def test_bilateral_disputes_are_coded_from_the_side_that_began_them() -> None:
    pair = {"initiating_side1": [1, 0], "dispute": [7, 7], "state1": [2, 740], "state2": [740, 2]}
    crowd = {
        "initiating_side1": [1, 1, 0, 0],
        "dispute": [8] * 4,
        "state1": [2, 20, 740, 740],
        "state2": [740, 740, 2, 20],
    }
    dyads = pl.concat([pl.DataFrame(pair), pl.DataFrame(crowd)])
    disputes = pl.DataFrame({"dispute": [7, 8], "year": [1950, 1950], "outcome": [3, 1]})
    nmc = pl.DataFrame({"state": [2, 740, 20], "year": [1950] * 3, "published": [0.3, 0.03, 0.01]})
    distance = pl.DataFrame({"state1": [2], "state2": [740], "year": [1950], "distance": [900.0]})
    cases = bilateral(disputes, dyads, nmc, distance)
    assert cases.rows() == [(1950, pytest.approx(np.log(10.0)), 900.0, 0)]


def test_wars_are_coded_from_the_side_that_began_them_with_the_summed_capability_of_its_states() -> None:
    names = ("war", "state1", "state2", "year", "side1", "initiator1", "outcome1")
    rows = [
        (1, 2, 740, 1950, 1, 0, 1), (1, 20, 740, 1951, 1, 0, 1), (1, 740, 2, 1950, 2, 1, 2),
        # the states of one side have different outcomes
        (2, 2, 740, 1950, 1, 1, 1), (2, 20, 740, 1950, 1, 0, 2), (2, 740, 2, 1950, 2, 0, 1),
        # a participant with unknown capability
        (3, 2, 731, 1950, 1, 1, 1), (3, 731, 2, 1950, 2, 0, 2),
        # state 20 began on the losing side and changed to the winning one
        (4, 740, 2, 1950, 1, 1, 2), (4, 20, 2, 1950, 1, 0, 2), (4, 2, 740, 1950, 2, 0, 1), (4, 20, 740, 1951, 2, 0, 1),
    ]  # fmt: skip
    wars = pl.DataFrame(rows, schema=names, orient="row")
    nmc = pl.DataFrame(
        {"state": [2, 20, 740, 20], "year": [1950, 1951, 1950, 1950], "published": [0.3, 0.01, 0.02, 0.1]}
    )
    sides = wars_of_sides(wars, nmc)
    assert sorted(sides["outcome"]) == [0, 0, 1] and set(sides["year"]) == {1950}
    assert sorted(sides["ratio"]) == pytest.approx([np.log(0.02 / 0.31), np.log(0.12 / 0.31), np.log(0.4 / 0.02)])


def test_errors_in_a_table_of_disputes_are_located(shared: Path) -> None:
    table = read_table(shared / FILE)
    with pytest.raises(InputError, match="no column `milex_b`"):
        disputes(table.drop("milex_b"))
    with pytest.raises(InputError, match="row 1: `Y` is 'Draw'"):
        disputes(table.with_columns(Y=pl.lit("Draw")))
    with pytest.raises(InputError, match="missing in a row"):
        disputes(table.with_columns(cinc_a=pl.lit(None, dtype=pl.Float64)))
    assert OUTCOMES[-1] == "VictoryA"
