"""Store what five models need to say how likely war is between two states in a year after the data.

The numbers of each model are estimated from all past cases. Beside them stands what the record says of each pair at 1 January after the last
year of the data, as sums that fade in later years.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from tocsin.data.codes import code_of
from tocsin.evidence.courses.names import AUDIENCE, BARGAINING, RECORD, SPIRAL
from tocsin.evidence.hostility.fit import Fit, fit
from tocsin.evidence.past.kinds import GENERAL, IMMEDIATE
from tocsin.evidence.past.roles import PAIR, with_roles
from tocsin.evidence.past.samples import past_cases
from tocsin.evidence.results import EstimateRow, StoredFigures
from tocsin.evidence.stages.audience import CONDUCT, START, Audience, balance_of
from tocsin.evidence.stages.bargaining import TERMS, Bargaining
from tocsin.evidence.stages.history import TYPES, History, history
from tocsin.evidence.stages.kinds import Kinds, Spiral, final_beliefs
from tocsin.evidence.stages.logit import Logit

SINCE = 50
"""A pair is stored if it had a dispute or a rivalry in so many years before the end of the data."""
PAIR_FIELDS = (
    "began", "against", "going", "covered", "begun", "answered", "forced", "recent", "ratio", "distance", "balance", "hostile",
    *TYPES, "rivalry",
)  # fmt: skip
"""What is stored of a directed pair: four sums of the hostility filter, counts as in `History`, log ratio of capabilities, km, log ratio of usable
forces with helpers, log odds that the first state is hostile, and types of the rivalry."""
STATE_FIELDS = ("begun", "answered", "begins", "suffers", "major")
"""What is stored of a state: disputes that others began with it and those it answered; recent disputes that it began, and that others began with
it; 1 if it is a major power."""
AUDIENCE_NUMBERS = (
    "log rate of costs of the target", "fall of aversion of the challenger with the balance", "rise of aversion of the target with the balance",
    "log aversion of the challenger", "log aversion of the target", "log odds of acting at random", "fall of both aversions with the age",
)  # fmt: skip
HOSTILITY_NUMBERS = ("strength", "mean", "began", "against", "going")


def estimate(tables: Mapping[str, pl.DataFrame]) -> StoredFigures:
    """Return the numbers of the models with their correlations, and what the record says of each pair.

    Args:
        tables: the sources of `stages.estimate`, by name.
    """
    past = history(tables)
    years, disputes = (past_cases(kind, tables).cases for kind in (GENERAL, IMMEDIATE))
    hostility = fit(past.record, years, years["press"].to_numpy(), with_errors=True)
    parameters = hostility.parameters
    bargaining = Bargaining.fit(years, disputes, past, parameters)
    spiral, audience = Kinds.fit(years, disputes, past), Audience.fit(disputes, past, parameters)
    assert len(AUDIENCE_NUMBERS) == len(START)
    rows = [
        *_record_rows(hostility, years),
        *_rows(BARGAINING, [" of ".join(reversed(term)) for term in TERMS], bargaining.coefficients, bargaining.covariance(years, disputes, past)),
        *_rows(SPIRAL, Spiral._fields, spiral.point, spiral.covariance(years, past)),
        *(row for move, logit in (("answer", spiral.answers), ("fight", spiral.wars)) for row in _logit_rows(move, logit)),
        *_rows(AUDIENCE, [*AUDIENCE_NUMBERS, *CONDUCT], audience.point, audience.covariance(disputes, past)),
    ]  # fmt: skip
    return StoredFigures(
        counted=({"what": "years of rivalry", "cases": years.height}, {"what": "disputes", "cases": disputes.height}),
        estimated=tuple(rows),
        diagnostics={"half-life of hostility, years": round(parameters.half_life, 3)},
        cases=years.height + disputes.height,
        details={
            "year": float(past.record.last + 1),
            "hostility": [round(float(value), 6) for value in parameters.logs],
            "wars": [float(years.filter(pl.col("press") == 1, pl.col("war") == war).height) for war in (1, 0)],
            "bargaining moments": _moments(bargaining.mean, bargaining.scale),
            "audience moments": _moments(audience.mean, audience.scale),
            "answer moments": _moments(spiral.answers.mean, spiral.answers.scale),
            "fight moments": _moments(spiral.wars.mean, spiral.wars.scale),
            "world": [round(float(counts[:, -1].sum()), 4) for counts in (past.answered, past.fought)],
            "pairs": dict(_pairs(tables, past, hostility, spiral)),
            "states": dict(_states(tables, past)),
        },
    )


# --- the numbers -----------------------------------------------------------------------------------------------------


def _rows(model: str, names: Sequence[str], values: np.ndarray, covariance: np.ndarray) -> Iterator[EstimateRow]:
    factors = np.linalg.cholesky(covariance)
    for name, value, factor in zip(names, values, factors, strict=True):
        yield EstimateRow.normal({"model": model, "of": name}, float(value), factor, fit=model)


def _logit_rows(move: str, logit: Logit) -> Iterator[EstimateRow]:
    """Yield the coefficients of a move on the beliefs, per standard deviation of each."""
    factors = np.linalg.cholesky(logit.covariance)
    for name, value, factor in zip(("constant", *logit.names), logit.coefficients, factors, strict=True):
        labels = {"model": SPIRAL, "of": f"{move}: {name}"}
        yield EstimateRow.normal(labels, float(value), factor, fit=f"{SPIRAL}, {move}", cases=logit.cases)


def _record_rows(hostility: Fit, years: pl.DataFrame) -> Iterator[EstimateRow]:
    """Yield the logarithms of the filter's numbers at its half-life, and the share of disputes begun that came to war."""
    size = len(HOSTILITY_NUMBERS)
    logs = hostility.parameters.logs[:size]
    yield from _rows(RECORD, [f"log {name}" for name in HOSTILITY_NUMBERS], logs, hostility.covariance[:size, :size])
    wars, begun = (int(years[name].sum()) for name in ("war", "press"))
    row = EstimateRow.rate({"model": RECORD, "of": "share of disputes that come to war"}, wars, begun)
    yield EstimateRow(row.labels, row.p05, row.p50, row.p95, begun, family="beta")


