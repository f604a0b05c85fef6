"""The war of attrition with audience costs, fitted to past disputes."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.evidence.test_stages import FAR, HOSTILITY, cases, random_disputes, tables

from tocsin.evidence.hostility.filter import chance
from tocsin.evidence.past.roles import FIRST
from tocsin.evidence.stages import audience
from tocsin.evidence.stages.audience import CONDUCT, START, Audience, course
from tocsin.evidence.stages.history import History, history
from tocsin.models.published.fearon1994 import audience_costs

pytestmark = pytest.mark.numeric

PAIRS = [(one, other) for one in range(1, 5) for other in range(1, 5) if one != other]
HELPERS = ("protector1", "protector2", "backer")


@pytest.fixture(scope="module")
def past() -> History:
    return history(tables([*FAR, *random_disputes(1, FIRST, FIRST + 60, 150)], until=FIRST + 60))


def disputes(seed: int) -> pl.DataFrame:
    """Return disputes with forces drawn at random; half of them have no helpers."""
    rng = np.random.default_rng(seed)
    drawn = cases(range(FIRST, FIRST + 60), PAIRS, seed)
    sides = {
        f"{side}_{name}": rng.uniform(0.01, 0.3, drawn.height)
        for side in ("challenger", "target")
        for name in ("capability", "reach")
    }
    helpers = {
        f"{side}_{name}": np.where(rng.random(drawn.height) < 0.5, np.nan, rng.uniform(0.01, 0.3, drawn.height))
        for side in HELPERS
        for name in ("capability", "reach")
    }
    return drawn.with_columns(**sides, **helpers).with_columns(pl.col([*helpers]).fill_nan(None))  # fmt: skip


def test_without_chance_the_course_is_that_of_the_published_model() -> None:
    rng = np.random.default_rng(1)
    known, balance = rng.normal(size=(50, 1 + len(CONDUCT))), rng.normal(size=50)
    point = np.concatenate([[0.3, 0.4, 0.2, 0.5, 1.0, -40.0, 0.2], np.linspace(-0.5, 0.5, len(CONDUCT))])
    answer, war = course(point, known, balance)
    age = 0.2 * known[:, 0]
    published = audience_costs({
        "audience_a": np.ones(50),
        "audience_b": np.exp(0.3 + known[:, 1:] @ point[7:]),
        "aversion_a": np.exp(0.5 - 0.4 * balance - age),
        "aversion_b": np.exp(1.0 + 0.2 * balance - age),
    })  # fmt: skip
    np.testing.assert_allclose(answer, 1.0 - published["concede_b"], rtol=1e-9)
    np.testing.assert_allclose(war, published["war"], rtol=1e-9)


def test_war_is_never_likelier_than_an_answer() -> None:
    rng = np.random.default_rng(2)
    for _ in range(20):
        point = rng.normal(scale=3.0, size=len(START) + len(CONDUCT))
        answer, war = course(point, rng.normal(size=(200, 1 + len(CONDUCT))), rng.normal(size=200))
        assert (war <= answer + 1e-12).all() and (war >= 0.0).all() and (answer <= 1.0).all()


def test_the_course_of_simulated_disputes_is_learned(past: History) -> None:
    sample, rng = disputes(1), np.random.default_rng(1)
    columns = audience._known(sample, past, HOSTILITY)
    known = audience._standardized(columns, columns.mean(axis=0), columns.std(axis=0) + 1e-9)
    truth = np.concatenate([[0.0, 0.3, 0.3, 0.5, 1.0, -2.0, 0.0], [0.8, *np.zeros(len(CONDUCT) - 1)]])
    answer, war = course(truth, known, audience.balance_of(sample))
    drawn = rng.random(sample.height)
    years = sample.with_columns(
        reciprocate=pl.Series((drawn < answer).astype(int)), war=pl.Series((drawn < war).astype(int))
    )
    fitted = Audience.fit(years, past, HOSTILITY).predict(sample, past)
    assert np.corrcoef(fitted["reciprocate"], answer)[0, 1] > 0.9
    assert fitted["war"].mean() == pytest.approx(years["war"].mean(), abs=0.03)


def test_a_protector_adds_to_the_side_of_the_target_and_a_backer_to_the_challenger() -> None:
    sample = disputes(3)
    alone = sample.with_columns(pl.lit(None, dtype=pl.Float64).alias(f"{side}_capability") for side in HELPERS)
    shielded = alone.with_columns(protector1_capability=pl.lit(0.2), protector1_reach=pl.lit(0.5))
    backed = alone.with_columns(backer_capability=pl.lit(0.2), backer_reach=pl.lit(0.5))
    assert (audience.balance_of(shielded) < audience.balance_of(alone)).all()
    assert (audience.balance_of(backed) > audience.balance_of(alone)).all()


def test_a_war_within_the_year_begins_as_often_as_the_record_says(past: History) -> None:
    sample = disputes(4)
    years = sample.with_columns(
        reciprocate=pl.Series(np.arange(sample.height) % 2),
        war=pl.Series((np.arange(sample.height) % 6 == 1).astype(int)),
    )
    fitted = Audience.fit(years, past, HOSTILITY)
    predicted = fitted.predict(sample, past)
    begin = chance(past.record.sums(HOSTILITY.half_life).at(*past.record.rows(sample)), HOSTILITY)
    np.testing.assert_allclose(predicted["war in year"], begin * predicted["war"])
    assert "press" not in predicted
    covariance = fitted.covariance(years, past)
    assert (np.linalg.eigvalsh(covariance) > 0.0).all()
