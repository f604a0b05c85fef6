"""How firm: how often alliances that a war called upon were honoured, by era and duty, under codings that disagree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl

from tocsin.errors import SolveError
from tocsin.evidence.points import points

CODINGS: Mapping[str, str] = {
    "berkemeier_fuhrmann": "Berkemeier and Fuhrmann (2018), their own rules",
    "berkemeier_fuhrmann_llm": "Berkemeier and Fuhrmann (2018), by the rules of Leeds, Long and Mitchell (2000)",
    "leeds_anac": "Leeds and Anac (2005), to 1944",
}
DUTIES = ("defence", "offence", "neutrality")
SINCE = 1945
"""First year of the later era."""
_WARS_WITHOUT_YEAR = {"WorldWarI": 1914, "WorldWarII": 1939}
MOST_R_HAT, LEAST_EFFECTIVE = 1.01, 400.0


def alliances_tested(later: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """Every alliance that a war put to the test: columns coding, war_year, kept, and the duties of `DUTIES`.

    Args:
        later: source `reliability_berkemeier_fuhrmann`; it has two codings of the same wars.
        earlier: source `reliability_leeds_anac`; its rows are members, its duties are taken from the later one where that has the
            alliance, and are missing elsewhere.
    """
    year = pl.col("name").replace_strict(
        _WARS_WITHOUT_YEAR, default=pl.col("name").str.extract(r"(\d{4})").cast(pl.Int32)
    )
    dated = later.with_columns(year.alias("war_year"))
    parts = []
    for coding, (kept, broken) in {
        "berkemeier_fuhrmann": ("kept", "broken"),
        "berkemeier_fuhrmann_llm": ("kept_before", "broken_before"),
    }.items():
        tested = dated.filter((pl.col(kept) == 1) | (pl.col(broken) == 1))
        parts.append(
            tested.select(
                pl.lit(coding).alias("coding"),
                pl.col("war_year").cast(pl.Int32),
                (pl.col(kept) == 1).fill_null(False).alias("kept"),
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
    """Of the alliances tested, how many were honoured: columns coding, of, kept, tested, share; over all, by era and by duty (an
    alliance may have several)."""
    later = (pl.col("war_year") >= SINCE).fill_null(False)
    groups = {"all": pl.lit(True), f"before {SINCE}": ~later, f"since {SINCE}": later}
    groups |= {duty: (pl.col(duty) == 1).fill_null(False) for duty in DUTIES}
    rows = [
        {"coding": coding, "of": name, "kept": int(part["kept"].sum()), "tested": part.height}
        for coding in CODINGS
        for name, which in groups.items()
        if (part := tests.filter((pl.col("coding") == coding) & which)).height
    ]
    return pl.DataFrame(rows).with_columns((pl.col("kept") / pl.col("tested")).alias("share"))


@dataclass(frozen=True)
class Rates:
    """How often alliances are honoured under one coding.

    Attributes:
        coding: whose.
        draws: by (era, duty): (draws,) of the chance that an alliance with this duty alone is honoured.
        r_hat: the largest; effective: the fewest effective draws.
        seed: of the chains.
    """

    coding: str
    draws: Mapping[tuple[str, str], np.ndarray]
    r_hat: float
    effective: float
    seed: int


def rates(tests: pl.DataFrame, coding: str, *, seed: int) -> Rates:
    """Chances of being honoured under a coding, eras and duties partially pooled.

    logit P = a + era + sum of duties; era and duties are normal about 0 with spreads that are learnt (half-normal priors of scale 1);
    a is normal with standard deviation 1.5. A duty that is not known has no effect.

    Raises:
        SolveError: if the chains did not mix.
    """
    import numpyro
    from numpyro.diagnostics import summary
    from numpyro.distributions import Bernoulli, HalfNormal, Normal
    from numpyro.infer import MCMC, NUTS

    some = tests.filter(pl.col("coding") == coding)
    later = jnp.asarray((some["war_year"] >= SINCE).fill_null(False).to_numpy().astype(float))
    duties = jnp.asarray(some.select(DUTIES).fill_null(0).to_numpy().astype(float))
    kept = jnp.asarray(some["kept"].to_numpy())
    both_eras = bool(later.any()) and not bool(later.all())

    def model() -> None:
        base = numpyro.sample("base", Normal(0.0, 1.5))
        era = numpyro.sample("era", Normal(0.0, 1.0)) * numpyro.sample("era_spread", HalfNormal(1.0))
        each = numpyro.sample("duty", Normal(jnp.zeros(len(DUTIES)), 1.0)) * numpyro.sample(
            "duty_spread", HalfNormal(1.0)
        )
        numpyro.deterministic("base_logit", base)
        numpyro.deterministic("era_logit", era)
        numpyro.deterministic("duty_logit", each)
        logit = base + (later - 0.5) * era * both_eras + duties @ each
        numpyro.sample("kept", Bernoulli(logits=logit), obs=kept)

    sampler = MCMC(
        NUTS(model, target_accept_prob=0.95),
        num_warmup=1000,
        num_samples=1500,
        num_chains=4,
        chain_method="vectorized",
        progress_bar=False,
    )
    sampler.run(jax.random.key(seed))
    grouped = {name: np.asarray(value) for name, value in sampler.get_samples(group_by_chain=True).items()}
    told = summary(grouped, group_by_chain=True)
    r_hat = max(float(np.max(each["r_hat"])) for each in told.values())
    effective = min(float(np.min(each["n_eff"])) for each in told.values())
    if not (r_hat <= MOST_R_HAT and effective >= LEAST_EFFECTIVE):
        raise SolveError(
            f"rates of {coding}: the chains did not mix, R-hat {r_hat:.3f}, {effective:.0f} effective draws"
        )
    flat = {name: value.reshape(-1, *value.shape[2:]) for name, value in grouped.items()}
    eras = {f"before {SINCE}": -0.5, f"since {SINCE}": 0.5} if both_eras else {f"before {SINCE}": 0.0}
    draws = {
        (era, duty): 1.0 / (1.0 + np.exp(-(flat["base_logit"] + side * flat["era_logit"] + flat["duty_logit"][:, at])))
        for era, side in eras.items()
        for at, duty in enumerate(DUTIES)
    }
    return Rates(coding, draws, r_hat, effective, seed)


def told(tests: pl.DataFrame, *, seed: int) -> dict[str, Any]:
    """Shares as counted and chances as estimated, for every coding, plain enough for a file."""
    found = [rates(tests, coding, seed=seed) for coding in CODINGS]
    return {
        "counted": [{**row, "share": round(row["share"], 4)} for row in shares(tests).iter_rows(named=True)],
        "estimated": [
            {
                "coding": each.coding,
                "era": era,
                "duty": duty,
                "cases": tests.filter(pl.col("coding") == each.coding).height,
                **points(values),
            }
            for each in found
            for (era, duty), values in each.draws.items()
        ],
        "codings": dict(CODINGS),
        "diagnostics": {
            "r_hat": round(max(each.r_hat for each in found), 4),
            "effective_draws": round(min(each.effective for each in found)),
            "seed": seed,
        },
    }
