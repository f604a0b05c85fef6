"""What the argument screen shows of a case: what each claim still needs, and from what its tests can be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from tocsin.assessment.amounts import UNIT_WORDS
from tocsin.assessment.code_words import CLAIM_WORDS
from tocsin.case.chances import chance_findings
from tocsin.case.checks_dates import early_outcome_findings, is_late
from tocsin.case.claim_blocks import Claim
from tocsin.case.inputs import beliefs_of_theatre
from tocsin.case.loader import load_text
from tocsin.case.nodes import Node, calls, facts, inputs
from tocsin.case.quantities import PROBABILITY, QUANTITIES, ROLES
from tocsin.case.reasons import grounds, is_template, template_values
from tocsin.case.schema import Case
from tocsin.case.sentence_findings import sentence_findings
from tocsin.case.thresholds import threshold_findings
from tocsin.case.translations import translator_for
from tocsin.case.typing_rules import actors_for
from tocsin.draft.blocks import empty_claim
from tocsin.draft.checkable import THRESHOLD
from tocsin.draft.flags import FLAG_KINDS
from tocsin.errors import CaseErrors, InputError
from tocsin.reading import Loc, Place, read_yaml
from tocsin.translation import LANGUAGES, Text, Translator, listed, message, plural
from tocsin.workbench.desk import Desk
from tocsin.workbench.saying import said

MAX_NAMED = 3
"""Most facts or beliefs that one line names."""


def argument_view(desk: Desk, language: str) -> dict[str, Any]:
    """Return what each claim of the case on the desk still needs, and from what tests can be chosen.

    A need has a text, perhaps a remedy, and where it is met: a line of the case file, or an item of a screen. While the case has errors,
    `tests` is None and the needs are those errors that stand within a claim. `said` has the translations of the case in the reader's language.
    """
    draft = desk.draft()
    try:
        case = load_text(draft.text, desk.file)
    except CaseErrors as errors:
        translator = Translator(language=language)
        needs = _error_needs(draft.text, desk.file.name, errors, translator)
        return {
            "terms": _terms(translator, _language(draft.text, desk.file.name)),
            "needs": needs,
            "said": {},
            "tests": None,
        }
    translator = translator_for(case, language)
    return {
        "terms": _terms(translator, case.language),
        "needs": _needs(case, translator),
        "said": {key: _said(claim, translator) for key, claim in case.claims.items()},
        "tests": _tests(case, translator),
    }


def _language(text: str, shown: str) -> str:
    """Return the language of a case with errors; English if it states none of those that cases may have."""
    try:
        stated = read_yaml(text, shown).data["language"]
    except (InputError, KeyError, TypeError):
        return "en"
    return stated if isinstance(stated, str) and stated in LANGUAGES else "en"


def _terms(translator: Translator, language: str) -> dict[str, Any]:
    """Return when a sentence counts as checkable, names of kinds and units, and a claim without words or test.

    Args:
        translator: of the names.
        language: of the case, in which that claim is written.
    """
    return {
        "checkable": THRESHOLD,
        "kinds": {kind: translator.plain(words) for kind, words in CLAIM_WORDS.items()},
        "units": {unit: translator.plain(words) for unit, words in UNIT_WORDS.items()},
        "flags": {kind: translator.plain(message(words)) for kind, words in FLAG_KINDS.items()},
        "empty": empty_claim(language),
    }


def _said(claim: Claim, translator: Translator) -> dict[str, str]:
    """Return what a claim ("") and its parts say in the reader's language, where that is another."""
    texts = {"": claim.says, **{name: part.says for name, part in claim.all_parts.items()}}
    return {name: said for name, text in texts.items() if (said := translator.plain(text)) != text}


# --- needs --------------------------------------------------------------------------------------------------


def _error_needs(text: str, shown: str, errors: CaseErrors, translator: Translator) -> dict[str, list[dict[str, Any]]]:
    """Return the errors that stand within a claim, by claim."""
    try:
        keys = read_yaml(text, shown).keys
    except InputError:
        return {}
    starts = sorted((place.line, place.column or 0, loc) for loc, place in keys.items() if _is_start(loc))
    needs: dict[str, list[dict[str, Any]]] = {}
    for error in errors.problems:
        before = [loc for line, column, loc in starts if error.file == shown and (line, column) <= _spot(error)]
        if before and len(before[-1]) > 1:
            missing = error.message.startswith("unknown fact")
            need = said({"text": error.message, "remedy": error.remedy, "line": error.line}, translator)
            needs.setdefault(str(before[-1][1]), []).append(need | ({"screen": "facts"} if missing else {}))
    return needs


def _is_start(loc: Loc) -> bool:
    """Return whether a block or a claim begins at a path."""
    return len(loc) == 1 or (len(loc) == 2 and loc[0] == "claims")


def _spot(error: InputError) -> tuple[float, float]:
    return error.line or 0, error.column if error.column is not None else float("inf")


