"""Models that rival the three moves: crisis bargaining with private information, and beliefs about intent."""

from __future__ import annotations

from itertools import pairwise, product

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
import pytest
from scipy.special import expit, logit
from tests.evidence.test_stages import FAR, HOSTILITY, Dispute, cases, random_disputes, tables, with_outcomes

from tocsin.evidence.past.roles import FIRST
from tocsin.evidence.signalling.game import PAYOFFS, equilibria
from tocsin.evidence.stages import bargaining, kinds
from tocsin.evidence.stages.bargaining import CONSTANT, START, TERMS, Bargaining, equilibrium
from tocsin.evidence.stages.history import History, history
from tocsin.evidence.stages.kinds import Kinds, Spiral

pytestmark = pytest.mark.numeric

PAIRS = [(one, other) for one in range(1, 5) for other in range(1, 5) if one != other]


@pytest.fixture(scope="module")
def past() -> History:
    return history(tables([*FAR, *random_disputes(1, FIRST, FIRST + 60, 150)], until=FIRST + 60))


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Play as few games at once as the tests need."""
    monkeypatch.setattr(bargaining, "LEARNED", 1024)
    monkeypatch.setattr(bargaining, "PREDICTED", 1024)


# --- bargaining --------------------------------------------------------------------------------------------------------


def payoffs(count: int, seed: int) -> np.ndarray:
    """Return payoffs of games like those of rivals: challenges are rare, and fights rarer."""
    rng = np.random.default_rng(seed)
    centre = dict.fromkeys(PAYOFFS, 0.0) | {"W_A": -2.5, "a": -1.5, "W_B": 0.3}
    spread = dict.fromkeys(PAYOFFS, 0.2) | {"C_B": 0.0, "V_B": 0.0}
    return np.column_stack([rng.normal(centre[name], spread[name], count) for name in PAYOFFS])


def test_the_equilibrium_is_the_only_one() -> None:
    games = jnp.asarray(payoffs(40, 1))
    every = np.asarray(equilibria(games))
    assert (np.isfinite(every).sum(axis=1) == 1).all()
    np.testing.assert_allclose(np.nanmin(every, axis=1), np.asarray(jax.vmap(equilibrium)(games)), atol=1e-6)


def test_scores_are_derivatives_of_what_was_seen() -> None:
    games, counts = payoffs(12, 2), np.tile(np.eye(4), (3, 1))
    given = np.where(counts[:, 0] == 1, 0.0, np.repeat([0.0, 1.0, 1.0], 4))
    values, slopes = (np.asarray(part) for part in bargaining._scores(games, counts, given))
    for index in (PAYOFFS.index(name) for name in PAYOFFS if name not in {"C_B", "V_B"}):
        step = np.zeros(len(PAYOFFS))
        step[index] = 1e-4
        up, down = (np.asarray(bargaining._scores(games + sign * step, counts, given)[0]) for sign in (1.0, -1.0))
        np.testing.assert_allclose(slopes[:, index], (up - down) / 2e-4, rtol=1e-4, atol=1e-6)
    assert (values < 0.0).all()


def test_ends_of_a_dispute_have_probability_one_given_that_it_began() -> None:
    games = np.repeat(payoffs(4, 3), 3, axis=0)
    counts = np.tile(np.eye(4)[1:], (4, 1))
    logs = np.asarray(bargaining._scores(games, counts, np.ones(12))[0])
    np.testing.assert_allclose(np.exp(logs).reshape(4, 3).sum(axis=1), 1.0, rtol=1e-6)


def played(years: pl.DataFrame, past: History, seed: int) -> tuple[pl.DataFrame, dict[str, np.ndarray]]:
    """Return years with the ends of games at the starting payoffs, and the true chances."""
    rng = np.random.default_rng(seed)
    columns = bargaining._columns(years, past, HOSTILITY)
    mean, scale = bargaining._moments(columns)
    truth = np.array([START.get(term, 0.3 if term == ("W_B", "answered") else 0.0) for term in TERMS])
    truth[TERMS.index(("S_A", "hostility"))] = -0.6
    games = jnp.asarray(bargaining._payoffs(bargaining._standardized(columns, mean, scale), truth))
    press, resist, firm = (np.asarray(part) for part in bargaining._play(games))
    begun, answers, fights = (rng.random(years.height) < chance for chance in (press, resist, firm))
    drawn = {
        "press": begun.astype(int),
        "reciprocate": (begun & answers).astype(int),
        "war": (begun & answers & fights).astype(int),
    }
    return years.with_columns(**drawn), {"press": press, "reciprocate": resist, "war": resist * firm}


def test_bargaining_learns_the_chances_of_simulated_rivals(past: History) -> None:
    years, truth = played(cases(range(FIRST, FIRST + 60), PAIRS), past, seed=1)
    game = Bargaining.fit(years, years.filter(press=1), past, HOSTILITY)
    assert game.converged
    fitted = game.predict(years, past)
    np.testing.assert_allclose(fitted["press"].mean(), truth["press"].mean(), atol=0.02)
    assert np.corrcoef(fitted["press"], truth["press"])[0, 1] > 0.95
    assert np.abs(fitted["reciprocate"] - truth["reciprocate"]).mean() < 0.1
    assert game.coefficients[TERMS.index(("S_A", "hostility"))] < -0.3
    errors = np.sqrt(np.diag(game.covariance(years, years.filter(press=1), past)))
    wanted = np.array([-0.6 if term == ("S_A", "hostility") else START.get(term, 0.0) for term in TERMS])
    wanted[TERMS.index(("W_B", "answered"))] = 0.3
    assert (np.abs(game.coefficients - wanted) < 3.5 * errors).all()
    assert (errors <= 1.0 / np.sqrt(bargaining.FREE)).all()


def test_disputes_of_states_that_are_not_rivals_teach_the_answer_but_not_the_beginning(past: History) -> None:
    years, _ = played(cases(range(FIRST, FIRST + 40), PAIRS), past, seed=1)
    others = cases(range(FIRST + 40, FIRST + 60), PAIRS).with_columns(press=1, reciprocate=1, war=0)
    alone, joined = (Bargaining.fit(years, disputes, past, HOSTILITY) for disputes in (years.filter(press=1), others))
    one, two = (game.predict(years, past) for game in (alone, joined))
    assert two["reciprocate"].mean() > one["reciprocate"].mean() + 0.05
    np.testing.assert_allclose(two["press"].mean(), one["press"].mean(), atol=0.03)


def test_terms_name_payoffs_of_the_game() -> None:
    assert {payoff for payoff, _ in TERMS} <= set(PAYOFFS)
    assert len(set(TERMS)) == len(TERMS)
    assert START.keys() <= set(TERMS)
    assert {payoff for payoff, name in TERMS if name == CONSTANT} == {"W_A", "a", "W_B"}


# --- spiral and trust --------------------------------------------------------------------------------------------------


def scale(numbers: Spiral) -> np.ndarray:
    """Return numbers on the scale of search."""
    chances = np.array([numbers.turning, numbers.calming, numbers.first], dtype=float)
    return np.concatenate([[numbers.calm, np.log(numbers.gap), numbers.fear], np.log(chances / (1.0 - chances))])


def test_beliefs_agree_with_all_paths_of_kinds() -> None:
    """The chance of a beginning is that of all hidden paths that agree with the years before, by their probability."""
    numbers = Spiral(-2.0, 2.5, 0.0, 0.1, 0.3, 0.2)
    began = np.array([[0, 1, 1, 0, 1], [0, 0, 0, 0, 1]])
    _, chances = kinds.beliefs(jnp.asarray(scale(numbers)), began, np.ones_like(began), np.array([1, 0]))
    calm, hostile = expit(-2.0), expit(0.5)
    for row in range(2):
        for year in range(6):
            joint = np.zeros(2)
            for path in product((0, 1), repeat=year + 1):
                weight = (0.8, 0.2)[path[0]]
                for now, after in pairwise(path):
                    weight *= ((0.9, 0.1), (0.3, 0.7))[now][after]
                for kind, acted in zip(path, began[row, :year], strict=False):
                    act = (calm, hostile)[kind]
                    weight *= act if acted else 1.0 - act
                joint[path[-1]] += weight
            expected = joint @ [calm, hostile] / joint.sum()
            assert float(chances[row, year]) == pytest.approx(expected, rel=1e-9)


def test_fear_lets_the_acts_of_one_side_feed_those_of_the_other() -> None:
    began, covered, reverse = np.array([[1, 1, 1], [0, 0, 0]]), np.ones((2, 3)), np.array([1, 0])
    with_fear, without = (
        np.asarray(
            kinds.beliefs(jnp.asarray(scale(Spiral(-3.0, 2.0, fear, 0.01, 0.1, 0.4))), began, covered, reverse)[1]
        )
        for fear in (2.0, 0.0)
    )
    assert with_fear[1, 3] > with_fear[1, 0]  # the other side is feared more
    assert without[1, 3] < without[1, 0]  # its own quiet years are all that counts


def test_a_gap_in_the_record_is_no_quiet_year() -> None:
    point = jnp.asarray(scale(Spiral(-3.0, 2.0, 0.0, 0.01, 0.1, 0.4)))
    began, covered = np.zeros((2, 3)), np.array([[1, 1, 0], [1, 1, 0]])
    hostile = np.asarray(kinds.beliefs(point, began, covered, np.array([1, 0]))[0])
    assert hostile[0, 2] < hostile[0, 0]
    assert hostile[0, 3] == pytest.approx(hostile[0, 0])


def test_kinds_of_simulated_rivals_come_back() -> None:
    truth = Spiral(-4.0, 3.5, 0.0, 0.03, 0.06, 0.2)
    rng = np.random.default_rng(1)
    disputes = []
    pairs = [(one, other) for one in range(1, 17) for other in range(1, 17) if one != other]
    years = range(FIRST, FIRST + 80)
    for one, other in pairs:
        hostile = rng.random() < truth.first
        for year in years:
            if rng.random() < expit(-4.0 + 3.5 * hostile):
                disputes.append(Dispute(one, other, year, year, levels=(3, int(rng.integers(1, 4)))))
            hostile = rng.random() >= truth.calming if hostile else rng.random() < truth.turning
    past = history(tables(disputes, until=years[-1], states=16))
    began = pl.DataFrame([(*dispute[:3], 1, int(dispute.levels[1] > 1), 0) for dispute in disputes], schema=("challenger", "target", "year", "press", "reciprocate", "war"), orient="row")  # fmt: skip
    risk = (
        cases(years, pairs)
        .join(began, on=["challenger", "target", "year"], how="left")
        .with_columns(pl.col("press").fill_null(0))
    )
    model = Kinds.fit(risk, began, past)
    assert model.numbers.calm == pytest.approx(truth.calm, abs=0.35)
    assert model.numbers.gap == pytest.approx(truth.gap, abs=0.4)
    assert model.numbers.fear == pytest.approx(0.0, abs=0.4)
    assert model.numbers.turning == pytest.approx(truth.turning, abs=0.015)
    assert model.numbers.calming == pytest.approx(truth.calming, abs=0.02)
    errors = np.sqrt(np.diag(model.covariance(risk, past)))
    wanted = np.array(
        [truth.calm, np.log(truth.gap), truth.fear, logit(truth.turning), logit(truth.calming), logit(truth.first)]
    )
    assert (np.abs(model.point - wanted) < 3.0 * errors).all() and (errors < 0.6).all()
    predicted = model.predict(risk, past)
    assert predicted["press"].mean() == pytest.approx(risk["press"].mean(), rel=0.05)


def test_the_future_does_not_change_a_forecast() -> None:
    now, end = FIRST + 30, FIRST + 60
    earlier = [dispute._replace(last=dispute.first) for dispute in random_disputes(1, FIRST, now - 1, 100)]
    ends = Dispute(1, 2, FIRST, FIRST), Dispute(1, 2, end, end)
    years, new = with_outcomes(cases(range(FIRST, now), PAIRS), 2), cases(range(now, now + 1), PAIRS, 3)
    forecasts = []
    for seed in (4, 5):
        known = history(tables([*earlier, *random_disputes(seed, now, end, 100), *ends], until=end))
        models = (Bargaining.fit(years, years, known, HOSTILITY), Kinds.fit(years, years, known))
        forecasts.append([model.predict(new, known) for model in models])
    for one, two in zip(*forecasts, strict=True):
        for name, values in one.items():
            np.testing.assert_allclose(values, two[name], rtol=1e-9, err_msg=name)
            assert ((values > 0.0) & (values < 1.0)).all()
