"""Types of the columns of the tables of rival explanations, see `rows`."""

from __future__ import annotations

import polars as pl

_BAND = {"p05": pl.Float64, "p50": pl.Float64, "p95": pl.Float64}
EXPLANATIONS = {
    "set": pl.String, "explanation": pl.String, "name": pl.String, "article": pl.Boolean, "reader": pl.String, "since": pl.Boolean,
    "prior": pl.Float64, "mean": pl.Float64, **_BAND,
}  # fmt: skip
OBSERVATIONS = {
    "set": pl.String, "item": pl.String, "says": pl.String, "state": pl.String, "share": pl.Float64, "late": pl.Boolean,
    "group": pl.String, "diagnostic": pl.Boolean, "information": pl.Float64, "explanation": pl.String, "moved": pl.Float64, **_BAND,
}  # fmt: skip
ARGUMENTS = {
    "argument": pl.String, "tested": pl.Boolean, "explanations": pl.String, "sets": pl.String, "predicts": pl.String,
    "state": pl.String, "late": pl.Boolean, **_BAND,
}  # fmt: skip
