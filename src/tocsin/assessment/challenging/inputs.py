"""Change inputs: judgements and facts at the ends of their ranges, other stored estimates, pressure from payoffs, a rival's inputs, the record.

A judgement is a range. If the judge is wrong, the truth lies elsewhere in it, or beyond. So the input takes, in all worlds, its 5 % point and
then its 95 % point. To mirror each world's value in the distribution would leave the distribution as it is: a test of this input alone
would not move at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from tocsin.assessment.amounts import amount
from tocsin.assessment.challenging.changes import Change, changed
from tocsin.assessment.challenging.result import Kind, Untestable
from tocsin.assessment.versions import key_in_words
from tocsin.case.checks import fact_range
from tocsin.case.claim_blocks import Argument
from tocsin.case.distributions import fact_of, parse
from tocsin.case.inputs import kind_of
from tocsin.case.origin import estimated, is_estimate
from tocsin.case.override import override
from tocsin.case.pressure import HISTORY, PAYOFFS
from tocsin.case.schema import Case
from tocsin.errors import InputError
from tocsin.translation import Text, in_sentences, message, template
from tocsin.translation.text import Message

LOW, HIGH = 0.05, 0.95
"""Quantiles of a judged input at which it is challenged."""

SHOWN_DIGITS = 3
"""Significant digits of an end of a fact's range, unless it is short."""

DECIMALS = 12
"""Places after which a quantile that should be 0 differs from it."""

SAME_THING: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "alliances": ("coding", "era"),
        "conquest": ("winner", "years"),
        "contest": ("years", "year", "apart"),
        "courses": ("model",),
    }
)
"""Labels of stored estimates that name a sample or a model, by result: estimates that differ in one of them alone are of the same thing."""


def overridden(case: Case, kind: Kind, of: str, says: Text, settings: Mapping[str, str]) -> Change | Untestable:
    """Return the case with some inputs set, as `--set` sets them."""
    try:
        then = override(case, settings)
    except InputError as error:
        # a message on a bad value begins with the settings, which `says` names already
        why = error.message.partition(": ")[2] if error.message.startswith("after --set") else error.message
        return Untestable(kind=kind, of=of, says=says, why=Text(why))
    inputs = frozenset(name for name in settings if name in case.beliefs)
    marked = then.model_copy(update={"settings": (*then.settings, (kind, of))})
    return Change(
        kind=kind,
        of=of,
        says=says,
        case=marked,
        settings=tuple(sorted(settings.items())),
        facts=frozenset() if len(inputs) == len(settings) else None,
        beliefs=inputs,
        every_game=any(name.startswith(("regimes.", "spending.", "pressure.")) for name in settings),
    )


_END_OF_JUDGEMENT = {
    LOW: template("{input} is {value}, the low end of what was judged"),
    HIGH: template("{input} is {value}, the high end of what was judged"),
}
_END_OF_DEFAULT = {
    LOW: template("{input} is {value}, the low end of its default range"),
    HIGH: template("{input} is {value}, the high end of its default range"),
}


def judged_ends(case: Case, name: str) -> Iterator[Change | Untestable]:
    """Yield the case with a judged input at each end of its range; nothing for one that takes the value of a fact with a range."""
    belief, fact = case.distributions[name], fact_of(case.beliefs[name].is_)
    if fact is not None and case.facts[fact].range is not None:
        return  # the fact itself is moved
    if belief.is_certain:
        why = message("It has one certain value, so there is no range for the case that this is wrong.")
        yield Untestable(kind="judgement", of=name, says=message("{input} is certain", input=Text(name)), why=why)
        return
    for quantile in (LOW, HIGH):
        value = f"{round(float(belief.quantile(quantile)), DECIMALS) + 0.0:.4g}"
        given = {"input": Text(name), "value": value}
        words = _END_OF_DEFAULT if case.beliefs[name].is_default else _END_OF_JUDGEMENT
        yield overridden(case, "judgement", name, Message(words[quantile], given), {name: value})


_ENDS_OF_FACT = (
    template("{fact} is {value}, the low end of its stated range"),
    template("{fact} is {value}, the high end of its stated range"),
)


def fact_ends(case: Case, key: str) -> Iterator[Change | Untestable]:
    """Yield the case with a fact at each end of its stated range, with the inputs that take its value; nothing for an end that it has."""
    value, inputs = case.values[key], resting_on(case, key)
    for words, end in zip(_ENDS_OF_FACT, fact_range(case.facts[key]), strict=True):
        if end == value:
            continue
        given = {"fact": key_in_words(case, key), "value": amount(end.base, end.unit, SHOWN_DIGITS).text}
        made = overridden(case, "fact", key, Message(words, given), {key: str(end)})
        yield made if isinstance(made, Untestable) else replace(made, facts=frozenset({key}), beliefs=inputs)


