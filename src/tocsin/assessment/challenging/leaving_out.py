"""Leave out a source or a fact, or give a fact the value of another source.

What rests on a source alone goes with it. A fact that other sources give too keeps its value, or takes theirs (`others:`). A measured or
sourced input takes the default range of the program, which is what an analyst without the source would use; without a default the claim
cannot be tested. A judgement has an author, and stays: what he read is not known to decide it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tocsin.assessment.challenging.changes import Change, changed, tests_without
from tocsin.assessment.versions import key_in_words, said_of
from tocsin.case.beliefs import distribution
from tocsin.case.blocks import AUTHOR
from tocsin.case.defaulting import with_defaults
from tocsin.case.distributions import fact_of
from tocsin.case.schema import Belief, Case, Fact, OtherValue
from tocsin.case.values import Value, as_written, distinct
from tocsin.translation import Text, clip, message

TITLE = 12
"""Words of a citation."""


def sources_of(case: Case, facts: frozenset[str], beliefs: frozenset[str], actors: frozenset[str]) -> tuple[str, ...]:
    """Return the sources behind some facts, beliefs and the spending of some actors, in the order of the case."""
    read = {key for name in facts for item in said_of(case.facts[name]) for key in item.source}
    for name in beliefs:
        belief = case.beliefs[name]
        if not _is_judged(belief):
            read |= {*belief.source}
            fact = case.facts.get(fact_of(belief.is_) or "")
            read |= {key for item in said_of(fact) for key in item.source} if fact is not None else set()
    read |= {key for row in case.spending_rows if row.actor in actors for key in row.source}
    return tuple(key for key in case.sources if key in read)


def without_source(case: Case, source: str) -> Change:
    """Return the case without one source."""
    facts: dict[str, Fact] = {}
    values: dict[str, Value] = {}
    others: dict[str, tuple[Value, ...]] = {}
    lost = set()
    for key, fact in case.facts.items():
        if all(source not in item.source for item in said_of(fact)):
            continue
        left = _left(case, key, source)
        if not left:
            lost.add(key)
            continue
        facts[key] = _joined(fact, [item for item, _ in left])
        values[key], *more = (value for _, value in left)
        others[key] = tuple(more)
    kept = changed(
        case,
        f"sources.{source}",
        facts={**case.facts, **facts},
        values={**case.values, **values},
        other_values={**{key: held for key, held in case.other_values.items() if key not in facts}, **others},
        tests=tests_without(case, lost),
    )
    bare = frozenset(name for name, belief in case.beliefs.items() if _rests_on(belief, source, lost))
    ranged = _defaults(kept, bare)
    says = message(
        "without the source {source} ({title})", source=Text(source), title=clip(case.sources[source].cite, TITLE)
    )
    return Change(
        kind="source",
        of=source,
        says=says,
        case=_with_beliefs(kept, ranged),
        facts=frozenset(lost) | frozenset(facts),
        beliefs=frozenset(ranged),
        missing=bare - frozenset(ranged),
        unpaid=frozenset(row.actor for row in case.spending_rows if {*row.source} == {source} and row.from_ is None),
    )


def _left(case: Case, key: str, source: str) -> list[tuple[Fact | OtherValue, Value]]:
    """Return what is said of a fact without a source, each with its value; what is measured too stays."""
    fact = case.facts[key]
    pairs: list[tuple[Fact | OtherValue, Value]] = [(fact, case.values[key])]
    pairs += zip(fact.others, case.other_values.get(key, ()), strict=True)
    left = []
    for item, value in pairs:
        rest = tuple(name for name in item.source if name != source)
        if rest or source not in item.source or (item is fact and fact.from_ is not None):
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
    """Return whether an input that nobody judged, and no data set measures, rests on one source alone."""
    if _is_judged(belief) or belief.from_ is not None:
        return False
    return {*belief.source} == {source} or fact_of(belief.is_) in lost


def _defaults(case: Case, names: frozenset[str]) -> dict[str, Belief]:
    """Return the program's default ranges of some inputs, for those that have one."""
    if not names:
        return {}
    without = {name: belief for name, belief in case.beliefs.items() if name not in names}
    filled = with_defaults(case.model_copy(update={"beliefs": without})).beliefs
    return {name: filled[name] for name in sorted(names) if name in filled}


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
