"""Forecasts, resolutions and scores as text."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from tocsin.assessment.words import percent
from tocsin.forecasts.record import ChanceRecord, ForecastRecord, QuestionRecord
from tocsin.forecasts.replay import DAYS, Replay
from tocsin.forecasts.resolving import Resolution
from tocsin.forecasts.scoring import Difference, Scores, score
from tocsin.scores import log_probabilities
from tocsin.tables import printable, text_table

LEGEND = """log score: mean logarithm of the probability given to what happened; 0 is best.
Brier score: mean squared error of the probability; 0 is best.
gain: how much better than the base rate, with its standard error; below 0 it is worse. Over the past, errors are by year."""
KINDS = {"rate": "rate", "share": "class", "judged": "judged", "estimate": "estimate", "assessed": "model"}
"""How a probability is made, in a word."""


def forecast_text(record: ForecastRecord) -> str:
    """Return a forecast as text: a table, then each question with how its probability was made, then the marks."""
    rows = [
        (
            item.id,
            item.due,
            percent(item.forecast.probability),
            _range(item.forecast),
            percent(item.base.probability) if item.base else "",
            KINDS[item.kind],
        )
        for item in record.questions
    ]
    table = text_table(("question", "due", "forecast", "90 %", "base rate", "made from"), rows, right=(2, 3, 4))
    head = f"{record.case.title}\nas of {record.case.as_of}, made {record.made} with version {record.version}"
    return "\n".join(
        [printable(head, lines=True), "", table, "", *_explained(record.questions), *marks(record.questions)]
    )


def _explained(questions: Sequence[QuestionRecord]) -> Iterator[str]:
    for item in questions:
        yield printable(f"{item.id}: {item.asks}")
        yield f"  {KINDS[item.kind]}: {printable(item.forecast.how)}"
        if item.base is not None:
            yield f"  base rate: {printable(item.base.how)}"


def marks(questions: Sequence[QuestionRecord]) -> list[str]:
    """Return what weakens the forecasts, each with the questions concerned."""
    ids_by_text: dict[str, list[str]] = {}
    for item in questions:
        late = [
            f"{used.name} was used until {used.until}, after the opening day"
            for used in item.data
            if used.until > item.opens
        ]
        for text in (*item.marks, *late):
            ids_by_text.setdefault(text, []).append(item.id)
    return [
        printable(f"note: {text} ({'all questions' if len(names) == len(questions) else ', '.join(names)})")
        for text, names in ids_by_text.items()
    ]


def _range(chance: ChanceRecord) -> str:
    low, high = percent(chance.low), percent(chance.high)
    return f"{low.removesuffix(' %')} to {high}"


def score_text(record: ForecastRecord, resolutions: Sequence[Resolution]) -> str:
    """Return how the questions ended, with their scores: a table, the reasons, the summary, and the marks."""
    pairs = list(zip(record.questions, resolutions, strict=True))
    table = text_table(
        ("question", "due", "forecast", "base rate", "outcome", "log score", "Brier"),
        [_row(item, resolution) for item, resolution in pairs],
        right=(2, 3, 5, 6),
    )
    reasons = [printable(f"{item.id}: {resolution.why}") for item, resolution in pairs]
    head = f"{record.case.title}\nas of {record.case.as_of}, made {record.made} with version {record.version}"
    parts = [printable(head, lines=True), "", table, "", *reasons, "", *_summary(pairs), *marks(record.questions)]
    return "\n".join(parts)


def _row(item: QuestionRecord, resolution: Resolution) -> tuple[object, ...]:
    chances = percent(item.forecast.probability), percent(item.base.probability) if item.base else ""
    if resolution.outcome is None:
        return item.id, item.due, *chances, resolution.state, "", ""
    chance = item.forecast.probability
    log_score = float(log_probabilities(np.array([chance]), np.array([resolution.outcome]))[0])
    return (
        item.id,
        item.due,
        *chances,
        resolution.state,
        f"{log_score:.3f}",
        f"{(chance - resolution.outcome) ** 2:.3f}",
    )


def _summary(pairs: Sequence[tuple[QuestionRecord, Resolution]]) -> Iterator[str]:
    known = [(item, resolution.outcome) for item, resolution in pairs if resolution.outcome is not None]
    if not known:
        yield "Nothing can be scored yet."
        return
    chances, happened = [item.forecast.probability for item, _ in known], [outcome for _, outcome in known]
    names = [item.resolves.what if item.resolves.kind != "manual" else item.id for item, _ in known]
    clusters = [names.index(name) for name in names]
    whole = score(chances, chances, happened, clusters)
    yield f"{whole.size} of {len(pairs)} questions are resolved: log score {whole.log_score:.3f}, Brier score {whole.brier:.3f}."
    yield from _against(known, clusters)
    yield from _calibration(whole)
    yield LEGEND


def _against(known: Sequence[tuple[QuestionRecord, bool]], clusters: Sequence[int]) -> Iterator[str]:
    """Yield the gain over the base rates, and what each of them is: a gain over an unknown rival could be misread."""
    bases = {index: item.base for index, (item, _) in enumerate(known) if item.base is not None}
    if not bases:
        return
    result = score(
        [known[index][0].forecast.probability for index in bases],
        [base.probability for base in bases.values()],
        [known[index][1] for index in bases],
        [clusters[index] for index in bases],
    )
    yield (
        f"Against the base rates listed below ({result.size} questions): log score {result.log_score:.3f} against "
        f"{result.base_log_score:.3f}, gain {_difference(result.log_gain)}; Brier score {result.brier:.3f} against "
        f"{result.base_brier:.3f}, gain {_difference(result.brier_gain)}. "
        "The errors treat questions answered by the same register or table as dependent."
    )
    yield "The gain is only over these base rates, which the forecast file contains:"
    for index, base in bases.items():
        yield f"  {printable(f'{known[index][0].id}: {percent(base.probability)} ({base.how})')}"
    yield "Another base rate gives another gain. A share of a long past is easy to beat where events have become more frequent."


def _difference(difference: Difference) -> str:
    error = "no error with one source" if math.isnan(difference.error) else f"error {difference.error:.3f}"
    return f"{difference.mean:+.3f} ({error})"


def _calibration(scores: Scores) -> Iterator[str]:
    if scores.calibration:
        rows = [(percent(part.predicted), percent(part.observed), part.size) for part in scores.calibration]
        yield text_table(("predicted", "observed", "questions"), rows, right=(0, 1, 2))


def replay_text(result: Replay) -> str:
    """Return the scores of the rate on a register's past."""
    first, last = result.questions[0].opens, result.questions[-1].opens
    hits = sum(item.happened for item in result.questions)
    head = (
        f"{result.name}: {len(result.questions)} questions of {DAYS} days, {first:%B %Y} to {last:%B %Y}, of which {hits} were followed by an event\n"
        f"data: {result.cite} (sha256 {result.sha256[:12]})"
    )
    forecasters = {
        "rate": result.rate,
        "rate without the calendar": result.plain,
        "share of the last ten years": result.recent,
    }
    rows = [(name, *_figures(scores)) for name, scores in forecasters.items()]
    base = result.rate
    rows.append(
        ("constant: share of all earlier windows", f"{base.base_log_score:.3f}", "", f"{base.base_brier:.3f}", "")
    )
    table = text_table(("forecaster", "log score", "gain (error)", "Brier", "gain (error)"), rows, right=(1, 2, 3, 4))
    over = result.over_recent
    against = (
        f"The rate gains {over.log_gain.mean:+.3f} (error {over.log_gain.error:.3f}) in log score and {over.brier_gain.mean:+.3f} "
        f"({over.brier_gain.error:.3f}) in Brier score over the share of the last ten years."
    )
    return "\n".join([head, "", table, "", against, "", *_calibration(result.rate)])


def _figures(scores: Scores) -> tuple[str, str, str, str]:
    gains = [f"{item.mean:+.3f} ({item.error:.3f})" for item in (scores.log_gain, scores.brier_gain)]
    return f"{scores.log_score:.3f}", gains[0], f"{scores.brier:.3f}", gains[1]
