"""Say in words what other models than the case's game answer."""

from __future__ import annotations

from collections.abc import Mapping

from tocsin.assessment.other_models_result import BOUNDS, GAME, PRIOR
from tocsin.assessment.words import fine_percent, game_percent, percent, percent_range, plain, whole
from tocsin.translation import Text, in_sentences, message, plural

NAMES: Mapping[str, Text] = {
    GAME: message("this case's game"),
    "moves": message("three moves, payoffs from history"),
    "bargaining": message("bargaining in private information"),
    "audience": message("audience costs and extended deterrence"),
    "spiral": message("spiral and trust"),
    "record": message("the record of disputes alone"),
}
"""The models, for readers."""
SMALL = 0.001
"""A difference of probabilities that is not printed."""


def answer_text(probability: float | None, silent: str) -> Text:
    """Return what a model says of a test, and why it does not count."""
    if probability is None:
        return message("says nothing: {reason}", reason=silent)
    share = game_percent(probability)
    return message("{share}, but does not count: {reason}", share=share, reason=silent) if silent else share


def level_text(low: float, mid: float, high: float, years: int) -> Text:
    """Return the chance of war within the horizon as things stand."""
    return message(
        "war within {years} years as things stand: {share} ({range})",
        years=years,
        share=fine_percent(mid),
        range=percent_range(low, high),
    )


def effect_text(low: float, mid: float, high: float) -> Text:
    """Return the difference that a test compares with a number, in points."""
    if max(abs(low), abs(high)) < SMALL:
        return message("difference tested: less than {number} points", number=plain(100.0 * SMALL))
    return message(
        "difference tested: {mid} points ({low} to {high})",
        mid=f"{100.0 * mid:+.2f}",
        low=f"{100.0 * low:+.2f}",
        high=f"{100.0 * high:+.2f}",
    )


def counted_text(counted: int, models: int) -> Text:
    """Return how many of the models count."""
    if not counted:
        return message("None of the {models} models can tell, so the pooled figure is the prior.", models=models)
    return plural(
        "{count} of the {models} models counts.", "{count} of the {models} models count.", counted, models=models
    )


def caveat(*, counterfactual: bool) -> Text:
    """Return what the pooled figure rests on, in sentences."""
    score = (
        message(
            "No score exists for claims about what would be different; the weights come from forecasts of war between rivals since 1920."
        )
        if counterfactual
        else message("The weights come from forecasts of war between rivals since 1920.")
    )
    low, high = (whole(bound) for bound in BOUNDS)
    return in_sentences(
        score,
        message("A model that does not count adds {share} with its weight.", share=percent(PRIOR)),
        message("The pooled figure stays between {low} and {high} %.", low=low, high=high),
    )
