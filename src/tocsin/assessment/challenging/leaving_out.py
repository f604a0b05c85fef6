"""Leave out a source or a fact, or give a fact the value of another source.

What rests on a source alone goes with it. A fact that other sources give too keeps its value, or takes theirs (`others:`). A measured or
sourced input takes the default range of the program, which is what an analyst without the source would use; without a default the claim
cannot be tested. A judgement has an author, and stays: what he read is not known to decide it.

A public data set behind a `from` is a source too, named `data/NAME`. A measure or estimate goes with any of its data sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from textwrap import shorten

from tocsin.assessment.challenging.changes import Change, changed, tests_without
from tocsin.assessment.versions import key_in_words, statements_of
from tocsin.case.beliefs import distribution
from tocsin.case.blocks import AUTHOR
from tocsin.case.defaulting import with_defaults
from tocsin.case.distributions import fact_of
from tocsin.case.origin import rests_on
from tocsin.case.schema import Belief, Case, Fact, OtherValue
from tocsin.case.values import Value, as_written, distinct
from tocsin.translation import Text, clip, message

TITLE, TITLE_WIDTH = 12, 80
"""Words of a citation of the case, and characters of one of a data set."""


DATA = "data/"
"""Begins the name of a public data set among the sources. No source of a case is named so."""


def sources_of(case: Case, facts: frozenset[str], beliefs: frozenset[str], actors: frozenset[str]) -> tuple[str, ...]:
    """Return the sources behind some facts, beliefs and the spending of some actors: those of the case, in its order, then data sets."""
    read = {key for name in facts for key in _of_fact(case.facts[name])}
    for name in beliefs:
        belief = case.beliefs[name]
        if not _is_judged(belief):
            read |= {*belief.source, *data_sets(belief.from_)}
            fact = case.facts.get(fact_of(belief.is_) or "")
            read |= _of_fact(fact) if fact is not None else set()
    for row in case.spending_rows:
        read |= {*row.source, *data_sets(row.from_)} if row.actor in actors else set()
    return (*(key for key in case.sources if key in read), *sorted(key for key in read if key.startswith(DATA)))


def _of_fact(fact: Fact) -> set[str]:
    return {key for item in statements_of(fact) for key in item.source} | {*data_sets(fact.from_)}


@cache
def data_sets(origin: str | None) -> tuple[str, ...]:
    """Return the names, as sources, of the data sets behind a `from`; none without one."""
    return () if origin is None else tuple(f"{DATA}{name}" for name in rests_on(origin))


def stays(sources: Iterable[str], origin: str | None, gone: str) -> bool:
    """Return whether something is still known without one source: by another, by a data set, or since it names none at all."""
    named = {*sources}
    measured = origin is not None and gone not in data_sets(origin)
    return bool(named - {gone}) or measured or not (named or origin)


def title_of(case: Case, source: str) -> Text:
    """Return the beginning of the citation of a source or a data set."""
    if source.startswith(DATA):
        # imported here: only cases that name a data set need the registry
        from tocsin.data.registry import source as registered

        return Text(shorten(registered(source.removeprefix(DATA)).cite, TITLE_WIDTH, placeholder=" …"))
    return clip(case.sources[source].cite, TITLE)


def without_source(case: Case, source: str) -> Change:
    """Return the case without one source."""
    facts: dict[str, Fact] = {}
    values: dict[str, Value] = {}
    others: dict[str, tuple[Value, ...]] = {}
    lost = set()
    for key, fact in case.facts.items():
        if source not in _of_fact(fact):
            continue
        left = _left(case, key, source)
        if not left:
            lost.add(key)
            continue
        facts[key] = _joined(fact, [item for item, _ in left])
        values[key], *more = (value for _, value in left)
        others[key] = tuple(more)
    without = changed(
        case,
        f"sources.{source}",
        facts={**case.facts, **facts},
        values={**case.values, **values},
        other_values={**{key: held for key, held in case.other_values.items() if key not in facts}, **others},
        tests=tests_without(case, lost),
    )
    bare = frozenset(name for name, belief in case.beliefs.items() if _rests_on(belief, source, lost))
    ranged = _defaults(without, bare, source)
    says = message("without the source {source} ({title})", source=Text(source), title=title_of(case, source))
    return Change(
        kind="source",
        of=source,
        says=says,
        case=_with_beliefs(without, ranged),
        facts=frozenset(lost) | frozenset(facts),
        beliefs=frozenset(ranged),
        missing=bare - frozenset(ranged),
        unpaid=frozenset(row.actor for row in case.spending_rows if not stays(row.source, row.from_, source)),
    )


def _left(case: Case, key: str, source: str) -> list[tuple[Fact | OtherValue, Value]]:
    """Return what is said of a fact without a source, each with its value; what is measured too stays."""
    fact = case.facts[key]
    pairs: list[tuple[Fact | OtherValue, Value]] = [(fact, case.values[key])]
    pairs += zip(fact.others, case.other_values.get(key, ()), strict=True)
    left = []
    for item, value in pairs:
        if stays(item.source, fact.from_ if item is fact else None, source):
            rest = tuple(name for name in item.source if name != source)
            left.append((item.model_copy(update={"source": rest}), value))
    return left


def _joined(fact: Fact, left: list[Fact | OtherValue]) -> Fact:
    """Return a fact with the first of some values as its own and the rest as those of others."""
    first, *rest = left
    own = {name: getattr(first, name) for name in OtherValue.model_fields}
    written = tuple(
        OtherValue.model_construct(**{name: getattr(item, name) for name in OtherValue.model_fields}) for item in rest
    )
    return fact.model_copy(update={**own, "others": written})


def _is_judged(belief: Belief) -> bool:
    return belief.by not in (None, AUTHOR)


def _rests_on(belief: Belief, source: str, lost: set[str]) -> bool:
    """Return whether an input that nobody judged rests on one source alone."""
    if _is_judged(belief):
        return False
    return fact_of(belief.is_) in lost or not stays(belief.source, belief.from_, source)


def _defaults(case: Case, names: frozenset[str], gone: str) -> dict[str, Belief]:
    """Return the program's default ranges of some inputs, for those that have one which does not rest on the source that is gone."""
    if not names:
        return {}
    without = {name: belief for name, belief in case.beliefs.items() if name not in names}
    filled = with_defaults(case.model_copy(update={"beliefs": without})).beliefs
    known = {name: filled[name] for name in sorted(names) if name in filled}
    return {name: belief for name, belief in known.items() if gone not in data_sets(belief.from_)}