def _moments(mean: np.ndarray, scale: np.ndarray) -> list[float]:
    return [round(float(value), 6) for value in np.concatenate([mean, scale])]


# --- what the record says of pairs and states -----------------------------------------------------------------------


def _pairs(
    tables: Mapping[str, pl.DataFrame], past: History, hostility: Fit, spiral: Kinds
) -> Iterator[tuple[str, str]]:
    """Yield CHALLENGER/TARGET and the values of `PAIR_FIELDS` at 1 January after the data."""
    cases = _recent_pairs(tables, past.record.last)
    rows, columns = past.record.rows(cases)
    sums = past.record.sums(hostility.parameters.half_life).at(rows, columns)
    counts = [getattr(past, name)[rows, columns] for name in ("begun", "answered", "forced", "recent")]
    forces = [cases["ratio"].to_numpy(), cases["distance"].to_numpy(), balance_of(cases)]
    hostile = final_beliefs(spiral.point, past)[rows]
    kinds = [past.types[rows, columns, index] for index in range(len(TYPES))]
    table = np.column_stack([*sums, *counts, *forces, hostile, *kinds, past.rivals[rows, columns]])
    for pair, values in zip(cases.select(PAIR[:2]).iter_rows(), table, strict=True):
        codes = [code_of(int(state), past.record.last) for state in pair]
        yield "/".join(codes), " ".join(f"{value:.4g}" for value in values)


def _recent_pairs(tables: Mapping[str, pl.DataFrame], last: int) -> pl.DataFrame:
    """Return the directed pairs of present states with a dispute or a rivalry of late, with their forces, for the year after the data."""
    disputes = tables["mid_dyads"].filter(pl.col("year") > last - SINCE).select("state1", "state2")
    rivalries = tables["rivalries_tss"].filter(pl.col("last") > last - SINCE).select("state1", "state2")
    both = pl.concat([disputes, rivalries, rivalries.select(state1="state2", state2="state1")]).unique()
    present = tables["states"].filter(pl.col("first") <= last, pl.col("last") >= last)["state"].implode()
    chosen = both.filter(pl.col("state1").is_in(present), pl.col("state2").is_in(present)).sort("state1", "state2")
    cases = chosen.select(challenger="state1", target="state2", year=pl.lit(last + 1, dtype=pl.Int32))
    needed = [f"{side}_{name}" for side in ("challenger", "target") for name in ("capability", "reach")]
    return with_roles(cases, tables).drop_nulls([*needed, "distance"]).sort(PAIR)


def _states(tables: Mapping[str, pl.DataFrame], past: History) -> Iterator[tuple[str, str]]:
    """Yield the code of each present state and the values of `STATE_FIELDS` at 1 January after the data."""
    last = past.record.last
    majors = tables["majors"].filter(pl.col("first") <= last, pl.col("last") >= last)["state"].to_list()
    keys = (("begun", 1), ("answered", 1), ("recent", 0), ("recent", 1))
    sums = np.column_stack([past.state_sums[key][:, -1] for key in keys])
    present = set(tables["states"].filter(pl.col("first") <= last, pl.col("last") >= last)["state"].to_list())
    for state, values in zip(past.states.tolist(), sums, strict=True):
        if state in present:
            yield code_of(state, last), " ".join(f"{value:.4g}" for value in (*values, float(state in majors)))