def resting_on(case: Case, key: str) -> frozenset[str]:
    """Return the inputs that take the value of a fact."""
    return frozenset(name for name, belief in case.beliefs.items() if fact_of(belief.is_) == key)


def other_estimates(case: Case, name: str) -> Iterator[Change | Untestable]:
    """Yield the case with each other stored estimate of the same thing as one of its inputs, from another sample or model."""
    origin = case.beliefs[name].from_
    if origin is None or not is_estimate(origin):
        return
    for path in _alternatives(origin):
        says = message("{input} from the estimate {path}", input=Text(name), path=Text(path))
        yield overridden(case, "estimate", name, says, {name: _as_input(name, path)})


def _as_input(name: str, path: str) -> str:
    """Return an estimate as a distribution of an input; one that reaches beyond the admissible range is cut there.

    A normal distribution stands for a fit that knows no bounds, so its 5 % point may lie where the input has no meaning.
    """
    text, known = estimated(path), kind_of(name)
    if known is None or (shape := parse(text)).family != "normal":
        return text
    low, high = (shape.point(share) for share in (LOW, HIGH))
    if known[0].low <= low and high <= known[0].high:
        return text
    return f"normal({shape.first:.6g}, {shape.second:.6g})"


def _alternatives(origin: str) -> list[str]:
    """Return the paths of the stored estimates that differ from one in its sample or model alone."""
    # imported here: only cases that name an estimate need the stored results
    from tocsin.evidence.reference import START, rows_by_path
    from tocsin.evidence.store import load_result

    name, _, key = origin.strip().removeprefix(START).partition("/")
    if name not in SAME_THING:
        return []
    rows = rows_by_path(load_result(name))
    if key not in rows:
        return []
    own, free = rows[key].labels, SAME_THING[name]
    return [
        f"{START}{name}/{path}"
        for path, row in rows.items()
        if path != key
        and row.labels.keys() == own.keys()
        and {label for label in own if row.labels[label] != own[label]} in [{label} for label in free]
    ]


def pressure(case: Case, theatre: str) -> Change | Untestable | None:
    """Return the case with the pressure of a theatre resting on payoffs; None if it does so already."""
    if case.theatres[theatre].pressure != HISTORY:
        return None
    says = message("pressure in {theatre} follows from payoffs, not from history", theatre=Text(theatre))
    return overridden(case, "pressure", theatre, says, {f"pressure.{theatre}": PAYOFFS})


def rival(case: Case, name: str, argument: Argument) -> Change | Untestable:
    """Return the case as it is if a rival argument is right."""
    if not argument.sets:
        why: Text = message("It sets no input, so it makes no run of its own.")
        if argument.predicts is not None:
            why = in_sentences(
                why, message("The assessment tests what it predicts: see `tocsin show {argument}`.", argument=name)
            )
        return Untestable(kind="rival", of=name, says=message("the rival {argument}", argument=Text(name)), why=why)
    says = message("{argument} is right: {says}", argument=Text(name), says=argument.says)
    return overridden(case, "rival", name, says, {key: str(value) for key, value in argument.sets.items()})


def one_type(case: Case, kind: str) -> Change:
    """Return the case with one type of challenger alone."""
    alone = {kind: case.types[kind].model_copy(update={"weight": 1.0})}
    says = message("every challenger is of the type {type}", type=Text(kind))
    return Change(kind="type", of=kind, says=says, case=changed(case, f"types.{kind}", types=alone), facts=None)


def without_record(case: Case, theatre: str) -> Change:
    """Return the case without the record of a theatre: all worlds then weigh alike there."""
    left = {name: record for name, record in case.history.items() if name != theatre}
    games = {
        name: game.model_copy(update={"pressure": PAYOFFS}) if name == theatre else game
        for name, game in case.theatres.items()
    }
    says = message("without the record of past years of {theatre}", theatre=Text(theatre))
    bare = changed(case, f"history.{theatre}", history=left, theatres=games)
    return Change(kind="record", of=theatre, says=says, case=bare, record=True)


def of_record_alone(changes: Iterable[Change | Untestable], names: frozenset[str]) -> Iterator[Change | Untestable]:
    """Yield changes; those of inputs that only the record reads weigh worlds anew and solve no game."""
    for change in changes:
        if isinstance(change, Change) and change.beliefs and change.beliefs <= names:
            yield replace(change, record=True)
        else:
            yield change


def end_of(case: Case, change: Change) -> float:
    """Return the quantile at which a change puts a judged input."""
    return (
        LOW
        if change.case.distributions[change.of].quantile(0.5) < case.distributions[change.of].quantile(0.5)
        else HIGH
    )
