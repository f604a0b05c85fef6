"""The signalling game fitted to weeks: what it identifies, what it recovers, and the stored result."""

from __future__ import annotations

import datetime as dt
import math

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
import pytest
from benchmarks.words import power
from tests.data.test_readers import cached as cached
from tests.support import seeded

from tocsin.data.readers import read
from tocsin.data.shipped import shipped_cases
from tocsin.evidence.reference import estimate
from tocsin.evidence.store import load_result, refit
from tocsin.evidence.words.game import CHOICES, SETTLED, Payoffs, Solution, solve
from tocsin.evidence.words.posterior import PRIORS, STATEMENTS, Parts, fit, parts
from tocsin.evidence.words.prior import PriorDraws, prior_draws, weighted_quantiles
from tocsin.evidence.words.weeks import CASE, TARGET, Weeks, count_weeks
from tocsin.models.signal import rates
from tocsin.rhetoric.acts import act_days
from tocsin.rhetoric.series import stored_counts
from tocsin.rhetoric.triggers import Trigger, triggers

pytestmark = pytest.mark.numeric

ORDINARY = np.array([[318, 33], [315, 21], [70, 4], [0, 0]])
STEPPED = 162
DRAWS = 20_000

_solve = jax.jit(jax.vmap(solve))
_parts = jax.jit(jax.vmap(parts))


@pytest.fixture(scope="module")
def before() -> PriorDraws:
    return prior_draws(ORDINARY, DRAWS, seed=seeded(3))


def drawn(draws: int, spread: float = 1.0, **changes: float) -> Payoffs:
    """Return payoffs from their priors, whose standard deviations are multiplied by `spread`."""
    random = np.random.default_rng(seeded(7))
    values = {
        name: np.exp(np.log(middle) + spread * sd * random.normal(size=draws)) for name, (middle, sd) in PRIORS.items()
    }
    values["prior"] = random.uniform(0.02, 0.98, draws)
    return Payoffs(**values | {name: np.full(draws, value) for name, value in changes.items()})


def solved(payoffs: Payoffs) -> Solution:
    solution: Solution = jax.tree.map(np.asarray, _solve(payoffs))
    return solution


# with large payoffs a few games have several equilibria, or are slow to settle
@pytest.mark.parametrize(("spread", "share"), [(0.5, 0.995), (1.0, 0.93)])
def test_the_solution_is_the_one_of_the_game_tree(spread: float, share: float) -> None:
    payoffs = drawn(400, spread)
    solution = solved(payoffs)
    tree = rates(
        fear=np.ones(400),
        precision=np.ones(400),
        parameters={**payoffs._asdict(), "undone": payoffs.relief},
    )
    for kind, logs in (("alarmed", solution.alarmed), ("posturing", solution.posturing)):
        of_tree = np.stack([tree[kind][choice] for choice in CHOICES], axis=1)
        same = np.abs(np.exp(logs) - of_tree).max(axis=1) < 1e-6
        assert same.mean() > share


def test_the_derivative_of_the_equilibrium_is_that_of_its_fixed_point() -> None:
    payoffs = Payoffs(*(jnp.asarray(value) for value in (1.0, 3.0, 2.0, 2.0, 1.5, 1.2, 3.0, 0.4)))

    first = jax.jit(lambda payoffs: solve(payoffs).alarmed[4])
    slopes, step = jax.jit(jax.grad(first))(payoffs), 1e-5
    for index, slope in enumerate(slopes):
        up, down = (payoffs._replace(**{Payoffs._fields[index]: payoffs[index] + sign * step}) for sign in (1.0, -1.0))
        assert float(slope) == pytest.approx(float((first(up) - first(down)) / (2 * step)), rel=1e-5, abs=1e-8)


def test_types_with_the_same_payoffs_are_not_told_apart() -> None:
    solution = solved(drawn(50, relief=0.0, bluff=0.0))
    assert solution.alarmed == pytest.approx(solution.posturing, abs=1e-12)
    assert (solution.residual < SETTLED).all()


def test_a_week_of_a_step_shows_the_higher_of_habit_and_choice() -> None:
    random = np.random.default_rng(seeded(2))
    point = Parts(*jax.tree.map(np.asarray, _parts(jnp.asarray(random.normal(size=(30, len(PRIORS) + 9))))))
    for cells in (point.habit, point.alarmed, point.posturing):
        assert cells.sum(axis=1) == pytest.approx(np.ones(30), abs=1e-12)
    silent = CHOICES.index(("silence", "words"))
    chosen = np.exp(solved(point.payoffs).alarmed)
    assert point.alarmed[:, silent] == pytest.approx(point.habit[:, silent] * chosen[:, silent], rel=1e-9)


def test_the_ratio_is_the_one_of_the_weeks_that_each_type_makes(before: PriorDraws) -> None:
    bare = CHOICES.index(("statement", "words"))
    assert before.ratio("statement") == pytest.approx(before.parts.alarmed[:, bare] / before.parts.posturing[:, bare])
    assert before.unsettled < 0.03


@pytest.mark.parametrize(("truth", "low", "high"), [(1.0, 0.9, 1.3), (3.0, 1.3, 3.5), (5.0, 2.0, 6.0)])
def test_larger_true_ratios_give_larger_estimates(before: PriorDraws, truth: float, low: float, high: float) -> None:
    ratios = before.ratio("statement")
    world = int(np.argmin(np.abs(np.log(ratios / truth)) + 4 * np.abs(before.alarm - 0.5)))
    cells = np.asarray(before.parts.stepped)[world]
    weights = before.weights(20 * STEPPED * cells)  # so many weeks that chance plays no part
    assert low < weighted_quantiles(ratios, weights, [0.5])[0] < high


