"""What the screen of beliefs shows beside a belief: its meaning and bounds, its evidence, its default, and distributions with chosen points."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from tocsin.assessment.amounts import unit_words
from tocsin.assessment.sketching import of_claim
from tocsin.assessment.words import SCALE, part_words
from tocsin.case.checks import sources_only_of
from tocsin.case.claim_blocks import Claim
from tocsin.case.defaulting import default_of
from tocsin.case.defaults import reason_words
from tocsin.case.distributions import fact_of, parse
from tocsin.case.game_blocks import DatedGame
from tocsin.case.inputs import InputKind, optional, resolve
from tocsin.case.origin import describe, is_estimate
from tocsin.case.published import PUBLISHED, kind_in
from tocsin.case.schema import Belief, Case
from tocsin.case.translations import translator_for
from tocsin.errors import CaseErrors, InputError
from tocsin.report.table_rows import author_words, input_meaning
from tocsin.runs.store import SKETCH, stored_runs
from tocsin.translation import Translator, message
from tocsin.workbench.desk import Desk
from tocsin.workbench.screens.belief_edits import Points
from tocsin.workbench.views import QUANTILES

FAMILIES = ("beta", "lognormal", "loguniform", "uniform", "normal", "gamma")
"""Families that two points determine; of two that fit the middle, the first comes first."""
NEAR = 0.05
"""A shape fits the middle if its median is at most this share of the span between the outer points away from it."""
EDGES = (1, 99)
"""Per cent at which the outer words of likelihood begin and end."""
_CHANCE = "probability"
"""First word of the meaning of an input that is a probability, in English."""


def beliefs_view(desk: Desk, language: str) -> dict[str, Any]:
    """Return what stands beside each belief, by name; the claims; the inputs that could be added; and the words of likelihood with their edges.

    Raises:
        CaseErrors: if the case has errors.
    """
    case = desk.case()
    translator = translator_for(case, language)
    return {
        "beliefs": {name: _beside(case, name, belief, translator) for name, belief in case.beliefs.items()},
        "claims": {name: _claim(claim, translator) for name, claim in case.claims.items()},
        "addable": [_addable(case, name, translator) for name in _unset(case)],
        "likelihoods": list(_likelihoods(translator)),
    }


def _claim(claim: Claim, translator: Translator) -> dict[str, Any]:
    parts = {name: translator.plain(part_words(name)) for name in claim.all_parts}
    return {"says": translator.plain(claim.says), "parts": parts}


def stored_sketch(desk: Desk, claim: str) -> dict[str, Any] | None:
    """Return the sketch of a claim from the last run of the case as it is now, see `assessment.sketching`.

    None if there is no such run, if games decide none of the claim's tests, or if the case has errors.
    """
    try:
        case = desk.case()
    except CaseErrors:
        return None
    run = next((run for run in stored_runs(case.id) if run.record.case.sha256 == case.sha256), None)
    data = None if run is None else run.part(SKETCH)
    return None if data is None else of_claim(json.loads(data), claim)


def shapes_view(points: Points) -> list[dict[str, Any]]:
    """Return the distributions with these 5 % and 95 % points: those that fit the middle, the present family first, then the others by fit.

    Raises:
        InputError: if the points do not rise, or no family has them.
    """
    low, middle, high = points.points
    if not (low < high if middle is None else low < middle < high):
        raise InputError(
            message("the three points do not rise"),
            remedy=message("write the 5 % point, the 50 % point and the 95 % point"),
        )
    shapes = []
    for family in sorted(FAMILIES, key=lambda family: family != points.family):
        text = f"{family}({_number(low)} to {_number(high)})"
        try:
            shape = parse(text, low=points.bounds[0], high=points.bounds[1])
        except InputError:
            continue
        reached = [shape.point(share) for share in QUANTILES]
        off = 0.0 if middle is None else abs(reached[1] - middle) / (high - low)
        shapes.append({"is": text, "points": reached, "fits": off <= NEAR, "off": off})
    if not shapes:
        raise InputError(
            message(
                "no distribution has {low} and {high} as its 5 % and 95 % points", low=f"{low:g}", high=f"{high:g}"
            ),
            remedy=message(
                "choose points between {low} and {high}",
                low=f"{points.bounds[0]:g}",
                high=f"{points.bounds[1]:g}",
            ),
        )
    return sorted(shapes, key=lambda shape: 0.0 if shape["fits"] else shape["off"])


def _number(value: float) -> str:
    return repr(value).removesuffix(".0")


def _beside(case: Case, name: str, belief: Belief, translator: Translator) -> dict[str, Any]:
    default = None if belief.is_default else default_of(case, name)
    return {
        **_about(case, name, belief.unit, translator),
        "origin": translator.plain(describe(belief.from_)),
        "by": translator.plain(author_words(belief.by or "")),
        "why": translator.plain(reason_words(belief.why)),
        "from": belief.from_,
        "estimate": _estimate(belief),
        "sources": _sources(case, belief.source),
        "fact": _fact(case, fact_of(belief.is_)),
        "default": None if default is None else default.is_,
        "ownSources": sources_only_of(case, "beliefs", name) if default is not None and belief.source else [],
    }


def _estimate(belief: Belief) -> list[float] | None:
    """Return the points of the stored estimate behind a belief; None if there is none."""
    if belief.from_ is None or not is_estimate(belief.from_):
        return None
    from tocsin.evidence.reference import estimate

    stored = estimate(belief.from_)
    return [stored.low, stored.middle, stored.high]


def _about(case: Case, name: str, unit: str, translator: Translator) -> dict[str, Any]:
    known = kind_in(case, name)
    bounds = (known[0].low, known[0].high) if known else case.distributions[name].support
    return {
        "meaning": translator.plain(input_meaning(case, name)),
        "bounds": list(bounds),
        "unitWords": "" if unit == "1" else translator.plain(unit_words(unit)),
        "chance": known is not None and _is_chance(known[0]),
    }


def _is_chance(kind: InputKind) -> bool:
    return kind.unit == "1" and (kind.low, kind.high) == (0, 1) and kind.meaning.startswith(_CHANCE)


def _sources(case: Case, keys: Iterable[str]) -> list[dict[str, Any]]:
    known = ((key, case.sources[key]) for key in keys if key in case.sources)
    return [{"key": key, **source.model_dump(mode="json", include={"cite", "grade", "url"})} for key, source in known]


def _fact(case: Case, key: str | None) -> dict[str, Any] | None:
    """Return the fact that gives a belief its value."""
    if key is None or key not in case.facts:
        return None
    fact = case.facts[key]
    return {
        "key": key,
        "value": f"{fact.value} {fact.unit}".strip(),
        "date": fact.date,
        "sources": _sources(case, fact.source),
    }


# --- inputs that could be added --------------------------------------------------------------------------------------


def _addable(case: Case, name: str, translator: Translator) -> dict[str, Any]:
    known = kind_in(case, name)
    assert known is not None  # games know their inputs
    default = case.beliefs.get(name)
    return {
        "name": name,
        **_about(case, name, known[0].unit, translator),
        "unit": known[0].unit,
        "is": default.is_ if default else "",
        "from": default.from_ if default else None,
        "points": [float(case.distributions[name].point(share)) for share in QUANTILES] if default else None,
    }


def _unset(case: Case) -> list[str]:
    """Return the inputs that a game of the case reads and its author does not state: those with a default, then those without."""
    defaults = [name for name, belief in case.beliefs.items() if belief.is_default]
    return list(dict.fromkeys((*defaults, *_optional(case), *_parameters(case))))


def _optional(case: Case) -> Iterator[str]:
    for theatre, game in case.theatres.items():
        if not isinstance(game, DatedGame):
            yield from (name for name in optional(case, theatre) if resolve(case, name, theatre) is None)


def _parameters(case: Case) -> Iterator[str]:
    """Yield the parameters of published games that the case does not give; a capital word stands for each of its actors."""
    for game, block in case.published.items():
        for kind in PUBLISHED[block.model].parameters:
            slots = kind.pattern.split(".")
            for words in product(*(case.actors if slot == "ACTOR" else (slot,) for slot in slots)):
                name = ".".join((game, *words))
                if name not in case.beliefs:
                    yield name


def _likelihoods(translator: Translator) -> Iterator[dict[str, Any]]:
    """Yield the words of likelihood with the probabilities between which they stand."""
    below = EDGES[0]
    for edge, word in SCALE:
        above = min(edge, EDGES[1])
        yield {"word": translator.plain(word), "low": below / 100, "high": above / 100}
        below = edge
