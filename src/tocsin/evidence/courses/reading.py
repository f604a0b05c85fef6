"""Give the probability of a dispute, an answer or a war between two states in a year after the data, from the stored result."""

from __future__ import annotations

import numpy as np

from tocsin.errors import InputError, did_you_mean
from tocsin.evidence.courses.known import Stored
from tocsin.evidence.courses.names import MODELS, OUTCOMES, WAR
from tocsin.evidence.courses.players import Course, Players
from tocsin.evidence.results import EstimateRow, Result
from tocsin.translation import Text, message

DRAWS, SEED = 2_000, 1
EXAMPLE = "evidence/courses/PRK/KOR/2026/war"


def row_at(result: Result, key: str) -> EstimateRow:
    """Return a probability in a year after the data: of one model, or of all that have it with equal weights.

    Args:
        result: the stored result.
        key: CHALLENGER/TARGET/YEAR/OUTCOME or CHALLENGER/TARGET/YEAR/OUTCOME/MODEL, such as PRK/KOR/2026/war/moves. OUTCOME is a key of
            `names.OUTCOMES`, and MODEL one of `names.MODELS`.

    Raises:
        InputError: if the key has another form, a state or pair is not known, or the year is not after the data.
    """
    parts = key.split("/")
    if not 4 <= len(parts) <= 5 or not parts[2].isdigit():
        raise InputError(_lacking(key), remedy=message("write for example {example}", example=EXAMPLE))
    challenger, target, year, outcome, *model = parts
    for word, words in ((outcome, OUTCOMES), *((name, MODELS) for name in model)):
        if word not in words:
            raise InputError(_lacking(key), remedy=did_you_mean(word, words))
    stored = Stored(result)
    known = stored.known(challenger, target, np.array([int(year)]))
    players = Players(stored, DRAWS, SEED)
    drawn = [_chance(players.play(name, known), outcome) for name in (model or MODELS)]
    speaking = [values for values in drawn if np.isfinite(values).all()]
    if not speaking:
        raise InputError(
            message("the model {model} says nothing of an answer", model=model[0]),
            remedy=message("leave out the model"),
        )
    labels = {"challenger": known.challenger, "target": known.target, "year": year, "outcome": outcome}
    if model:
        labels["model"] = model[0]
    row = EstimateRow.from_draws(labels, np.concatenate(speaking), digits=6)
    return EstimateRow(row.labels, row.p05, row.p50, row.p95, family="beta")


def _lacking(key: str) -> Text:
    return message("no estimate {estimate} in the result {name}", estimate=repr(key), name="courses")


def _chance(course: Course, outcome: str) -> np.ndarray:
    """Return the probability of an outcome in the one year, (draws,)."""
    if outcome == WAR:
        return course.within()
    return np.asarray(getattr(course, outcome)[0])
