"""Load the back-test that ships with the program, and say for the brief how well the model did."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from tocsin.backtest.names import MODEL, POOL, RECORD, WEIGHED
from tocsin.backtest.results import FIRST_DECADE, Backtest
from tocsin.evidence.past.kinds import GENERAL, IMMEDIATE


@cache
def load_backtest() -> Backtest:
    """Load the result of the last run of `tocsin validate` for the program."""
    return Backtest.from_dict(json.loads((files("tocsin.backtest") / "stored.json").read_text(encoding="utf-8")))


def sentences() -> str:
    """Return how well the model predicts past cases, with its scores."""
    result = load_backtest()
    press, war = (result.outcome(GENERAL, name) for name in ("press", "war"))
    disputes = result.outcome(IMMEDIATE, "reciprocate").cases
    bare, weighed, record, pooled = (press.score(name).auc for name in (MODEL, WEIGHED, RECORD, POOL))
    return (
        f"The model was also run on past cases since {FIRST_DECADE}: {press.cases:,} years of rivalry and {disputes:,} "
        "disputes. One rule set it up from public data of the year before and its default ranges. The question was who would begin a "
        f"dispute. The area under the ROC curve is {bare:.2f} for the bare model, where chance gives 0.50. It is {weighed:.2f} if its worlds "
        f"are weighed by the pair's own earlier years, as here, {record:.2f} for the pair's record of disputes alone, and {pooled:.2f} for all "
        f"forecasts pooled. So what it knows of who acts comes from the record. It expected a dispute in "
        f"{_percent(press.mean_predicted)} of the years, and one began in {_percent(press.observed / press.cases)}. It expected "
        f"war in {_percent(war.mean_predicted, 1)}, and war came in {_percent(war.observed / war.cases, 1)}. What else distinguishes this "
        "case comes from its own inputs: stakes, regimes and costs."
    )


def plain_sentence() -> str:
    """Return how well the model predicts past cases, without numbers or terms of art."""
    press = load_backtest().outcome(GENERAL, "press")
    bare, weighed, record = (press.score(name) for name in (MODEL, WEIGHED, RECORD))
    by_chance = bare.auc_low <= 0.5 <= bare.auc_high
    better = "no better than" if by_chance else "better than" if bare.auc > 0.5 else "worse than"
    more = "more" if record.auc > weighed.auc else "no more"
    return (
        f"With general inputs it was {better} chance at saying which past rival would be challenged; a pair's own record says {more} than "
        "the model."
    )


def _percent(share: float, digits: int = 0) -> str:
    return f"{100 * share:.{digits}f} %"
