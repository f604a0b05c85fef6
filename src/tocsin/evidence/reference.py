"""Find the estimate that a case names: `evidence/NAME/KEY`, with keys as `tocsin evidence show NAME` prints them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tocsin.data.codes import by_code, codes
from tocsin.data.names import codes_meant, find_code, suggestion
from tocsin.data.registry import source
from tocsin.errors import InputError, did_you_mean
from tocsin.evidence.results import EstimateRow, Joint, Result
from tocsin.evidence.store import KINDS, load_result
from tocsin.translation import Text, in_sentences, message

START = "evidence/"


@dataclass(frozen=True)
class Estimate:
    """An estimate with its uncertainty.

    Attributes:
        name: name of its result.
        low, middle, high: 5th, 50th and 95th percentiles.
        unit: unit of the percentiles.
        family: family of the distribution that stands for the estimate.
        cases: number of cases it uses.
        joint: its correlation with other estimates of its fit; None if that is not known.
        made: date of the estimation, YYYY-MM-DD.
        what, model, limits, cite: those of its result, in words.
    """

    name: str
    low: float
    middle: float
    high: float
    unit: str
    family: str
    cases: int
    joint: Joint | None
    made: str
    what: str
    model: str
    limits: str
    cite: str

    def describe(self) -> Text:
        """Return the origin of the estimate, in a few sentences."""
        origin = message(
            "Estimated from {cases} cases ({cite}), {what}: {model}; made {date}.",
            cases=f"{self.cases}",
            cite=self.cite,
            what=self.what,
            model=self.model,
            date=self.made,
        )
        return in_sentences(origin, self.limits)


def estimate(text: str) -> Estimate:
    """Return the estimate that the `from` of a belief names.

    Raises:
        InputError: if there is no such result or estimate.
    """
    name, _, key = text.strip().removeprefix(START).partition("/")
    if name not in KINDS:
        raise InputError(message("no stored result {name}", name=repr(text)), remedy=did_you_mean(name, KINDS))
    result = load_result(name)
    row = _row(result, key)
    return Estimate(
        name=name,
        low=row.p05,
        middle=row.p50,
        high=row.p95,
        unit=result.unit,
        family=row.family or result.family,
        cases=result.figures.cases if row.cases is None else row.cases,
        joint=row.joint,
        made=result.made,
        what=message(result.what),
        model=message(result.model),
        limits=message(result.limits),
        cite="; ".join(dict.fromkeys(item.cite for item in result.data)),
    )


def reach(name: str) -> tuple[int, int]:
    """Return the year to which all data of a stored result are complete, and the last year of any that it uses."""
    # such a result starts in the year after its record, whatever longer data sets it also reads
    after = load_result(name).figures.details.get("year")
    if isinstance(after, float):
        return int(after) - 1, int(after) - 1
    ends = [source(item).years[1] for item in KINDS[name].sources]
    return min(ends), max(ends)


def reaches(text: str) -> int:
    """Return the last year to which the estimate that a `from` names was fitted, as far as all its data go.

    A key such as `1823_to_2003` or `before_1945` says it. Data that end before a key such as `since_1945` begins do not count.
    """
    name, _, key = text.strip().removeprefix(START).partition("/")
    if stated := re.search(r"_to_(\d{4})|before_(\d{4})", key):
        return int(stated[1]) if stated[1] else int(stated[2]) - 1
    complete, _ = reach(name)
    since = re.search(r"since_(\d{4})", key)
    if since is None or complete >= int(since[1]):
        return complete
    return min(end for item in KINDS[name].sources if (end := source(item).years[1]) >= int(since[1]))


def _row(result: Result, key: str) -> EstimateRow:
    rows, row_at = rows_by_path(result), KINDS[result.name].row_at
    if key in rows:
        return rows[key]
    if row_at is None:
        raise InputError(
            message(
                "no estimate {estimate} in the result {name}",
                estimate=f"'{START}{result.name}/{key}'",
                name=result.name,
            ),
            remedy=_remedy(result, key),
        )
    return row_at(result, key)


def rows_by_path(result: Result) -> Mapping[str, EstimateRow]:
    """Return the estimates of a result by the path that follows `evidence/NAME/` in a case."""
    return {row.path(KINDS[result.name].key): row for row in result.figures.estimated}


def select(result: Result, word: str) -> Mapping[str, EstimateRow]:
    """Return the estimates of the state that a word names, or those with the word in their path.

    Raises:
        InputError: if there is none, or the word may mean several states.
    """
    rows = rows_by_path(result)
    states = {row.labels["state"] for row in rows.values() if "state" in row.labels}
    code = _state(word, states) if states and (codes_meant(word) or word.isdigit()) else ""
    selected = {path: row for path, row in rows.items() if word.lower() in path.lower()}
    if code:
        selected = {path: row for path, row in rows.items() if row.labels["state"] == code}
    if rows and not selected:
        words = {part for path in rows for part in path.split("/")} - states
        near = message("`--of any_state` stands for a state without a record") if states else did_you_mean(word, words)
        raise InputError(
            message("no estimate of {name} has {word} in its key", name=result.name, word=repr(word)),
            remedy=message("{remedy}; `tocsin evidence show {name}` lists keys", remedy=near, name=result.name),
        )
    return selected


def _state(word: str, states: Collection[str]) -> str:
    """Return the code under which a result has a state; a state before a union has the code of its number (GFR is DEU).

    Raises:
        InputError: if the word may mean several states, or the result has none of them.
    """
    code = find_code(word)
    numbers = {entry.state for entry in by_code().get(code, ())}
    same = {entry.text for entry in codes() if entry.state in numbers}
    return code if code in states or not same & set(states) else min(same & set(states))


def _remedy(result: Result, key: str) -> Text:
    """Return a remedy for a wrong path: the same path with the code of the state, or similar paths."""
    rows = rows_by_path(result)
    states = {row.labels["state"] for row in rows.values() if "state" in row.labels}
    name, slash, rest = key.partition("/")
    if not (states and slash) or name in states:
        return did_you_mean(key, rows)
    if not codes_meant(name):
        return suggestion(name, states)
    path = f"{_state(name, states)}/{rest}"
    if path in rows:
        return message("did you mean {names}?", names=f"`{path}`")
    return message("use `any_state/{rest}` for a state without a record", rest=rest)
