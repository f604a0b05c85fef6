"""Estimate how often states honour alliances that a war calls on, by era and duty, under codings that disagree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
from jax import Array

from tocsin.evidence.results import EstimateRow, StoredFigures
from tocsin.mcmc import BLOCK, CHAINS, Limits, Mixing, Target, sample

CODINGS: Mapping[str, str] = {
    "berkemeier_fuhrmann": "Berkemeier and Fuhrmann (2018), their own rules",
    "berkemeier_fuhrmann_llm": "Berkemeier and Fuhrmann (2018), by the rules of Leeds, Long and Mitchell (2000)",
    "leeds_anac": "Leeds and Anac (2005), to 1944",
}
DUTIES = ("defence", "offence", "neutrality")
SINCE = 1945
"""First year of the later era."""
_WARS_WITHOUT_YEAR = {"WorldWarI": 1914, "WorldWarII": 1939}
BASE_SCALE = 1.5
"""Prior standard deviation of the constant of the logit."""
MIN_DRAWS = 1_500
"""Smallest number of draws of each chain."""


def alliances_tested(later: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """Return every alliance that a war tested: columns coding, war_year, kept, and the duties of `DUTIES`.

    Args:
        later: source `reliability_berkemeier_fuhrmann`, which has two codings of the same wars.
        earlier: source `reliability_leeds_anac`, with a row for each member. It has no duties; they come from `later`,
            and are missing for alliances that `later` does not have.
    """
    year = pl.col("name").replace_strict(
        _WARS_WITHOUT_YEAR, default=pl.col("name").str.extract(r"(\d{4})").cast(pl.Int32)
    )
    dated = later.with_columns(year.alias("war_year"))
    parts = []
    for coding, (held, broken) in {
        "berkemeier_fuhrmann": ("kept", "broken"),
        "berkemeier_fuhrmann_llm": ("kept_before", "broken_before"),
    }.items():
        tested = dated.filter((pl.col(held) == 1) | (pl.col(broken) == 1))
        parts.append(
            tested.select(
                pl.lit(coding).alias("coding"),
                pl.col("war_year").cast(pl.Int32),
                (pl.col(held) == 1).fill_null(False).alias("kept"),
                *(pl.col(duty).cast(pl.Int8) for duty in DUTIES),
            )
        )
    duties = later.select("alliance", *(pl.col(duty).cast(pl.Int8) for duty in DUTIES)).unique("alliance")
    parts.append(
        earlier.join(duties, on="alliance", how="left").select(
            pl.lit("leeds_anac").alias("coding"),
            pl.lit(None, dtype=pl.Int32).alias("war_year"),
            (pl.col("kept") == 1).alias("kept"),
            *DUTIES,
        )
    )
    return pl.concat(parts)


def shares(tests: pl.DataFrame) -> pl.DataFrame:
    """Return the share of tested alliances that were honoured: columns coding, of, kept, tested, share.

    The groups in column `of` are all alliances, eras, and duties. An alliance can have several duties.
    """
    later = (pl.col("war_year") >= SINCE).fill_null(False)
    groups = {"all": pl.lit(True), f"before {SINCE}": ~later, f"since {SINCE}": later}
    groups |= {duty: (pl.col(duty) == 1).fill_null(False) for duty in DUTIES}
    rows = [
        {"coding": coding, "of": name, "kept": int(part["kept"].sum()), "tested": part.height}
        for coding in CODINGS
        for name, members in groups.items()
        if (part := tests.filter((pl.col("coding") == coding) & members)).height
    ]
    return pl.DataFrame(rows).with_columns((pl.col("kept") / pl.col("tested")).alias("share"))


@dataclass(frozen=True)
class Rates:
    """How often states honour alliances under one coding.

    Attributes:
        coding: the coding, a key of `CODINGS`.
        draws: for each (era, duty), draws of the probability that an alliance with only this duty is honoured.
        mixing: how well the chains of these probabilities mixed.
    """

    coding: str
    draws: Mapping[tuple[str, str], np.ndarray]
    mixing: Mixing


def rates(tests: pl.DataFrame, coding: str, *, seed: int) -> Rates:
    """Estimate the probability that an alliance is honoured under a coding, with eras and duties partially pooled.

    logit P = a + era + sum of duties. Era and duties are normal about 0 with estimated spreads (half-normal priors of
    scale 1); a is normal with standard deviation 1.5. A duty that is unknown has no effect.

    Raises:
        SolveError: if the chains did not mix; see `mcmc.sample`.
    """
    cases = tests.filter(pl.col("coding") == coding)
    later = (cases["war_year"] >= SINCE).fill_null(False).to_numpy()
    both_eras = bool(later.any() and not later.all())
    eras = {f"before {SINCE}": -0.5, f"since {SINCE}": 0.5} if both_eras else {f"before {SINCE}": 0.0}
    data = {
        "side": jnp.asarray((later - 0.5) * both_eras),
        "duties": jnp.asarray(cases.select(DUTIES).fill_null(0).to_numpy().astype(float)),
        "kept": jnp.asarray(cases["kept"].to_numpy()),
    }
    reported = partial(_probabilities, eras)
    target = Target(name=f"rates of {coding}", energy=_energy, data=data, reported=reported, remedy="use another seed")
    start = np.random.default_rng(seed).normal(size=(CHAINS, PARAMETERS))
    draws, mixing = sample(target, start, seed=seed, limits=Limits(warmup=4 * BLOCK, min_draws=MIN_DRAWS))
    pairs = [(era, duty) for era in eras for duty in DUTIES]
    values = reported(draws).values()
    return Rates(coding, dict(zip(pairs, (value.ravel() for value in values), strict=True)), mixing)


PARAMETERS = 4 + len(DUTIES)


def _probabilities(eras: Mapping[str, float], draws: np.ndarray) -> dict[str, np.ndarray]:
    """Return the probability for each era and duty at draws of the parameters."""
    base, era, duty = (np.asarray(part) for part in _effects(jnp.asarray(draws)))
    return {
        f"{name}, {DUTIES[index]}": 1.0 / (1.0 + np.exp(-(base + side * era + duty[..., index])))
        for name, side in eras.items()
        for index in range(len(DUTIES))
    }


def _effects(z: Array) -> tuple[Array, Array, Array]:
    """Return the constant, the difference between eras and the effects of duties at (..., PARAMETERS).

    z[0] and z[1] are the logarithms of the spreads.
    """
    base, era, duty = BASE_SCALE * z[..., 2], jnp.exp(z[..., 0]) * z[..., 3], jnp.exp(z[..., 1:2]) * z[..., 4:]
    return base, era, duty


def _energy(z: Array, data: Mapping[str, Array]) -> Array:
    """Return minus the log posterior density, up to a constant."""
    base, era, duty = _effects(z)
    logit = base + data["side"] * era + data["duties"] @ duty
    log_spreads, normal = z[:2], z[2:]
    # the density of a half-normal spread s at log s has the factor s
    prior = (log_spreads - 0.5 * jnp.exp(2.0 * log_spreads)).sum() - 0.5 * (normal**2).sum()
    return -prior - jax.nn.log_sigmoid(jnp.where(data["kept"], logit, -logit)).sum()


def estimate(tests: pl.DataFrame, *, seed: int) -> StoredFigures:
    """Return the counted shares and the estimated probabilities of every coding.

    Args:
        tests: the result of `alliances_tested`.
        seed: seed of the chains.

    Raises:
        SolveError: as `rates`.
    """
    by_coding = [rates(tests, coding, seed=seed) for coding in CODINGS]
    return StoredFigures(
        counted=tuple({**row, "share": round(row["share"], 4)} for row in shares(tests).iter_rows(named=True)),
        estimated=tuple(
            EstimateRow.from_draws(
                {"coding": fit.coding, "era": era, "duty": duty},
                values,
                cases=tests.filter(pl.col("coding") == fit.coding).height,
            )
            for fit in by_coding
            for (era, duty), values in fit.draws.items()
        ),
        details={"codings": dict(CODINGS)},
        diagnostics={
            "seed": seed,
            **min((fit.mixing for fit in by_coding), key=lambda mixing: mixing.effective).to_dict(),
        },
        cases=tests.height,
    )
