"""Load the back-test that ships with the program, and say for the brief how well the model did."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from tocsin.assessment.words import in_percent
from tocsin.backtest.names import MODEL, POOL, RECORD, WEIGHED
from tocsin.backtest.results import FIRST_DECADE, Backtest, Outcome, Score
from tocsin.evidence.past.kinds import GENERAL, IMMEDIATE
from tocsin.translation import Text, in_semicolons, in_sentences, message, sentence


@cache
def load_backtest() -> Backtest:
    """Load the result of the last run of `tocsin validate` for the program."""
    return Backtest.from_dict(json.loads((files("tocsin.backtest") / "stored.json").read_text(encoding="utf-8")))


def sentences() -> Text:
    """Return how well the model predicts past cases, with its scores."""
    result = load_backtest()
    press, war = (result.outcome(GENERAL, name) for name in ("press", "war"))
    disputes = result.outcome(IMMEDIATE, "reciprocate").cases
    return in_sentences(
        message(
            "The model was also run on past cases since {year}: {years} years of rivalry and {disputes} disputes.",
            year=FIRST_DECADE,
            years=f"{press.cases:,}",
            disputes=f"{disputes:,}",
        ),
        message("One rule set it up from public data of the year before and its default ranges."),
        message("The question was who would begin a dispute."),
        *_areas(press),
        message("So what it knows of who acts comes from the record."),
        message(
            "It expected a dispute in {expected} of the years, and one began in {observed}.",
            expected=_percent(press.mean_predicted),
            observed=_percent(press.observed / press.cases),
        ),
        message(
            "It expected war in {expected}, and war came in {observed}.",
            expected=_percent(war.mean_predicted, 1),
            observed=_percent(war.observed / war.cases, 1),
        ),
        message("What else distinguishes this case comes from its own inputs: stakes, regimes and costs."),
    )


def _areas(press: Outcome) -> tuple[Text, Text]:
    """Return how well each forecaster tells who begins a dispute."""
    bare, weighed, record, pooled = (f"{press.score(name).auc:.2f}" for name in (MODEL, WEIGHED, RECORD, POOL))
    return (
        message(
            "The area under the ROC curve is {area} for the bare model, where chance gives {chance}.",
            area=bare,
            chance="0.50",
        ),
        message(
            "It is {weighed} if its worlds are weighed by the pair's own earlier years, as here, {record} for the pair's record of "
            "disputes alone, and {pooled} for all forecasts pooled.",
            weighed=weighed,
            record=record,
            pooled=pooled,
        ),
    )


def plain_sentence() -> Text:
    """Return how well the model predicts past cases, without numbers or terms of art."""
    press = load_backtest().outcome(GENERAL, "press")
    weighed, record = (press.score(name).auc for name in (WEIGHED, RECORD))
    if record > weighed:
        against = message("a pair's own record told more")
    else:
        against = message("a pair's own record told no more")
    return sentence(in_semicolons([_against_chance(press.score(MODEL)), against]))


def _against_chance(bare: Score) -> Text:
    """Return how well the model tells who would be challenged, compared with chance."""
    if bare.auc_low <= 0.5 <= bare.auc_high:
        return message("With general inputs it told no better than chance which rivals would be challenged")
    if bare.auc > 0.5:
        return message("With general inputs it told better than chance which rivals would be challenged")
    return message("With general inputs it told worse than chance which rivals would be challenged")


def _percent(share: float, digits: int = 0) -> Text:
    return in_percent(f"{100 * share:.{digits}f}")
