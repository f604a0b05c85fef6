"""Compare cases, their variants and stored runs, claim by claim."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from tocsin.assessment.claims import decide_claim, rule_of
from tocsin.assessment.comparing.changed import Changed
from tocsin.assessment.comparing.naming import item_of, split_name
from tocsin.assessment.comparing.result import Cell, Compared, Comparison, Difference, Item, Row
from tocsin.assessment.judging import Judge
from tocsin.assessment.pairing.influence import Influence, fewest, influence, paired_error, placed, pooled
from tocsin.assessment.requests import calls_of, claims_without_games
from tocsin.assessment.result import ClaimResult, PartResult
from tocsin.assessment.shares import Check, Checks
from tocsin.assessment.situations import central_models
from tocsin.assessment.verdicts import Part, wanted_together
from tocsin.assessment.versions import versions
from tocsin.assessment.worlds import check_draws
from tocsin.case.schema import Case
from tocsin.errors import InputError, did_you_mean
from tocsin.translation import message, plural

MAX_ITEMS = 6
"""Most items that one page can show side by side."""

Progress = Callable[[str, float], None]


_Key: TypeAlias = tuple[str, str]
"""A claim, and one of its parts; the part is empty for the claim itself."""


@dataclass(frozen=True)
class _Judged:
    """The claims of an item with their parts: its judge, None for a stored run, and each with its influence values and effective worlds."""

    judge: Judge | None
    results: Mapping[_Key, ClaimResult | PartResult]
    influences: Mapping[_Key, tuple[Influence, float]]


def compare(
    items: Sequence[Item | str],
    *,
    seed: int = 1,
    draws: int = 2048,
    claims: Sequence[str] = (),
    progress: Progress | None = None,
) -> Comparison:
    """Run several cases in common worlds, and return their verdicts side by side with the differences from the first.

    Verdicts are those of `assess`; probabilities are the central ones, at the central discount factor and the central thresholds. Stored runs
    are not run again.

    Args:
        items: 2 to `MAX_ITEMS` cases, variants and stored runs; a text names a case or a variant, see `naming.item_of`.
        seed: of the worlds, >= 0.
        draws: worlds to draw, see `assess`.
        claims: ids of the claims to compare; all by default.
        progress: called with the name of a stage and the share done, in [0, 1].

    Raises:
        InputError: for too few or too many items, two of one name, an unknown case, variant or claim, or an argument out of range.
        SolveError: if a game has no finite solution.
    """
    began = time.perf_counter()
    check_count(len(items))
    check_draws(seed, draws)
    read = [item_of(item) if isinstance(item, str) else item for item in items]
    check_names(item for item, given in zip(read, items, strict=True) if isinstance(given, str))
    _check(read, claims)
    compared = _compare(read, claims, (seed, draws), progress or (lambda _stage, _share: None))
    return replace(compared, seconds=time.perf_counter() - began)


def _compare(items: Sequence[Item], claims: Sequence[str], sampled: tuple[int, int], report: Progress) -> Comparison:
    """Compare items with worlds of a seed and number; the result has a time of 0."""
    seed, draws = sampled
    judges, drawn = _judges(items, claims, seed, draws, report)
    changes = [Changed(items[0].case, item.case) for item in items[1:]]
    judged = [_judged(items[0], claims, judges[0])]
    for item, judge, change in zip(items[1:], judges[1:], changes, strict=True):
        judged.append(_judged(item, claims, judge, _the_same(judged[0], item, change)))
    rows = [_row(key, items, judged, changes) for key in _keys(items, claims)]
    order = {"verdict": 0, "probability": 1, "missing": 2, "same": 3}
    ensembles = [ensemble for judge in judges if judge for ensemble in judge.central.values()]
    return Comparison(
        items=tuple(_compared(item) for item in items),
        rows=tuple(sorted(rows, key=lambda row: (order[row.kind], -row.largest if row.kind != "same" else 0.0))),
        seed=seed,
        draws=drawn,
        effective_draws=min((ensemble.effective() for ensemble in ensembles), default=None),
        seconds=0.0,
    )


def check_count(count: int) -> None:
    """Raise InputError unless so many items can be compared."""
    if not 2 <= count <= MAX_ITEMS:
        raise InputError(
            plural("{count} item cannot be compared", "{count} items cannot be compared", count),
            remedy=message("name 2 to {most} cases, variants or runs", most=MAX_ITEMS),
        )


def check_names(items: Iterable[Item]) -> None:
    """Raise InputError if two names that a user gave mean one item."""
    seen = dict[tuple[str, ...], str]()
    for item in items:
        if (earlier := seen.setdefault(_identity(item), item.name)) != item.name:
            raise InputError(
                message("{one} and {other} are the same", one=repr(earlier), other=repr(item.name)),
                remedy=message("name each item once"),
            )


def _check(items: Sequence[Item], claims: Sequence[str]) -> None:
    names = [item.name for item in items]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(message("{name} is given twice", name=repr(twice)), remedy=message("name each item once"))
    known = dict.fromkeys(claim for item in items for claim in item.case.claims)
    for claim in claims:
        if claim not in known:
            raise InputError(message("unknown claim {claim}", claim=repr(claim)), remedy=did_you_mean(claim, known))


def _identity(item: Item) -> tuple[str, ...]:
    """Return what two names of one item have in common: the name of a run, or the file of a case and the variant of it."""
    if item.stored is not None:
        return (item.name,)
    place, (_, variant) = item.case.place("id"), split_name(item.name)
    return (str(item.case.folder.resolve()), place.file if place else "", variant, repr(item.case.settings))


def _keys(items: Sequence[Item], claims: Sequence[str]) -> tuple[_Key, ...]:
    """Return the claims to compare, each before its parts, in the order of the first item that has them."""
    known = dict.fromkeys(claim for item in items for claim in item.case.claims)
    return tuple(
        dict.fromkeys(
            (claim, part)
            for claim in known
            if not claims or claim in claims
            for item in items
            if claim in item.case.claims
            for part in ("", *item.case.claims[claim].all_parts)
        )
    )


def _compared(item: Item) -> Compared:
    case = item.case
    return Compared(
        name=item.name,
        case=case.id,
        title=case.title,
        settings=case.settings,
        sha256=case.sha256,
        stored=item.stored is not None,
        why=item.why,
    )


# --- running -------------------------------------------------------------------------------------------------------


def _judges(
    items: Sequence[Item], claims: Sequence[str], seed: int, draws: int, report: Progress
) -> tuple[list[Judge | None], int]:
    """Return what decides the claims of each item, None for a stored run, and the number of worlds drawn."""
    cases = {index: _only(item.case, claims) for index, item in enumerate(items) if item.stored is None}
    judges = {index: Judge(case, seed) for index, case in cases.items()}
    playing = {index: case for index, case in cases.items() if case.theatres and calls_of(case)}
    drawn = 0
    if playing:
        from tocsin.assessment.comparing.common_worlds import solved_together  # imported here: it loads the engine

        solved, drawn = solved_together(list(playing.values()), seed, draws, report)
        judges |= dict(zip(playing, solved, strict=True))
    return [judges.get(index) for index in range(len(items))], drawn


def _only(case: Case, claims: Sequence[str]) -> Case:
    """Return a case with some of its claims alone; with all of them if none is named."""
    if not claims:
        return case
    wanted = {name: claim for name, claim in case.claims.items() if name in claims}
    return case.model_copy(update={"claims": wanted, "tests": {name: case.tests[name] for name in wanted}})


def _judged(
    item: Item, claims: Sequence[str], judge: Judge | None, known: Mapping[str, ClaimResult] | None = None
) -> _Judged:
    """Decide the claims of an item but those that are known, or take those of a stored run."""
    if judge is None:
        stored = [claim for claim in item.stored or () if not claims or claim.id in claims]
        return _Judged(None, _with_parts(stored), {})
    known = known or {}
    decided = [known.get(name) or decide_claim(judge, name, claim) for name, claim in judge.case.claims.items()]
    results = _with_parts(decided)
    influences = {key: _influence(judge, key, result) for key, result in results.items() if result.probability}
    return _Judged(judge, results, influences)


def _the_same(first: _Judged, item: Item, change: Changed) -> dict[str, ClaimResult]:
    """Return the claims of the first item that another has too, that no game decides, and on which nothing bears that differs."""
    if first.judge is None:
        return {}
    written, other = first.judge.case, item.case
    by_facts = frozenset(claims_without_games(written)).intersection(claims_without_games(other))
    alike = {name for name in by_facts if written.claims[name] == other.claims[name] and not change.bearing_on(name)}
    return {
        key[0]: result for key, result in first.results.items() if isinstance(result, ClaimResult) and key[0] in alike
    }


def _with_parts(claims: Sequence[ClaimResult]) -> dict[_Key, ClaimResult | PartResult]:
    whole: dict[_Key, ClaimResult | PartResult] = {(claim.id, ""): claim for claim in claims}
    return whole | {(claim.id, part.name): part for claim in claims for part in claim.parts}


# --- rows ----------------------------------------------------------------------------------------------------------


def _row(key: _Key, items: Sequence[Item], judged: Sequence[_Judged], changes: Sequence[Changed]) -> Row:
    texts = [_says(item.case, key) for item in items]
    bearing = [
        () if texts[0] is None or other is None else changed.bearing_on(*key)
        for changed, other in zip(changes, texts[1:], strict=True)
    ]
    says = next((text for text in texts if text is not None), "")
    return Row(
        claim=key[0],
        part=key[1],
        says=says,
        others=tuple((number, text) for number, text in enumerate(texts, start=1) if text not in (None, says)),
        cells=tuple(_cell(entry.results.get(key)) for entry in judged),
        differences=(
            None,
            *(
                _difference(key, judged[0], entry, same=not names)
                for entry, names in zip(judged[1:], bearing, strict=True)
            ),
        ),
        hangs_on=((), *bearing),
    )


def _says(case: Case, key: _Key) -> str | None:
    """Return what a claim or part says; None if the case does not have it."""
    claim, part = case.claims.get(key[0]), key[1]
    if claim is None or (part and part not in claim.all_parts):
        return None
    return claim.all_parts[part].says if part else claim.says


def _cell(result: ClaimResult | PartResult | None) -> Cell | None:
    if result is None:
        return None
    likelihood = result.probability
    return Cell(
        verdict=result.verdict,
        words=result.words,
        basis=result.basis,
        probability=likelihood.mid if likelihood else None,
        error=likelihood.error if likelihood else None,
    )


def _difference(key: _Key, first: _Judged, other: _Judged, *, same: bool) -> Difference | None:
    """Return the difference of two probabilities of a claim; None if one of them is missing."""
    one, two = first.results.get(key), other.results.get(key)
    if one is None or two is None or one.probability is None or two.probability is None:
        return None
    value = two.probability.mid - one.probability.mid
    if first.judge is None or other.judge is None:
        error = (one.probability.error**2 + two.probability.error**2) ** 0.5
        return Difference(value=value, error=error, paired=False)
    if same and value == 0.0:
        return Difference(value=0.0, error=0.0, paired=True)
    (mine, worlds), (others, count) = first.influences[key], other.influences[key]
    return Difference(value=value, error=paired_error(mine, others, min(worlds, count)), paired=True)


# --- influence -----------------------------------------------------------------------------------------------------


def _influence(judge: Judge, key: _Key, result: ClaimResult | PartResult) -> tuple[Influence, float]:
    """Return how each world bears on the probability of a claim or part, and the effective number of worlds."""
    tests = judge.case.tests[key[0]]
    if isinstance(result, PartResult) or not result.parts:
        test = tests[key[1]]
        case = versions(judge.case, test.node)[0].case
        return _of_checks(judge, Checks.of(case, [Check.of(test)], judge.seed), 1)
    states = [Part(name=part.name, verdict=part.verdict, basis=part.basis) for part in result.parts]
    wanted = wanted_together(rule_of(judge.case.claims[result.id]), states)
    assert wanted is not None  # a claim of several parts has a probability only then
    essential = {part.name for part in result.parts if part.essential}
    open_parts = [state.name for state in states if state.basis in ("estimate", "model")]
    checks = [Check.of(tests[name], essential=name in essential) for name in open_parts]
    return _of_checks(judge, Checks.of(judge.case, checks, judge.seed), wanted)


def _of_checks(judge: Judge, checks: Checks, wanted: int) -> tuple[Influence, float]:
    if not checks.modelled:
        alone = placed(checks, {}, None)
        return influence(alone, wanted), fewest(alone)
    groups = {model.type: placed(checks, judge.central, model) for model in central_models(judge.case)}
    bears = [
        (judge.case.types[kind].weight, influence(placed_checks, wanted)) for kind, placed_checks in groups.items()
    ]
    return pooled(bears), min(fewest(placed_checks) for placed_checks in groups.values())
