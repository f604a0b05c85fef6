"""Load the weights that the models have earned: those of the pool of the back-test for wars among rivals."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from tocsin.evidence.courses.names import MODELS

COERCION = "coercion"
FORECASTERS: Mapping[str, str] = {COERCION: "the model, weighed by the pair's record", **MODELS}
"""The models by key, the coercion model first, with the names of their forecasters in the back-test."""


@cache
def weights() -> Mapping[str, float]:
    """Return the weight of each model; they sum to one.

    They are stacking weights of forecasts of war, renormalised over these models; `weights.csv` holds them as the back-test gives them.
    """
    text = (files("tocsin.evidence") / "courses" / "weights.csv").read_text(encoding="utf-8")
    earned = {row["forecaster"]: float(row["weight"]) for row in csv.DictReader(text.splitlines())}
    total = sum(earned[name] for name in FORECASTERS.values())
    return MappingProxyType({model: earned[name] / total for model, name in FORECASTERS.items()})
