"""What disputes say of how sharply states choose and what they pay for yielding: free of scale, and how far it goes.

A dispute that one state began with another is played as game 12: the target yields or resists, and after resistance the challenger
stops or goes to war. Utilities of war are linear in the logarithm of the ratio of capabilities; the other outcomes are constants.
Shocks are logistic, so that the coefficient of the ratio divided by sqrt 2, the scale of the estimator, is the change in log-odds. In
a contest of decisiveness m the chance of winning changes by m / 4 for one unit of that logarithm, at even strength; so

    lambda = 4 b / (m sqrt 2)

is the precision with which a side chooses per unit of what winning is worth to it, as the coercion model counts it, if strength as
measured were all that its chance of winning rests on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from scipy.stats import norm

from tocsin.evidence.points import points
from tocsin.evidence.strategic.bayes import posterior
from tocsin.evidence.strategic.penalty import RIDGE_SCALE
from tocsin.evidence.strategic.sample import sample
from tocsin.evidence.strategic.specification import read_specification
from tocsin.evidence.tables import ROW

WAR, ACTED = 5, 2
"""Levels of hostility: war; the least that is an act."""
SPECIFICATION = """
game: 12
link: logit
errors: agent
outcome: outcome
utilities: ["0", "1", "1 + ratio", "1 + ratio"]
penalty: ridge
"""
"""Of the target (yielding is 0; resisting where the challenger then stops; war), then of the challenger (war over stopping)."""
PRECISIONS: Mapping[str, tuple[str, float]] = {
    "challenger going to war": ("u2(4):ratio", 1.0),
    "target resisting": ("u1(4):ratio", -1.0),
}
"""Whose precision follows from which coefficient of the ratio, and with which sign: the target's chance of winning falls with it."""
LEARNT = 0.1
"""What has more than this share of the variance that the prior gave it has not been learned from the cases."""
LEAST_DECISIVE = 0.05
DRAWS = 20_000


def disputes_begun(mids: pl.DataFrame) -> pl.DataFrame:
    """Disputes between the two states among which they arose: columns challenger, target, year, acted (whether the target did
    anything in return) and war (whether both reached it), 0 or 1; a row a directed dyad-year, the most hostile where there are several.

    Args:
        mids: source `mid_dyads`.
    """
    begun = mids.filter(
        pl.col("onset") == 1, pl.col("originator1") == 1, pl.col("originator2") == 1, pl.col("initiating_side1") == 1
    )
    war = (pl.col("hostility1") == WAR) & (pl.col("hostility2") == WAR)
    return (
        begun.select(
            challenger="state1",
            target="state2",
            year="year",
            acted=(pl.col("hostility2") >= ACTED).cast(pl.Int32),
            war=war.cast(pl.Int32),
        )
        .group_by("challenger", "target", "year")
        .agg(pl.col("acted", "war").max())
        .sort("challenger", "target", "year")
    )


def crises(mids: pl.DataFrame, nmc: pl.DataFrame) -> pl.DataFrame:
    """The same as plays of game 12: columns challenger, target, year, ratio (logarithm of the challenger's capability over the target's)
    and outcome (1 the target did nothing, 3 it acted, 4 war); those whose capabilities are not known are left out.

    Args:
        mids, nmc: the sources mid_dyads and nmc.
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


def told(cases: pl.DataFrame, decisiveness: tuple[float, float], *, seed: int) -> dict[str, Any]:
    """Posterior of the scale-free quantities, plain enough for a file.

    Args:
        cases: of `crises`.
        decisiveness: 5 % and 95 % points of the decisiveness of war, of which a normal cut at 0.05 is drawn.
        seed: of the chains and draws.

    Returns:
        Among others `estimated`, and `not_learned`: what the cases leave about as it was assumed, with the reason.
    """
    found = posterior(
        sample(read_specification(SPECIFICATION, "deterrence"), cases.with_row_index(ROW, offset=1)), seed=seed
    )
    names = [f"{name}:{term}" for name, term in found.sample.names]
    draws = found.draws.reshape(-1, len(names))
    rng = np.random.default_rng(seed)
    low, high = decisiveness
    m = np.maximum(rng.normal((low + high) / 2.0, (high - low) / (2.0 * norm.ppf(0.95)), size=DRAWS), LEAST_DECISIVE)
    estimated, not_learned = [], []
    for whose, (name, sign) in PRECISIONS.items():
        own = draws[:, names.index(name)]
        values = sign * 4.0 * own[rng.integers(own.size, size=DRAWS)] / (m * np.sqrt(2.0))
        ends = points(values, 3)
        if own.var() > LEARNT * RIDGE_SCALE**2:
            why = f"its spread is {own.std() / RIDGE_SCALE:.0%} of what was assumed before any case was seen"
        elif ends["p95"] < 0.0:
            why = f"its sign contradicts the model: {ends['p05']:g} to {ends['p95']:g}"
        elif ends["p05"] <= 0.0:
            why = f"not even its sign is told: {ends['p05']:g} to {ends['p95']:g}"
        else:
            estimated.append({"what": "precision", "of": whose, **ends})
            continue
        not_learned.append({"what": "precision", "of": whose, "why": why})
    outcomes = {"target did nothing": 1, "target acted": 3, "war": 4}
    return {
        "counted": [
            {"outcome": name, "disputes": cases.filter(pl.col("outcome") == code).height}
            for name, code in outcomes.items()
        ],
        "estimated": estimated,
        "not_learned": not_learned,
        "diagnostics": {"seed": seed, **found.mixing.to_dict()},
        "cases": cases.height,
    }
