"""Posteriors of strategic models: close to the likelihood with many cases, calibrated with few."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import kstest
from tests.evidence.crises import crises, fitted, text
from tests.evidence.plays import TEXT, UTILITIES, draw, played, table
from tests.support import seeded

from tocsin.errors import InputError
from tocsin.evidence.strategic.bayes import MIN_DRAWS, compare_left_out, left_out, posterior
from tocsin.evidence.strategic.fit import fit
from tocsin.evidence.strategic.objective import kernel_of
from tocsin.evidence.strategic.penalty import RIDGE_SCALE
from tocsin.evidence.strategic.sample import sample
from tocsin.evidence.strategic.specification import read_specification
from tocsin.mcmc import CHAINS

pytestmark = pytest.mark.numeric


def test_with_many_cases_the_posterior_agrees_with_the_likelihood() -> None:
    cases = played("12", "logit", "agent", cases=600, seed=1)
    chains, plain = posterior(cases, seed=seeded(1)), fit(cases)
    assert chains.draws.shape[0] == CHAINS and chains.draws.shape[1] >= MIN_DRAWS
    draws = chains.draws.reshape(-1, plain.estimate.size)
    assert (draws.mean(axis=0) - plain.estimate) / plain.standard_errors == pytest.approx(0.0, abs=0.4)
    assert draws.std(axis=0, ddof=1) == pytest.approx(plain.standard_errors, rel=0.15)
    in_sample = plain.log_probabilities()[np.arange(600), cases.outcome].sum()
    assert left_out(chains).total < in_sample
    assert left_out(chains).unreliable == 0
    same = compare_left_out(chains, chains)
    assert (same.difference, same.standard_error) == (0.0, 0.0)
    other = replace(chains, sample=cases.take(np.arange(599)))
    with pytest.raises(InputError, match="same cases"):
        compare_left_out(chains, other)


@pytest.mark.slow
def test_the_origin_of_a_column_does_not_move_the_posterior() -> None:
    data = crises(year=[2001 + 2 * (n % 5) + n % 3 for n in range(24)])
    raw, centred = (
        posterior(fitted(text(formula), data).fit.sample, seed=seeded(1)) for formula in ("year", "center(year)")
    )
    for low, high in zip(*(chains.quantiles(0.05, 0.5, 0.95)[:, 2] for chains in (raw, centred)), strict=True):
        assert low == pytest.approx(high, abs=0.05)


@pytest.mark.slow
def test_importance_sampling_predicts_cases_left_out_like_fits_without_them() -> None:
    cases = played("12", "probit", "agent", cases=80, seed=5)
    chains = posterior(cases, seed=seeded(1))
    exact = []
    for index in (0, 40):
        others = posterior(cases.take(np.delete(np.arange(80), index)), seed=seeded(1))
        flat = others.draws.reshape(-1, others.draws.shape[-1])
        one = cases.take(np.array([index]))
        logs = [kernel_of(one).log_probabilities(one.predictors(b))[0, one.outcome[0]] for b in flat[::8]]
        exact.append(float(logsumexp(logs) - np.log(len(logs))))
    assert left_out(chains).scores[[0, 40]] == pytest.approx(exact, abs=0.08)


@pytest.mark.slow
def test_posteriors_are_calibrated_for_coefficients_drawn_from_the_prior() -> None:
    """Simulation-based calibration (Talts et al. 2018): the rank of the truth among the draws is uniform."""
    text = TEXT.format(game="12", link="logit", errors="private", utilities=UTILITIES["12"]) + "penalty: ridge"
    rng = np.random.default_rng(seeded(3))
    ranks = []
    for turn in range(40):
        truth = rng.normal(size=7) * RIDGE_SCALE
        cases = draw(sample(read_specification(text, "s"), table(150, turn)), truth, seed=turn)
        chains = posterior(cases, seed=turn)
        ranks.append((chains.draws.reshape(-1, 7)[::10] < truth).mean(axis=0))
    for coefficient in np.array(ranks).T:
        assert kstest(coefficient, "uniform").pvalue > 0.001
