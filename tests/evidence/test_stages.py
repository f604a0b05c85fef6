"""The three moves of a dispute: what is known when, payoffs that come back, forecasts that the future cannot change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from tests.data.test_readers import cached as cached
from tests.support import assert_close

from tocsin.data.readers import read
from tocsin.errors import InputError
from tocsin.evidence.hostility.parameters import Parameters
from tocsin.evidence.past.roles import FIRST
from tocsin.evidence.stages import logit
from tocsin.evidence.stages.covariates import covariates
from tocsin.evidence.stages.estimate import CONSTANT, SOURCES, estimated, stored_moves
from tocsin.evidence.stages.game import Sample, StageGame, estimate
from tocsin.evidence.stages.history import HALF_LIFE, History, history
from tocsin.evidence.stages.specification import (
    BEGIN,
    FIGHT,
    FIRM,
    LATER,
    RESIST,
    STAGES,
    TABLE,
    looking_ahead,
    specification,
    without_exclusions,
)
from tocsin.evidence.store import load_result, refit

pytestmark = pytest.mark.numeric

HOSTILITY = Parameters(strength=2.0, mean=0.1, began=0.6, against=0.1, going=0.2, half_life=2.4)
YEAR_OF_RETURN = 2.0 ** (-1.0 / HALF_LIFE)


# --- a small world -----------------------------------------------------------------------------------------------------


class Dispute(NamedTuple):
    """A dispute that state `one` begins with `other`: years, levels of hostility of both, and outcome."""

    one: int
    other: int
    first: int
    last: int
    levels: tuple[int, int] = (3, 1)
    outcome: int = 5


def tables(disputes: list[Dispute], *, until: int, states: int = 4) -> dict[str, pl.DataFrame]:
    """Return the sources of `history`: all pairs of states are spatial rivals, and the data end in `until`."""
    rows = [
        (number, *sides, year, 1, int(year == dispute.first), int(sides == (dispute.one, dispute.other)), 1, 1, *levels)
        for number, dispute in enumerate(disputes)
        for year in range(dispute.first, dispute.last + 1)
        for sides, levels in (
            ((dispute.one, dispute.other), dispute.levels),
            ((dispute.other, dispute.one), dispute.levels[::-1]),
        )
    ]
    sides = ("hostility1", "hostility2")
    flags = ("ongoing", "onset", "initiating_side1", "originator1", "originator2")
    pairs = [(one, other) for one in range(1, states + 1) for other in range(one + 1, states + 1)]
    return {
        "mid_dyads": pl.DataFrame(rows, schema=("dispute", "state1", "state2", "year", *flags, *sides), orient="row"),
        "mid_disputes": pl.DataFrame(
            [(number, dispute.outcome, 1) for number, dispute in enumerate(disputes)],
            schema=("dispute", "outcome", "settlement"),
            orient="row",
        ),
        "states": pl.DataFrame([(state, 1816, until) for state in range(1, states + 1)], schema=("state", "first", "last"), orient="row"),
        "rivalries_tss": pl.DataFrame(
            [(one, other, 1816, until, None, 1, None, None) for one, other in pairs],
            schema=("state1", "state2", "first", "last", "positional", "spatial", "ideological", "interventionary"),
            orient="row",
        ),
    }  # fmt: skip


FAR = Dispute(3, 4, FIRST, FIRST), Dispute(3, 4, FIRST + 40, FIRST + 40)
"""Disputes of others; they only set the first and the last year."""


def between(*disputes: Dispute) -> History:
    return history(tables([*FAR, *disputes], until=2016))


def at(past: History, name: str, year: int) -> float:
    """Return a count of the pair 1 and 2 at 1 January."""
    row = past.record.pairs.tolist().index([1, 2])
    return float(getattr(past, name)[row, year - past.record.first])


def cases(years: range, pairs: list[tuple[int, int]], seed: int = 0) -> pl.DataFrame:
    """Return years of pairs with forces drawn at random."""
    rng = np.random.default_rng(seed)
    rows = [(*pair, year) for pair in pairs for year in years]
    size = len(rows)
    return pl.DataFrame(rows, schema=("challenger", "target", "year"), orient="row").with_columns(
        ratio=rng.normal(size=size),
        distance=rng.uniform(0.0, 4000.0, size),
        helped=rng.uniform(0.0, 1.0, size),
        **{
            name: rng.integers(0, 2, size) for name in ("major_challenger", "major_target", "nuclear", "pact")
        },
    )  # fmt: skip


# --- what is known when ------------------------------------------------------------------------------------------------


def test_a_short_dispute_is_known_in_the_next_year() -> None:
    past = between(Dispute(1, 2, 1900, 1900, levels=(4, 3)))
    assert [at(past, "answered", year) for year in (1900, 1901)] == [0.0, 1.0]
    assert at(past, "answered", 1902) == pytest.approx(YEAR_OF_RETURN)
    assert at(past, "forced", 1901) == 1.0


def test_how_a_dispute_goes_is_not_known_while_it_goes_on_unless_it_began_two_years_ago() -> None:
    past = between(Dispute(1, 2, 1900, 1903, levels=(5, 5), outcome=1))
    for name in ("answered", "fought", "yielded", "judged", "forced"):
        assert [at(past, name, year) for year in (1900, 1901)] == [0.0, 0.0], name
        assert at(past, name, 1902) == pytest.approx(YEAR_OF_RETURN), name
    assert at(past, "recent", 1901) == 1.0  # that it began is known


def test_the_end_of_a_dispute_counts_by_who_lost() -> None:
    past = between(Dispute(1, 2, 1900, 1900, outcome=4), Dispute(1, 2, 1902, 1902, outcome=3))
    assert at(past, "judged", 1903) == pytest.approx(1.0 + YEAR_OF_RETURN**2)
    assert at(past, "yielded", 1903) == pytest.approx(YEAR_OF_RETURN**2)


def test_an_unanswered_pair_is_told_from_one_without_a_record() -> None:
    silent = between(Dispute(1, 2, 1900, 1900, levels=(3, 1)))
    year = cases(range(1901, 1902), [(1, 2)])
    assert covariates(year, silent, HOSTILITY)["answered"][0] == pytest.approx(-0.25)
    assert covariates(year, between(), HOSTILITY)["answered"][0] == 0.0


def test_other_states_do_not_count_the_pair_itself() -> None:
    past = between(Dispute(1, 2, 1900, 1900), Dispute(1, 3, 1900, 1900), Dispute(4, 2, 1900, 1900))
    known = covariates(cases(range(1901, 1902), [(1, 2)]), past, HOSTILITY)
    assert known["challenger began others"][0] == pytest.approx(np.log(2.0))
    assert known["others against target"][0] == pytest.approx(np.log(2.0))
    assert known["others against challenger"][0] == pytest.approx(0.0)


# --- the future --------------------------------------------------------------------------------------------------------


def random_disputes(seed: int, first: int, last: int, count: int) -> list[Dispute]:
    rng = np.random.default_rng(seed)
    pairs = [rng.permutation(np.arange(1, 5))[:2].tolist() for _ in range(count)]
    starts = np.sort(rng.integers(first, last + 1, count))
    return [
        Dispute(one, other, int(start), min(int(start) + int(rng.integers(0, 4)), last), tuple(rng.integers(1, 6, 2)), int(rng.integers(1, 8)))
        for (one, other), start in zip(pairs, starts, strict=True)
    ]  # fmt: skip


def with_outcomes(years: pl.DataFrame, seed: int) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    drawn = {name: rng.integers(0, 2, years.height) for name in ("press", "reciprocate", "firm", "war")}
    return years.with_columns(**drawn).with_columns(war=pl.col("war") * pl.col("reciprocate"))


def test_the_future_does_not_change_a_forecast() -> None:
    """Disputes of the year and later are replaced by others, and how those went that began the year before and go on."""
    now, end = FIRST + 40, FIRST + 80
    pairs = [(one, other) for one in range(1, 5) for other in range(1, 5) if one != other]
    earlier = [dispute for dispute in random_disputes(1, FIRST, end, 200) if dispute.first < now]
    going = [dispute for dispute in earlier if dispute.first == now - 1 and dispute.last >= now]
    assert going
    changed = [
        dispute._replace(levels=(5, 5), outcome=1, last=now) if dispute in going else dispute for dispute in earlier
    ]
    ends = Dispute(1, 2, FIRST, FIRST), Dispute(1, 2, end, end)
    past, new = with_outcomes(cases(range(FIRST, now), pairs), 2), cases(range(now, now + 1), pairs, 3)
    forecasts = []
    for disputes, later in ((earlier, 4), (changed, 5)):
        known = history(tables([*disputes, *random_disputes(later, now, end, 100), *ends], until=end))
        forecasts.append(StageGame.fit(past, past, known, HOSTILITY, without_exclusions()).predict(new, known))
    for name, values in forecasts[0].items():
        np.testing.assert_allclose(values, forecasts[1][name], rtol=1e-12, err_msg=name)


def test_a_year_outside_the_record_is_refused() -> None:
    with pytest.raises(InputError, match=r"(?s)no record of disputes for 1880.*use cases of 1887 to 1928"):
        covariates(cases(range(1880, 1890), [(1, 2)]), between(), HOSTILITY)


def test_forecasts_do_not_depend_on_the_order_of_cases() -> None:
    pairs = [(1, 2), (2, 1), (3, 4), (1, 4)]
    past = history(tables([*FAR, *random_disputes(1, FIRST, FIRST + 60, 150)], until=FIRST + 60))
    years = with_outcomes(cases(range(FIRST, FIRST + 50), pairs), 2)
    game = StageGame.fit(years, years, past, HOSTILITY)
    mixed = years.sample(fraction=1.0, shuffle=True, seed=1)
    again = StageGame.fit(mixed, mixed, past, HOSTILITY)
    new = cases(range(FIRST + 50, FIRST + 55), pairs)
    for name, values in game.predict(new, past).items():
        np.testing.assert_allclose(values, again.predict(new, past)[name], rtol=1e-6)
        assert ((values > 0.0) & (values < 1.0)).all()


# --- payoffs come back -------------------------------------------------------------------------------------------------

PAYOFFS: Mapping[str, Mapping[str, float]] = {
    FIGHT: {"constant": -1.0, "force": 0.8, "evenness": 0.5, "spatial": 0.6},
    FIRM: {"constant": 1.0, "major target": 0.7},
    RESIST: {"constant": 0.2, "answered": 0.9, "hostility": 0.4, "expected fight": -1.5},
    BEGIN: {"constant": -1.0, "hostility": 0.9, "expected answer": -1.2, "expected war": -2.0},
}
"""Payoffs of the simulated states, in log odds per unit of each column."""


def simulated(count: int, seed: int) -> Sample:
    """Return years and what three moves of agent quantal response brought in them."""
    rng = np.random.default_rng(seed)
    names = ("force", "evenness", "spatial", "major target", "answered", "hostility")
    known = {name: rng.normal(size=count) for name in names}
    chance: dict[str, np.ndarray] = {}
    for stage in STAGES:
        payoffs = PAYOFFS[stage]
        worth = payoffs["constant"] + sum(value * known[name] for name, value in payoffs.items() if name != "constant")
        chance[stage] = expit(worth)
        known |= {"expected fight": chance[FIGHT]}
        if RESIST in chance:
            known |= {"expected answer": chance[RESIST], "expected war": chance[RESIST] * chance[FIGHT]}
    drawn = {stage: (rng.random(count) < chance[stage]).astype(float) for stage in STAGES}
    begun = drawn[BEGIN] == 1
    outcomes = {
        "press": drawn[BEGIN],
        "reciprocate": np.where(begun, drawn[RESIST], np.nan),
        "firm": np.where(begun, drawn[FIRM], np.nan),
        "war": np.where(begun, drawn[RESIST] * drawn[FIGHT], np.nan),
    }
    columns = {name: known[name] for name in names}
    return Sample(columns, outcomes, rng.integers(0, count // 20, count))


def begun_only(sample: Sample) -> Sample:
    rows = sample.outcomes["press"] == 1
    columns, outcomes = (
        {name: values[rows] for name, values in part.items()} for part in (sample.columns, sample.outcomes)
    )
    return Sample(columns, outcomes, sample.pairs[rows])


def test_payoffs_of_simulated_states_come_back() -> None:
    sample = simulated(40_000, seed=1)
    chosen = {stage: tuple(name for name in PAYOFFS[stage] if name != "constant") for stage in STAGES}
    moves = estimate(sample, begun_only(sample), chosen)
    scores = []
    for stage, fitted in moves.stages.items():
        values, covariance = fitted.original_units()
        truth = np.array(list(PAYOFFS[stage].values()))
        scores.extend((values - truth) / np.sqrt(np.diag(covariance)))
    assert np.abs(scores).max() < 3.0
    assert np.mean(np.square(scores)) < 2.0


def test_a_stage_is_not_bent_by_moves_before_it() -> None:
    sample = simulated(4_000, seed=2)
    other = sample._replace(outcomes=dict(sample.outcomes) | {"press": 1.0 - sample.outcomes["press"]})
    disputes, chosen = begun_only(sample), {stage: ("hostility", *LATER.get(stage, ())) for stage in STAGES}
    one, two = (estimate(years, disputes, chosen) for years in (sample, other))
    for stage in (FIGHT, FIRM, RESIST):
        np.testing.assert_array_equal(one.stages[stage].coefficients, two.stages[stage].coefficients)
    assert not np.allclose(one.stages[BEGIN].coefficients, two.stages[BEGIN].coefficients)


# --- the table of exclusions -------------------------------------------------------------------------------------------


def test_the_table_of_exclusions_is_what_is_estimated() -> None:
    pairs = [(1, 2), (2, 1), (3, 4)]
    past = history(tables([*FAR, *random_disputes(1, FIRST, FIRST + 60, 150)], until=FIRST + 60))
    years = with_outcomes(cases(range(FIRST, FIRST + 50), pairs), 2)
    stages = StageGame.fit(years, years, past, HOSTILITY).moves.stages
    for entry in TABLE:
        assert {stage for stage in STAGES if entry.covariate in stages[stage].names} == set(entry.stages), entry
        assert entry.why
    assert sum(len(stages[stage].coefficients) for stage in (BEGIN, RESIST, FIGHT)) <= 30


def test_no_move_expects_an_earlier_one() -> None:
    for chosen in (specification(), without_exclusions(), looking_ahead(specification())):
        expected = {name for names in LATER.values() for name in names}
        for stage, names in chosen.items():
            assert expected & set(names) <= set(LATER.get(stage, ()))


# --- the logit ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("penalty", [1.0, 30.0])
def test_the_logit_agrees_with_another_implementation(penalty: float) -> None:
    rng = np.random.default_rng(1)
    columns = rng.normal(size=(300, 4))
    outcome = (rng.random(300) < expit(columns @ [1.0, -0.5, 0.0, 0.3] - 1.0)).astype(float)
    mine = logit.maximize(np.column_stack([np.ones(300), columns]), outcome, penalty)
    other = LogisticRegression(C=1.0 / penalty, tol=1e-10, max_iter=1000).fit(columns, outcome)
    np.testing.assert_allclose(mine, np.concatenate([other.intercept_, other.coef_[0]]), atol=1e-5)


def test_a_column_that_separates_the_outcomes_is_held_by_the_penalty() -> None:
    column = np.linspace(-1.0, 1.0, 60)[:, None]
    fitted = logit.fit(column, (column[:, 0] > 0.0).astype(float), np.arange(60), ("x",))
    assert np.isfinite(fitted.coefficients).all()
    assert np.isfinite(fitted.covariance).all()
    assert 0.0 < fitted.predict(np.array([[1e6]]))[0] < 1.0


def test_noise_is_penalized_more_than_a_signal() -> None:
    rng = np.random.default_rng(3)
    columns = rng.normal(size=(400, 6))
    noise = (rng.random(400) < 0.3).astype(float)
    signal = (rng.random(400) < expit(2.0 * columns[:, 0])).astype(float)
    noisy, clear = (logit.fit(columns, outcome, np.arange(400), "abcdef") for outcome in (noise, signal))
    assert noisy.penalty > clear.penalty


# --- the stored result -------------------------------------------------------------------------------------------------


def test_the_stored_result_holds_the_table_of_exclusions() -> None:
    rows = load_result("stages").figures.estimated
    for stage, names in specification().items():
        assert [row.labels["of"] for row in rows if row.labels["move"] == stage] == [CONSTANT, *names]


def test_a_stored_logit_is_the_estimated_one() -> None:
    rng = np.random.default_rng(1)
    columns = rng.normal(3.0, [1.0, 10.0], size=(300, 2))
    fitted = logit.fit(
        columns, (rng.random(300) < expit(columns[:, 0] - 3.0)).astype(float), np.arange(300), ("x", "y")
    )
    learned = fitted.cases, fitted.events, fitted.penalty
    again = logit.Logit.from_original_units(
        fitted.names, *fitted.original_units(), (fitted.mean, fitted.scale), learned
    )
    np.testing.assert_allclose(again.predict(columns), fitted.predict(columns), rtol=1e-9)
    np.testing.assert_allclose(again.covariance, fitted.covariance, rtol=1e-6, atol=1e-12)


def test_stored_moves_give_chances_between_those_of_calm_and_of_hostile_rivals() -> None:
    moves = stored_moves(load_result("stages"))
    known = {entry.covariate: np.zeros(2) for entry in TABLE} | {"hostility": np.array([-4.0, -0.5])}
    known |= {"world wars": np.full(2, -3.0), "world yields": np.full(2, -2.2), "rivalry": np.ones(2)}
    chances = moves.probabilities(known)
    assert chances[BEGIN][0] < 0.05 < 0.25 < chances[BEGIN][1]
    assert 0.0 < chances[FIGHT][0] < 0.1
    assert chances[RESIST][0] < chances[RESIST][1]


@pytest.mark.slow
@pytest.mark.usefixtures("cached")
def test_refit_gives_the_stored_figures() -> None:
    made, stored = (figures.to_dict() for figures in (refit("stages").figures, load_result("stages").figures))
    assert_close(made, stored)
    moves = stored_moves(load_result("stages"))
    for stage, fitted in estimated({name: read(name) for name in SOURCES}).moves.stages.items():
        np.testing.assert_allclose(moves.stages[stage].coefficients, fitted.coefficients, atol=2e-3)
