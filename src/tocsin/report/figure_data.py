"""The numbers behind each figure of the brief, as CSV with a unit in every row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote

from tocsin.assessment.figures_result import Band
from tocsin.assessment.ladder import ladder
from tocsin.assessment.other_models_words import NAMES
from tocsin.assessment.result import Assessment
from tocsin.assessment.rivals.rows import explanation_rows, observation_rows
from tocsin.report.claim_states import states_of
from tocsin.translation import listed

Row: TypeAlias = dict[str, str | int | float | None]


def figure_csv(assessment: Assessment, name: str) -> bytes:
    """Return the numbers behind a figure as CSV. Missing values are empty cells, and texts cannot become formulas.

    Raises:
        KeyError: if no figure has this name.
    """
    import polars as pl

    from tocsin.report.delimited import to_csv

    rows = list(_rows_of(name)(assessment))
    frame = pl.DataFrame(rows, infer_schema_length=None)
    numbers = [column for column, kind in frame.schema.items() if kind == pl.Float64]
    return to_csv(frame.with_columns(pl.col(numbers).fill_nan(None).round_sig_figs(6)))


def _rows_of(name: str) -> Callable[[Assessment], Iterator[Row]]:
    """Return what gives the rows of a figure by its name."""
    kind, _, key = name.partition("-")
    if kind == "models":
        return _models(name)
    if kind in _OF_SETS:
        rows, unit = _OF_SETS[kind]
        return lambda assessment: ({**row, "unit": unit} for row in rows(assessment) if row["set"] == key)
    return _ROWS[name]


@dataclass(frozen=True)
class DataLink:
    """A link to the numbers behind a figure: the name of the file that it saves, and the file itself as a `data:` address (RFC 2397)."""

    file: str
    uri: str


def data_link(assessment: Assessment, name: str) -> DataLink:
    """Return the link to the numbers behind a figure; it needs no network.

    Raises:
        KeyError: if no figure has this name.
    """
    csv = quote(figure_csv(assessment, name), safe="-._~,:;/()!*")
    return DataLink(f"{assessment.case.id}-{name}.csv", f"data:text/csv;charset=utf-8,{csv}")


def _with(head: Row, band: Band) -> Row:
    """Return a row with the 5 %, 50 % and 95 % points of a band."""
    return {**head, **dict(zip(("p05", "p50", "p95"), band, strict=True))}


def _names(assessment: Assessment) -> Mapping[str, str]:
    return {key: actor.name for key, actor in assessment.case.actors.items()}


def _ladder(assessment: Assessment) -> Iterator[Row]:
    units = {
        "dent": "share of all that deterrence costs the challenger",
        "delay": "years",
        "fall": "probability",
        "struck": "probability",
    }
    for row in ladder(assessment):
        for quantity, unit in units.items():
            yield _with(
                {
                    "event": row.event,
                    "name": row.name,
                    "role": row.role,
                    "quantity": quantity,
                    "unit": unit,
                },
                getattr(row, quantity),
            )


def _states(assessment: Assessment) -> Iterator[Row]:
    names = _names(assessment)
    for number, question in enumerate(assessment.case.questions.values(), start=1):
        for name in dict.fromkeys(question.claims):
            pair = states_of(assessment.case, name)
            if pair is not None and pair[1] is not None:
                source, sink = (names.get(actor, actor) for actor in (pair[0], pair[1]))
                verdict = assessment.claim(name).verdict
                yield {"question": number, "claim": name, "from": source, "to": sink, "verdict": verdict}


def _spending(assessment: Assessment) -> Iterator[Row]:
    names = _names(assessment)
    for line in assessment.figures.spending:
        for year, band in zip(line.years, line.bands, strict=True):
            yield _with(
                {
                    "actor": names[line.actor],
                    "path": line.path,
                    "year": year,
                    "unit": assessment.figures.money,
                },
                band,
            )


def _loss(assessment: Assessment) -> Iterator[Row]:
    units = {
        "dent": "share of all that deterrence costs the challenger",
        "total": "share of its own whole aim",
        "aim": "share of its own whole aim",
        "survival": "share of its own whole aim",
        "delay": "years",
        "fall": "probability",
        "struck": "probability",
        "equal_rise": "share of the target's spending",
    }
    for row in assessment.figures.loss:
        for quantity, unit in units.items():
            yield _with({"event": row.event, "quantity": quantity, "unit": unit}, getattr(row, quantity))
        yield {"event": row.event, "quantity": "negative", "unit": "share of worlds", "p50": row.negative}


def _risk(assessment: Assessment) -> Iterator[Row]:
    names = _names(assessment)
    for row in assessment.figures.risk:
        who = listed(names[actor] for actor in row.members) or "nobody"
        yield _with({"defenders": who, "unit": "probability"}, row.band)


def _pillar(assessment: Assessment) -> Iterator[Row]:
    names = _names(assessment)
    for row in assessment.figures.pillar:
        head: Row = {
            "theatre": row.theatre,
            "scene": row.scene,
            "target_is_player": str(row.with_target).lower(),
            "actor": names[row.actor],
            "unit": "difference of probabilities",
        }
        yield {**_with({**head, "by": "horizon"}, row.band), "share": row.share}
        for year, band in row.earlier:
            yield _with({**head, "by": str(year)}, band)


def _pull(assessment: Assessment) -> Iterator[Row]:
    for row in assessment.figures.pull:
        yield _with({"regime": row.regime, "started": row.started, "unit": "difference of probabilities"}, row.band)


def _fan(assessment: Assessment) -> Iterator[Row]:
    for row in assessment.figures.fan:
        outcomes = [(f"level {level}", value) for level, value in enumerate(row.levels)]
        for outcome, value in [*outcomes, ("aim reached", row.won), ("challenger fallen", row.fallen)]:
            yield {"year": row.year, "outcome": outcome, "unit": "probability", "mean": value}


def _models(name: str) -> Callable[[Assessment], Iterator[Row]]:
    claim, _, number = name.removeprefix("models-").rpartition("-")

    def rows(assessment: Assessment) -> Iterator[Row]:
        row = [item for item in assessment.other_models if item.claim == claim][int(number) - 1]
        for answer in row.answers:
            yield {
                "claim": row.claim,
                "part": row.part,
                "model": NAMES[answer.model],
                "weight": answer.weight,
                "probability": answer.probability,
                "counts": str(answer.counts).lower(),
            }
        yield {"claim": row.claim, "part": row.part, "model": "pooled", "probability": row.pooled}

    return rows


_OF_SETS: Mapping[str, tuple[Callable[[Assessment], list[Row]], str]] = {
    "explanations": (explanation_rows, "probability"),
    "observations": (observation_rows, "likelihood ratio"),
}
"""Figures of sets of explanations, what readers believe and the matrix, with the unit of their points."""
_ROWS: Mapping[str, Callable[[Assessment], Iterator[Row]]] = {
    "ladder": _ladder,
    "states": _states,
    "spending": _spending,
    "loss": _loss,
    "risk": _risk,
    "pillar": _pillar,
    "pull": _pull,
    "fan": _fan,
}
