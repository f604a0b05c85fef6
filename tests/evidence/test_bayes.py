"""Posteriors of strategic models: near the likelihood where cases are many, calibrated where they are few, honest about failure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import kstest
from tests.evidence.plays import TEXT, UTILITIES, played, table
from tests.support import seeded

from tocsin.errors import InputError
from tocsin.evidence.strategic.bayes import MIN_DRAWS, better, left_out, posterior
from tocsin.evidence.strategic.effects import draw
from tocsin.evidence.strategic.fit import fit, kernel_of
from tocsin.evidence.strategic.penalty import RIDGE_SCALE
from tocsin.evidence.strategic.sample import sample
from tocsin.evidence.strategic.specification import read_specification
from tocsin.mcmc import CHAINS

pytestmark = pytest.mark.numeric


def test_with_many_cases_the_posterior_is_the_likelihood_and_repeats_itself() -> None:
    cases = played("12", "logit", "agent", cases=600, seed=1)
    found, plain = posterior(cases, seed=seeded(1)), fit(cases)
    assert found.draws.shape[0] == CHAINS and found.draws.shape[1] >= MIN_DRAWS
    assert (found.mean - plain.estimate) / plain.standard_errors == pytest.approx(0.0, abs=0.4)
    assert found.standard_deviation == pytest.approx(plain.standard_errors, rel=0.15)
    happened = plain.log_probabilities()[np.arange(600), cases.outcome].sum()
    assert left_out(found).score < happened
    assert left_out(found).shaky == 0
    assert better(found, found) == (0.0, 0.0)
    other = replace(found, sample=cases.taken(np.arange(599)))
    with pytest.raises(InputError, match="same cases"):
        better(found, other)


@pytest.mark.slow
def test_cases_left_out_by_weights_are_told_as_by_fits_without_them() -> None:
    cases = played("12", "probit", "agent", cases=80, seed=5)
    found = posterior(cases, seed=seeded(1))
    exact = []
    for place in (0, 40):
        others = posterior(cases.taken(np.delete(np.arange(80), place)), seed=seeded(1))
        flat = others.draws.reshape(-1, others.draws.shape[-1])
        one = cases.taken(np.array([place]))
        logs = [kernel_of(one).logs(one.predictors(b))[0, one.outcome[0]] for b in flat[::8]]
        exact.append(float(logsumexp(logs) - np.log(len(logs))))
    assert left_out(found).each[[0, 40]] == pytest.approx(exact, abs=0.08)


@pytest.mark.slow
def test_posteriors_of_truths_drawn_from_the_prior_are_calibrated() -> None:
    """Simulation-based calibration (Talts et al. 2018): the rank of the truth among the draws is uniform."""
    text = TEXT.format(game="12", link="logit", errors="private", utilities=UTILITIES["12"]) + "penalty: ridge"
    rng = np.random.default_rng(seeded(3))
    ranks = []
    for turn in range(40):
        truth = rng.normal(size=7) * RIDGE_SCALE
        cases = draw(sample(read_specification(text, "s"), table(150, turn)), truth, seed=turn)
        found = posterior(cases, seed=turn)
        ranks.append((found.draws.reshape(-1, 7)[::10] < truth).mean(axis=0))
    for coefficient in np.array(ranks).T:
        assert kstest(coefficient, "uniform").pvalue > 0.001
