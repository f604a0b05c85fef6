"""Load the back-test that ships with the program, and say for the brief how well the model did."""

from __future__ import annotations

import json
from importlib.resources import files

from tocsin.backtest.baselines import FULL, MODEL
from tocsin.backtest.results import FIRST_DECADE, Backtest


def load_backtest() -> Backtest:
    """Load the result of the last run of `tocsin validate` for the program."""
    return Backtest.from_dict(json.loads((files("tocsin.backtest") / "stored.json").read_text(encoding="utf-8")))


def sentences() -> str:
    """Return how well the bare model predicts past cases, with its scores."""
    result = load_backtest()
    press, war = (result.outcome("general", name) for name in ("press", "war"))
    disputes = result.outcome("immediate", "resist").cases
    model, logit = press.score(MODEL), press.score(FULL)
    by_chance = model.auc_low <= 0.5 <= model.auc_high
    verdict = "no better than chance" if by_chance else f"with an area under the ROC curve of {model.auc:.2f}"
    return (
        f"The model was also run on past cases since {FIRST_DECADE}: {press.cases:,} years of rivalry and {disputes:,} "
        "disputes. One rule set it up from public data and its default ranges, without anything that a case adds. It "
        f"predicted {verdict} who would begin a dispute: its area under the ROC curve is {model.auc:.2f}, where a "
        f"well-specified logit reaches {logit.auc:.2f} and chance gives 0.50. It expected a dispute in "
        f"{_percent(press.mean_predicted)} of the years, and one began in {_percent(press.observed / press.cases)}. It expected "
        f"war in {_percent(war.mean_predicted, 1)}, and war came in {_percent(war.observed / war.cases, 1)}. So what distinguishes this "
        "case comes from its own inputs: stakes, regimes, costs and its record."
    )


def plain_sentence() -> str:
    """Return how well the bare model predicts past cases, without numbers or terms of art."""
    score = load_backtest().outcome("general", "press").score(MODEL)
    by_chance = score.auc_low <= 0.5 <= score.auc_high
    better = "no better than" if by_chance else "better than" if score.auc > 0.5 else "worse than"
    return f"With general inputs it was {better} chance at saying which past rival would be challenged."


def _percent(share: float, digits: int = 0) -> str:
    return f"{100 * share:.{digits}f} %"
