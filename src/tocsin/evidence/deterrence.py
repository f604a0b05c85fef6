"""Estimate from disputes how sharply states choose, per unit of the value of winning.

A dispute that one state begins with another is played as game 12. The target yields or resists. If it resists, the
challenger stops or goes to war. Utilities of war are linear in the logarithm of the capability ratio; the other
outcomes are constants. Shocks are logistic and scaled by sqrt 2 in the estimator. So the coefficient b of the ratio,
divided by sqrt 2, is the change in log odds. In a contest of decisiveness m, the chance of winning changes by m / 4 per
unit of that logarithm, at even strength. So

    lambda = 4 b / (m sqrt 2)

is the precision with which a side chooses, per unit of its value of winning, as in the coercion model. This assumes
that the chance of winning depends only on measured strength.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from scipy.stats import norm

from tocsin.evidence.past.begun import disputes_begun
from tocsin.evidence.results import EstimateRow, NotLearned, StoredFigures
from tocsin.evidence.strategic.bayes import Posterior, posterior
from tocsin.evidence.strategic.penalty import RIDGE_SCALE
from tocsin.evidence.strategic.sample import sample
from tocsin.evidence.strategic.specification import read_specification
from tocsin.evidence.tables import ROW

SPECIFICATION = """
game: 12
link: logit
errors: agent
outcome: outcome
utilities: ["0", "1", "1 + ratio", "1 + ratio"]
penalty: ridge
"""
"""Utilities of the target (yielding, which is 0; resisting if the challenger then stops; war) and of the challenger
(war over stopping)."""
PRECISIONS: Mapping[str, tuple[str, float]] = {
    "challenger going to war": ("u2(4):ratio", 1.0),
    "target resisting": ("u1(4):ratio", -1.0),
}
"""Coefficient of the ratio behind each precision, and its sign. The target's chance of winning falls with the ratio."""
MAX_VARIANCE_SHARE = 0.1
"""A coefficient whose posterior variance exceeds this share of its prior variance is not learned from the cases."""
MIN_DECISIVENESS = 0.05
DRAWS = 20_000
OUTCOMES: Mapping[str, int] = {"target did nothing": 1, "target acted": 3, "war": 4}


def crises(mids: pl.DataFrame, nmc: pl.DataFrame) -> pl.DataFrame:
    """Return disputes as plays of game 12: columns challenger, target, year, ratio and outcome.

    `ratio` is the logarithm of the challenger's capability over the target's. `outcome` is 1 (the target did nothing),
    3 (it acted) or 4 (war). Disputes with unknown capabilities are left out.

    Args:
        mids, nmc: sources `mid_dyads` and `nmc`.
    """
    index = nmc.select("state", "year", capability="published").filter(pl.col("capability") > 0)
    outcome = pl.when(pl.col("war") == 1).then(4).when(pl.col("acted") == 1).then(3).otherwise(1)
    return (
        disputes_begun(mids)
        .join(index.rename({"state": "challenger"}), on=["challenger", "year"])
        .join(index.rename({"state": "target"}), on=["target", "year"], suffix="_other")
        .with_columns(ratio=(pl.col("capability") / pl.col("capability_other")).log())
        .select("challenger", "target", "year", "ratio", outcome=outcome)
        .sort("challenger", "target", "year")
    )


def estimate(cases: pl.DataFrame, decisiveness: tuple[float, float], *, seed: int) -> StoredFigures:
    """Return the precisions, and those that the cases do not determine, with the reason.

    Args:
        cases: the result of `crises`.
        decisiveness: 5th and 95th percentiles of the decisiveness of war. Draws are normal, and raised to at least 0.05.
        seed: seed of the chains and draws.

    Raises:
        SolveError: if the chains did not mix; see `mcmc.sample`.
    """
    specification = read_specification(SPECIFICATION, "deterrence")
    fit = posterior(sample(specification, cases.with_row_index(ROW, offset=1)), seed=seed)
    rows = _precisions(fit, decisiveness, np.random.default_rng(seed))
    return StoredFigures(
        counted=tuple(
            {"outcome": name, "disputes": cases.filter(pl.col("outcome") == code).height}
            for name, code in OUTCOMES.items()
        ),
        estimated=tuple(row for row in rows if isinstance(row, EstimateRow)),
        not_learned=tuple(row for row in rows if isinstance(row, NotLearned)),
        diagnostics={"seed": seed, **fit.mixing.to_dict()},
        cases=cases.height,
    )


def _precisions(
    fit: Posterior, decisiveness: tuple[float, float], rng: np.random.Generator
) -> list[EstimateRow | NotLearned]:
    names = [f"{name}:{term}" for name, term in fit.sample.names]
    draws = fit.draws.reshape(-1, len(names))
    low, high = decisiveness
    scale = (high - low) / (2.0 * norm.ppf(0.95))
    m = np.maximum(rng.normal((low + high) / 2.0, scale, size=DRAWS), MIN_DECISIVENESS)
    rows: list[EstimateRow | NotLearned] = []
    for side, (name, sign) in PRECISIONS.items():
        slope = draws[:, names.index(name)]
        values = sign * 4.0 * slope[rng.integers(slope.size, size=DRAWS)] / (m * np.sqrt(2.0))
        row = EstimateRow.from_draws({"what": "precision", "of": side}, values, digits=3)
        why = _why_not_learned(row, slope)
        rows.append(NotLearned("precision", side, why) if why else row)
    return rows


def _why_not_learned(row: EstimateRow, slope: np.ndarray) -> str:
    """Return why the cases do not determine a precision; empty if they do."""
    if slope.var() > MAX_VARIANCE_SHARE * RIDGE_SCALE**2:
        return f"the posterior spread is {slope.std() / RIDGE_SCALE:.0%} of the prior spread"
    if row.p95 < 0.0:
        return f"the sign contradicts the model: {row.p05:g} to {row.p95:g}"
    if row.p05 <= 0.0:
        return f"the sign is uncertain: {row.p05:g} to {row.p95:g}"
    return ""
