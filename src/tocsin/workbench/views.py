"""What the screens of the workbench show of a case: plain values for JSON."""

from __future__ import annotations

from typing import Any

from tocsin.case.lint import Notice, lint
from tocsin.case.reasons import grounds, template_texts
from tocsin.case.schema import Case
from tocsin.case.translations import title_in
from tocsin.errors import CaseErrors, InputError
from tocsin.reading import Loc, read_yaml
from tocsin.translation import Translator
from tocsin.workbench.desk import Desk, Draft
from tocsin.workbench.saying import said

QUANTILES = (0.05, 0.5, 0.95)
"""Points at which a belief is shown."""


def case_view(desk: Desk, draft: Draft, language: str) -> dict[str, Any]:
    """Return the case on the desk, with its title in a language.

    `data` has the file's own values and is None if the file is no YAML. `case` has what the program makes of them and is None while the case
    has errors, which are then in `problems`.
    """
    case, problems = _loaded(desk)
    notices = lint(case) if case is not None else ()
    translator = Translator(language=language)
    return {
        "version": draft.version,
        "file": str(desk.file),
        "writable": desk.writable,
        "undo": desk.can_undo,
        "redo": desk.can_redo,
        "data": _data(desk, draft),
        "problems": [_item(problem, translator) for problem in problems],
        "notices": [_item(notice, translator) for notice in notices],
        "case": None if case is None else _case(case, language),
    }


def _loaded(desk: Desk) -> tuple[Case | None, tuple[InputError, ...]]:
    try:
        return desk.case(), ()
    except CaseErrors as errors:
        return None, errors.problems


def _data(desk: Desk, draft: Draft) -> dict[str, Any] | None:
    try:
        return dict(read_yaml(draft.text, desk.file.name).data)
    except InputError:
        return None


def _item(item: InputError | Notice, translator: Translator) -> dict[str, Any]:
    return said({name: getattr(item, name) for name in ("message", "file", "line", "column", "remedy")}, translator)


def _case(case: Case, language: str) -> dict[str, Any]:
    rests = grounds(case)
    return {
        "id": case.id,
        "title": title_in(case.folder, case.title, language),
        "asOf": str(case.as_of),
        "templates": _templates(case),
        "facts": [_fact(case, key) for key in case.facts],
        "beliefs": [{**_belief(case, name), "rests": rests[name]} for name in case.beliefs],
        "claims": [_claim(case, key) for key in case.claims],
        "tables": {name: dict(case.data_hashes)[name] for name in case.fact_tables},
        "sources": {key: source.model_dump(mode="json") for key, source in case.sources.items()},
    }


def _templates(case: Case) -> list[dict[str, Any]]:
    """Return the items that still have the template's text: for each the path of its first such text, and the line of the item."""
    first: dict[Loc, Loc] = {}
    for loc in template_texts(case):
        first.setdefault(loc[:2], loc)
    places = {item: case.place(*item) for item in first}
    return [{"loc": list(loc), "line": place.line if (place := places[item]) else None} for item, loc in first.items()]


def _fact(case: Case, key: str) -> dict[str, Any]:
    fact, place = case.facts[key], case.place("facts", key)
    return {
        "key": key,
        **fact.model_dump(
            mode="json", by_alias=True, include={"value", "unit", "date", "source", "confidence", "note", "from_"}
        ),
        "file": place.file if place else None,
        "line": place.line if place else None,
    }


def _belief(case: Case, name: str) -> dict[str, Any]:
    belief, shape = case.beliefs[name], case.distributions[name]
    return {
        "name": name,
        **belief.model_dump(mode="json", by_alias=True, include={"is_", "from_", "unit", "by", "why", "source"}),
        "isDefault": belief.is_default,
        "points": [shape.point(share) for share in QUANTILES],
    }


def _claim(case: Case, key: str) -> dict[str, Any]:
    claim = case.claims[key]
    return claim.model_dump(mode="json", by_alias=True, exclude_defaults=True) | {"id": key}