def _with_beliefs(case: Case, beliefs: Mapping[str, Belief]) -> Case:
    if not beliefs:
        return case
    joined = case.model_copy(update={"beliefs": {**case.beliefs, **beliefs}})
    ranges = {name: distribution(joined, name, case.values, case.other_values) for name in beliefs}
    return joined.model_copy(update={"distributions": {**case.distributions, **ranges}})


# --- facts ---------------------------------------------------------------------------------------------------------


def without_fact(case: Case, key: str) -> Change:
    """Return the case without one fact, which is only recalled or has a flag."""
    says = message("without {fact}, which the case flags or only recalls", fact=key_in_words(case, key))
    return Change(
        kind="fact",
        of=key,
        says=says,
        facts=frozenset({key}),
        case=changed(case, f"facts.{key}", tests=tests_without(case, {key})),
    )


def other_values(case: Case, key: str) -> Iterator[Change]:
    """Yield the case with each value that sources give of a fact, one at a time; nothing if they agree."""
    fact = case.facts[key]
    pairs: list[tuple[Fact | OtherValue, Value]] = [(fact, case.values[key])]
    pairs += zip(fact.others, case.other_values.get(key, ()), strict=True)
    if len(distinct(value for _, value in pairs)) < 2:
        return
    for item, value in pairs:
        text = as_written(item.value, item.unit)
        says = message("{fact} is {value} alone", fact=key_in_words(case, key), value=Text(text))
        alone = changed(
            case,
            f"facts.{key}",
            settings=((f"facts.{key}", text),),
            facts={**case.facts, key: _joined(fact, [item])},
            values={**case.values, key: value},
            other_values={name: held for name, held in case.other_values.items() if name != key},
        )
        yield Change(kind="fact", of=key, says=says, case=alone, facts=frozenset({key}), settings=((key, text),))
