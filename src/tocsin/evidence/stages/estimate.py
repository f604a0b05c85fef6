"""Estimate the three moves from all past cases, store them, and read them back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from tocsin.evidence.hostility.fit import fit
from tocsin.evidence.past.kinds import GENERAL, IMMEDIATE
from tocsin.evidence.past.samples import SOURCES as CASE_SOURCES
from tocsin.evidence.past.samples import past_cases
from tocsin.evidence.results import EstimateRow, Result, StoredFigures
from tocsin.evidence.stages.game import Moves, StageGame
from tocsin.evidence.stages.history import SOURCES as HISTORY_SOURCES
from tocsin.evidence.stages.history import history
from tocsin.evidence.stages.logit import Logit
from tocsin.evidence.stages.specification import STAGES, specification

SOURCES = tuple(dict.fromkeys((*CASE_SOURCES, *HISTORY_SOURCES)))
CONSTANT = "constant"
WITHIN = 2.0 * 1.6448536269514722
"""Standard deviations from the 5th to the 95th percentile of a normal distribution."""


def estimated(tables: Mapping[str, pl.DataFrame]) -> StageGame:
    """Return the game learned from all past cases on the clean risk set; `tables` are the sources in `SOURCES`."""
    past = history(tables)
    years, disputes = (past_cases(kind, tables).cases for kind in (GENERAL, IMMEDIATE))
    hostility = fit(past.record, years, years["press"].to_numpy()).parameters
    return StageGame.fit(years, disputes, past, hostility)


def estimate(tables: Mapping[str, pl.DataFrame]) -> StoredFigures:
    """Return the payoffs of each move, in log odds per unit of its covariates, with their correlations within a move."""
    moves = estimated(tables).moves
    rows: list[EstimateRow] = []
    columns: dict[str, str] = {}
    for stage, logit in moves.stages.items():
        values, covariance = logit.original_units()
        factors = np.linalg.cholesky(covariance)
        for name, value, factor in zip((CONSTANT, *logit.names), values, factors, strict=True):
            labels = {"move": stage, "of": name}
            rows.append(EstimateRow.normal(labels, float(value), factor, fit=stage, cases=logit.cases))
        for name, mean, scale in zip(logit.names, logit.mean, logit.scale, strict=True):
            columns[f"{stage}/{name}"] = f"{mean:.6f} {scale:.6f}"
    return StoredFigures(
        counted=tuple(
            {"move": stage, "cases": logit.cases, "chosen": logit.events, "penalty": logit.penalty}
            for stage, logit in moves.stages.items()
        ),
        estimated=tuple(rows),
        diagnostics={f"log score of pairs left out, {stage}": round(logit.inner, 4) for stage, logit in moves.stages.items()},
        cases=sum(moves.stages[stage].cases for stage in ("begin", "resist")),
        details={"columns": columns},
    )  # fmt: skip


def stored_moves(result: Result) -> Moves:
    """Return the moves of a stored result, up to the rounding of its figures."""
    columns = result.figures.details["columns"]
    assert isinstance(columns, Mapping)
    stages = {}
    for stage in STAGES:
        rows = [row for row in result.figures.estimated if row.labels["move"] == stage]
        names = tuple(row.labels["of"] for row in rows[1:])
        moments = np.array([[float(part) for part in columns[f"{stage}/{name}"].split()] for name in names])
        loadings = np.array([row.joint.loadings if row.joint else () for row in rows])
        spread = np.array([(row.p95 - row.p05) / WITHIN for row in rows])
        counted = next(row for row in result.figures.counted if row["move"] == stage)
        stages[stage] = Logit.from_original_units(
            names,
            np.array([row.p50 for row in rows]),
            np.outer(spread, spread) * (loadings @ loadings.T),
            (moments[:, 0], moments[:, 1]),
            (int(counted["cases"]), int(counted["chosen"]), float(counted["penalty"])),
        )
    return Moves(stages, specification())