def _needs(case: Case, translator: Translator) -> dict[str, list[dict[str, Any]]]:
    """Return what each claim of a case without errors still needs."""
    marked = {tuple(loc[:2]) for locs in template_values(case).values() for loc in locs}
    rests = grounds(case)
    weak = {name for name, ground in rests.items() if ground in ("template", "no reason")}
    needs = {
        key: [*_words(case, key), *_of_facts(case, key, marked), *_of_beliefs(case, key, weak)] for key in case.claims
    }
    for check in (sentence_findings, threshold_findings, chance_findings, early_outcome_findings):
        for loc, text, remedy in check(case):
            if loc[0] == "claims":
                needs[str(loc[1])].append({"text": text, "remedy": remedy, "line": _line(case.place(*loc))})
    return {key: [said(need, translator) for need in some] for key, some in needs.items()}


def _line(place: Place | None) -> int | None:
    return None if place is None else place.line


def _words(case: Case, key: str) -> Iterator[dict[str, Any]]:
    """Yield what a claim lacks itself: words of the author's own, a test, sources."""
    claim = case.claims[key]
    untested = {"": claim.untested, **{name: part.untested for name, part in claim.all_parts.items()}}
    if is_template(claim.says):
        yield _need(message("Write in your own words what it says."))
    for name, reason in untested.items():
        if reason is not None and is_template(reason.why):
            part = message("Part {part} has no test: choose one, or write why there is none.", part=name)
            yield _need(part if name else message("It has no test: choose one, or write why there is none."))
    if not claim.sources and not claim.rivals and claim.untested is None:
        yield _need(message("It names no source and no rival argument."), line=_line(case.place("claims", key)))
    if claim.kind == "forecast" and claim.due is None:
        yield _need(
            message("It is a forecast without a day by which it comes true."), line=_line(case.place("claims", key))
        )


def _need(text: Text, screen: str = "", item: str = "", line: int | None = None) -> dict[str, Any]:
    return {"text": text, "remedy": None, "screen": screen, "item": item, "line": line}


def _nodes(case: Case, key: str) -> list[Node]:
    return [test.node for test in case.tests.get(key, {}).values()]


def _of_facts(case: Case, key: str, marked: set[Loc]) -> Iterator[dict[str, Any]]:
    """Yield the facts that a claim's tests read and that are not yet good enough."""
    for name in sorted(set().union(*(facts(node) for node in _nodes(case, key)))):
        if ("facts", name) in marked:
            yield _need(message("Fact {fact} still has the template's text.", fact=name), "facts", name)
        elif case.facts[name].confidence in ("low", "recalled"):
            yield _need(message("Nobody has checked fact {fact} against a source.", fact=name), "facts", name)


def _of_beliefs(case: Case, key: str, weak: set[str]) -> Iterator[dict[str, Any]]:
    """Yield the judgements without an author or a reason of their own that a claim's tests read, in one line."""
    nodes = _nodes(case, key)
    theatres = {call.theatre for node in nodes for call in calls(node)} - {None}
    read = set().union(*(inputs(node) for node in nodes), *(beliefs_of_theatre(case, str(name)) for name in theatres))
    names = sorted(read & weak)
    if names:
        text = plural(
            "{count} belief that it reads has no author or reason yet: {names}.",
            "{count} beliefs that it reads have no author or reason yet, such as {names}.",
            len(names),
            names=listed(names[:MAX_NAMED]),
        )
        yield _need(text, "beliefs", names[0])


# --- tests --------------------------------------------------------------------------------------------------


def _tests(case: Case, translator: Translator) -> dict[str, Any]:
    """Return what tests can be made of: facts, and quantities of the games with their arguments."""
    return {
        "facts": [_fact(case, key) for key in case.facts if not is_late(case, key)],
        "quantities": [_quantity(name, translator) for name in QUANTITIES if name != "published"]
        if case.theatres
        else [],
        "theatres": {key: _theatre(case, key) for key in case.theatres},
        "events": {key: translator.plain(event.says) for key, event in case.events.items()},
    }


def _fact(case: Case, key: str) -> dict[str, Any]:
    value = case.values[key]
    kind = (
        "truth"
        if isinstance(value, bool)
        else "day"
        if isinstance(value, date)
        else "text"
        if isinstance(value, str)
        else "number"
    )
    return {"key": key, "kind": kind, "value": str(case.facts[key].value), "unit": case.facts[key].unit}


def _quantity(name: str, translator: Translator) -> dict[str, Any]:
    kind = QUANTITIES[name]
    return {
        "name": name,
        "meaning": translator.plain(message(kind.meaning)),
        "probability": kind.measured == PROBABILITY,
        "roles": [] if kind.optional else list(kind.roles),
        "events": kind.events,
        "milestones": kind.milestones,
        "unit": "" if str(kind.unit) == "1" else str(kind.unit),
    }


def _theatre(case: Case, key: str) -> dict[str, Any]:
    """Return the arguments that each quantity can have in a theatre."""
    theatre = case.theatres[key]
    words = {role: list(ROLES[role].words) for role in ("instrument", "rung", "way")}
    return {
        "actors": {name: list(actors_for(name, theatre)) for name, kind in QUANTITIES.items() if "actor" in kind.roles},
        "words": {**words, "regime": list(theatre.regimes)},
        "milestones": list(theatre.report_years),
        "horizon": theatre.horizon,
    }