@pytest.mark.slow
def test_chains_and_weighted_draws_from_the_prior_agree_on_simulated_weeks(before: PriorDraws) -> None:
    world = int(np.argmin(np.abs(np.log(before.ratio("statement") / 3.0)) + 4 * np.abs(before.alarm - 0.5)))
    stepped = np.rint(STEPPED * np.asarray(before.parts.stepped)[world]).reshape(ORDINARY.shape)
    chains = fit(Weeks(ORDINARY, stepped), seed=seeded(1))
    many = prior_draws(ORDINARY, 10 * DRAWS, seed=seeded(4))
    weights = many.weights(stepped)
    assert 1 / (weights**2).sum() > 200
    for name, draws in chains.ratios.items():
        expected = weighted_quantiles(many.ratio(name), weights, [0.25, 0.5, 0.75])
        assert np.log(np.quantile(draws, [0.25, 0.5, 0.75])) == pytest.approx(np.log(expected), abs=0.15)
    low, high = np.quantile(chains.ratios["statement"], [0.05, 0.95])
    assert low < before.ratio("statement")[world] < high
    assert np.quantile(chains.payoffs["act"], 0.05) < np.asarray(before.parts.payoffs.act)[world]


@pytest.mark.slow
def test_a_true_ratio_of_three_is_rarely_taken_for_one() -> None:
    many = prior_draws(ORDINARY, 10 * DRAWS, seed=seeded(5))
    none, three = (power(many, STEPPED, truth, 0.5, seed=seeded(6)) for truth in (1.0, 3.0))
    assert none.covered > 0.85 and none.middle < 1.2 and none.strong < 0.03
    # the estimate is drawn towards 1, as the prior is, but far less than to it
    assert three.middle > 1.5 and three.strong > 5 * none.strong


def test_without_weeks_of_steps_the_prior_comes_back(before: PriorDraws) -> None:
    weights = before.weights(np.zeros_like(ORDINARY))
    assert weights == pytest.approx(np.full(weights.size, 1 / weights.size))


def test_weeks_are_counted_by_their_highest_rung() -> None:
    monday = dt.date(2001, 1, 1)
    rows = [
        (monday, "military_buildup", "commentary", -1),
        (monday, "military_buildup", "ministry", -2),
        (monday + dt.timedelta(7), "history", "newspaper", -2),  # another theme
        (monday + dt.timedelta(14), "constitution_law", "newspaper", 0),  # not critical
        (monday + dt.timedelta(21), "constitution_law", "quoted", -2),  # somebody else speaks
        (monday + dt.timedelta(28), None, None, None),
    ]
    counts = pl.DataFrame(
        [{"from": week, "theme": theme, "rung": rung, "tone": tone, "items": 1} for week, theme, rung, tone in rows],
        schema={"from": pl.Date, "theme": pl.String, "rung": pl.String, "tone": pl.Int64, "items": pl.Int64},
    )
    steps = [Trigger(dt.date(2001, 1, 3), "capability", 1.0), Trigger(dt.date(2001, 1, 20), "history", 1.0)]
    weeks = count_weeks(counts, steps, [dt.date(2001, 1, 14), dt.date(1999, 1, 1)])
    assert weeks.stepped.tolist() == [[0, 1], [0, 0], [1, 0], [0, 0]]
    assert weeks.ordinary.tolist() == [[3, 0], [0, 0], [0, 0], [0, 0]]


def test_tests_without_a_day_are_no_acts() -> None:
    tests = pl.DataFrame({"date": ["1998-08-31", "1990-05", "unknown"]})
    provocations = pl.DataFrame(
        {"date": [dt.date(1999, 6, 15), None], "type": "Other Provocation"},
        schema={"date": pl.Date, "type": pl.String},
    )
    assert act_days(tests, provocations) == {dt.date(1998, 8, 31), dt.date(1999, 6, 15)}


@pytest.mark.slow
@pytest.mark.usefixtures("cached")
def test_refit_gives_the_stored_figures() -> None:
    again, stored = refit("words").figures, load_result("words").figures
    assert (again.counted, again.cases, again.details["priors"]) == (
        stored.counted, stored.cases, stored.details["priors"]
    )  # fmt: skip
    assert [row.labels for row in again.estimated] == [row.labels for row in stored.estimated]
    for new, old in zip(again.estimated, stored.estimated, strict=True):
        assert math.log(new.p50) == pytest.approx(math.log(old.p50), abs=0.15)


@pytest.mark.usefixtures("cached")
def test_the_stored_weeks_are_those_of_the_sources() -> None:
    events = pl.read_csv(shipped_cases()[CASE] / "rhetoric" / "events.csv", infer_schema=False)
    acts = act_days(read("missile_tests"), read("provocations"))
    weeks = count_weeks(stored_counts(TARGET), triggers(events, TARGET).used, acts)
    assert tuple(weeks.rows()) == load_result("words").figures.counted


def test_the_stored_result_bounds_the_newspapers_word_and_not_the_leaders() -> None:
    figures = load_result("words").figures
    unlearned = {(item.what, item.of) for item in figures.not_learned or ()}
    assert ("ratio", "leader") in unlearned and ("ratio", "statement") not in unlearned
    statement = estimate("evidence/words/ratio/statement")
    assert statement.low > 0.9 and statement.high < 3.0
    assert estimate("evidence/words/alarm/prior").family == "beta"
    assert [row["ordinary weeks"] for row in figures.counted] == ORDINARY.ravel().tolist()
    assert figures.cases == ORDINARY.sum() + STEPPED
    assert set(STATEMENTS) == {row.labels["of"] for row in figures.estimated if row.labels["what"] == "ratio"}
