"""Check beliefs: names, units, authors and reasons, and the inputs that models lack."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.case.inputs import KINDS, kind_of, members, required, resolve, split, suggestion
from tocsin.case.language import RESERVED
from tocsin.case.problem import Problem, unknown
from tocsin.case.published import PUBLISHED, actors_in, kind_in, parameters_of
from tocsin.case.schema import JoinedCase
from tocsin.case.units import parse_unit
from tocsin.errors import InputError, did_you_mean
from tocsin.reading import Loc
from tocsin.translation import in_commas, message, plural


def input_problems(case: JoinedCase) -> Iterator[Problem]:
    """Yield the inputs that models lack, and problems with published games."""
    for key in case.theatres:
        yield from _missing(case, key)
    for key in case.published:
        yield from _published(case, key)


def belief_problems(case: JoinedCase, name: str) -> Iterator[Problem]:
    """Yield those problems of a belief that do not prevent parsing its distribution."""
    yield from _reason(case, name)
    known = kind_in(case, name)
    if known is not None:
        yield from _stands_for(case, name, known[1])


def unreadable(case: JoinedCase, name: str) -> Problem | None:
    """Return the problem that prevents parsing a belief's distribution: an unknown input or a wrong unit."""
    belief, loc = case.beliefs[name], ("beliefs", name)
    known = kind_in(case, name)
    if known is None:
        return Problem(loc, message("no model reads an input `{name}`", name=name), _like(case, name), at_key=True)
    kind = known[0]
    try:
        if parse_unit(belief.unit) == kind.parsed_unit():
            return None
    except InputError as error:
        return Problem((*loc, "unit"), error.message, error.remedy)
    return Problem(
        (*loc, "unit"),
        message(
            "`{name}` is in {unit}, not {written} ({meaning})",
            name=name,
            unit=repr(kind.unit),
            written=repr(belief.unit),
            meaning=message(kind.meaning),
        ),
        message('write unit: "{unit}" and give the numbers in it', unit=kind.unit),
    )


def _reason(case: JoinedCase, name: str) -> Iterator[Problem]:
    belief = case.beliefs[name]
    if not belief.by and not belief.source and belief.from_ is None and not belief.is_.startswith("fact("):
        yield Problem(
            ("beliefs", name),
            message("belief `{name}` is a judgement without an author", name=name),
            message("add by: who judged it; or source: where the record is"),
            at_key=True,
        )


_NAMED = {
    "actor": message("actor"),
    "regime": message("regime"),
    "type": message("type"),
    "theatre": message("theatre"),
}
"""What a part of the name of a belief names, in words."""


def _stands_for(case: JoinedCase, name: str, stands_for: object) -> Iterator[Problem]:
    loc: Loc = ("beliefs", name)
    names = dict(stands_for) if isinstance(stands_for, dict) else {}
    known = {"actor": case.actors, "regime": case.regimes, "type": case.types, "theatre": case.theatres}
    for what, value in names.items():
        if what in known and value not in known[what]:
            yield unknown(loc, _NAMED[what], value, known[what], at_key=True)


def _like(case: JoinedCase, name: str) -> str:
    """Return a remedy for a belief that no model reads."""
    head, _, parameter = name.partition(".")
    game = PUBLISHED.get(case.published[head].model) if head in case.published else None
    if game is None:
        return suggestion(name, case)
    return did_you_mean(parameter, [kind.pattern for kind in game.parameters])


def _published(case: JoinedCase, key: str) -> Iterator[Problem]:
    """Yield problems with the use of a published game."""
    loc: Loc = ("published", key)
    game = PUBLISHED.get(case.published[key].model)
    if game is None:
        yield unknown((*loc, "model"), message("published game"), case.published[key].model, PUBLISHED)
        return
    heads = {kind.pattern.partition(".")[0]: message("an input") for kind in KINDS} | dict.fromkeys(
        RESERVED, message("a reserved word")
    )
    if key in heads:
        yield Problem(
            loc,
            message("published game `{key}` has the name of {what}", key=key, what=heads[key]),
            message("rename it"),
            at_key=True,
        )
    given = parameters_of(case, key)
    for parameter in given:
        if kind_in(case, f"{key}.{parameter}"):
            for actor in actors_in(case, f"{key}.{parameter}"):
                if actor not in case.actors:
                    yield unknown(("beliefs", f"{key}.{parameter}"), message("actor"), actor, case.actors, at_key=True)
    for kind in game.parameters:
        if "ACTOR" not in kind.pattern and kind.pattern not in given:
            yield Problem(
                loc,
                message("`{key}` lacks its parameter `{pattern}`", key=key, pattern=kind.pattern),
                message(
                    'add under beliefs: {key}.{pattern}: {{is: ..., unit: "1", by: ..., why: ...}}, from {low} to {high}: {meaning}',
                    key=key,
                    pattern=kind.pattern,
                    low=f"{kind.low:g}",
                    high=f"{kind.high:g}",
                    meaning=message(kind.meaning),
                ),
                at_key=True,
            )


def _missing(case: JoinedCase, theatre: str) -> Iterator[Problem]:
    game = case.theatres[theatre]
    if any(name not in case.actors for name in members(game)) or any(n not in case.regimes for n in game.regimes):
        return
    names = [name for name in required(case, theatre) if resolve(case, name, theatre) is None]
    if names:
        yield Problem(
            ("theatres", theatre),
            plural(
                "theatre `{theatre}` lacks {count} input: {names}",
                "theatre `{theatre}` lacks {count} inputs: {names}",
                len(names),
                theatre=theatre,
                names=in_commas(names),
            ),
            plural(
                "it has no default, so add under beliefs (with `@{theatre}` for this theatre alone): {example}",
                "they have no default, so add under beliefs (with `@{theatre}` for this theatre alone): {example}",
                len(names),
                theatre=theatre,
                example=_meaning(names[0]),
            ),
            at_key=True,
        )


def _meaning(name: str) -> str:
    known = kind_of(split(name)[0])
    assert known is not None
    kind, _ = known
    return message(
        '{name}: {{is: ..., unit: "{unit}", by: ..., why: ...}} ({meaning})',
        name=name,
        unit=kind.unit,
        meaning=message(kind.meaning),
    )
