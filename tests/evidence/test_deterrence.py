"""Precision from disputes: recovered from simulated play, and not estimated if the cases do not determine it."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.special import expit
from tests.data.test_readers import cached as cached
from tests.support import assert_close, seeded

from tocsin.evidence.deterrence import crises, estimate
from tocsin.evidence.past.begun import disputes_begun
from tocsin.evidence.store import load_result, refit

pytestmark = pytest.mark.numeric


def played(cases: int, precision: float, decisiveness: float, *, seed: int) -> pl.DataFrame:
    """Simulate challengers that choose with a given precision between war, of value P(win) - 0.6, and stopping."""
    rng = np.random.default_rng(seeded(seed))
    ratio = rng.normal(0.0, 1.5, size=cases)
    win = expit(decisiveness * ratio)
    war = rng.uniform(size=cases) < expit(precision * (win - 0.6))
    resisted = rng.uniform(size=cases) < 0.7
    outcome = np.where(~resisted, 1, np.where(war, 4, 3))
    return pl.DataFrame({"challenger": 1, "target": 2, "year": 1900, "ratio": ratio, "outcome": outcome})


def test_a_known_precision_is_recovered() -> None:
    figures = estimate(played(2000, 6.0, 0.25, seed=1), (0.249, 0.251), seed=seeded(1))
    (row,) = (row for row in figures.estimated if row.labels["of"] == "challenger going to war")
    # away from even strength P(win) rises less than the slope assumes, which lowers the estimate a little
    assert row.p05 < 6.0 < row.p95 * 1.1 and row.p95 - row.p05 < 3.0


def reasons(cases: pl.DataFrame) -> dict[str, str]:
    """Return why each precision is not learned, after checking that nothing else is estimated from these cases."""
    figures = estimate(cases, (0.2, 0.3), seed=seeded(1))
    unlearned = {item.of: item.why for item in figures.not_learned or ()}
    assert not {row.labels["of"] for row in figures.estimated} & set(unlearned)
    return unlearned


@pytest.mark.slow
def test_a_precision_that_the_cases_do_not_determine_is_not_estimated() -> None:
    # strength hardly differs between disputes
    even = reasons(played(60, 6.0, 0.25, seed=2).with_columns(pl.col("ratio") * 0.01))
    assert list(even) == ["challenger going to war", "target resisting"]
    assert all("posterior spread" in why for why in even.values())
    # each case has a twin with the strengths exchanged, so strength decides nothing
    cases = played(200, 6.0, 0.25, seed=2)
    twins = reasons(pl.concat([cases, cases.with_columns(-pl.col("ratio"))]))
    assert len(twins) == 2 and all("sign is uncertain" in why for why in twins.values())
    # stronger challengers go to war less often, against the meaning of a precision
    against = reasons(played(400, -6.0, 0.25, seed=2))
    assert "sign contradicts the model" in against["challenger going to war"]


def test_only_originators_begin_a_dispute() -> None:
    names = (
        "dispute", "state1", "state2", "year", "onset", "originator1", "originator2", "initiating_side1", "hostility1",
        "hostility2",
    )  # fmt: skip
    rows = [
        (1, 2, 3, 1950, 1, 1, 1, 1, 4, 1), (1, 3, 2, 1950, 1, 1, 1, 0, 1, 4),  # the other side does nothing
        (2, 2, 3, 1950, 1, 1, 1, 1, 5, 5),  # the same dyad and year: the most hostile counts
        (3, 4, 3, 1950, 1, 0, 1, 1, 5, 5),  # a joiner does not begin it
        (4, 2, 3, 1951, 0, 1, 1, 1, 4, 3),  # goes on from an earlier year
        (5, 2, 4, 1950, 1, 1, 1, 1, 4, 3), (6, 2, 3, 1952, 1, 1, 1, 1, 4, 2),
    ]  # fmt: skip
    mids = pl.DataFrame(rows, schema=names, orient="row")
    assert disputes_begun(mids).rows() == [(2, 3, 1950, 1, 1), (2, 3, 1952, 1, 0), (2, 4, 1950, 1, 0)]
    nmc = pl.DataFrame({"state": [2, 3, 2, 3], "year": [1950, 1950, 1952, 1952], "published": [0.2, 0.1, 0.2, 0.2]})
    plays = crises(mids, nmc)
    assert plays.select("year", "outcome").rows() == [(1950, 4), (1952, 3)]
    assert plays["ratio"].to_list() == pytest.approx([np.log(2.0), 0.0])


@pytest.mark.slow
@pytest.mark.usefixtures("cached")
def test_refit_gives_the_stored_figures() -> None:
    again, stored = (result.figures.to_dict() for result in (refit("deterrence"), load_result("deterrence")))
    assert_close(again, stored, draws=min(part["diagnostics"]["effective_draws"] for part in (again, stored)))
