"""Say in words what other models than the case's game answer."""

from __future__ import annotations

from collections.abc import Mapping

from tocsin.assessment.other_models_result import BOUNDS, GAME, PRIOR
from tocsin.assessment.words import fine_percent, game_percent, percent, percent_range, plain, whole

NAMES: Mapping[str, str] = {
    GAME: "this case's game",
    "moves": "three moves, payoffs from history",
    "bargaining": "bargaining in private information",
    "audience": "audience costs and extended deterrence",
    "spiral": "spiral and trust",
    "record": "the record of disputes alone",
}
"""The models, for readers."""
SMALL = 0.001
"""A difference of probabilities that is not printed."""


def answer_text(probability: float | None, silent: str) -> str:
    """Return what a model says of a test, and why it does not count."""
    if probability is None:
        return f"says nothing: {silent}"
    return f"{game_percent(probability)}, but does not count: {silent}" if silent else game_percent(probability)


def level_text(low: float, mid: float, high: float, years: int) -> str:
    """Return the chance of war within the horizon as things stand."""
    return f"war within {years} years as things stand: {fine_percent(mid)} ({percent_range(low, high)})"


def effect_text(low: float, mid: float, high: float) -> str:
    """Return the difference that a test compares with a number, in points."""
    if max(abs(low), abs(high)) < SMALL:
        return f"difference tested: less than {plain(100.0 * SMALL)} points"
    return f"difference tested: {100.0 * mid:+.2f} points ({100.0 * low:+.2f} to {100.0 * high:+.2f})"


def counted_text(counted: int, models: int) -> str:
    """Return how many of the models count."""
    if not counted:
        return f"None of the {models} models can tell, so the pooled figure is the prior."
    return f"{counted} of the {models} models {'counts' if counted == 1 else 'count'}."


def caveat(*, counterfactual: bool) -> str:
    """Return what the pooled figure rests on, in sentences."""
    score = (
        "No score exists for claims about what would be different; the weights come from forecasts of war between rivals since 1920."
        if counterfactual
        else "The weights come from forecasts of war between rivals since 1920."
    )
    return (
        f"{score} A model that does not count adds {percent(PRIOR)} with its weight. The pooled figure stays between {whole(BOUNDS[0])} and "
        f"{percent(BOUNDS[1])}."
    )
