"""The back-test that comes with the program, and what the brief says of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from tocsin.backtest.baselines import FULL, MODEL


def kept() -> dict[str, Any]:
    """What `tocsin validate` made when it was last run for the program."""
    return dict(json.loads((files("tocsin.backtest") / "stored.json").read_text(encoding="utf-8")))


def sentences() -> tuple[str, str]:
    """How well the bare model foretells past cases: in short, and in full."""
    found = kept()
    (press, war), (resist, _) = (part["outcomes"] for part in found["kinds"])
    areas = {name: _scores(press)[name]["auc"] for name in (MODEL, FULL)}
    dice = _scores(press)[MODEL]["auc_low"] <= 0.5 <= _scores(press)[MODEL]["auc_high"]
    verdict = "no better than dice" if dice else f"with an area under the curve of {areas[MODEL]:.2f}"
    short = f"In {press['foretold']:,} past years of rivals the bare model told {verdict} who would be challenged."
    full = (
        f"Set up by one rule from public data and the ranges with which the model begins, with nothing that a case adds, the model was played in {press['foretold']:,} "
        f"years of rivals from 1920 to 2014 and in {resist['foretold']:,} disputes. It told who would begin a dispute {verdict} (area under the "
        f"curve {areas[MODEL]:.2f}, where a well-specified logit has {areas[FULL]:.2f} and dice 0.50); it expected one in {press['mean_foretold']:.0%} of the "
        f"years, and one began in {press['happened'] / press['foretold']:.0%}; war in {war['mean_foretold']:.1%}, and it came in "
        f"{war['happened'] / war['foretold']:.1%}. So what tells this case from others is what stands in it: stakes, regimes, costs and its own record."
    )
    return short, full


def _scores(outcome: Mapping[str, Any]) -> dict[str, Any]:
    return {score["teller"]: score for score in outcome["scores"]}
