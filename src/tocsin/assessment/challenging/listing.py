"""List the changes that bear on claims, each once, with the claims that it bears on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tocsin.assessment.challenging import inputs, leaving_out
from tocsin.assessment.challenging.bench import Bench
from tocsin.assessment.challenging.changes import Change, changed
from tocsin.assessment.challenging.reading import ClaimReads, is_marked, reads_of
from tocsin.assessment.challenging.result import Untestable
from tocsin.assessment.challenging.screening import expected
from tocsin.assessment.words import part_words
from tocsin.case.schema import Case
from tocsin.translation import Text, message, plural


@dataclass(eq=False)
class Listed:
    """A change and the claims on which it bears.

    Attributes:
        change: the change.
        claims: their ids.
        ends: of a judged input at an end of its range, the expected change of each claim's probability; None for other changes.
        promise: what to rank by.
    """

    change: Change
    claims: list[str] = field(default_factory=list)
    ends: dict[str, float] | None = None
    promise: float = 0.0


@dataclass(frozen=True)
class Listing:
    """All changes, and by claim what cannot be tested."""

    items: tuple[Listed, ...]
    untestable: Mapping[str, list[Untestable]]


def listed_changes(bench: Bench) -> Listing:
    """Return the changes that bear on the claims of a bench."""
    items: dict[tuple[str, ...], Listed] = {}
    untestable: dict[str, list[Untestable]] = {name: [] for name in bench.claims.claims}
    known = _Known(bench.case)
    for name in bench.claims.claims:
        reads = reads_of(bench, name)
        for change in _bearing(bench, known, name, reads):
            if isinstance(change, Untestable):
                untestable[name].append(change)
            else:
                items.setdefault(change.key, Listed(change)).claims.append(name)
        _expect(bench, items, name, reads)
    return Listing(tuple(items.values()), untestable)


class _Known:
    """Makes each change of a case once, whichever claims ask for it."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._made: dict[tuple[str, str], list[Change | Untestable]] = {}

    def made(self, kind: str, of: str) -> list[Change | Untestable]:
        """Return the changes of one kind that concern one key."""
        if (kind, of) not in self._made:
            self._made[kind, of] = list(self._make(kind, of))
        return self._made[kind, of]

    def _make(self, kind: str, of: str) -> Iterator[Change | Untestable]:
        case = self.case
        match kind:
            case "source":
                yield leaving_out.without_source(case, of)
            case "fact":
                yield from leaving_out.other_values(case, of)
                if is_marked(case, of):
                    yield leaving_out.without_fact(case, of)
            case "range":
                yield from inputs.fact_ends(case, of)
            case "judgement":
                yield from inputs.judged_ends(case, of)
            case "estimate":
                yield from inputs.other_estimates(case, of)
            case "type":
                yield inputs.one_type(case, of)
            case "discount":
                yield at_discount(case, float(of))
            case "rival":
                yield inputs.rival(case, of, case.arguments[of])
            case "record":
                yield inputs.without_record(case, of)
            case _:
                change = inputs.pressure(case, of)
                yield from [change] if change is not None else []


def at_discount(case: Case, discount: float) -> Change:
    """Return the case with another central discount factor."""
    then = case.discounting.model_copy(update={"central": discount})
    says = message("the future counts at a discount factor of {discount}", discount=f"{discount:g}")
    there = changed(case, f"discount.{discount:g}", discount=then)
    return Change(kind="discount", of=f"{discount:g}", says=says, case=there, every_game=True)


def _bearing(bench: Bench, known: _Known, name: str, reads: ClaimReads) -> Iterator[Change | Untestable]:
    """Yield the changes that bear on a claim."""
    case = bench.case
    for kind, key in _keys(case, name, reads):
        changes = known.made(kind, key)
        may_be_of_record = kind in ("judgement", "range")
        yield from inputs.of_record_alone(changes, frozenset(reads.of_record)) if may_be_of_record else changes
    yield from _records(case, reads)
    yield from _blocked(bench, name)


def _blocked(bench: Bench, name: str) -> Iterator[Untestable]:
    """Yield what stands in the way of every change of the parts of a claim that have no probability."""
    for part, test in bench.blocked(name).items():
        tested = bench.tested[test]
        says = message("the inputs of {part}", part=part_words(part)) if part else message("the inputs of its games")
        why = message("Its games are not solved again as long as this stands: {reason}.", reason=tested.reason)
        yield Untestable(kind="control", of=part, says=says, why=why)


def _keys(case: Case, name: str, reads: ClaimReads) -> Iterator[tuple[str, str]]:
    """Yield the kind and the key of what bears on a claim."""
    yield from (("source", key) for key in reads.sources)
    yield from (("fact", key) for key in reads.facts if case.facts[key].others or is_marked(case, key))
    yield from (("range", key) for key in (*reads.facts, *reads.behind) if case.facts[key].range is not None)
    yield from (("judgement", key) for key in reads.judged if case.beliefs[key].is_judged)
    yield from (("estimate", key) for key in reads.beliefs)
    yield from (("rival", key) for key in _rivals(case, name))
    if reads.theatres:
        yield from (("type", key) for key in case.types if len(case.types) > 1)
        swept = (value for value in case.discounting.swept if value != case.discounting.central)
        yield from (("discount", f"{value!r}") for value in swept)
    for theatre in reads.theatres:
        yield "pressure", theatre
        if theatre in case.history:
            yield "record", theatre


def _rivals(case: Case, name: str) -> list[str]:
    """Return the rival arguments that bear on a claim."""
    named = case.claims[name].rivals
    return [
        key
        for key, argument in case.arguments.items()
        if not argument.supports and (name in argument.against or key in named)
    ]


def _records(case: Case, reads: ClaimReads) -> Iterator[Untestable]:
    """Yield the records whose sources cannot be left out one by one."""
    for theatre in reads.theatres:
        record = case.history.get(theatre)
        if record is not None and len(record.source) > 1:
            why = plural(
                "It rests on {count} source together, and the case does not say which years rest on which.",
                "It rests on {count} sources together, and the case does not say which years rest on which.",
                len(record.source),
            )
            says = message("the record of {theatre} without one of its sources", theatre=Text(theatre))
            yield Untestable(kind="source", of=f"history.{theatre}", says=says, why=why)


def _expect(bench: Bench, items: Mapping[tuple[str, ...], Listed], name: str, reads: ClaimReads) -> None:
    """Note what to expect of the ends of judged inputs in a claim that games decide."""
    if not bench.modelled(name):
        return
    expectations = {end: expected(bench, name, reads.beliefs, end) for end in (inputs.LOW, inputs.HIGH)}
    for item in items.values():
        change = item.change
        if change.kind != "judgement" or name not in item.claims or change.record:
            continue
        end = inputs.end_of(bench.case, change)
        here = expectations[end].get(change.of)
        if here is not None:
            item.ends = {**(item.ends or {}), name: here.change}
            item.promise = max(item.promise, here.promise)
