"""The tables of rival explanations: what readers believe, what bears on it, and how arguments are tested."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.assessment.record import AssessmentRecord
from tocsin.export.table import Column, Table, listed, number, text, truth

_SET = text("set", "Key of the set of explanations.")
_LATE = truth("late", "Whether that rests on facts dated after the day of the case.")


def rival_tables(record: AssessmentRecord) -> Iterator[Table]:
    """Yield the tables; they have no rows if the case has no rival explanations and no arguments."""
    yield _explanations(record)
    yield _observations(record)
    yield _arguments(record)


def _points(what: str) -> tuple[Column, ...]:
    return tuple(
        number(name, f"The {share} % point of {what} over the draws of the chances.", "1")
        for name, share in (("p05", 5), ("p50", 50), ("p95", 95))
    )


def _explanations(record: AssessmentRecord) -> Table:
    columns = (
        _SET,
        text("explanation", "Key of the explanation."),
        text("name", "The explanation in a few words."),
        truth("article", "Whether it is the explanation of the article."),
        text("reader", "neutral, author or sceptic."),
        truth("since", "Whether facts dated after the day of the case count."),
        number("prior", "Probability before the observations.", "1"),
        number("mean", "Probability after them, on average over the draws of the chances.", "1"),
        *_points("that probability"),
    )
    rows = [
        {
            "set": item.name,
            "explanation": known.key,
            "name": known.name,
            "article": known.key == item.article,
            "reader": reader,
            "since": since,
            "prior": beliefs[known.key].prior,
            "mean": beliefs[known.key].mean,
            **dict(beliefs[known.key].band),
        }
        for item in record.explanations
        for since, posteriors in ((False, item.posteriors), (True, item.since))
        for reader, beliefs in posteriors.items()
        for known in item.explanations
    ]
    return Table.of("explanations", "What readers believe of rival explanations.", columns, rows)


def _observations(record: AssessmentRecord) -> Table:
    columns = (
        _SET,
        text("item", "Key of the observation."),
        text("says", "What may be seen."),
        text("state", "seen, not seen, estimated, disputed, undefined or unknown."),
        number("share", "Share of draws in which it was seen; missing if it does not count.", "1"),
        _LATE,
        text("group", "Its group of dependent items."),
        truth("diagnostic", "Whether it tells at least two explanations apart."),
        number("information", "Expected information of an item not yet known, for the neutral reader.", "bits"),
        text("explanation", "Key of the explanation."),
        number("moved", "By how much the item moves the neutral reader's probability.", "1"),
        *_points("the likelihood ratio against the explanation of the article"),
    )
    rows = [
        {
            "set": item.name,
            "item": observation.name,
            "says": observation.says,
            "state": observation.sight.state,
            "share": observation.sight.share,
            "late": observation.sight.late,
            "group": observation.group,
            "diagnostic": observation.diagnostic,
            "information": observation.information,
            "explanation": key,
            "moved": observation.moved.get(key),
            **dict(band),
        }
        for item in record.explanations
        for observation in item.items
        for key, band in observation.ratios.items()
    ]
    return Table.of("observations", "How likely each explanation makes each observation.", columns, rows)


def _arguments(record: AssessmentRecord) -> Table:
    columns = (
        text("argument", "Key of the argument."),
        truth("tested", "Whether it predicts anything or sets an input."),
        text("explanations", "Explanations that it makes, as SET.EXPLANATION."),
        text("sets", "Inputs that it sets."),
        text("predicts", "What it predicts by itself."),
        text("state", "Whether that was seen."),
        _LATE,
        *_points("the likelihood ratio of the argument, right against wrong"),
    )
    rows = [
        {
            "argument": item.key,
            "tested": item.tested,
            "explanations": listed(f"{name}.{key}" for name, key in item.explanations),
            "sets": listed(item.sets),
            "predicts": item.says,
            "state": item.sight.state if item.sight else None,
            "late": item.sight.late if item.sight else None,
            **(dict(item.ratio) if item.ratio else {"p05": None, "p50": None, "p95": None}),
        }
        for item in record.arguments
    ]
    return Table.of("arguments", "How rival and supporting arguments are tested.", columns, rows)
